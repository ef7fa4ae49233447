// Goal: an operator sees which time counts, confirms a clock only where nobody knows better,
// and replaces sealing keys; each with a reason in the ledger. Method: whole nodes whose
// clocks are moved.
#include "node/desk/clock.h"

#include "node/desk/act_detail.h"
#include "proto/clock.pb.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class DeskClock : public DeskWorld {
 protected:
  v1::ClockShowResponse show() {
    v1::ClockShowResponse out;
    show_clock(w.node("XB"), w.now("XB"), &out);
    return out;
  }
  Status confirm(const std::string& reason = "looked at the wall") {
    v1::ClockConfirmRequest request;
    request.set_reason(reason);
    By by;
    by.actor = {"ada", 40'004, "ADMINISTRATOR"};
    by.operation = "clock_confirm";
    return confirm_clock(w.node("XB"), request, by, w.now("XB"));
  }
  void away_for_weeks() {
    w.advance(kHourMs);
    w.stop("XB");
    w.advance(30 * kDayMs);
    w.start("XB");
    w.run();
  }
  std::string last_detail() {
    auto& ledger = w.node("XB").ledger();
    for (auto i = w.view("XB").log_size() - 1; i >= 0; --i)
      if (ledger.leaf(i)->type == store::LeafType::kAdmin) return *ledger.detail(i);
    return {};
  }
};

TEST_F(DeskClock, ShowsTheStateInWordsAndOnlyWarnsWhereSomebodyIsNeeded) {
  EXPECT_EQ(show().state(), "ALONE");
  EXPECT_FALSE(clock_warning(w.node("XB"), w.now("XB")).has_value());
  away_for_weeks();
  EXPECT_EQ(show().state(), "UNCONFIRMED");
  EXPECT_NE(show().wall_at(), show().safe_at());
  EXPECT_EQ(show().text(), *clock_warning(w.node("XB"), w.now("XB")));
  EXPECT_NE(show().text().find("focal clock confirm"), std::string::npos);
  w.set_clock("XB", -90 * static_cast<std::int64_t>(kDayMs));
  EXPECT_EQ(show().state(), "BEHIND");
  EXPECT_TRUE(clock_warning(w.node("XB"), w.now("XB")).has_value());
}

TEST_F(DeskClock, AConfirmationNeedsAReasonAndLeavesALeaf) {
  EXPECT_EQ(confirm().error().code, ErrorCode::kState) << "there is nothing to confirm";
  away_for_weeks();
  EXPECT_EQ(confirm("").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(confirm(std::string(1001, 'a')).error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(confirm().has_value());
  w.run();
  EXPECT_NE(last_detail().find("CLOCK CONFIRMED"), std::string::npos);
  EXPECT_NE(last_detail().find("looked at the wall"), std::string::npos);
  const auto detail = parse_detail(last_detail());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(actor_text(detail->actor), "ada (uid 40004, ADMINISTRATOR)");
  EXPECT_EQ(detail->act, "clock.confirm");
  w.core("XB").machine().confirm_clock(w.now("XB"));
  EXPECT_EQ(show().state(), "ALONE");
}

TEST_F(DeskClock, WhatPeersContradictCannotBeConfirmed) {
  w.add("XC");
  w.verify_both("XC", "XB");
  w.connect("XA", "XB");
  w.connect("XC", "XB");
  EXPECT_EQ(show().state(), "AGREED");
  EXPECT_EQ(show().peers_heard(), 2u);
  w.set_clock("XB", 60 * static_cast<std::int64_t>(kDayMs));
  EXPECT_EQ(show().state(), "AHEAD");
  EXPECT_EQ(confirm().error().code, ErrorCode::kState);
  EXPECT_NE(show().text().find("Set the clock right"), std::string::npos);
}

TEST_F(DeskClock, KeysAreListedAndReplacedForAReason) {
  v1::KeysShowResponse keys;
  show_keys(w.node("XB"), &keys);
  ASSERT_EQ(keys.keys_size(), 9);
  EXPECT_EQ(keys.keys(0).from_on(), "2026-11-23");
  EXPECT_EQ(keys.keys(0).until_on(), "2026-11-30");
  EXPECT_EQ(keys.keys(0).destroyed_at(), "2026-12-21T00:00:00Z");
  EXPECT_TRUE(keys.keys(0).published());
  v1::KeysReplaceRequest request;
  EXPECT_EQ(replace_keys(w.node("XB"), request, By{}, w.now()).error().code,
            ErrorCode::kInvalid);
  request.set_reason("a backup was lost");
  ASSERT_TRUE(replace_keys(w.node("XB"), request, By{}, w.now()).has_value());
  w.run();
  v1::KeysShowResponse after;
  show_keys(w.node("XB"), &after);
  EXPECT_EQ(after.keys_size(), 9);
  EXPECT_GT(after.seal_serial(), keys.seal_serial());
  EXPECT_NE(after.keys(0).kid(), keys.keys(0).kid());
}

}  // namespace
}  // namespace focal::desk

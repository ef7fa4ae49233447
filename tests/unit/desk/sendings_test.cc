// Goal: the list of sendings shows what was asked for, and whoever gives one up is named.
// Method: many pings between two whole nodes, looked at through the desk.
#include "node/desk/sendings.h"

#include <functional>
#include <utility>

#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class Sendings : public DeskWorld {
 protected:
  std::string ping(const std::string& from = "XA", const std::string& to = "XB") {
    const auto ref = w.send(from, to, "peer.ping", test::ping_body());
    const auto id = outbox_id(w.view(from).find(ref)->batch, to);
    w.run();
    return id;
  }
  v1::OutboxListResponse list(const std::string& state, bool all, std::uint32_t limit = 0,
                              const std::string& party = "") {
    v1::OutboxListRequest request;
    request.set_state(state);
    request.set_all(all);
    request.set_limit(limit);
    request.set_party(party);
    v1::OutboxListResponse out;
    const Status done = list_outbox(w.node("XA"), request, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  void ping_both() {
    submit({"XB", "XC"});
    w.run();
  }
  void submit(std::vector<std::string> to) {
    exchange::Draft draft;
    draft.to = std::move(to);
    draft.kind = "peer.ping";
    draft.body = test::ping_body();
    draft.lane = 0;
    draft.expires_ms = w.now().wall_ms + kDayMs + ++made_;  // one deadline, one sending
    w.core("XA").machine().submit(w.now(), std::move(draft));
  }
  // The list page by page, oldest first; `between` is done once, behind the first page.
  std::vector<std::string> by_pages(bool all, std::uint32_t limit,
                                    std::function<void()> between = {}) {
    v1::OutboxListRequest request;
    request.set_all(all);
    request.set_limit(limit);
    std::vector<std::string> out;
    for (;;) {
      v1::OutboxListResponse page;
      EXPECT_TRUE(list_outbox(w.node("XA"), request, w.now(), &page).has_value());
      const auto here = ids(page);
      EXPECT_TRUE(!here.empty() && here.size() <= limit);
      out.insert(all ? out.begin() : out.end(), here.begin(), here.end());  // the newest page first
      if (page.next().empty() || here.empty()) return out;
      request.set_after(page.next());
      if (between) std::exchange(between, {})();
    }
  }
  static std::vector<std::string> ids(const v1::OutboxListResponse& list) {
    std::vector<std::string> out;
    for (const auto& entry : list.entries()) out.push_back(entry.id());
    return out;
  }
  std::uint32_t made_ = 0;
};

TEST_F(Sendings, AllShowsTheNewestOldestFirst) {
  w.connect("XA", "XB");
  std::vector<std::string> sent;
  for (int i = 0; i < 5; ++i) sent.push_back(ping());
  EXPECT_EQ(ids(list("", true, 3)), std::vector<std::string>(sent.begin() + 2, sent.end()));
  EXPECT_EQ(list("", true, 3).total(), 5u);
  EXPECT_EQ(ids(list("", true)), sent);
  EXPECT_EQ(list("", false).total(), 0u);
  EXPECT_EQ(ids(list("ACCEPTED", false)), sent) << "an ended state looks among the ended ones";
}

TEST_F(Sendings, FiltersComeBeforeTheCut) {
  w.connect("XA", "XB");
  const std::string delivered = ping();
  w.cut(1);
  const std::string waiting = ping();
  for (int i = 0; i < 3; ++i) ping();
  EXPECT_EQ(ids(list("ACCEPTED", true, 1)), std::vector<std::string>{delivered});
  EXPECT_EQ(ids(list("READY", false, 1)), std::vector<std::string>{waiting}) << "the oldest open";
  EXPECT_EQ(list("READY", false, 1).total(), 4u);
  EXPECT_EQ(list("", true, 1, "XC").total(), 0u);
  v1::OutboxListRequest wrong;
  wrong.set_state("LOST");
  v1::OutboxListResponse out;
  const Status refused = list_outbox(w.node("XA"), wrong, w.now(), &out);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kInvalid);
}

TEST_F(Sendings, MoreThanAThousandAreCounted) {
  w.connect("XA", "XB");
  constexpr std::uint32_t kMany = 1100;
  for (std::uint32_t i = 0; i < kMany; ++i) submit({"XB"});
  w.run();
  EXPECT_EQ(list("", true).total(), kMany);
  EXPECT_EQ(list("", true).entries_size(), 100);
}

// Batches of two parties, so that pages end within one; half of the sendings ended.
TEST_F(Sendings, PagesHoldEachSendingOnceInTheOrderOfTheWholeList) {
  w.connect("XA", "XB");
  for (int i = 0; i < 7; ++i) ping_both();
  const auto all = ids(list("", true)), open = ids(list("", false));
  ASSERT_EQ(all.size(), 14u);
  ASSERT_EQ(open.size(), 7u);
  for (const std::uint32_t limit : {1u, 2u, 3u, 13u, 14u}) {
    EXPECT_EQ(by_pages(true, limit), all) << limit;
    EXPECT_EQ(by_pages(false, limit), open) << limit;
  }
}

TEST_F(Sendings, WhatIsSentBetweenTwoPagesMovesNoOther) {
  for (int i = 0; i < 5; ++i) ping_both();
  const auto all = ids(list("", true)), open = ids(list("", false));
  EXPECT_EQ(by_pages(true, 3, [this] { ping_both(); }), all) << "newer than the first page";
  const auto seen = by_pages(false, 3);
  EXPECT_EQ(std::vector(seen.begin(), seen.begin() + 10), open);
  EXPECT_EQ(seen, ids(list("", false)));
}

TEST_F(Sendings, APlaceThatIsNoneIsRefused) {
  for (const char* after : {"x", "1", "1-", "-1-XB", "99999999999999999999-XB"}) {
    v1::OutboxListRequest request;
    request.set_after(after);
    v1::OutboxListResponse out;
    const Status done = list_outbox(w.node("XA"), request, w.now(), &out);
    ASSERT_FALSE(done.has_value()) << after;
    EXPECT_EQ(done.error().code, ErrorCode::kInvalid);
    EXPECT_EQ(done.error().path, "after");
  }
}

TEST_F(Sendings, TheNextAttemptIsTold) {
  w.connect("XA", "XB");
  w.on_frame = [](const std::string&, const std::string& to, const Bytes&) { return to == "XB"; };
  ping();  // sent; the answer is lost with the link
  auto seen = list("", false);
  ASSERT_EQ(seen.entries_size(), 1);
  const auto* entry = w.core("XA").machine().outbox().find(1, "XB");
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(seen.entries(0).next_attempt_at(),
            entry->flight == exchange::Flight::kIdle
                ? time_text(entry->row.next_ms)
                : time_text(w.now().wall_ms + entry->resend_at_mono_ms - w.now().mono_ms));
}

TEST_F(Sendings, WhoGivesOneUpIsNamedInTheLedger) {
  const std::string id = ping();
  v1::OutboxCancelRequest request;
  request.set_id(id);
  request.set_reason("sent to the wrong party");
  By by;
  by.actor = {"jo", 1000, "OFFICER"};
  by.operation = "outbox_cancel";
  ASSERT_TRUE(cancel_sending(w.node("XA"), request, by).has_value());
  w.run();
  const auto seen = list("CANCELLED", false);
  ASSERT_EQ(seen.entries_size(), 1);
  EXPECT_EQ(seen.entries(0).reason(),
            "cancelled by jo (uid 1000, OFFICER): sent to the wrong party");
  auto& ledger = w.node("XA").ledger();
  const auto detail = ledger.detail(ledger.log_size() - 1);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail_words(*detail),
            "jo (uid 1000, OFFICER): sending " + id + ": sent to the wrong party");
}

}  // namespace
}  // namespace focal::desk

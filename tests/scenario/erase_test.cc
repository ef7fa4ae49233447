// Goal: what is erased leaves no more and comes back never, whatever was under way; a case of which
// something was erased stays as it was and says so; what goes by its time goes by the safe time and not
// before its case has ended; a wrong clock destroys nothing.
// Method: whole nodes with their ledgers, linked in process; records erased before, while and after they
// travel; time injected, also wrongly.
#include <gtest/gtest.h>

#include "node/desk/case_views.h"
#include "node/desk/erase.h"
#include "node/node/retention.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class EraseTest : public DeskWorld {
 protected:
  Result<v1::RecordEraseResponse> erase(const std::string& at, const std::string& target,
                                        const std::string& authority = "a court",
                                        const std::string& reason = "kept in error") {
    v1::RecordEraseRequest request;
    (target.starts_with("T-") ? request.mutable_case_number() : request.mutable_rid())->assign(target);
    request.set_authority(authority);
    request.set_reason(reason);
    v1::RecordEraseResponse out;
    By by;
    by.actor = {"jo", 1000, "OFFICER"};
    by.operation = "record_erase";
    const Status done = erase_records(w.node(at), request, by, w.now(at), &out);
    if (!done) return done.error();
    w.run();
    fill_erased_state(w.node(at), w.now(at), &out);
    return out;
  }
  ErrorCode refused(const std::string& at, const std::string& target,
                    const std::string& authority = "a court", const std::string& reason = "why") {
    const auto done = erase(at, target, authority, reason);
    return done ? ErrorCode::kUsage : done.error().code;
  }
  bool is_erased(const std::string& at, const store::RecordRef& ref) {
    const auto info = w.view(at).find(ref);
    if (!info || !info->shred) return false;
    const auto item = w.view(at).item(info->idx);
    return !item && item.error().code == ErrorCode::kErased && !info->has_body;
  }
  store::RecordRef ping(const std::string& text = "test") {
    return w.send("XA", "XB", "peer.ping", test::ping_body(text));
  }
};

TEST_F(EraseTest, N135_APendingRecordIsCancelledAndItsBatchGoesOn) {
  exchange::Draft draft;
  draft.to = {"XB"};
  draft.kind = "peer.ping";
  draft.lane = 0;
  draft.body = test::ping_body("one");
  auto& machine = w.core("XA").machine();
  const auto one = machine.submit(w.now("XA"), draft);
  draft.body = test::ping_body("two");
  const auto two = machine.submit(w.now("XA"), draft);
  w.run();
  ASSERT_EQ(w.view("XA").find(one)->batch, w.view("XA").find(two)->batch);
  const auto done = erase("XA", hex(one.rid));
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->cancelled(), 1u);
  EXPECT_TRUE(is_erased("XA", one));
  EXPECT_EQ(w.status_of("XA", one, "XB"), store::kItemCancelled);
  w.connect("XA", "XB");
  w.run();
  EXPECT_FALSE(w.has("XB", one));
  EXPECT_TRUE(w.has("XB", two));
  EXPECT_EQ(w.status_of("XA", two, "XB"), 1u);
  EXPECT_EQ(w.status_of("XA", one, "XB"), store::kItemCancelled);
}

TEST_F(EraseTest, N135_AWholePendingBatchEnds) {
  const auto ref = ping();
  ASSERT_TRUE(erase("XA", hex(ref.rid)).has_value());
  const auto row = w.view("XA").outbox(w.view("XA").find(ref)->batch, "XB");
  ASSERT_TRUE(row.has_value());
  EXPECT_TRUE(store::is_ended(row->state));
  EXPECT_EQ(w.core("XA").machine().outbox().size(), 0u);
  w.connect("XA", "XB");
  w.advance(2 * kHourMs);
  EXPECT_FALSE(w.has("XB", ref));
  w.crash("XA");  // nor does a new process send it
  w.connect("XA", "XB");
  w.advance(2 * kHourMs);
  EXPECT_FALSE(w.has("XB", ref));
}

TEST_F(EraseTest, ARepeatAfterTheErasureIsAnsweredAndNotStored) {
  w.connect("XA", "XB");
  w.run();
  w.on_frame = [](const std::string& from, const std::string&, const Bytes&) { return from == "XA"; };
  const auto ref = ping();  // arrives; what answers it is lost with the link
  w.run();
  w.on_frame = {};
  ASSERT_TRUE(w.has("XB", ref));
  ASSERT_EQ(w.status_of("XA", ref, "XB"), 0u);
  ASSERT_TRUE(erase("XB", hex(ref.rid)).has_value());
  const auto leaves = w.view("XB").log_size();
  w.connect("XA", "XB");
  w.advance(2 * kHourMs);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
  EXPECT_TRUE(is_erased("XB", ref));
  EXPECT_GE(w.view("XB").log_size(), leaves);
  EXPECT_EQ(w.leaves("XB", store::LeafType::kReceived), 1u);
}

TEST_F(EraseTest, ACaseStaysAsItWasAndSaysSo) {
  w.connect("XA", "XB");
  w.run();
  const auto ref = opened();
  ASSERT_TRUE(w.has("XB", ref));
  const auto before = show("XB").trace();
  const auto done = erase("XB", "T-1");
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->state(), "DONE");
  EXPECT_EQ(done->records(), 1u);
  const auto after = show("XB");
  EXPECT_EQ(after.trace().state(), before.state());
  EXPECT_EQ(after.trace().needs_action(), before.needs_action());
  EXPECT_NE(after.erased().find("1 record was erased on 2026-11-23 by jo (uid 1000, OFFICER)"),
            std::string::npos) << after.erased();
  EXPECT_NE(after.erased().find("on the authority of a court: kept in error"), std::string::npos);
  ASSERT_EQ(after.timeline_size(), 1);
  EXPECT_EQ(after.timeline(0).effect(), "ERASED");
  EXPECT_NE(after.timeline(0).summary().find("erased on 2026-11-23"), std::string::npos);
  const auto acted = ack();
  ASSERT_FALSE(acted.has_value());
  EXPECT_EQ(acted.error().code, ErrorCode::kErased);
  EXPECT_EQ(refused("XB", "T-1"), ErrorCode::kErased);  // once is enough
  // The other side knows nothing of it and goes on; here that is stored and asks for attention.
  v1::TraceWithdrawRequest request;
  request.set_case_number("T-1");
  request.set_reason("SOLVED");
  ASSERT_TRUE(release_act(w.node("XA"), request, w.now()).has_value());
  w.run();
  const auto later = show("XB");
  EXPECT_EQ(later.trace().state(), before.state());
  EXPECT_TRUE(later.trace().needs_action());
  EXPECT_EQ(later.timeline_size(), 2);
}

TEST_F(EraseTest, WhatIsAskedForHasToBeWhole) {
  const auto ref = ping();
  EXPECT_EQ(refused("XA", hex(ref.rid), ""), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", hex(ref.rid), "two\nlines"), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", hex(ref.rid), std::string(301, 'a')), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", hex(ref.rid), "a court", ""), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", ""), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", "zz"), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", std::string(64, '0')), ErrorCode::kNotFound);
  EXPECT_EQ(refused("XA", "999999999"), ErrorCode::kNotFound);
  EXPECT_EQ(refused("XA", "99999999999999999999"), ErrorCode::kInvalid);
  EXPECT_EQ(refused("XA", "T-9"), ErrorCode::kNotFound);
  EXPECT_FALSE(is_erased("XA", ref));
  const auto idx = w.view("XA").find(ref)->idx;
  EXPECT_TRUE(erase("XA", std::to_string(idx)).has_value());
  EXPECT_TRUE(is_erased("XA", ref));
}

class RetentionTest : public EraseTest {
 protected:
  void SetUp() override {
    w.configure = [](config::NodeConfig& config) {
      config.retention.protocol = *config::parse_period("30 days");
      config.retention.tracing = *config::parse_period("30 days");
    };
    EraseTest::SetUp();
    w.connect("XA", "XB");
    w.run();
  }
};

TEST_F(RetentionTest, WhatIsDueGoesAtNightAndAnOpenCaseStays) {
  const auto ref = ping();
  const auto request = opened();
  ASSERT_TRUE(w.has("XB", ref));
  EXPECT_EQ(w.view("XB").find(ref)->del_after_ms, ref.created_ms + 30 * kDayMs);
  for (int day = 0; day < 29; ++day) w.advance(kDayMs);
  EXPECT_FALSE(is_erased("XB", ref));
  EXPECT_TRUE(node::due_records(w.view("XB"), w.now().wall_ms, 10).records.empty());
  for (int day = 0; day < 3; ++day) w.advance(kDayMs);
  for (int turn = 0; turn < 10; ++turn) w.advance(kSecondMs);
  EXPECT_TRUE(is_erased("XB", ref));
  EXPECT_TRUE(is_erased("XA", ref));
  EXPECT_FALSE(is_erased("XB", request));
  const auto due = node::due_records(w.view("XB"), w.now().wall_ms, 10);
  ASSERT_EQ(due.records.size(), 1u);
  EXPECT_TRUE(due.records.front().case_is_open);
  EXPECT_TRUE(node::shred_slice(w.view("XB"), w.now().wall_ms, 10).empty());
}

TEST_F(RetentionTest, N126_AClockSixtyDaysAheadDestroysNothing) {
  const auto ref = ping();
  w.run();
  ASSERT_TRUE(w.has("XB", ref));
  w.set_clock("XB", static_cast<std::int64_t>(60 * kDayMs));
  for (int turn = 0; turn < 90; ++turn) w.advance(kSecondMs);
  w.node("XB").erasure().run_now();
  for (int turn = 0; turn < 10; ++turn) w.advance(kSecondMs);
  EXPECT_FALSE(is_erased("XB", ref));
}

TEST_F(RetentionTest, ALabelMaySayLessThanTheConfiguration) {
  const config::Retention retention;
  const Bytes body = test::example_body("01_trace_request_XA_XB.json", "XA", "XB");
  const auto record = record::parse_checked(body, "trace.request", "XA", {"XB"});
  ASSERT_TRUE(record.has_value());
  const std::string day = record->header().label->retain_until;
  const std::uint64_t end = *parse_date(day) + kDayMs;
  EXPECT_EQ(node::del_after(retention, "trace.request", &*record, end - kDayMs), end);
  // … and never more: ten years before its end, the class ends first.
  EXPECT_LT(node::del_after(retention, "trace.request", &*record, end - 3700 * kDayMs), end);
  EXPECT_EQ(node::del_after(retention, "peer.ping", nullptr, *parse_date("2026-11-23")),
            *parse_date("2027-11-23"));
  EXPECT_EQ(node::del_after(retention, "alert.new", nullptr, *parse_date("2026-11-23")),
            *parse_date("2027-11-23"));
}

}  // namespace
}  // namespace focal::desk

// Goal: what waits for a person is counted as `focal inbox` counts it, in slices, and again only
// when it may have changed; acts that wait for a second officer and sendings that failed count too.
// Method: a whole node with its loop and gate and a desk on it, compared with what the desk shows;
// cases by the hundred, written straight into the ledger.
#include "node/desk/attention.h"

#include "tests/unit/desk/release_fixture.h"

namespace focal::desk {
namespace {

class AttentionOf : public ReleaseTest {
 protected:
  void SetUp() override {
    ReleaseTest::SetUp();
    counter_ = std::make_unique<AttentionCounter>(*node_);
    node_->core().set_told([this](const store::Txn& txn) { counter_->committed(txn); });
  }
  // Rows as the core writes them, but with no records behind them.
  void put_cases(store::CaseId from, store::CaseId to, bool needs_action, bool closed,
                 std::uint64_t answer_due_ms = 0) {
    ASSERT_TRUE(node_->perform([&](const Now& now) -> Status {
      for (store::CaseId id = from; id <= to; ++id) {
        store::CaseRow row;
        row.id = id;
        row.root.rid[0] = static_cast<std::uint8_t>(id);
        row.root.rid[1] = static_cast<std::uint8_t>(id >> 8);
        row.root.created_ms = began_ms_ == 0 ? began_ms_ = now.wall_ms : began_ms_;
        row.kind = "trace.request";
        row.peer = "XB";
        row.ours = true;
        row.state = "ACKNOWLEDGED";
        row.opened_ms = row.updated_ms = now.wall_ms;
        row.answer_due_ms = answer_due_ms;
        row.needs_action = needs_action;
        row.closed = closed;
        node_->core().write(store::PutCase{row});
      }
      return {};
    }).has_value());
  }
  Attention count() { return must(counter_->count()); }
  // As if the last count was too old.
  Attention count_anew() {
    counter_ = std::make_unique<AttentionCounter>(*node_);
    return count();
  }
  v1::InboxCounts inbox() { return must(desk_->inbox({})).counts(); }
  void expect_like_the_inbox(const Attention& found) {
    const v1::InboxCounts shown = inbox();
    EXPECT_EQ(found.open_cases, shown.cases());
    EXPECT_EQ(found.needs_action, shown.needs_action());
    EXPECT_EQ(found.overdue, shown.overdue());
  }

  std::uint64_t began_ms_ = 0;  // of every root: a case keeps its own
  std::unique_ptr<AttentionCounter> counter_;
};

TEST_F(AttentionOf, ANodeWithNothingToDo) {
  EXPECT_EQ(count(), Attention{});
  EXPECT_EQ(urgency_of(count()), Urgency::kNone);
}

TEST_F(AttentionOf, CountsAsTheInboxDoes) {
  put_cases(1, 150, true, false);
  put_cases(151, 300, false, false, 1'000);  // long overdue, their turn
  put_cases(301, 350, true, true);           // ended
  const Attention found = count();
  EXPECT_EQ(found.open_cases, 300u);
  EXPECT_EQ(found.needs_action, 150u);
  EXPECT_EQ(found.overdue, 150u);
  EXPECT_EQ(urgency_of(found), Urgency::kOverdue);
  expect_like_the_inbox(found);
}

TEST_F(AttentionOf, WhatEndsAndWhatIsOpenedAgainIsNoticed) {
  put_cases(1, 100, true, false);
  EXPECT_EQ(count().open_cases, 100u);
  put_cases(1, 60, true, true);
  put_cases(61, 70, false, false);
  EXPECT_EQ(count().open_cases, 100u) << "a count is good for some seconds";
  std::this_thread::sleep_for(std::chrono::milliseconds(AttentionCounter::kFreshMs + 500));
  Attention found = count();
  EXPECT_EQ(found.open_cases, 40u);
  EXPECT_EQ(found.needs_action, 30u);
  put_cases(5, 6, true, false);      // ended, looked at, and opened again
  put_cases(101, 103, true, false);  // new ones
  std::this_thread::sleep_for(std::chrono::milliseconds(AttentionCounter::kFreshMs + 500));
  found = count();
  EXPECT_EQ(found.open_cases, 45u);
  expect_like_the_inbox(found);
  EXPECT_EQ(count_anew(), found) << "and counted from the beginning it is the same";
}

TEST_F(AttentionOf, ActsThatWaitForASecondOfficer) {
  EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(code(open(kJo)), ErrorCode::kAwaitsRelease);
  EXPECT_EQ(count().releases, 2u);
  EXPECT_EQ(urgency_of(count()), Urgency::kAction);
  must(reject("R-1", kMia));
  EXPECT_EQ(count_anew().releases, 1u);
}

TEST_F(AttentionOf, SendingsThatFailed) {
  must(open(kJo, false));
  v1::PeerPingRequest ping;
  ping.set_party("XB");
  must(desk_->peer_ping(ping, as(kJo)));
  EXPECT_EQ(count().failed, 0u) << "they wait for a link, and nothing is wrong";
  v1::PeerSuspendRequest suspend;
  suspend.set_party("XB");
  suspend.set_reason("test");
  must(desk_->peer_suspend(suspend, as(kJo)));
  EXPECT_EQ(count_anew().failed, 1u) << "the request is held; a ping is no officer's record";
  v1::PeerResumeRequest resume;
  resume.set_party("XB");
  resume.set_reason("test");
  must(desk_->peer_resume(resume, as(kJo)));
  EXPECT_EQ(count_anew().failed, 0u);

  v1::OutboxCancelRequest cancel;
  const auto sendings = must(desk_->outbox_list({}));
  for (const auto& entry : sendings.entries()) {
    cancel.set_id(entry.id());
    cancel.set_reason("test");
    must(desk_->outbox_cancel(cancel, as(kJo)));
  }
  EXPECT_EQ(count_anew().failed, 0u) << "whoever cancelled knows";
  ASSERT_TRUE(node_->perform([&](const Now&) -> Status {
    exchange::Draft draft;
    draft.to = {"XB"};
    draft.kind = "trace.request";
    draft.body = test::example_body("01_trace_request_XA_XB.json", "XA", "XB");
    node_->core().machine().submit(read_clocks(), draft);
    return {};
  }).has_value());
  must(desk_->peer_ping(ping, as(kJo)));
  ASSERT_TRUE(node_->perform([&](const Now&) -> Status {
    for (const auto& row : node_->core().view().open_outbox())
      node_->core().write(store::SetOutbox{row.batch, row.peer, store::OutboxState::kExpired, "", 0, 0});
    return {};
  }).has_value());
  EXPECT_EQ(count_anew().failed, 1u) << "expired: nobody has decided that; a ping is no matter";
}

TEST_F(AttentionOf, ALoopThatHasEndedSaysSo) {
  node_->stop();
  loop_.join();
  EXPECT_EQ(code(counter_->count()), ErrorCode::kUnavailable);
  loop_ = std::thread([] {});  // the fixture joins it
}

}  // namespace
}  // namespace focal::desk

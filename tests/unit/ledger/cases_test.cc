// Goal: cases and their events come back as given; lists are ordered and
// filtered as asked. Method: round trips and every way to ask.
#include <gtest/gtest.h>

#include "ledger_world.h"

namespace focal::ledger {
namespace {

class Cases : public testing::Test {
 protected:
  void SetUp() override { world.create(); }
  store::CaseRow row(store::CaseId id, const std::string& peer = "XB") {
    store::CaseRow out;
    out.id = id;
    out.root = {world.rng.array<32>(), world.now};
    out.kind = "trace.request";
    out.peer = peer;
    out.ours = true;
    out.state = "SENT";
    out.opened_ms = world.now;
    out.updated_ms = world.now + static_cast<std::uint64_t>(id);
    out.ack_due_ms = world.now + kDayMs;
    out.answer_due_ms = world.now + 30 * kDayMs;
    out.needs_action = true;
    return out;
  }
  static store::CaseEventRow event(const store::RecordRef& ref,
                                   const std::optional<store::RecordRef>& reply_to,
                                   const std::string& kind, const std::string& from) {
    store::CaseEventRow out;
    out.case_id = 1;
    out.ref = ref;
    out.reply_to = reply_to;
    out.kind = kind;
    out.from = from;
    return out;
  }
  static std::vector<store::CaseId> ids(const std::vector<store::CaseRow>& rows) {
    std::vector<store::CaseId> out;
    for (const auto& found : rows) out.push_back(found.id);
    return out;
  }
  using Ids = std::vector<store::CaseId>;
  World world;
};

TEST_F(Cases, RoundTripAndUpdate) {
  EXPECT_EQ(world->next_case_id(), 1);
  auto made = row(1);
  made.kind.clear();  // the root is not here yet
  world.commit({store::PutCase{made}});
  EXPECT_EQ(world->next_case_id(), 2);
  EXPECT_EQ(world->case_by_id(1)->kind, "");
  made.kind = "trace.request";
  made.state = "CLOSED";
  made.ours = false;
  made.needs_action = false;
  made.closed = true;
  made.ack_due_ms = 0;
  world.commit({store::PutCase{made}});
  ASSERT_TRUE(world.open());
  const auto back = world->case_by_root(made.root);
  ASSERT_TRUE(back);
  EXPECT_EQ(back->id, 1);
  EXPECT_EQ(back->root, made.root);
  EXPECT_EQ(back->kind, "trace.request");
  EXPECT_EQ(back->peer, "XB");
  EXPECT_FALSE(back->ours);
  EXPECT_EQ(back->state, "CLOSED");
  EXPECT_EQ(back->opened_ms, made.opened_ms);
  EXPECT_EQ(back->updated_ms, made.updated_ms);
  EXPECT_EQ(back->ack_due_ms, 0u);
  EXPECT_EQ(back->answer_due_ms, made.answer_due_ms);
  EXPECT_FALSE(back->needs_action);
  EXPECT_TRUE(back->closed);
  EXPECT_FALSE(world->case_by_id(2));
  EXPECT_FALSE(world->case_by_root({made.root.rid, world.now + kDayMs}));
}

TEST_F(Cases, OneCaseARootAndOneRootACase) {
  const auto one = row(1);
  world.commit({store::PutCase{one}});
  auto same_root = one;
  same_root.id = 2;
  EXPECT_EQ(world.try_commit({store::PutCase{same_root}}).error().code, ErrorCode::kState);
  auto same_id = row(1);
  EXPECT_EQ(world.try_commit({store::PutCase{same_id}}).error().code, ErrorCode::kState);
  EXPECT_EQ(world->case_by_id(1)->root, one.root);
}

TEST_F(Cases, ListsAreNewestFirstFilteredAndLimited) {
  std::vector<store::Op> ops;
  for (store::CaseId id = 1; id <= 6; ++id) {
    auto made = row(id, id % 2 == 0 ? "XB" : "XC");
    made.closed = id == 3 || id == 4;
    ops.push_back(store::PutCase{made});
  }
  world.commit(ops);
  EXPECT_EQ(ids(world->cases({})), (Ids{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(ids(world->cases({true, "", 1000})), (Ids{6, 5, 2, 1}));
  EXPECT_EQ(ids(world->cases({false, "XB", 1000})), (Ids{6, 4, 2}));
  EXPECT_EQ(ids(world->cases({true, "XC", 1000})), (Ids{5, 1}));
  EXPECT_EQ(ids(world->cases({false, "", 3})), (Ids{6, 5, 4}));
  EXPECT_TRUE(world->cases({false, "XQ", 10}).empty());
}

TEST_F(Cases, DueOnesAreOpenNearestFirst) {
  auto one = row(1);
  one.ack_due_ms = 0;
  auto two = row(2);
  auto three = row(3);
  three.closed = true;
  auto four = row(4);
  four.ack_due_ms = four.answer_due_ms = 0;
  world.commit(
      {store::PutCase{one}, store::PutCase{two}, store::PutCase{three}, store::PutCase{four}});
  EXPECT_EQ(ids(world->cases_due(world.now + 40 * kDayMs, 10)), (Ids{2, 1}));
  EXPECT_EQ(ids(world->cases_due(world.now + kDayMs, 10)), (Ids{2}));
  EXPECT_TRUE(world->cases_due(world.now, 10).empty());
}

TEST_F(Cases, EventsComeBackInOrderOfTheLogOncePerRecord) {
  const auto batch = world.received(2, "XB");
  const auto root = batch.records[0].record.ref;
  const auto reply = batch.records[1].record.ref;
  auto made = row(1);
  made.root = root;
  const auto answer = event(reply, root, "trace.response", "XB");
  const auto request = event(root, std::nullopt, "trace.request", "XA");
  // The events stand in the group of their records, in any order.
  world.commit({batch, store::PutCase{made}, store::PutCaseEvent{answer},
                store::PutCaseEvent{request}, store::PutCaseEvent{request}});
  world.commit({store::PutCaseEvent{request}});
  ASSERT_TRUE(world.open());
  const auto events = world->case_events(1);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].idx, 0);
  EXPECT_EQ(events[0].ref, root);
  EXPECT_FALSE(events[0].reply_to);
  EXPECT_EQ(events[0].kind, "trace.request");
  EXPECT_EQ(events[0].from, "XA");
  EXPECT_EQ(events[1].idx, 1);
  EXPECT_EQ(events[1].ref, reply);
  EXPECT_EQ(events[1].reply_to, root);
  EXPECT_EQ(world->case_of(1), 1);
  EXPECT_FALSE(world->case_of(2));
  EXPECT_TRUE(world->case_events(2).empty());
}

TEST_F(Cases, AnEventNeedsItsRecord) {
  const auto stray = event({world.rng.array<32>(), world.now}, std::nullopt, "k", "XB");
  EXPECT_EQ(world.try_commit({store::PutCaseEvent{stray}}).error().code, ErrorCode::kState);
}

TEST_F(Cases, TheNewestVerdictOfAPairStands) {
  using Verdict = store::LinkVerdict;
  for (const store::CaseId id : {1, 2, 3}) {
    auto made = row(id);
    world.commit({store::PutCase{made}});
  }
  world.commit({store::PutCaseLink{2, 1, Verdict::kSame, "jo: same number"},
                store::PutCaseLink{2, 3, Verdict::kDifferent, "jo: another maker"}});
  world.now += kDayMs;
  world.commit({store::PutCaseLink{1, 2, Verdict::kDifferent, "ann: measured again"}});
  const auto two = world->case_links(2, 10);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(std::tuple(two[0].a, two[0].b, two[0].verdict),
            std::tuple(1, 2, Verdict::kDifferent));
  EXPECT_EQ(two[0].detail, "ann: measured again");
  EXPECT_EQ(two[0].at_ms, world.now);
  EXPECT_EQ(std::pair(two[1].a, two[1].b), std::pair(store::CaseId{2}, store::CaseId{3}));
  EXPECT_EQ(world->case_links(1, 10).size(), 1u);
  EXPECT_EQ(world->case_links(2, 1).size(), 1u);
  EXPECT_TRUE(world->case_links(4, 10).empty());
  EXPECT_EQ(world->leaf(two[0].idx)->type, store::LeafType::kAdmin);
  for (const auto& [a, b] : {std::pair(1, 1), std::pair(1, 4), std::pair(4, 5)})
    EXPECT_FALSE(world->commit({world.now, {store::PutCaseLink{a, b, Verdict::kSame, ""}}}));
  EXPECT_EQ(world->case_links(1, 10).size(), 1u);
}

}  // namespace
}  // namespace focal::ledger

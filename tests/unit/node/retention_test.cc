// Goal: every record gets the date that its class and its label give, whichever is earlier, also one that
// an older program left; what is due goes, but not while its case lasts; a case with a gap stays as it was.
// Method: real records of an example in a real ledger; dates around their ends; a record that cannot be
// read, a kind that is not known, a label without a date.
#include "node/node/retention.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "tests/support/paths.h"
#include "tests/unit/ledger/ledger_world.h"

namespace focal::node {
namespace {

using ledger::kNow;

constexpr char kRequest[] = "01_trace_request_XA_XB.json";

struct Made {
  store::NewRecord record;
  exchange::Manifest manifest;
  Bytes body;
};

class RetentionRules : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::init();
    world_.create();
  }
  static record::Checked example() {
    std::ifstream in(test::in_tree(std::string("tests/vectors/examples/") + kRequest));
    std::stringstream text;
    text << in.rdbuf();
    return record::from_json(text.str(), "XA", {"XB"});
  }
  Made make(const std::string& kind, Bytes body, std::optional<store::RecordRef> thread = {}) {
    Made out;
    out.body = std::move(body);
    exchange::Manifest& m = out.manifest;
    const Hash32 salt = world_.rng.array<32>();
    m.msg_id = world_.rng.array<16>();
    m.from = "XA";
    m.from_card = world_.rng.array<32>();
    m.to = {"XB"};
    m.kind = kind;
    m.thread = thread;
    m.reply_to = thread;
    m.created_ms = kNow + ++made_;
    m.body_commit = exchange::body_commitment(salt, out.body);
    m.body_len = out.body.size();
    exchange::encode_manifest(m);
    out.record = {{m.rid, m.created_ms}, kind, exchange::encode_item(m.bytes, salt, out.body, {})};
    return out;
  }
  // What one group of the node writes for it.
  std::vector<store::Op> group_of(const Made& made, bool dated = true) {
    const Group group = {{made.record.ref, made.manifest, nullptr, made.body}};
    auto sent = world_.sent(1, {"XB"});
    sent.records = {made.record};
    store::Txn txn{kNow, {sent}};
    if (dated) date_records(txn, group, retention_);
    auto cases = case_writes(*world_, "XA", group, kNow);
    for (store::Op& op : cases) txn.ops.push_back(std::move(op));
    return std::move(txn.ops);
  }
  std::uint64_t date_of(const store::RecordRef& ref) {
    const auto info = world_->find(ref);
    return info ? info->del_after_ms : 1;
  }

  ledger::World world_;
  config::Retention retention_;
  std::uint64_t made_ = 0;
};

TEST_F(RetentionRules, TheEarlierOfClassAndLabelCounts) {
  const auto record = example();
  ASSERT_TRUE(record.has_value());
  const std::uint64_t end = *parse_date(record->header().label->retain_until) + kDayMs;
  EXPECT_EQ(del_after(retention_, "trace.request", &*record, end - kDayMs), end);
  const std::uint64_t old = end - 3700 * kDayMs;  // more than ten years before
  EXPECT_LT(del_after(retention_, "trace.request", &*record, old), end);
  EXPECT_EQ(del_after(retention_, "trace.request", nullptr, *parse_date("2026-11-23")),
            *parse_date("2036-11-23"));
  for (const char* kind : {"peer.ping", "recovery.data", "alert.new", ""})
    EXPECT_EQ(del_after(retention_, kind, nullptr, *parse_date("2026-11-23")),
              *parse_date("2027-11-23")) << kind;
  retention_.tracing = {};
  retention_.other = {};
  EXPECT_EQ(del_after(retention_, "trace.request", &*record, kNow), end);  // a label always counts
  EXPECT_EQ(del_after(retention_, "alert.new", nullptr, kNow), 0u);
}

TEST_F(RetentionRules, WhatAGroupStoresHasItsDate) {
  const auto record = example();
  ASSERT_TRUE(record.has_value());
  const Made request = make("trace.request", record->body());
  const Made ping = make("peer.ping", to_bytes("no record at all"));
  world_.commit(group_of(request));
  world_.commit(group_of(ping));
  EXPECT_EQ(date_of(request.record.ref),
            del_after(retention_, "trace.request", &*record, request.manifest.created_ms));
  EXPECT_EQ(date_of(ping.record.ref), config::end_of_period(retention_.protocol,
                                                            ping.manifest.created_ms));
}

TEST_F(RetentionRules, WhatIsDueGoesButNotWhileItsCaseLasts) {
  retention_.tracing = retention_.protocol = *config::parse_period("30 days");
  const Made request = make("trace.request", example()->body());
  const Made ping = make("peer.ping", to_bytes("x"));
  world_.commit(group_of(request));
  world_.commit(group_of(ping));
  const std::uint64_t later = kNow + 31 * kDayMs;
  EXPECT_TRUE(due_records(*world_, kNow + 29 * kDayMs, 10).records.empty());
  const Due due = due_records(*world_, later, 10);
  ASSERT_EQ(due.records.size(), 2u);
  EXPECT_TRUE(due.records[0].case_is_open);
  EXPECT_FALSE(due.records[1].case_is_open);
  EXPECT_FALSE(due.more);
  EXPECT_TRUE(due_records(*world_, later, 1).more);
  const auto ops = shred_slice(*world_, later, 10);
  ASSERT_EQ(ops.size(), 1u);
  EXPECT_EQ(std::get<store::PutShred>(ops[0]).ref, ping.record.ref);
  world_.commit(ops);
  EXPECT_TRUE(world_->find(ping.record.ref)->shred.has_value());
  EXPECT_FALSE(world_->find(request.record.ref)->shred.has_value());
  EXPECT_TRUE(shred_slice(*world_, later, 10).empty());
  auto row = *world_->case_by_root(request.record.ref);  // once it has ended it goes too
  row.closed = true;
  world_.commit({store::PutCase{row}});
  EXPECT_EQ(shred_slice(*world_, later, 10).size(), 1u);
}

TEST_F(RetentionRules, ACaseWithAGapStaysAndAsksForAttention) {
  const Made request = make("trace.request", example()->body());
  world_.commit(group_of(request));
  const auto before = *world_->case_by_root(request.record.ref);
  EXPECT_TRUE(open_case(*world_, before).fold.started);
  world_.commit({store::PutShred{request.record.ref, "why"}});
  const OpenedCase gap = open_case(*world_, before);
  EXPECT_EQ(gap.erased.size(), 1u);
  EXPECT_FALSE(gap.fold.started);
  EXPECT_EQ(gap.row.state, before.state);
  focal::node::Group none;
  EXPECT_TRUE(case_writes(*world_, "XA", none, kNow + 1).empty());
  // A record of the other side's comes in: the first event of the case stays unread.
  std::ifstream in(test::in_tree("tests/vectors/examples/02_trace_ack_XB_XA.json"));
  std::stringstream text;
  text << in.rdbuf();
  const auto ack = record::from_json(text.str(), "XB", {"XA"});
  if (!ack) GTEST_FAIL() << "no example of an acknowledgement";
  Made made = make("trace.ack", ack->body(), request.record.ref);
  made.manifest.from = "XB";
  made.manifest.to = {"XA"};
  const Group group = {{made.record.ref, made.manifest, &*ack, {}}};
  const auto ops = case_writes(*world_, "XA", group, kNow + 5);
  ASSERT_EQ(ops.size(), 2u);
  const auto& after = std::get<store::PutCase>(ops[0]).row;
  EXPECT_EQ(after.state, before.state);
  EXPECT_EQ(after.closed, before.closed);
  EXPECT_EQ(after.answer_due_ms, before.answer_due_ms);
  EXPECT_TRUE(after.needs_action);
  EXPECT_EQ(after.updated_ms, kNow + 5);
}

}  // namespace
}  // namespace focal::node

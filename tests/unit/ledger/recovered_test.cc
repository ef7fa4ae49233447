// Goal: what this node received on a branch of its ledger that was lost stands again by its own
// receipts, each once, and takes its content when it comes; items that a party lost are delivered
// again. Method: receipts of a first world put into a second one; wrong and repeated ones between.
#include "node/ledger/recovered.h"

#include <gtest/gtest.h>

#include "ledger_world.h"

namespace focal::ledger {
namespace {

class Recovered : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.add_signer("XC");
    world.create();
    world.commit({world.pin("XB"), world.pin("XC")});
    // What is lost: it never reaches this ledger.
    lost = world.received(3, "XB", 1, "the content");
    lost.records[2].status = 19;
  }
  store::PutRecovered back(std::string from = "XB") const {
    store::PutRecovered op;
    op.from = std::move(from);
    for (const auto& each : lost.records)
      op.items.push_back({each.record.ref, each.status, kNow - kDayMs});
    op.detail = "recovered 3 from XB";
    return op;
  }
  store::PutBody body(std::size_t i) const {
    const auto& record = lost.records[i].record;
    return {record.ref, "XB",  record.kind, lost.stmt, lost.sig,
            lost.rids,  static_cast<std::uint32_t>(i), record.item, kNow + 9, 0};
  }
  store::RecordRef ref(std::size_t i) const { return lost.records[i].record.ref; }
  void refused(store::Op op, const std::string& words) {
    const auto before = world->log_size();
    const auto done = world.try_commit({std::move(op)});
    ASSERT_FALSE(done) << words;
    EXPECT_EQ(done.error().code, ErrorCode::kState);
    EXPECT_NE(done.error().message.find(words), std::string::npos) << done.error().message;
    EXPECT_EQ(world->log_size(), before);
  }
  World world;
  store::PutReceivedBatch lost;
};

TEST_F(Recovered, ALeafEachAtItsTimeAndWhoBroughtThem) {
  const auto before = world->log_size();
  world.commit({back()});
  ASSERT_EQ(world->log_size(), before + 4);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto found = world->find(ref(i));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->idx, before + static_cast<store::LeafIndex>(i));
    EXPECT_EQ(found->peer, "XB");
    EXPECT_EQ(found->kind, "");
    EXPECT_EQ(found->batch, 0);
    EXPECT_EQ(found->status, lost.records[i].status);
    EXPECT_EQ(found->at_ms, kNow - kDayMs);
    EXPECT_FALSE(found->has_body);
    EXPECT_FALSE(found->shred);
    EXPECT_EQ(world->item(found->idx).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(world->leaf(found->idx)->type,
              i == 2 ? store::LeafType::kRejected : store::LeafType::kReceived);
  }
  EXPECT_EQ(*world->detail(before + 3), "recovered 3 from XB");
  EXPECT_EQ(world->leaf(before + 3)->type, store::LeafType::kAdmin);
  EXPECT_EQ(world->without_body(9), (std::vector<store::RecordRef>{ref(0), ref(1), ref(2)}));
  EXPECT_EQ(world->without_body(1).size(), 1u);
  world.commit({back(), back("XC")});
  EXPECT_EQ(world->log_size(), before + 4) << "what is known is left out, and then nothing is said";
  auto twice = back();
  twice.items = {{{Hash32{7}, 7}, 1, kNow}, {{Hash32{7}, 7}, 19, kNow}};
  world.commit({twice});
  EXPECT_EQ(world->log_size(), before + 6);
  EXPECT_EQ(world->find({Hash32{7}, 7})->status, 1u);
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world.check().recovered, 4u);
}

TEST_F(Recovered, OnlyTheStatusOfAReceiptCounts) {
  auto op = back();
  for (const std::uint32_t status : {0u, 3u, 15u}) {
    op.items[1].status = status;
    refused(op, "no status of a receipt");
  }
  EXPECT_TRUE(world->without_body(9).empty());
}

TEST_F(Recovered, TheContentComesAgainWithoutALeaf) {
  world.commit({back()});
  const auto before = world->log_size();
  auto wrong = body(0);
  wrong.from = "XC";
  refused(wrong, "another party");
  wrong = body(0);
  wrong.position = 1;
  refused(wrong, "not at its place");
  wrong.position = 3;
  refused(wrong, "not at its place");
  wrong = body(0);
  wrong.ref = {Hash32{8}, 8};
  refused(wrong, "is not stored");
  world.commit({body(1)});
  EXPECT_EQ(world->log_size(), before);
  const auto found = world->find(ref(1));
  EXPECT_TRUE(found->has_body);
  EXPECT_EQ(found->kind, lost.records[1].record.kind);
  EXPECT_EQ(found->position, 1u);
  EXPECT_EQ(found->del_after_ms, kNow + 9);
  EXPECT_EQ(to_string(*world->item(found->idx)), to_string(lost.records[1].record.item));
  const auto batch = world->batch(found->batch);
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->stmt, lost.stmt);
  EXPECT_EQ(batch->rids, lost.rids);
  ASSERT_EQ(batch->records.size(), 1u);
  EXPECT_EQ(world->without_body(9), (std::vector<store::RecordRef>{ref(0), ref(2)}));
  refused(body(1), "it is here");
  world.commit({store::PutShred{ref(0), "jo"}});
  refused(body(0), "erased");
  EXPECT_EQ(world->without_body(9), std::vector<store::RecordRef>{ref(2)});
  world.commit({store::PutShred{ref(1), "jo"}});
  EXPECT_EQ(world->item(found->idx).error().code, ErrorCode::kErased);
  ASSERT_TRUE(world.open());
  const VerifyReport report = world.check();
  EXPECT_EQ(report.recovered, 1u);
  EXPECT_EQ(report.erased, 2u);
}

TEST_F(Recovered, TheSameReceiptIsIssuedAgain) {
  world.commit({back()});
  EXPECT_FALSE(world->issued_receipt(world->find(ref(0))->idx));
  world.commit({body(0), world.receipts_out("XB", {{ref(0), 1}})});
  const auto receipt = world->issued_receipt(world->find(ref(0))->idx);
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->items.size(), 1u);
}

TEST_F(Recovered, WhatWasSignedAndLostIsKnown) {
  EXPECT_FALSE(world->signed_by_us(Hash32{5}));
  world.commit({store::PutSignedRoots{{Hash32{5}, Hash32{6}}}, store::PutSignedRoots{{Hash32{5}}}});
  ASSERT_TRUE(world.open());
  EXPECT_TRUE(world->signed_by_us(Hash32{5}));
  EXPECT_TRUE(world->signed_by_us(Hash32{6}));
  EXPECT_FALSE(world->signed_by_us(Hash32{7}));
  world.check();
}

TEST_F(Recovered, WhatAPartyLostIsDeliveredAgainAndItsReceiptCountsAgain) {
  const auto sent = world.sent(3, {"XB"});
  const auto refs = refs_of(sent);
  const store::BatchId batch = world.commit({sent}).batches[0];
  const auto receipts = world.receipts_in("XB", batch, refs, {1, 1, 19});
  world.commit({receipts});
  ASSERT_TRUE(world->open_outbox().empty());
  world.commit({store::PutShred{refs[0], "jo"}});
  refused(store::ReopenItems{batch, "XC", {0}}, "was not sent");
  refused(store::ReopenItems{batch + 1, "XB", {0}}, "was not sent");
  refused(store::ReopenItems{batch, "XB", {1, 3}}, "outside");
  world.commit({store::ReopenItems{batch, "XB", {0}}});
  EXPECT_TRUE(world->open_outbox().empty()) << "there is nothing left to deliver";
  world.commit({store::ReopenItems{batch, "XB", {0, 1}}});
  ASSERT_EQ(world->open_outbox().size(), 1u);
  EXPECT_EQ(world->open_outbox()[0].state, store::OutboxState::kReady);
  EXPECT_EQ(world->open_outbox()[0].item_status, (std::vector<std::uint32_t>{1, 0, 19}));
  const auto before = world->log_size();
  world.commit({receipts});
  EXPECT_EQ(world->log_size(), before) << "the statement is known";
  EXPECT_TRUE(world->open_outbox().empty());
  EXPECT_EQ(world->outbox(batch, "XB")->item_status, (std::vector<std::uint32_t>{1, 1, 19}));
  EXPECT_EQ(world->outbox(batch, "XB")->receipts.size(), 1u);
  ASSERT_TRUE(world.open());
  world.check();
}

}  // namespace
}  // namespace focal::ledger

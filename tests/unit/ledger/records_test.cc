// Goal: what is committed can be read back exactly, and a group is written whole
// or not at all. Method: round trips through every read of View; duplicates,
// missing records, lost keys and a full disk in the middle of a group.
#include <gtest/gtest.h>

#include "ledger_world.h"
#include "node/ledger/blobs.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

class Records : public testing::Test {
 protected:
  void SetUp() override { world.create(); }
  World world;
};

TEST_F(Records, SentBatchRoundTrip) {
  auto op = world.sent(3, {"XB", "XC"}, "the body");
  op.records[1].kind = "trace.request";
  const auto done = world.commit({op});
  ASSERT_EQ(done.batches.size(), 1u);
  EXPECT_EQ(done.size, 3);
  const auto info = world->find(op.records[1].ref);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->idx, 1);
  EXPECT_TRUE(info->sent);
  EXPECT_EQ(info->peer, "XB");
  EXPECT_EQ(info->kind, "trace.request");
  EXPECT_EQ(info->status, 0u);
  EXPECT_EQ(info->at_ms, world.now);
  EXPECT_EQ(info->ref, op.records[1].ref);
  EXPECT_EQ(info->batch, done.batches[0]);
  EXPECT_EQ(info->position, 1u);
  EXPECT_EQ(to_string(*world->item(1)), "the body");
  const auto leaf = world->leaf(1);
  EXPECT_EQ(leaf->type, store::LeafType::kSent);
  EXPECT_EQ(leaf->ref, op.records[1].ref.rid);
  EXPECT_EQ(leaf->detail, Hash32{});
  const auto batch = world->batch(done.batches[0]);
  ASSERT_TRUE(batch);
  EXPECT_TRUE(batch->sent);
  EXPECT_EQ(batch->stmt, op.stmt);
  EXPECT_EQ(batch->sig, op.sig);
  ASSERT_EQ(batch->rids.size(), 3u);
  EXPECT_EQ(batch->rids[2], op.records[2].ref.rid);
  EXPECT_EQ(batch->records.size(), 3u);
  EXPECT_TRUE(world->signed_by_us(op.root));
  EXPECT_FALSE(world->signed_by_us(Hash32{}));
  EXPECT_FALSE(world->batch(99));
  EXPECT_FALSE(world->record(3));
}

TEST_F(Records, FindNeedsTheRightTime) {
  const auto op = world.sent(1, {"XB"});
  world.commit({op});
  auto ref = op.records[0].ref;
  ref.created_ms += 1;
  EXPECT_FALSE(world->find(ref));
}

TEST_F(Records, ReceivedBatchWithARejectedRecordAndOnesWithoutARow) {
  auto op = world.received(4, "XB");
  op.records[2].status = 19;
  op.records.erase(op.records.begin());  // its first record was stored before
  world.commit({op});
  const auto good = world->find(op.records[0].record.ref);
  const auto bad = world->find(op.records[1].record.ref);
  ASSERT_TRUE(good && bad);
  EXPECT_EQ(world->leaf(good->idx)->type, store::LeafType::kReceived);
  EXPECT_EQ(world->leaf(bad->idx)->type, store::LeafType::kRejected);
  EXPECT_EQ(bad->status, 19u);
  EXPECT_EQ(bad->position, 2u);
  EXPECT_EQ(bad->peer, "XB");
  EXPECT_EQ(to_string(*world->item(bad->idx)), "item");
  const auto batch = world->batch(good->batch);
  ASSERT_TRUE(batch);
  EXPECT_FALSE(batch->sent);
  EXPECT_EQ(batch->rids, op.rids);
  EXPECT_EQ(batch->records.size(), 3u);
}

TEST_F(Records, ReceiptsOfARangeAndOfScatteredRecords) {
  const auto first = world.received(3, "XB");
  const auto second = world.received(2, "XB");
  world.commit({first, world.receipts_out("XB", records_of(first)), second,
                world.receipts_out("XB", records_of(second))});
  // Repeats: out of order, from two groups; and the same receipt batch again.
  auto mixed = records_of(second);
  mixed.push_back(records_of(first)[0]);
  const auto again = world.receipts_out("XB", mixed);
  world.commit({again});
  world.commit({again});
  EXPECT_TRUE(world->signed_by_us(again.root));
  EXPECT_EQ(world->leaf(3)->type, store::LeafType::kReceiptOut);
  EXPECT_EQ(world->leaf(7)->ref, again.root);
  world.close();
  EXPECT_EQ(world.check().receipt_batches, 4u);
}

TEST_F(Records, AReceiptForARecordThatIsNotThereStopsTheGroup) {
  const auto op = world.received(1, "XB");
  auto records = records_of(op);
  records.push_back({{world.rng.array<32>(), world.now}, 1});
  const auto failed = world.try_commit({op, world.receipts_out("XB", records)});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kState);
  EXPECT_EQ(world->log_size(), 0);
  EXPECT_FALSE(world->find(op.records[0].record.ref));
}

TEST_F(Records, AReceiptBatchHasItsEffectOnce) {
  const auto op = world.sent(2, {"XB"});
  const auto batch = world.commit({op}).batches[0];
  const auto receipts = world.receipts_in("XB", batch, refs_of(op), {1, 2});
  EXPECT_EQ(world.commit({receipts}).size, 3);
  EXPECT_EQ(world->outbox(batch, "XB")->state, store::OutboxState::kDone);
  EXPECT_EQ(world.commit({receipts}).size, 3);            // no leaf
  EXPECT_EQ(world.commit({receipts, receipts}).size, 3);  // nor twice in a group
  world.close();
  EXPECT_EQ(world.check().receipt_batches, 1u);
}

TEST_F(Records, ADuplicateUndoesTheWholeGroup) {
  const auto op = world.received(2, "XB");
  world.commit({op});
  const auto before = world->root(2);
  const auto other = world.received(255, "XC");  // fills a tile
  const auto failed = world.try_commit({other, world.sent(1, {"XD"}), op});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kState);
  EXPECT_EQ(world->log_size(), 2);
  EXPECT_EQ(world->root(2), before);
  EXPECT_FALSE(world->find(other.records[0].record.ref));
  EXPECT_TRUE(world->open_outbox().empty());
  EXPECT_TRUE(world.try_commit({other}));  // what was right goes through alone
  world.close();
  EXPECT_EQ(world.check().leaves, 257u);
}

TEST_F(Records, ADuplicateInsideOneGroupUndoesIt) {
  const auto op = world.received(2, "XB");
  EXPECT_EQ(world.try_commit({op, op}).error().code, ErrorCode::kState);
  EXPECT_EQ(world->log_size(), 0);
  EXPECT_TRUE(world.try_commit({op}));
}

TEST_F(Records, NumbersGivenInAnUndoneGroupAreNotRemembered) {
  auto op = world.received(1, "XNEW");
  op.records[0].record.kind = "kind.one";
  ASSERT_FALSE(world.try_commit({op, op}));
  auto other = world.received(1, "XOTHER");
  other.records[0].record.kind = "kind.two";
  world.commit({other});
  world.commit({op});
  EXPECT_EQ(world->record(0)->peer, "XOTHER");
  EXPECT_EQ(world->record(0)->kind, "kind.two");
  EXPECT_EQ(world->record(1)->peer, "XNEW");
  EXPECT_EQ(world->record(1)->kind, "kind.one");
}

TEST_F(Records, ARecordOutsideItsPlaceInTheBatchIsRefused) {
  auto op = world.received(2, "XB");
  op.records[1].position = 0;
  EXPECT_EQ(world.try_commit({op}).error().code, ErrorCode::kState);
  op.records[1].position = 2;
  EXPECT_EQ(world.try_commit({op}).error().code, ErrorCode::kState);
}

TEST_F(Records, LostOrWrongKeyMakesABodyCorruptNotWrong) {
  world.commit({world.sent(1, {"XB"}, "secret body")});
  const auto keys = world.keks.keys;
  world.keks.keys.clear();
  EXPECT_EQ(world->item(0).error().code, ErrorCode::kCorrupt);
  world.keks.keys = keys;
  world.keks.keys.begin()->second[0] ^= 1;
  EXPECT_EQ(world->item(0).error().code, ErrorCode::kCorrupt);
  world.keks.keys = keys;
  EXPECT_EQ(to_string(*world->item(0)), "secret body");
  EXPECT_EQ(world->item(1).error().code, ErrorCode::kNotFound);
}

TEST_F(Records, ABodyDoesNotOpenUnderAnotherRecord) {
  world.commit({world.sent(2, {"XB"}, "secret body")});
  world.close();
  tamper(
      world.folder.ledger(),
      "UPDATE rec SET (kek,wrapped,ct)=(SELECT kek,wrapped,ct FROM rec WHERE idx=1) WHERE idx=0;");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->item(0).error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(world->item(1));
}

TEST_F(Records, ABodyThatWasTakenOutIsNotFoundAndIsMissed) {
  world.commit({world.sent(2, {"XB"}, "secret body")});
  world.close();
  tamper(world.folder.ledger(), "UPDATE rec SET wrapped=NULL, ct=NULL WHERE idx=0;");
  const auto report = verify(world.folder.ledger());
  ASSERT_TRUE(report);
  EXPECT_EQ(report->problems, std::vector<std::string>{"leaf 0 has lost its record's content"});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->item(0).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(world->find({world->leaf(0)->ref, world.now}));
}

TEST_F(Records, WhenNoKeyCanBeHadNothingIsWritten) {
  world.keks.refuse = true;
  EXPECT_EQ(world.try_commit({world.sent(1, {"XB"})}).error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(world->log_size(), 0);
  world.keks.refuse = false;
  world.commit({world.sent(1, {"XB"})});
}

TEST_F(Records, EveryMonthHasItsKey) {
  world.commit({world.sent(1, {"XB"}, "november")});
  world.now += 30 * kDayMs;
  world.commit({world.sent(1, {"XB"}, "december")});
  EXPECT_EQ(world.keks.keys.size(), 2u);
  EXPECT_EQ(to_string(*world->item(0)), "november");
  EXPECT_EQ(to_string(*world->item(1)), "december");
}

TEST_F(Records, AFullDiskUndoesTheGroupAndTheNextOneGoesThrough) {
  world.commit({world.sent(10, {"XB"})});
  limit_pages(world->driver(), count_pages(world->driver()) + 8);
  const auto big = world.received(200, "XB", 1, std::string(4000, 'x'));
  const auto failed = world.try_commit({big, world.receipts_out("XB", records_of(big))});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(world->log_size(), 10);
  limit_pages(world->driver(), 1'000'000);
  world.commit({big, world.receipts_out("XB", records_of(big))});
  world.close();
  EXPECT_EQ(world.check().leaves, 211u);
}

TEST_F(Records, TailIsNewestLastWithPeerAndKind) {
  const auto op = world.received(2, "XB");
  world.commit({world.sent(1, {"XC"}), op, world.receipts_out("XB", records_of(op)),
                store::PutAdmin{world.rng.array<32>(), "who"}});
  const auto tail = world->tail(4);
  ASSERT_EQ(tail.size(), 4u);
  EXPECT_EQ(tail[0].idx, 1);
  EXPECT_EQ(tail[0].type, "RECEIVED");
  EXPECT_EQ(tail[0].peer, "XB");
  EXPECT_EQ(tail[0].kind, "peer.ping");
  EXPECT_EQ(tail[2].type, "RECEIPT_OUT");
  EXPECT_EQ(tail[2].peer, "XB");
  EXPECT_EQ(tail[2].kind, "");
  EXPECT_EQ(tail[3].type, "ADMIN");
  EXPECT_EQ(tail[3].peer, "");
  EXPECT_EQ(tail[3].time_ms, world.now);
  EXPECT_EQ(world->tail(100).size(), 5u);
}

TEST_F(Records, AnEmptyGroupCostsNothing) {
  EXPECT_EQ(world.commit({}).size, 0);
  store::PutReceivedBatch none;
  none.from = "XB";
  EXPECT_EQ(world.commit({none}).size, 0);
  EXPECT_FALSE(world->batch(1));
}

TEST(Blobs, StatusesAreRunsAndDamageShows) {
  const std::vector<std::uint32_t> all(225, 1);
  EXPECT_EQ(encode_statuses(all).size(), 3u);
  EXPECT_EQ(decode_statuses(encode_statuses(all), 225), all);
  const std::vector<std::uint32_t> mixed{0, 1, 1, 1002, 0xffffffff};
  EXPECT_EQ(decode_statuses(encode_statuses(mixed), 5), mixed);
  EXPECT_FALSE(decode_statuses(encode_statuses(mixed), 4));
  EXPECT_FALSE(decode_statuses(encode_statuses(mixed), 6));
  Bytes cut = encode_statuses(mixed);
  cut.pop_back();
  EXPECT_FALSE(decode_statuses(cut, 5));
  EXPECT_FALSE(decode_statuses(Bytes{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, 5));
  EXPECT_FALSE(decode_statuses(Bytes{0, 1}, 0));
}

TEST(Blobs, ListsComeBackAndDamageShows) {
  const std::vector<Bytes> items{{1, 2}, {}, Bytes(300, 7)};
  EXPECT_EQ(decode_list(encode_list(items)), items);
  Bytes cut = encode_list(items);
  cut.pop_back();
  EXPECT_FALSE(decode_list(cut));
  EXPECT_FALSE(decode_list(Bytes{0, 0, 0}));
  EXPECT_FALSE(decode_hashes(Bytes(33)));
  EXPECT_FALSE(decode_indexes(Bytes(9)));
  const std::vector<store::LeafIndex> indexes{5, 3, 1'000'000'000'000};
  EXPECT_EQ(decode_indexes(encode_indexes(indexes)), indexes);
}

}  // namespace
}  // namespace focal::ledger

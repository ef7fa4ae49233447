// Goal: what is erased can be read nowhere in the ledger any more, nothing of it is sent, and what it
// was and when it went stays provable. Method: records alone and in batches, sent and received, found
// and waiting to be delivered; each refused erasure followed by a look at what is stored.
#include "node/ledger/shred.h"

#include <gtest/gtest.h>

#include <fstream>

#include "ledger_world.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

constexpr char kCanary[] = "canary-7d1f-serial-AB1234567";

class Shred : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.add_signer("XC");
    world.create();
    world.commit({world.pin("XB"), world.pin("XC")});
  }
  void erase(const store::RecordRef& ref) {
    world.commit({store::PutShred{ref, "jo: the deposit's rules"}});
  }
  store::LeafIndex index(const store::RecordRef& ref) {
    const auto found = world->find(ref);
    EXPECT_TRUE(found);
    return found ? found->idx : 0;
  }
  std::uint64_t deletions(KekClass c) {
    for (const store::KekRow& row : world->kek_rows())
      if (row.id == kek_id(c, kNow)) return row.deletions;
    return 0;
  }
  World world;
};

TEST_F(Shred, ARecordThatCameIsGoneAndItsErasureStands) {
  const auto got = world.received(2, "XB", 1, kCanary);
  const store::RecordRef ref = got.records[0].record.ref, other = got.records[1].record.ref;
  world.commit({got, world.receipts_out("XB", records_of(got))});
  world.commit({store::PutIndex{ref, {{"serial", "AB1234567", 1}}, {{1, "AB1234567", ""}}}});
  const auto receipt = world->issued_receipt(index(ref));
  const auto before = world->log_size();
  world.now += kHourMs;
  erase(ref);
  const store::LeafIndex idx = index(ref);
  EXPECT_EQ(world->item(idx).error().code, ErrorCode::kErased);
  EXPECT_TRUE(world->item(index(other)));
  const auto row = world->record(idx);
  EXPECT_FALSE(row->has_body);
  EXPECT_EQ(row->shred, before);
  EXPECT_EQ(row->kind, "peer.ping");
  const auto leaf = world->leaf(before);
  EXPECT_EQ(leaf->type, store::LeafType::kShred);
  EXPECT_EQ(leaf->ref, ref.rid);
  EXPECT_EQ(leaf->time_ms, world.now);
  EXPECT_EQ(*world->detail(before), "jo: the deposit's rules");
  EXPECT_EQ(world->log_size(), before + 1);
  EXPECT_TRUE(world->index_find("serial", "AB1234567", 9).empty());
  EXPECT_EQ(world->issued_receipt(idx), receipt) << "receipts stay, byte for byte";
  EXPECT_EQ(deletions(KekClass::kProtocol), 1u);
  const auto again = world.try_commit({store::PutShred{ref, "again"}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kState);
  EXPECT_EQ(world.try_commit({store::PutShred{{Hash32{9}, 1}, "no"}}).error().code, ErrorCode::kState);
  EXPECT_EQ(world->log_size(), before + 1);
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->item(idx).error().code, ErrorCode::kErased);
  EXPECT_EQ(world.check().erased, 1u);
}

// The sealed bytes themselves are in no page of the file any more.
TEST_F(Shred, NothingOfItIsLeftInTheFile) {
  const auto got = world.received(1, "XB");
  world.commit({got});
  Bytes sealed;
  {
    static constexpr char kSealed[] = "SELECT ct FROM rec WHERE idx=$1";
    Query query(world->driver(), kSealed);
    ASSERT_TRUE(query.bind(index(got.records[0].record.ref)).row());
    sealed = to_bytes(query.blob(0));
  }
  const auto in_files = [&] {
    for (const char* suffix : {"", "-wal"})
      if (read_file(world.folder.ledger().string() + suffix).find(to_string(sealed)) != std::string::npos)
        return true;
    return false;
  };
  EXPECT_TRUE(in_files());
  erase(got.records[0].record.ref);
  const auto emptied = world->truncate_wal();
  ASSERT_TRUE(emptied && *emptied);
  EXPECT_FALSE(in_files());
}

TEST_F(Shred, WhatIsStillToBeDeliveredIsCancelled) {
  const auto sent = world.sent(3, {"XB", "XC"});
  const auto refs = refs_of(sent);
  const store::BatchId batch = world.commit({sent}).batches[0];
  world.commit({world.receipts_in("XB", batch, {refs[0]}, {1})});
  const auto statuses = [&](const char* peer) { return world->outbox(batch, peer)->item_status; };
  erase(refs[0]);
  EXPECT_EQ(statuses("XB"), (std::vector<std::uint32_t>{1, 0, 0})) << "it has an answer";
  EXPECT_EQ(statuses("XC"), (std::vector<std::uint32_t>{store::kItemCancelled, 0, 0}));
  EXPECT_EQ(world->outbox(batch, "XC")->state, store::OutboxState::kReady) << "two are left";
  erase(refs[1]);
  erase(refs[2]);
  for (const char* peer : {"XB", "XC"}) {
    EXPECT_EQ(world->outbox(batch, peer)->state, store::OutboxState::kDone) << peer;
    EXPECT_EQ(statuses(peer)[2], store::kItemCancelled);
  }
  EXPECT_TRUE(world->open_outbox().empty());
  EXPECT_EQ(world->batch(batch)->stmt, sent.stmt) << "the statement stays";
  world.check();
}

// What waits for release is a row of the desk; once it is released, older copies still have it.
TEST_F(Shred, AnActThatWaitedOverTheEndOfAMonthIsDestroyedToo) {
  const std::uint64_t began = kNow;
  world.commit({store::PutDesk{store::DeskTable::kRelease, 1, true, to_bytes(kCanary), "jo"}});
  const auto acts_of_then = [&] {
    for (const store::KekRow& row : world->kek_rows())
      if (row.id == kek_id(KekClass::kActs, began)) return row.deletions;
    return std::uint64_t{99};
  };
  const auto send_at = [&](std::uint64_t ms) {
    world.now = ms;
    auto sent = world.sent(1, {"XB"});
    world.commit({sent});
    return refs_of(sent)[0];
  };
  std::uint64_t next_month = began;
  while (kek_id(KekClass::kActs, next_month) == kek_id(KekClass::kActs, began)) next_month += kDayMs;
  const auto soon = send_at(next_month), late = send_at(next_month + kHeldActMs);
  ASSERT_EQ(acts_of_then(), 0u);
  erase(late);
  EXPECT_EQ(acts_of_then(), 0u) << "nothing waits for so long";
  erase(soon);
  EXPECT_EQ(acts_of_then(), 1u);
  world.check();
}

TEST_F(Shred, WordsAboutABatchGoWithItsLastRecord) {
  auto sent = world.sent(2, {"XB"});
  sent.detail = kCanary;
  const auto refs = refs_of(sent);
  const store::BatchId batch = world.commit({sent}).batches[0];
  world.commit({store::SetOutbox{batch, "XB", store::OutboxState::kHeld, kCanary, 1, 0}});
  erase(refs[0]);
  EXPECT_EQ(*world->detail(index(refs[0])), kCanary) << "the other one was released by it too";
  EXPECT_EQ(world->outbox(batch, "XB")->reason, kCanary);
  const std::uint64_t acts = deletions(KekClass::kActs);
  erase(refs[1]);
  EXPECT_EQ(world->detail(index(refs[1])).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world->outbox(batch, "XB")->reason, "");
  EXPECT_EQ(deletions(KekClass::kActs), acts + 2);
  EXPECT_EQ(deletions(KekClass::kProtocol), 2u);
  world.check();
}

TEST_F(Shred, AWaitingEnvelopeThatIsDroppedCountsToo) {
  store::PutWaiting waits;
  waits.head.inner_hash = world.rng.array<32>();
  waits.head.link_peer = "XB";
  waits.inner = to_bytes(kCanary);
  world.commit({waits});
  world.commit({store::DropWaiting{Hash32{3}}});
  EXPECT_EQ(deletions(KekClass::kWaiting), 0u);
  world.commit({store::DropWaiting{waits.head.inner_hash}});
  EXPECT_EQ(deletions(KekClass::kWaiting), 1u);
}

TEST_F(Shred, DatesComeInOrderAndAreForgottenWithTheRecord) {
  auto got = world.received(4, "XB");
  for (std::size_t i = 0; i < 3; ++i) got.records[i].record.del_after_ms = kNow + 300 - 100 * i;
  world.commit({got});
  const auto ref = [&](std::size_t i) { return got.records[i].record.ref; };
  EXPECT_TRUE(world->due(kNow + 99, 9).empty());
  EXPECT_EQ(world->due(kNow + 200, 9), (std::vector<store::LeafIndex>{index(ref(2)), index(ref(1))}));
  EXPECT_EQ(world->due(kNow + 300, 2).size(), 2u);
  EXPECT_EQ(world->record(index(ref(0)))->del_after_ms, kNow + 300);
  EXPECT_EQ(world->record(index(ref(3)))->del_after_ms, 0u);
  world.commit({store::SetDelAfter{ref(3), kNow + 1}, store::SetDelAfter{ref(1), 0}});
  EXPECT_EQ(world->due(kNow + 200, 9), (std::vector<store::LeafIndex>{index(ref(3)), index(ref(2))}));
  erase(ref(2));
  EXPECT_EQ(world->due(kNow + 200, 9), std::vector<store::LeafIndex>{index(ref(3))});
  EXPECT_EQ(world->record(index(ref(2)))->del_after_ms, 0u);
  EXPECT_EQ(world.try_commit({store::SetDelAfter{ref(2), 5}}).error().code, ErrorCode::kState);
  EXPECT_TRUE(world->dating_progress().complete()) << "a new ledger has nothing to date";
}

TEST_F(Shred, ItIsWholeOrNotAtAll) {
  const auto got = world.received(2, "XB");
  world.commit({got});
  const auto before = world->log_size();
  EXPECT_FALSE(world.try_commit({store::PutShred{got.records[0].record.ref, "a"},
                                 store::PutShred{got.records[0].record.ref, "b"}}));
  EXPECT_EQ(world->log_size(), before);
  EXPECT_TRUE(world->item(index(got.records[0].record.ref)));
  EXPECT_EQ(deletions(KekClass::kProtocol), 0u);
  world.commit({store::PutShred{got.records[0].record.ref, "a"},
                store::PutShred{got.records[1].record.ref, "b"}});
  EXPECT_EQ(deletions(KekClass::kProtocol), 2u);
}

}  // namespace
}  // namespace focal::ledger

// Goal: receipts and statements are found by the record they are about and by their signer, whole and
// in the order in which they came; proofs and requests for them stay what they were. Method: typed
// transactions against what the test itself signed; an outbox row without its list, as schema 3 had it.
#include "node/ledger/proofs.h"

#include <gtest/gtest.h>

#include "ledger_world.h"

namespace focal::ledger {
namespace {

class Proofs : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.add_signer("XC");
    world.create();
    world.commit({world.pin("XB"), world.pin("XC")});
  }
  store::LeafIndex index(const store::RecordRef& ref) { return world->find(ref)->idx; }
  World world;
};

TEST_F(Proofs, TheReceiptOfARecordIsTheFirstThatEndedIt) {
  const auto sent = world.sent(2, {"XB", "XC"});
  const auto refs = refs_of(sent);
  const store::BatchId batch = world.commit({sent}).batches[0];
  EXPECT_FALSE(world->receipt_for(index(refs[0]), "XB"));
  auto second = world.receipts_in("XB", batch, {refs[1]}, {1});
  second.outcomes[0].position = 1;
  world.commit({second});
  const auto first = world.receipts_in("XB", batch, {refs[0]}, {1});
  world.commit({first});
  world.commit({world.receipts_in("XB", batch, {refs[0]}, {19})});  // too late
  const auto of_first = world->receipt_for(index(refs[0]), "XB");
  ASSERT_TRUE(of_first);
  EXPECT_EQ(of_first->party, "XB");
  EXPECT_EQ(of_first->stmt, first.stmt);
  EXPECT_EQ(of_first->sig, first.sig);
  EXPECT_EQ(of_first->items, first.items);
  EXPECT_EQ(world->receipt_for(index(refs[1]), "XB")->stmt, second.stmt);
  EXPECT_FALSE(world->receipt_for(index(refs[0]), "XC"));
  EXPECT_FALSE(world->receipt_for(index(refs[0]), "XZ"));
  EXPECT_FALSE(world->receipt_for(of_first->id, "XB")) << "no record";
  EXPECT_EQ(world->outbox(batch, "XB")->receipts.size(), 2u);
  world.check();
  world.close();
  tamper(world.folder.ledger(), "UPDATE outbox SET receipts=NULL;");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->receipt_for(index(refs[0]), "XB"), of_first) << "as in a ledger of schema 3";
  EXPECT_EQ(world->receipt_for(index(refs[1]), "XB")->stmt, second.stmt);
  EXPECT_FALSE(world->receipt_for(index(refs[0]), "XC"));
}

TEST_F(Proofs, AnIssuedReceiptFollowsFromItsRecords) {
  const auto got = world.received(3, "XB");
  auto scattered = records_of(got);
  std::swap(scattered[0], scattered[2]);
  const auto one = world.receipts_out("XB", {records_of(got)[1]});
  const auto all = world.receipts_out("XB", scattered);
  world.commit({got, one, all});
  const auto receipt = world->issued_receipt(index(got.records[1].record.ref));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->party, kParty);
  EXPECT_EQ(receipt->stmt, one.stmt);
  EXPECT_EQ(receipt->sig, one.sig);
  ASSERT_EQ(receipt->items.size(), 1u);
  EXPECT_EQ(crypto::merkle_leaf(receipt->items[0]), one.root) << "of one item the root is its hash";
  const auto other = world->issued_receipt(index(got.records[0].record.ref));
  ASSERT_TRUE(other);
  ASSERT_EQ(other->items.size(), 3u);
  std::vector<Hash32> leaves;
  for (const Bytes& item : other->items) leaves.push_back(crypto::merkle_leaf(item));
  EXPECT_EQ(crypto::merkle_root(leaves), all.root);
  EXPECT_FALSE(world->issued_receipt(receipt->id));
}

TEST_F(Proofs, WhatAPartySignedIsGivenBackInPages) {
  std::vector<Bytes> receipts, statements;
  const auto sent = world.sent(1, {"XB"});
  const store::BatchId batch = world.commit({sent}).batches[0];
  for (std::uint64_t i = 0; i < 5; ++i) {
    world.now += 1;
    const auto in = world.receipts_in("XB", batch, refs_of(sent), {1});
    const auto got = world.received(2, "XB");
    world.commit({in, got, world.received(1, "XC")});
    receipts.push_back(in.stmt);
    statements.push_back(got.stmt);
  }
  std::vector<Bytes> seen;
  store::LeafIndex after = -1;
  for (;;) {
    const auto page = world->receipts_of("XB", after, 2);
    if (page.empty()) break;
    EXPECT_LE(page.size(), 2u);
    for (const auto& row : page) seen.push_back(row.stmt);
    after = page.back().id;
  }
  EXPECT_EQ(seen, receipts);
  seen.clear();
  store::BatchId behind = 0;
  for (;;) {
    const auto page = world->statements_of("XB", behind, 2);
    if (page.empty()) break;
    for (const auto& row : page) seen.push_back(row.stmt);
    behind = page.back().id;
  }
  EXPECT_EQ(seen, statements);
  EXPECT_TRUE(world->receipts_of("XC", -1, 9).empty());
  EXPECT_TRUE(world->statements_of("XZ", 0, 9).empty());
}

TEST_F(Proofs, ProofsPromisesAndFirstOpenings) {
  const auto sent = world.sent(2, {"XB"});
  world.commit({sent});
  const store::LeafIndex one = index(refs_of(sent)[0]), two = index(refs_of(sent)[1]);
  const store::ProofRow proof{one, "XB", Bytes(74, 1), "c2sp.org/tlog-proof@v1\n"};
  EXPECT_EQ(world.try_commit({store::PutProof{{two + 1, "XB", Bytes(74, 1), "x"}}}).error().code,
            ErrorCode::kState);
  EXPECT_EQ(world.try_commit({store::PutProof{{one, "XB", Bytes(73, 1), "x"}}}).error().code,
            ErrorCode::kState)
      << "no leaf";
  world.commit({store::PutProof{proof}});
  EXPECT_EQ(world->proof(one, "XB"), proof);
  EXPECT_FALSE(world->proof(one, "XC"));
  EXPECT_FALSE(world->proof(two, "XB"));
  auto better = proof;
  better.proof += "more lines\n";
  world.commit({store::PutProof{better}});
  EXPECT_EQ(world->proof(one, "XB"), better);

  EXPECT_FALSE(world->newest_promise("XB"));
  const store::PromiseRow asked{"XB", two, kNow, store::PromiseVerdict::kAsked};
  const store::PromiseRow later{"XB", one, kNow + 5, store::PromiseVerdict::kAsked};
  world.commit({store::PutPromise{later}, store::PutPromise{asked}});
  EXPECT_EQ(world->newest_promise("XB"), later);
  EXPECT_EQ(world->promises(store::PromiseVerdict::kAsked, 9),
            (std::vector<store::PromiseRow>{asked, later}));
  auto kept = asked;
  kept.verdict = store::PromiseVerdict::kKept;
  world.commit({store::PutPromise{kept}});
  EXPECT_EQ(world->promises(store::PromiseVerdict::kAsked, 9), std::vector<store::PromiseRow>{later});
  EXPECT_EQ(world->promises(store::PromiseVerdict::kKept, 9), std::vector<store::PromiseRow>{kept});
  EXPECT_TRUE(world->promises(store::PromiseVerdict::kBroken, 9).empty());
  EXPECT_EQ(world.try_commit({store::PutPromise{{"XB", 0, 1, store::PromiseVerdict::kAsked}}})
                .error().code,
            ErrorCode::kState);

  EXPECT_EQ(world->opened_ms(one), 0u);
  const std::uint64_t when = world.now;
  world.commit({store::PutOpened{refs_of(sent)[0]}});
  world.now += 5;
  world.commit({store::PutOpened{refs_of(sent)[0]}});
  EXPECT_EQ(world->opened_ms(one), when);
  EXPECT_EQ(world.try_commit({store::PutOpened{{Hash32{4}, 4}}}).error().code, ErrorCode::kState);
}

TEST_F(Proofs, MarksAreWhatWasPutLast) {
  EXPECT_EQ(world->mark(store::Mark::kBackup), "");
  world.commit({store::PutMark{store::Mark::kBackup, "17"}, store::PutMark{store::Mark::kRefill, "XB 3"}});
  world.commit({store::PutMark{store::Mark::kBackup, "18"}});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->mark(store::Mark::kBackup), "18");
  EXPECT_EQ(world->mark(store::Mark::kRehearsal), "");
  EXPECT_EQ(world->mark(store::Mark::kRefill), "XB 3");
}

}  // namespace
}  // namespace focal::ledger

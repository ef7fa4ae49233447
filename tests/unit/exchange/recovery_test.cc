// Goal: a node that lost a branch of its ledger gets back exactly what it signed there, and nothing
// that anybody else made up; whoever answers gives back nothing but the asker's own.
// Method: two ledgers in memory; receipts and statements signed with fixed keys and never committed
// at the asker; every page forged once.
#include "node/exchange/recovery.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/exchange/inner.h"
#include "node/exchange/revocation.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "proto/envelope.pb.h"
#include "proto/record.pb.h"
#include "tests/sim/memory_store.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

using test::TestParty;
constexpr std::uint64_t kMs = test::kIssuedMs;

// Before any key is made.
struct Ready {
  Ready() { crypto::init(); }
};

struct Lost : Ready, ::testing::Test {
  Lost() : rng(11), store("XA", "focal/XA/log/1", rng) {
    self.card = xa.card();
    store::PeerRow row;
    row.party = "XB";
    row.card_note = xb.card_note();
    write({store::PutPeer{row, xb.card().card_id, "fixture"}});
  }
  void write(std::vector<store::Op> ops) {
    const auto done = store.commit({kMs, std::move(ops)});
    ASSERT_TRUE(done.has_value()) << done.error().message;
  }
  static store::RecordRef ref(int n) {
    return {crypto::sha256("record " + std::to_string(n)), kMs + static_cast<std::uint64_t>(n)};
  }
  // Receipts for records `first` to `last`, by that key.
  v1::ReceiptBatch receipts(int first, int last, const crypto::SigningKey& key,
                            const Hash32& card) const {
    v1::ReceiptBatch out;
    std::vector<Hash32> leaves;
    for (int n = first; n <= last; ++n) {
      const Bytes item = encode_receipt_item(receipt_for(ref(n), n % 2 == 0 ? 1 : 19, kMs + 7));
      leaves.push_back(crypto::merkle_leaf(item));
      out.add_item(to_string(item));
    }
    const auto made = sign_statement(key, "XA", card, Purpose::kReceipts, leaves, kMs + 7);
    out.set_stmt(to_string(made.statement.bytes));
    out.set_sig(to_string(ByteView(made.signature)));
    return out;
  }
  v1::ReceiptBatch receipts(int first, int last) const {
    return receipts(first, last, xa.sign, self.card.card_id);
  }
  std::string statement(const std::string& seed) const {
    const Hash32 leaf = crypto::sha256(seed);
    const auto made = sign_statement(xa.sign, "XA", self.card.card_id, Purpose::kRecords,
                                     std::span(&leaf, 1), kMs);
    v1::SignedStmt out;
    out.set_stmt(to_string(made.statement.bytes));
    out.set_sig(to_string(ByteView(made.signature)));
    return out.SerializeAsString();
  }
  std::string checkpoint(const crypto::SigningKey& key, const std::string& log) const {
    crypto::Note note;
    note.text = store::checkpoint_text(log, 64, Hash32{1});
    crypto::sign_note(note, log, key);
    return crypto::format_note(note);
  }
  Recovered take(const v1::RecoveryData& data) { return take_recovery(self, store, "XB", data); }
  Recovered take(const v1::ReceiptBatch& batch) {
    v1::RecoveryData data;
    data.add_your_receipts(batch.SerializeAsString());
    return take(data);
  }

  TestParty xa, xb{"XB", 31}, thief{"XA", 61};
  Identity self;
  crypto::SeededRng rng;
  sim::MemoryStore store;
};

TEST_F(Lost, OwnReceiptsGiveTheRecordsBackOnce) {
  v1::RecoveryData data;
  data.add_your_receipts(receipts(1, 4).SerializeAsString());
  data.add_your_receipts(receipts(3, 3).SerializeAsString());  // a repeat had a batch of its own
  data.add_your_stmts(statement("a batch"));
  data.add_your_notes(checkpoint(xa.log, "focal/XA/log/1"));
  data.set_next(9);
  const Recovered taken = take(data);
  EXPECT_EQ(taken.records, 4u);
  EXPECT_EQ(taken.statements, 3u);
  EXPECT_EQ(taken.checkpoints.size(), 1u);
  EXPECT_EQ(taken.ignored, 0u);
  EXPECT_EQ(taken.next, 9u);
  const store::LeafIndex before = store.log_size();
  write(taken.ops);
  EXPECT_EQ(store.log_size(), before + 5) << "four records, and who gave them back";
  const auto known = store.find(ref(2));
  ASSERT_TRUE(known.has_value());
  EXPECT_EQ(known->status, 1u);
  EXPECT_EQ(known->at_ms, kMs + 7);
  EXPECT_FALSE(known->has_body);
  EXPECT_EQ(store.find(ref(3))->status, 19u);
  EXPECT_EQ(store.without_body(10).size(), 4u);
  // The promised leaf, byte for byte.
  const auto leaf = store.leaf(known->idx);
  ASSERT_TRUE(leaf.has_value());
  EXPECT_EQ(store::leaf_hash(*leaf), receipt_for(ref(2), 1, kMs + 7).leaf);
  const Recovered again = take(data);
  EXPECT_TRUE(again.ops.empty()) << "nothing of it is new";
}

TEST_F(Lost, WhatThisNodeDidNotSignIsIgnored) {
  const auto refused = [&](const v1::ReceiptBatch& batch) {
    const Recovered taken = take(batch);
    EXPECT_TRUE(taken.ops.empty());
    EXPECT_EQ(taken.ignored, 1u);
  };
  refused(receipts(1, 2, thief.sign, self.card.card_id));
  refused(receipts(1, 2, xa.sign, thief.card().card_id));
  v1::ReceiptBatch bent = receipts(1, 2);
  bent.set_item(0, bent.item(1));
  refused(bent);
  bent = receipts(1, 2);
  bent.mutable_item()->RemoveLast();
  refused(bent);
  bent = receipts(1, 2);
  bent.add_item("no item");
  refused(bent);
  bent = receipts(1, 2);
  bent.mutable_sig()->back() = static_cast<char>(bent.sig().back() ^ 1);
  refused(bent);
  refused(v1::ReceiptBatch());
  v1::RecoveryData data;
  data.add_your_receipts("\xff\xff");
  data.add_your_stmts("\xff\xff");
  v1::SignedStmt other;
  ASSERT_TRUE(other.ParseFromString(statement("a batch")));
  other.mutable_sig()->front() = static_cast<char>(other.sig().front() ^ 1);
  data.add_your_stmts(other.SerializeAsString());
  data.add_your_notes("no note");
  data.add_your_notes(checkpoint(thief.log, "focal/XA/log/1"));
  data.add_your_notes(checkpoint(xb.log, "focal/XB/log/1"));
  const Recovered taken = take(data);
  EXPECT_TRUE(taken.ops.empty());
  EXPECT_TRUE(taken.checkpoints.empty());
  EXPECT_EQ(taken.ignored, 6u);
}

// A receipt is no statement about records, and the other way round.
TEST_F(Lost, AStatementOfRecordsIsNoReceipt) {
  v1::ReceiptBatch batch = receipts(1, 1);
  const Hash32 leaf = crypto::merkle_leaf(as_bytes(batch.item(0)));
  const auto made = sign_statement(xa.sign, "XA", self.card.card_id, Purpose::kRecords,
                                   std::span(&leaf, 1), kMs);
  batch.set_stmt(to_string(made.statement.bytes));
  batch.set_sig(to_string(ByteView(made.signature)));
  EXPECT_EQ(take(batch).ignored, 1u);
}

// After a theft: what the old key signed before it counts, what came later may be the thief's.
TEST_F(Lost, OfARevokedKeyOnlyWhatIsOlderCounts) {
  const Card old = self.card;
  auto fields = xa.fields_after(old);
  fields.log_generation = 2;
  const TestParty next{"XA", 91};
  self.card = TestParty::must(parse_card(
      TestParty::must(make_card(fields, {xa.root, next.sign, next.log, next.witness}))));
  self.old_cards = {old};
  const auto batch = receipts(1, 2, xa.sign, old.card_id);
  EXPECT_EQ(take(batch).records, 2u) << "closed, not revoked";
  const auto revoke = [&](std::uint64_t since_ms) {
    RevocationFields note;
    note.party = "XA";
    note.card_id = old.card_id;
    note.since_ms = since_ms;
    note.reason = "the server was stolen";
    const auto made = TestParty::must(parse_revocation(TestParty::must(make_revocation(note, xa.root))));
    write({store::PutOwnRevocation{made.note, made.revocation_id, "custodian"}});
  };
  revoke(kMs + kDayMs);
  EXPECT_EQ(take(batch).records, 2u);
  revoke(kMs);
  EXPECT_EQ(take(batch).records, 0u);
}

TEST_F(Lost, APageHoldsTheAskersOwnAndEnds) {
  Peer asker = TestParty::must(make_peer([&] {
    store::PeerRow row;
    row.party = "XB";
    row.card_note = xb.card_note();
    return row;
  }()));
  write({store::PutPeerCheckpoint{{"focal/XB/log/1", "XB", 64, Hash32{1},
                                   checkpoint(xb.log, "focal/XB/log/1"), kMs, 0}}});
  // Batches of XB that came, newer and older.
  for (int n = 0; n < 600; ++n) {
    const Hash32 rid = ref(n).rid;
    const auto made = sign_statement(xb.sign, "XB", xb.card().card_id, Purpose::kRecords,
                                     std::span(&rid, 1), n < 10 ? kMs - kDayMs : kMs);
    store::PutReceivedBatch put;
    put.from = "XB";
    put.stmt = made.statement.bytes;
    put.sig = to_bytes(ByteView(made.signature));
    put.rids = {rid};
    put.records.push_back({{ref(n), "future.kind", Bytes(10, 1)}, 2, 0});
    write({put});
  }
  std::size_t statements = 0, notes = 0, pages = 0;
  std::uint64_t after = 0;
  do {
    const v1::RecoveryData page = recovery_page(store, asker, kMs, after);
    EXPECT_LE(page.ByteSizeLong(), kMaxRecoveryPage);
    EXPECT_TRUE(page.next() == 0 || page.next() > after) << "it goes on";
    statements += static_cast<std::size_t>(page.your_stmts_size());
    notes += static_cast<std::size_t>(page.your_notes_size());
    after = page.next();
    ASSERT_LT(++pages, 20u);
  } while (after != 0);
  EXPECT_EQ(statements, 590u);
  EXPECT_EQ(notes, 1u);
  EXPECT_GT(pages, 1u);
  const v1::RecoveryData far = recovery_page(store, asker, 0, ~std::uint64_t{1});
  EXPECT_EQ(far.next(), 0u) << "a place nobody gave";
}

TEST_F(Lost, OnlyRecordsThatWentToTheAskerAreOpenedAgain) {
  write({store::PutPeer{[] {
           store::PeerRow row;
           row.party = "XC";
           row.card_note = TestParty("XC", 121).card_note();
           return row;
         }(), TestParty("XC", 121).card().card_id, "fixture"}});
  const Hash32 leaves[] = {ref(1).rid, ref(2).rid};
  const auto made = sign_statement(xa.sign, "XA", self.card.card_id, Purpose::kRecords, leaves, kMs);
  store::PutSentBatch put;
  put.stmt = made.statement.bytes;
  put.sig = to_bytes(ByteView(made.signature));
  put.root = made.statement.root;
  put.records = {{ref(1), "future.kind", Bytes(10, 1)}, {ref(2), "future.kind", Bytes(10, 2)}};
  put.to = {"XB"};
  write({put});
  const auto again = reopen_wanted(store, "XB", {ref(2), ref(2), ref(3)});
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].positions, std::vector<std::uint32_t>{1});
  EXPECT_TRUE(reopen_wanted(store, "XC", {ref(1)}).empty());
  EXPECT_TRUE(reopen_wanted(store, "XQ", {ref(1)}).empty());
}

}  // namespace
}  // namespace focal::exchange

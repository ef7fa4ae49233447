// Goal: whoever gave a receipt has to show its leaf; a proof that does not is an alarm, and nobody
// learns anything about records that are not his.
// Method: records sent and received on a ledger in memory; the other party's log has the leaf of
// its receipt, or another one, or none.
#include "node/exchange/promise_book.h"

#include <gtest/gtest.h>

#include "node/exchange/inner.h"
#include "node/exchange/statement.h"
#include "node/exchange/tlog_proof.h"
#include "node/store/leaf.h"
#include "tests/unit/exchange/witness_world.h"

namespace focal::exchange {
namespace {

// XB's log: filler, and the leaves of its receipts where they are put.
class PromisedLog {
 public:
  explicit PromisedLog(const test::TestParty& party) : party_(party) {
    for (int i = 0; i < 64; ++i) leaves_.push_back(crypto::merkle_leaf(as_bytes(std::to_string(i))));
  }
  std::uint64_t add(const Hash32& leaf) {
    leaves_.push_back(leaf);
    return leaves_.size() - 1;
  }
  std::string proof(std::uint64_t index, const crypto::SigningKey* key = nullptr) const {
    const std::string origin = log_name(party_.party, 1);
    crypto::Note note{store::checkpoint_text(origin, leaves_.size(), crypto::merkle_root(leaves_)), {}};
    crypto::sign_note(note, origin, key == nullptr ? party_.log : *key);
    return format_tlog_proof({index, crypto::inclusion_path(index, leaves_), crypto::format_note(note)});
  }

 private:
  const test::TestParty& party_;
  std::vector<Hash32> leaves_;
};

class PromiseTest : public ::testing::Test {
 protected:
  // A record that XA sends; its rid.
  store::RecordRef sent(const std::string& to, const std::string& kind = "future.kind") {
    const store::RecordRef ref{crypto::sha256(as_bytes("record " + std::to_string(++n_))), w.now.wall_ms};
    store::PutSentBatch put;
    put.root = ref.rid;
    put.stmt = put.sig = Bytes(64, 1);
    put.records = {{ref, kind, Bytes(10, 1)}};
    put.to = {to};
    w.write({put});
    return ref;
  }
  // XB's receipt for it comes in; what it promises.
  ReceiptItem receipt(const store::RecordRef& ref, const std::string& from = "XB") {
    const ReceiptItem item = receipt_for(ref, 1, w.now.wall_ms);
    store::PutReceiptsIn put;
    put.from = from;
    put.stmt = put.sig = Bytes(64, 2);
    put.items = {encode_receipt_item(item)};
    put.root = crypto::merkle_leaf(put.items[0]);
    put.outcomes = {{w.store().find(ref)->batch, 0, 1}};
    w.write({put});
    return item;
  }
  static Bytes leaf_of(const ReceiptItem& item) {
    store::Leaf leaf;
    leaf.type = store::LeafType::kReceived;
    leaf.time_ms = item.at_ms;
    leaf.ref = item.ref.rid;
    const auto bytes = store::encode_leaf(leaf);
    return {bytes.begin(), bytes.end()};
  }
  void commit() {
    auto ops = book.take_ops();
    if (!ops.empty()) w.write(std::move(ops));
  }
  std::optional<store::RecordRef> audit(const std::string& party = "XB") {
    const auto asked = book.audit(party, w.time(), rng);
    commit();
    return asked;
  }
  std::optional<ErrorCode> take(const store::RecordRef& ref, const Bytes& leaf, const std::string& proof,
                                const std::string& from = "XB") {
    const auto taken = book.take_proof(from, ref, leaf, proof, w.time());
    commit();
    if (taken) return std::nullopt;
    return taken.error().code;
  }
  store::PromiseVerdict verdict() { return w.store().newest_promise("XB")->verdict; }

  test::WitnessWorld w;
  PromiseBook book{w.peers, w.store(), w.trust};
  crypto::SeededRng rng{1};
  int n_ = 0;
};

TEST_F(PromiseTest, AReceiptIsAuditedOnceItIsDueAndOnceADay) {
  const auto ref = sent("XB");
  EXPECT_FALSE(audit().has_value()) << "no receipt";
  const auto item = receipt(ref);
  EXPECT_FALSE(audit().has_value()) << "not due";
  w.pass(kPromiseDueMs);
  EXPECT_FALSE(audit("XC").has_value());
  ASSERT_EQ(audit(), ref);
  EXPECT_FALSE(audit().has_value());
  PromisedLog log{w.xb};
  EXPECT_EQ(take(ref, leaf_of(item), log.proof(log.add(item.leaf))), std::nullopt);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kKept);
  const auto proof = w.store().proof(w.store().find(ref)->idx, "XB");
  ASSERT_TRUE(proof.has_value());
  EXPECT_EQ(proof->leaf, leaf_of(item));
  EXPECT_TRUE(w.trust.alarms().empty());
  w.pass(2 * kDayMs);
  EXPECT_FALSE(audit().has_value()) << "nothing new came: an idle network is silent";
  const auto next = sent("XB");
  receipt(next);
  w.pass(kPromiseDueMs);
  EXPECT_EQ(audit(), next);
}

TEST_F(PromiseTest, WhatNodesSayToEachOtherIsNotAudited) {
  receipt(sent("XB", "peer.proof_request"));
  receipt(sent("XB", "recovery.data"));
  w.pass(kPromiseDueMs);
  EXPECT_FALSE(audit().has_value());
}

TEST_F(PromiseTest, AProofThatFailsIsABrokenPromise) {
  PromisedLog log{w.xb}, other{w.xc};
  const auto with = [&](auto change) {
    const auto ref = sent("XB");
    const auto item = receipt(ref);
    w.pass(kPromiseDueMs);
    EXPECT_EQ(audit(), ref);
    const std::size_t before = w.trust.alarms().size();
    const auto code = change(ref, item);
    EXPECT_EQ(code, ErrorCode::kWitness);
    EXPECT_EQ(verdict(), store::PromiseVerdict::kBroken);
    EXPECT_EQ(w.trust.alarms().size(), before + 1);
    EXPECT_NE(w.trust.alarms().back().words.find("BROKEN_PROMISE"), std::string::npos);
    EXPECT_FALSE(w.store().proof(w.store().find(ref)->idx, "XB").has_value());
    EXPECT_EQ(take(ref, leaf_of(item), log.proof(log.add(item.leaf))), ErrorCode::kNotFound)
        << "it is decided";
  };
  with([&](const auto& ref, const ReceiptItem& item) {  // another leaf, though it is in the log
    ReceiptItem late = receipt_for(ref, 1, item.at_ms + 1);
    return take(ref, leaf_of(late), log.proof(log.add(late.leaf)));
  });
  with([&](const auto& ref, const ReceiptItem& item) {
    log.add(item.leaf);
    return take(ref, leaf_of(item), log.proof(3));  // it stands elsewhere
  });
  with([&](const auto& ref, const ReceiptItem& item) {
    return take(ref, leaf_of(item), log.proof(log.add(item.leaf), &w.xb.sign));
  });
  with([&](const auto& ref, const ReceiptItem& item) {
    return take(ref, leaf_of(item), other.proof(other.add(item.leaf)));  // somebody else's log
  });
  with([&](const auto& ref, const ReceiptItem& item) { return take(ref, leaf_of(item), "no proof"); });
  with([&](const auto& ref, const ReceiptItem& item) {
    return take(ref, Bytes(74, 0), log.proof(log.add(item.leaf)));
  });
}

TEST_F(PromiseTest, APersonDemandsAProofOfWhatWasSent) {
  const auto ref = sent("XB");
  const auto record = [&] { return *w.store().find(ref); };
  EXPECT_EQ(book.demand("XB", record(), w.time()).value(), PromiseBook::Demand::kNotPromised);
  const auto item = receipt(ref);
  EXPECT_EQ(book.demand("XB", record(), w.time()).value(), PromiseBook::Demand::kAsks)
      << "not before it is due";
  commit();
  EXPECT_EQ(book.demand("XB", record(), w.time()).value(), PromiseBook::Demand::kOpen);
  ASSERT_TRUE(book.promise("XB", record().idx).has_value());
  const auto since = book.promise("XB", record().idx)->asked_ms;
  w.pass(kAskProofAgainMs);
  EXPECT_EQ(book.demand("XB", record(), w.time()).value(), PromiseBook::Demand::kAsks);
  commit();
  EXPECT_EQ(book.promise("XB", record().idx)->asked_ms, since) << "its week goes on";
  PromisedLog log{w.xb};
  EXPECT_EQ(take(ref, leaf_of(item), log.proof(log.add(item.leaf))), std::nullopt);
  EXPECT_EQ(book.demand("XB", record(), w.time()).value(), PromiseBook::Demand::kDone);
  EXPECT_FALSE(book.promise("XB", record().idx).has_value());
}

TEST_F(PromiseTest, APersonDemandsTheLeafOfASending) {
  const auto received = [&] {
    const store::RecordRef ref{crypto::sha256(as_bytes("theirs " + std::to_string(++n_))),
                               w.now.wall_ms};
    store::PutReceivedBatch put;
    put.from = "XB";
    put.stmt = put.sig = Bytes(64, 1);
    put.rids = {ref.rid};
    put.records = {{{ref, "future.kind", Bytes(10, 1)}, 1, 0}};
    w.write({put});
    return *w.store().find(ref);
  };
  const auto leaf_bytes = [](const Hash32& rid, store::LeafType type) {
    store::Leaf leaf;
    leaf.type = type;
    leaf.time_ms = 7;
    leaf.ref = rid;
    leaf.detail = Hash32{9};
    const auto bytes = store::encode_leaf(leaf);
    return Bytes(bytes.begin(), bytes.end());
  };
  PromisedLog log{w.xb};
  const auto shown = [&](const store::RecordInfo& info, const Bytes& leaf) {
    EXPECT_EQ(book.demand("XB", info, w.time()).value(), PromiseBook::Demand::kAsks);
    commit();
    const auto index = log.add(store::leaf_hash(*store::decode_leaf(leaf)));
    return take(info.ref, leaf, log.proof(index));
  };
  const auto good = received();
  EXPECT_EQ(shown(good, leaf_bytes(good.ref.rid, store::LeafType::kSent)), std::nullopt);
  EXPECT_TRUE(w.store().proof(good.idx, "XB").has_value());
  const auto other_type = received();
  EXPECT_EQ(shown(other_type, leaf_bytes(other_type.ref.rid, store::LeafType::kAdmin)),
            ErrorCode::kWitness);
  const auto other_record = received();
  EXPECT_EQ(shown(other_record, leaf_bytes(good.ref.rid, store::LeafType::kSent)),
            ErrorCode::kWitness);
  ASSERT_EQ(w.trust.alarms().size(), 2u);
  EXPECT_NE(w.trust.alarms().back().words.find("BROKEN_PROMISE: it sent record"), std::string::npos);
  EXPECT_EQ(book.promise("XB", other_record.idx)->verdict, store::PromiseVerdict::kBroken);
  for (std::uint32_t i = 3; i < kDemandsPerDay; ++i) {
    EXPECT_EQ(book.demand("XB", received(), w.time()).value(), PromiseBook::Demand::kAsks);
    commit();
  }
  EXPECT_EQ(book.demand("XB", received(), w.time()).error().code, ErrorCode::kLimit);
}

TEST_F(PromiseTest, WhatWasNotAskedForIsIgnored) {
  const auto ref = sent("XB");
  const auto item = receipt(ref);
  PromisedLog log{w.xb};
  const std::string proof = log.proof(log.add(item.leaf));
  EXPECT_EQ(take(ref, leaf_of(item), proof), ErrorCode::kNotFound);
  w.pass(kPromiseDueMs);
  ASSERT_EQ(audit(), ref);
  EXPECT_EQ(take(ref, leaf_of(item), proof, "XC"), ErrorCode::kNotFound);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kAsked);
  EXPECT_TRUE(w.trust.alarms().empty());
}

TEST_F(PromiseTest, NoProofInAWeekIsABrokenPromiseIfItCouldHaveCome) {
  receipt(sent("XB"));
  w.pass(kPromiseDueMs);
  const auto asked = audit();
  ASSERT_TRUE(asked.has_value());
  w.pass(kAskProofAgainMs);
  EXPECT_EQ(audit(), asked) << "the same question again";
  const auto ticks = [&](int count, std::uint64_t every_ms, bool is_reached) {
    for (int i = 0; i < count; ++i) {
      w.pass(every_ms);
      book.tick(w.time(), [&](const std::string&) { return is_reached; });
      commit();
    }
  };
  constexpr std::uint64_t kHalfDayMs = kDayMs / 2;
  ticks(16, kHalfDayMs, false);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kAsked);
  ticks(1, kMinuteMs, true);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kAsked) << "it was away for a week and is back now";
  ticks(13, kHalfDayMs, true);
  ticks(2, kHalfDayMs, false);
  ticks(1, kMinuteMs, true);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kAsked) << "and away again for a day";
  ticks(6, kHalfDayMs, true);
  ticks(20, kMinuteMs, false);  // a link that comes and goes
  ticks(7, kHalfDayMs, true);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kAsked);
  ticks(1, kHalfDayMs, true);
  EXPECT_EQ(verdict(), store::PromiseVerdict::kBroken);
  ticks(1, kMinuteMs, true);
  EXPECT_EQ(w.trust.alarms().size(), 1u);
}

TEST_F(PromiseTest, AProofIsGivenToSenderAndRecipientAloneOnceItIsPublished) {
  const auto ref = sent("XB");
  EXPECT_EQ(book.take_request("XC", ref, w.time()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(book.take_request("XB", {ref.rid, ref.created_ms + 1}, w.time()).error().code,
            ErrorCode::kNotFound);
  ASSERT_TRUE(book.take_request("XB", ref, w.time()).has_value());
  EXPECT_TRUE(book.take_answers().empty()) << "not published";
  w.own_checkpoint();
  const auto answers = book.take_answers();
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].to, "XB");
  EXPECT_EQ(answers[0].record, ref);
  const auto leaf = store::decode_leaf(answers[0].leaf);
  ASSERT_TRUE(leaf.has_value());
  EXPECT_EQ(leaf->type, store::LeafType::kSent);
  const auto proof = parse_tlog_proof(answers[0].proof);
  ASSERT_TRUE(proof.has_value()) << proof.error().message;
  EXPECT_TRUE(check_tlog_proof(*proof, store::leaf_hash(*leaf), "focal/XA/log/1", w.own.log.pk));
  EXPECT_TRUE(book.take_answers().empty()) << "once";
  for (std::uint32_t i = 0; i < kProofsPerDay; ++i)
    static_cast<void>(book.take_request("XB", ref, w.time()));
  EXPECT_EQ(book.take_request("XB", ref, w.time()).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace focal::exchange

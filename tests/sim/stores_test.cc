// Goal: the ledger in memory, on which the simulator stands, means the same as the
// SQLite one. Method: random typed transactions, many of them refused (a record
// stored twice, rows that are not there, places outside a batch), on both; every
// answer and every read is compared by BothStore, which throws at a difference.
#include <gtest/gtest.h>

#include <set>
#include <variant>

#include "crypto/secret.h"
#include "proto/envelope.pb.h"
#include "tests/sim/both_store.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kNow = 1'795'600'800'000;

class Random {
 public:
  explicit Random(std::uint64_t seed) : rng_(seed) {}
  std::uint64_t below(std::uint64_t n) { return rng_.below(n); }
  Hash32 hash() { return rng_.array<32>(); }
  Bytes bytes(std::size_t most) {
    Bytes out(1 + rng_.below(most));
    rng_.fill(out);
    return out;
  }
  std::string party() {
    static const char* const kParties[] = {"XA", "XB", "XC", "XD", "XE"};
    return kParties[below(5)];
  }

  // A new record, or one that was made before.
  store::RecordRef ref() {
    if (!refs_.empty() && below(4) == 0) return refs_[below(refs_.size())];
    refs_.push_back({hash(), kNow + below(3)});
    return refs_.back();
  }
  store::NewRecord record() {
    return {ref(), below(2) == 0 ? "peer.ping" : "future.kind", bytes(60), below(3) * kNow};
  }
  Hash32 root() {
    if (!roots_.empty() && below(4) == 0) return roots_[below(roots_.size())];
    roots_.push_back(hash());
    return roots_.back();
  }

  store::Op op() {
    switch (below(45)) {
      case 0:
      case 1: return sent();
      case 2: return received();
      case 3: return receipts_out();
      case 4: return receipts_in();
      case 5: return set_outbox();
      case 6: return put_waiting();
      case 7: return store::DropWaiting{waiting()};
      case 8: return peer();
      case 9: return trust();
      case 10: return store::PutSchedule{party(), "schedule " + std::to_string(below(9))};
      case 11: return a_case();
      case 12:
      case 13: return index();
      case 14: return store::DropIndex{ref()};
      case 15:
        return store::PutCaseLink{static_cast<store::CaseId>(1 + below(5)),
                                  static_cast<store::CaseId>(1 + below(5)),
                                  store::LinkVerdict(1 + below(2)), "who and why"};
      case 16: return held();
      case 17: return store::DropHeldCard{party(), small()};
      case 18: return store::PutRevocation{party(), "revocation", small(), "who"};
      case 19: return store::PutDirectory{party(), 1 + below(4), "directory", hash(), "who"};
      case 20: return store::PutForkProof{party(), "one", "two", small(), "who"};
      case 21: return own_card();
      case 22: return store::PutOwnRevocation{"revocation " + std::to_string(below(4)), hash(), "why"};
      case 23:
        return store::PutDesk{store::DeskTable(1 + below(2)), static_cast<std::int64_t>(below(4)),
                              below(2) == 0, bytes(9), "who and what"};
      case 24: return store::PutCosig{{64 * below(5), party(), 1 + below(9), "line"}};
      case 25: return store::PutPublished{64 * below(5)};
      case 26: return witness_state();
      case 27:
      case 28: return peer_checkpoint();
      case 29: return store::PutWitnessPolicy{"policy " + std::to_string(below(4)), hash(), "who"};
      case 30: return store::PutPeerPolicy{party(), 1 + below(5), "policy " + std::to_string(below(9))};
      case 31: return shred();
      case 32: return store::SetDelAfter{known(), below(3) * kNow};
      case 33:
      case 34: return recovered();
      case 35:
      case 36: return body();
      case 37:
      case 38:
        return store::ReopenItems{batch(), party(), {static_cast<std::uint32_t>(below(3)),
                                                     static_cast<std::uint32_t>(below(2))}};
      case 39: return store::PutSignedRoots{{root(), hash()}};
      case 40: return store::PutOpened{known()};
      case 41:
        return store::PutProof{{place(), party(), Bytes(74, 1), "proof"}};
      case 42:
        return store::PutPromise{{party(), place(), kNow + below(9), store::PromiseVerdict(below(3))}};
      case 43: return store::PutMark{store::Mark::kRefill, std::to_string(below(9))};
      default: return event();
    }
  }

 private:
  store::Op own_card() {
    const std::string generation = std::to_string(1 + below(4));
    return store::PutOwnCard{"card " + std::to_string(below(9)), hash(),
                             "focal/XA/log/" + generation, "who and why",
                             below(2) == 0 ? "" : "higher checkpoints"};
  }
  std::string origin() { return "focal/" + party() + "/log/1"; }
  store::RecordRef known() { return refs_.empty() ? ref() : refs_[below(refs_.size())]; }
  // Often that of a record: one of the first leaves behind a checkpoint.
  store::LeafIndex place() { return static_cast<store::LeafIndex>(64 * below(60) + below(4)); }
  store::Op shred() { return store::PutShred{known(), "who and by what authority"}; }
  store::Op recovered() {
    store::PutRecovered out;
    out.from = party();
    for (std::uint64_t n = below(4); n > 0; --n)
      out.items.push_back({ref(), below(9) == 0 ? 0u : below(2) == 0 ? 1u : 19u, kNow - below(9)});
    out.detail = "recovered some";
    if (!out.items.empty()) lost_ = out;
    return out;
  }
  // Of a record that was recovered, mostly; now and then of another, or another party's.
  store::Op body() {
    store::PutBody out;
    out.from = below(6) == 0 ? party() : lost_.from;
    out.ref = lost_.items.empty() || below(6) == 0 ? known() : lost_.items[below(lost_.items.size())].ref;
    out.kind = below(2) == 0 ? "peer.ping" : "future.kind";
    out.stmt = bytes(20), out.sig = bytes(20), out.item = bytes(60);
    out.rids = {hash(), out.ref.rid};
    out.position = below(8) == 0 ? 0 : 1;
    out.del_after_ms = below(2) * kNow;
    out.signed_ms = below(3) * kNow / 2;
    return out;
  }
  // One that parses, about a record that is or was.
  Bytes receipt_item() {
    v1::ReceiptItem item;
    item.set_rid(to_string(known().rid));
    item.set_status(1);
    return to_bytes(item.SerializeAsString());
  }
  store::Op witness_state() {
    const std::uint64_t size = 64 * below(4);
    return store::PutWitnessState{
        {origin(), party(), size, small(), "note", "line " + std::to_string(below(9)), 1 + below(9)},
        64 * below(4)};
  }
  // Of many sizes and days, so that some have to go.
  store::Op peer_checkpoint() {
    const std::uint64_t size = 64 * below(60);
    Hash32 root{static_cast<std::uint8_t>(size / 64)};
    if (below(10) == 0) root = small();
    return store::PutPeerCheckpoint{{"focal/XB/log/1", "XB", size, root,
                                     "note " + std::to_string(below(3)), kNow + below(3) * kDayMs,
                                     below(2) * kNow}};
  }
  store::Op sent() {
    store::PutSentBatch out;
    out.stmt = bytes(20), out.sig = bytes(20), out.root = root();
    for (std::uint64_t n = 1 + below(3); n > 0; --n) out.records.push_back(record());
    for (std::uint64_t n = 1 + below(3); n > 0; --n) out.to.push_back(party());
    out.lane = static_cast<std::uint32_t>(below(3));
    out.expires_ms = below(2) * (kNow + 5);
    if (below(2) == 0) out.detail = "who released it";
    ++batches_;
    return out;
  }
  store::Op received() {
    store::PutReceivedBatch out;
    out.from = party();
    out.stmt = bytes(20), out.sig = bytes(20);
    out.signed_ms = below(3) * kNow / 2;
    for (std::uint64_t n = below(4); n > 0; --n) {
      auto one = record();
      out.rids.push_back(one.ref.rid);
      if (below(12) == 0) out.rids.back() = hash();  // not at its place
      const auto at = static_cast<std::uint32_t>(out.rids.size() - 1);
      out.records.push_back({std::move(one), below(2) == 0 ? 1u : 19u, at});
    }
    ++batches_;
    return out;
  }
  store::Op receipts_out() {
    store::PutReceiptsOut out;
    out.to = party();
    out.stmt = bytes(20), out.sig = bytes(20), out.root = root();
    for (std::uint64_t n = below(3); n > 0; --n) out.records.push_back(ref());
    return out;
  }
  store::Op receipts_in() {
    store::PutReceiptsIn out;
    out.from = party();
    out.stmt = bytes(20), out.sig = bytes(20), out.root = root();
    for (std::uint64_t n = 1 + below(3); n > 0; --n) out.items.push_back(receipt_item());
    if (below(8) == 0) out.items.push_back(bytes(20));
    out.signed_ms = below(4) * kNow / 3;
    static constexpr std::uint32_t kStatus[] = {1, 2, 19, store::kItemExpired, store::kItemCancelled};
    for (std::uint64_t n = below(4); n > 0; --n)
      out.outcomes.push_back({batch(), static_cast<std::uint32_t>(below(3)), kStatus[below(5)]});
    return out;
  }
  store::Op set_outbox() {
    static constexpr store::OutboxState kStates[] = {
        store::OutboxState::kReady, store::OutboxState::kWaitSchedule, store::OutboxState::kHeld,
        store::OutboxState::kDone,  store::OutboxState::kExpired,      store::OutboxState::kCancelled};
    return store::SetOutbox{batch(), party(), kStates[below(6)], below(2) == 0 ? "" : "a reason",
                            static_cast<std::uint32_t>(below(9)), kNow + below(9)};
  }
  store::Op peer() {
    store::PutPeer out;
    out.row.party = party();
    out.row.card_note = "card " + std::to_string(below(4));
    out.row.schedule_note = "schedule";
    out.row.level = store::PeerLevel(below(3));
    out.row.added_ms = kNow;
    out.row.suspended = store::Suspension(below(4));
    out.row.dead_kids.assign(below(3), Id16{9});
    out.row.introduced_by.assign(below(3), "XE");
    out.card_id = hash();
    if (below(3) == 0) out.detail = "who added it";
    return out;
  }
  store::Op trust() {
    store::SetTrust out{party(), hash(), store::PeerLevel(below(3)), store::Suspension(below(4)),
                        below(2) == 0 ? "PHONE" : "", "detail"};
    if (below(2) == 0) out.introduced_by = {party(), party()};
    return out;
  }
  store::Op held() {
    const std::string from = below(2) == 0 ? "" : party();
    return store::PutHeldCard{
        party(), {small(), store::HoldWhy(1 + below(5)), kNow + below(9), from, "held card"}};
  }
  store::Op a_case() {
    store::PutCase out;
    out.row.id = static_cast<store::CaseId>(1 + below(5));
    out.row.root = refs_.empty() ? ref() : refs_[below(std::min<std::size_t>(refs_.size(), 6))];
    out.row.kind = below(4) == 0 ? "" : "trace.request";
    out.row.peer = party();
    out.row.ours = below(2) == 0;
    out.row.state = "SENT";
    out.row.updated_ms = kNow + below(5);
    out.row.answer_due_ms = below(2) * (kNow + 9);
    out.row.closed = below(3) == 0;
    return out;
  }
  store::Op event() {
    store::PutCaseEvent out;
    out.row.case_id = static_cast<store::CaseId>(1 + below(5));
    out.row.ref = ref();
    if (below(2) == 0) out.row.reply_to = ref();
    out.row.kind = "trace.ack";
    out.row.from = party();
    return out;
  }
  store::Op index() {
    store::PutIndex out;
    out.ref = ref();
    for (std::uint64_t n = below(4); n > 0; --n) {
      const std::string key = "A" + std::to_string(below(6));
      const auto item = static_cast<std::uint32_t>(below(3));
      out.keys.push_back({below(3) == 0 ? "case" : "serial", key, item});
      out.readings.push_back({item, below(4) == 0 ? key + "?" : key, below(2) == 0 ? "" : "1234"});
    }
    return out;
  }
  store::PutWaiting put_waiting() {
    store::PutWaiting out;
    out.inner = bytes(40);
    out.head = {waiting(), party(), store::WaitReason::kClock, kNow, hash(), out.inner.size()};
    return out;
  }
  Hash32 waiting() { return small(); }
  Hash32 small() {
    Hash32 out{};
    out[0] = static_cast<std::uint8_t>(below(6));
    return out;
  }
  store::BatchId batch() { return static_cast<store::BatchId>(1 + below(batches_ + 1)); }

  crypto::SeededRng rng_;
  std::vector<store::RecordRef> refs_;
  store::PutRecovered lost_;
  std::vector<Hash32> roots_;
  std::uint64_t batches_ = 0;
};

class Stores : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Stores, RandomTransactionsMeanTheSame) {
  crypto::init();
  Random random(GetParam());
  BothStore store("XA", "focal/XA/log/1", GetParam());
  const auto log_key = crypto::signing_key_from_seed(crypto::Secret::copy_of(Bytes(32, 7)));
  std::size_t done = 0, refused = 0;
  try {
    store::Txn first;  // a node's own card comes before everything that is signed
    first.now_ms = kNow;
    first.ops.push_back(store::PutOwnCard{"first card", Hash32{1}, "focal/XA/log/1", "made"});
    ASSERT_TRUE(store.commit(first));
    for (std::uint64_t n = 0; n < 260; ++n) {
      store::Txn txn;
      txn.now_ms = kNow + n * 20'000;
      for (std::uint64_t i = 1 + random.below(3); i > 0; --i) txn.ops.push_back(random.op());
      (store.commit(txn) ? done : refused) += 1;
      if (store.checkpoint_due(txn.now_ms)) static_cast<void>(store.make_checkpoint(txn.now_ms, log_key));
      static_cast<void>(store.root(random.below(static_cast<std::uint64_t>(store.log_size()) + 1)));
      if (random.below(20) == 0) store.put_copy_aside();
      if (random.below(30) == 0) static_cast<void>(store.restore_copy());
      if (random.below(25) == 0) store.reopen();
    }
  } catch (const Violation& difference) {
    FAIL() << difference.what();
  }
  EXPECT_GT(done, 20u);
  EXPECT_GT(refused, 20u);
}

// The comparison means something only for what is committed now and then.
TEST(StoresCoverage, EveryOperationThatIsMadeIsCommittedSomewhere) {
  crypto::init();
  std::set<std::size_t> made, committed;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Random random(seed);
    crypto::SeededRng rng(seed);
    MemoryStore store("XA", "focal/XA/log/1", rng);
    const auto log_key = crypto::signing_key_from_seed(crypto::Secret::copy_of(Bytes(32, 7)));
    for (std::uint64_t n = 0; n < 260; ++n) {
      store::Txn txn;
      txn.now_ms = kNow + n * 20'000;
      txn.ops.push_back(random.op());
      made.insert(txn.ops[0].index());
      if (store.commit(txn)) committed.insert(txn.ops[0].index());
      if (store.checkpoint_due(txn.now_ms)) static_cast<void>(store.make_checkpoint(txn.now_ms, log_key));
    }
  }
  EXPECT_EQ(made, committed);
  const std::size_t left_out = 4;  // PutAdmin, SetIndexed, PutSafeTime, SetDated
  EXPECT_EQ(made.size(), std::variant_size_v<store::AnyOp> - left_out);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Stores, ::testing::Range<std::uint64_t>(1, 21));

}  // namespace
}  // namespace focal::sim

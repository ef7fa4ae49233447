// A ledger in memory with the semantics of ledger::Ledger: the same errors, ids,
// leaves, tree and checkpoints, and the same draws from the generator, so that a
// seed gives the same transcript on either. Written from node/store/txn.h; shares
// no storage code with node/ledger.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "crypto/merkle.h"
#include "crypto/random.h"
#include "tests/sim/memory_tables.h"
#include "tests/sim/store.h"

namespace focal::sim {

class MemoryStore final : public Store {
 public:
  // rng outlives the store.
  MemoryStore(std::string party, std::string origin, crypto::Rng& rng);

  Result<store::Committed> commit(const store::Txn& txn) override;
  using Store::make_checkpoint;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key,
                                               const EarlyCheckpoint& early) override;
  bool checkpoint_due(std::uint64_t now_ms) override;
  std::optional<store::Leaf> leaf(store::LeafIndex idx) override;
  Hash32 root(std::uint64_t size) override;
  void reopen() override {}
  void put_copy_aside() override { copy_ = t_; }
  bool restore_copy() override;
  std::unique_ptr<Store> copy(crypto::Rng& rng) override;
  // The text under a leaf; empty if it has none.
  std::string detail(store::LeafIndex idx) const {
    const auto it = t_.details.find(idx);
    return it == t_.details.end() ? std::string() : it->second;
  }

  std::optional<store::RecordInfo> find(const store::RecordRef& ref) override;
  std::optional<store::RecordInfo> record(store::LeafIndex idx) override;
  Result<Bytes> item(store::LeafIndex idx) override;
  std::optional<store::StoredBatch> batch(store::BatchId id) override;
  std::vector<store::OutboxRow> open_outbox() override;
  std::vector<store::OutboxRow> recent_outbox(std::size_t limit) override;
  std::optional<store::OutboxRow> outbox(store::BatchId batch, const std::string& peer) override;
  std::vector<store::WaitingHead> waiting() override;
  Result<Bytes> waiting_inner(const Hash32& inner_hash) override;
  std::vector<store::PeerRow> peers() override;
  std::string own_schedule() override { return t_.own_schedule; }
  std::vector<store::DirectoryRow> directories() override;
  std::optional<store::DirectoryRow> directory(const std::string& introducer,
                                               std::uint64_t serial) override;
  std::vector<store::ForkProofRow> fork_proofs(std::size_t limit) override;
  std::uint64_t safe_time_ms() override { return t_.safe_time_ms; }
  std::vector<store::OwnCardRow> own_cards() override { return t_.own_cards; }
  std::vector<std::string> own_revocations() override { return t_.own_revocations; }
  std::vector<store::PeerActRow> peer_acts(const std::string& party, std::size_t limit) override;
  bool signed_by_us(const Hash32& stmt_root) override {
    return t_.signed_roots.contains(stmt_root) || t_.lost_roots.contains(stmt_root);
  }
  store::CaseId next_case_id() override {
    return t_.cases.empty() ? 1 : t_.cases.rbegin()->first + 1;
  }
  std::optional<store::CaseRow> case_by_id(store::CaseId id) override;
  std::optional<store::CaseRow> case_by_root(const store::RecordRef& root) override;
  std::vector<store::CaseRow> cases(const store::CaseFilter& filter) override;
  std::vector<store::CaseEventRow> case_events(store::CaseId id) override;
  std::optional<store::CaseId> case_of(store::LeafIndex idx) override;
  std::vector<store::CaseLinkRow> case_links(store::CaseId id, std::size_t limit) override;
  std::vector<store::IndexPlace> index_find(std::string_view field, std::string_view key,
                                            std::size_t limit) override;
  const store::SerialArray& serials() override;
  store::IndexProgress index_progress() override { return {}; }
  store::LeafIndex log_size() override { return static_cast<store::LeafIndex>(t_.leaves.size()); }
  std::optional<store::CheckpointRow> last_checkpoint() override { return t_.checkpoint; }
  std::vector<store::LeafRow> tail(std::size_t limit) override;
  crypto::MerklePath inclusion(store::LeafIndex idx, std::uint64_t size) override;
  crypto::MerklePath consistency(std::uint64_t old_size, std::uint64_t size) override;
  std::optional<store::CheckpointRow> checkpoint(std::uint64_t size) override;
  std::vector<store::CosigRow> cosigs(std::uint64_t size) override;
  std::optional<store::PublishedRow> newest_published() override;
  std::optional<store::PublishedRow> first_published(std::uint64_t least_size) override;
  std::vector<store::WitnessStateRow> witness_states() override;
  std::vector<store::PeerCheckpointRow> peer_checkpoints(const std::string& origin,
                                                         std::size_t limit) override;
  std::optional<store::SignedStmtRow> newest_statement(const std::string& party) override;
  std::vector<store::WitnessPolicyRow> witness_policies() override;
  std::string peer_policy(const std::string& party) override;
  std::optional<store::ProofRow> proof(store::LeafIndex idx, const std::string& party) override;
  std::optional<store::PromiseRow> newest_promise(const std::string& party) override;
  std::vector<store::PromiseRow> promises(store::PromiseVerdict verdict,
                                          std::size_t limit) override;
  std::uint64_t opened_ms(store::LeafIndex idx) override;
  std::optional<store::ReceiptRow> receipt_for(store::LeafIndex sent,
                                               const std::string& party) override;
  std::optional<store::ReceiptRow> issued_receipt(store::LeafIndex received) override;
  std::vector<store::ReceiptRow> receipts_of(const std::string& signer, store::LeafIndex after,
                                             std::size_t limit) override;
  std::vector<store::BatchStmtRow> statements_of(const std::string& signer, store::BatchId after,
                                                 std::size_t limit) override;
  std::vector<store::LeafIndex> due(std::uint64_t safe_ms, std::size_t limit) override;
  std::vector<store::RecordRef> without_body(std::size_t limit) override;
  std::string mark(store::Mark mark) override;

 private:
  using Undo = std::function<void()>;
  struct Place;  // of a record in its batch

  Status apply(const store::Op& op);
  Status put(const store::PutSentBatch& op);
  Status put(const store::PutReceivedBatch& op);
  Status put(const store::PutReceiptsOut& op);
  Status put(const store::PutReceiptsIn& op);
  Status put(const store::SetOutbox& op);
  Status put(const store::PutWaiting& op);
  Status put(const store::DropWaiting& op);
  Status put(const store::PutPeer& op);
  Status put(const store::SetTrust& op);
  Status put(const store::PutSchedule& op);
  Status put(const store::PutAdmin& op);
  Status put(const store::PutDesk& op);
  Status put(const store::PutCase& op);
  Status put(const store::PutCaseEvent& op);
  Status put(const store::PutCaseLink& op);
  Status put(const store::PutIndex& op);
  Status put(const store::DropIndex& op);
  Status put(const store::SetIndexed&) { return {}; }  // nothing is ever behind here
  Status put(const store::PutHeldCard& op);
  Status put(const store::DropHeldCard& op);
  Status put(const store::PutRevocation& op);
  Status put(const store::PutDirectory& op);
  Status put(const store::PutForkProof& op);
  Result<std::size_t> peer_number(const std::string& party) const;  // kState: unknown
  Status put(const store::PutSafeTime& op);
  Status put(const store::PutOwnCard& op);
  Status put(const store::PutOwnRevocation& op);
  Status put(const store::PutCosig& op);
  Status put(const store::PutPublished& op);
  Status put(const store::PutWitnessState& op);
  Status put(const store::PutPeerCheckpoint& op);
  Status put(const store::PutWitnessPolicy& op);
  Status put(const store::PutPeerPolicy& op);
  Status put(const store::PutProof& op);
  Status put(const store::PutPromise& op);
  Status put(const store::PutOpened& op);
  Status put(const store::PutShred& op);
  Status put(const store::SetDelAfter& op);
  Status put(const store::SetDated&) { return {}; }  // as SetIndexed
  Status put(const store::PutRecovered& op);
  Status put(const store::PutBody& op);
  Status put(const store::ReopenItems& op);
  Status put(const store::PutSignedRoots& op);
  Status put(const store::PutMark& op);
  void cancel(const store::RecordInfo& record);
  bool list_changed() const;
  void log_list();
  void keep_statement(const std::string& party, store::SignedStmtRow row);
  store::PublishedRow published(std::uint64_t size, std::uint64_t at_ms);
  Status put_record(const store::NewRecord& record, const Place& place);
  Status apply_outcomes(const std::string& from, const std::vector<store::ItemOutcome>& outcomes,
                        store::LeafIndex receipt);
  Hash32 draw_detail(const std::string& detail);
  void add_detail(store::LeafType type, const Hash32& ref, const std::string& detail,
                  const std::string& party);

  store::LeafIndex append(const store::Leaf& leaf);
  void grow_tree(Hash32 leaf_hash);
  std::size_t number(const std::string& party);  // adds it
  std::optional<std::size_t> known_number(const std::string& party) const;
  void draw_key();  // what sealing a row at rest draws
  std::optional<store::LeafIndex> find_index(const store::RecordRef& ref) const;
  Result<store::LeafIndex> resolve(const store::RecordRef& ref) const;
  crypto::SubtreeHash at() const;
  template <typename Map, typename Key, typename Value>
  void set(Map& map, const Key& key, Value value);  // remembers how to undo it

  std::string party_;
  crypto::Rng& rng_;
  MemoryTables t_;
  std::optional<MemoryTables> copy_;
  store::SerialArray serials_;            // made anew at every question

  // The group under way.
  std::vector<Undo> undo_;
  std::uint64_t now_ms_ = 0;
  std::map<Hash32, store::LeafIndex> fresh_;
  store::Committed out_;
};

template <typename Map, typename Key, typename Value>
void MemoryStore::set(Map& map, const Key& key, Value value) {
  const auto it = map.find(key);
  if (it == map.end()) {
    undo_.push_back([&map, key] { map.erase(key); });
    map.emplace(key, std::move(value));
  } else {
    undo_.push_back([&map, key, old = it->second] { map[key] = old; });
    it->second = std::move(value);
  }
}

}  // namespace focal::sim

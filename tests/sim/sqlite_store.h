// The production ledger (SQLite) as a store of the simulator, in a temporary folder.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "node/ledger/ledger.h"
#include "tests/sim/store.h"
#include "tests/support/temp_folder.h"

namespace focal::sim {

// Keys of the ledger in memory, from a generator of their own.
class SimKeks final : public ledger::KekRing {
 public:
  explicit SimKeks(std::uint64_t seed) : rng_(seed) {}
  Result<ledger::Kek> current(ledger::KekClass kek_class, std::uint64_t now_ms) override;
  Result<ledger::Kek> renew(ledger::KekId id) override;
  Status destroy(ledger::KekId id) override;
  std::vector<ledger::KekId> ids() override;
  std::optional<ByteView> find(ledger::KekId id) override;
  Result<ByteView> index_key() override { return ByteView(index_key_); }
  void take_from(const SimKeks& other) { index_key_ = other.index_key_, keys_ = other.keys_; }

 private:
  crypto::SeededRng rng_;
  Hash32 index_key_ = rng_.array<32>();
  std::map<ledger::KekId, Hash32> keys_;
};

class SqliteStore final : public Store {
 public:
  // rng outlives the store.
  SqliteStore(std::string party, const std::string& origin, crypto::Rng& rng);

  Result<store::Committed> commit(const store::Txn& txn) override { return db_->commit(txn); }
  using Store::make_checkpoint;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key,
                                               const EarlyCheckpoint& early) override {
    return db_->make_checkpoint(now_ms, log_key, early);
  }
  bool checkpoint_due(std::uint64_t now_ms) override { return db_->checkpoint_due(now_ms); }
  std::optional<store::Leaf> leaf(store::LeafIndex idx) override { return db_->leaf(idx); }
  Hash32 root(std::uint64_t size) override { return db_->root(size); }
  void reopen() override;
  void put_copy_aside() override;
  bool restore_copy() override;
  std::unique_ptr<Store> copy(crypto::Rng& rng) override;
  bool replace_keys(const Now& now) override;
  bool copy_opens(const store::RecordRef& ref) override;
  bool files_contain(ByteView bytes) override;

  std::optional<store::RecordInfo> find(const store::RecordRef& r) override { return db_->find(r); }
  std::optional<store::RecordInfo> record(store::LeafIndex i) override { return db_->record(i); }
  Result<Bytes> item(store::LeafIndex idx) override { return db_->item(idx); }
  std::optional<store::StoredBatch> batch(store::BatchId id) override { return db_->batch(id); }
  std::vector<store::OutboxRow> open_outbox() override { return db_->open_outbox(); }
  std::vector<store::OutboxRow> recent_outbox(std::size_t limit) override {
    return db_->recent_outbox(limit);
  }
  std::optional<store::OutboxRow> outbox(store::BatchId b, const std::string& peer) override {
    return db_->outbox(b, peer);
  }
  std::vector<store::WaitingHead> waiting() override { return db_->waiting(); }
  Result<Bytes> waiting_inner(const Hash32& inner_hash) override {
    return db_->waiting_inner(inner_hash);
  }
  std::vector<store::PeerRow> peers() override { return db_->peers(); }
  std::string own_schedule() override { return db_->own_schedule(); }
  std::vector<store::DirectoryRow> directories() override { return db_->directories(); }
  std::optional<store::DirectoryRow> directory(const std::string& introducer,
                                               std::uint64_t serial) override {
    return db_->directory(introducer, serial);
  }
  std::vector<store::ForkProofRow> fork_proofs(std::size_t limit) override {
    return db_->fork_proofs(limit);
  }
  std::uint64_t safe_time_ms() override { return db_->safe_time_ms(); }
  std::vector<store::OwnCardRow> own_cards() override { return db_->own_cards(); }
  std::vector<std::string> own_revocations() override { return db_->own_revocations(); }
  std::vector<store::PeerActRow> peer_acts(const std::string& party, std::size_t limit) override {
    return db_->peer_acts(party, limit);
  }
  bool signed_by_us(const Hash32& root_of) override { return db_->signed_by_us(root_of); }
  store::CaseId next_case_id() override { return db_->next_case_id(); }
  std::optional<store::CaseRow> case_by_id(store::CaseId id) override { return db_->case_by_id(id); }
  std::optional<store::CaseRow> case_by_root(const store::RecordRef& ref) override {
    return db_->case_by_root(ref);
  }
  std::vector<store::CaseRow> cases(const store::CaseFilter& f) override { return db_->cases(f); }
  std::vector<store::CaseEventRow> case_events(store::CaseId id) override {
    return db_->case_events(id);
  }
  std::optional<store::CaseId> case_of(store::LeafIndex idx) override { return db_->case_of(idx); }
  std::vector<store::CaseLinkRow> case_links(store::CaseId id, std::size_t limit) override {
    return db_->case_links(id, limit);
  }
  std::vector<store::IndexPlace> index_find(std::string_view field, std::string_view key,
                                            std::size_t limit) override {
    return db_->index_find(field, key, limit);
  }
  const store::SerialArray& serials() override { return db_->serials(); }
  store::IndexProgress index_progress() override { return db_->index_progress(); }
  store::LeafIndex log_size() override { return db_->log_size(); }
  std::optional<store::CheckpointRow> last_checkpoint() override { return db_->last_checkpoint(); }
  std::vector<store::LeafRow> tail(std::size_t limit) override { return db_->tail(limit); }
  crypto::MerklePath inclusion(store::LeafIndex idx, std::uint64_t size) override {
    return db_->inclusion(idx, size);
  }
  crypto::MerklePath consistency(std::uint64_t old_size, std::uint64_t size) override {
    return db_->consistency(old_size, size);
  }
  std::optional<store::CheckpointRow> checkpoint(std::uint64_t size) override {
    return db_->checkpoint(size);
  }
  std::vector<store::CosigRow> cosigs(std::uint64_t size) override {
    return db_->cosigs(size);
  }
  std::optional<store::PublishedRow> newest_published() override {
    return db_->newest_published();
  }
  std::optional<store::PublishedRow> first_published(std::uint64_t least_size) override {
    return db_->first_published(least_size);
  }
  std::vector<store::WitnessStateRow> witness_states() override {
    return db_->witness_states();
  }
  std::vector<store::PeerCheckpointRow> peer_checkpoints(const std::string& origin,
                                                         std::size_t limit) override {
    return db_->peer_checkpoints(origin, limit);
  }
  std::optional<store::SignedStmtRow> newest_statement(const std::string& party) override {
    return db_->newest_statement(party);
  }
  std::vector<store::WitnessPolicyRow> witness_policies() override {
    return db_->witness_policies();
  }
  std::string peer_policy(const std::string& party) override {
    return db_->peer_policy(party);
  }
  std::optional<store::ProofRow> proof(store::LeafIndex idx, const std::string& party) override {
    return db_->proof(idx, party);
  }
  std::optional<store::PromiseRow> newest_promise(const std::string& party) override {
    return db_->newest_promise(party);
  }
  std::vector<store::PromiseRow> promises(store::PromiseVerdict v, std::size_t limit) override {
    return db_->promises(v, limit);
  }
  std::uint64_t opened_ms(store::LeafIndex idx) override { return db_->opened_ms(idx); }
  std::optional<store::ReceiptRow> receipt_for(store::LeafIndex sent,
                                               const std::string& party) override {
    return db_->receipt_for(sent, party);
  }
  std::optional<store::ReceiptRow> issued_receipt(store::LeafIndex received) override {
    return db_->issued_receipt(received);
  }
  std::vector<store::ReceiptRow> receipts_of(const std::string& signer, store::LeafIndex after,
                                             std::size_t limit) override {
    return db_->receipts_of(signer, after, limit);
  }
  std::vector<store::BatchStmtRow> statements_of(const std::string& signer, store::BatchId after,
                                                 std::size_t limit) override {
    return db_->statements_of(signer, after, limit);
  }
  std::vector<store::LeafIndex> due(std::uint64_t safe_ms, std::size_t limit) override {
    return db_->due(safe_ms, limit);
  }
  store::IndexProgress dating_progress() override { return db_->dating_progress(); }
  std::vector<store::RecordRef> without_body(std::size_t limit) override {
    return db_->without_body(limit);
  }
  std::string mark(store::Mark mark) override { return db_->mark(mark); }

 private:
  void open();
  std::filesystem::path file(const char* name) const { return folder_.path() / name; }

  std::string party_, origin_;
  test::TempFolder folder_;
  SimKeks keks_;
  crypto::Rng& rng_;
  std::unique_ptr<ledger::Ledger> db_;
};

}  // namespace focal::sim

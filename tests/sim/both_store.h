// Every transaction and every read runs on the ledger in memory and on SQLite; a
// difference is a violation. The generators of both are seeded alike, so even
// random salts and PAD leaves must agree.
#pragma once

#include "tests/sim/memory_store.h"
#include "tests/sim/sqlite_store.h"

namespace focal::sim {

class BothStore final : public Store {
 public:
  BothStore(const std::string& party, const std::string& origin, std::uint64_t seed);

  Result<store::Committed> commit(const store::Txn& txn) override;
  using Store::make_checkpoint;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key,
                                               const EarlyCheckpoint& early) override;
  bool checkpoint_due(std::uint64_t now_ms) override;
  std::optional<store::Leaf> leaf(store::LeafIndex idx) override;
  Hash32 root(std::uint64_t size) override;
  void reopen() override;
  void put_copy_aside() override;
  bool restore_copy() override;
  std::unique_ptr<Store> copy(crypto::Rng& rng) override { return memory_.copy(rng); }
  bool files_contain(ByteView bytes) override { return sqlite_.files_contain(bytes); }

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
  std::string own_schedule() override;
  std::vector<store::DirectoryRow> directories() override;
  std::optional<store::DirectoryRow> directory(const std::string& introducer,
                                               std::uint64_t serial) override;
  std::vector<store::ForkProofRow> fork_proofs(std::size_t limit) override;
  std::uint64_t safe_time_ms() override;
  std::vector<store::OwnCardRow> own_cards() override;
  std::vector<std::string> own_revocations() override;
  std::vector<store::PeerActRow> peer_acts(const std::string& party, std::size_t limit) override;
  bool signed_by_us(const Hash32& stmt_root) override;
  store::CaseId next_case_id() override;
  std::optional<store::CaseRow> case_by_id(store::CaseId id) override;
  std::optional<store::CaseRow> case_by_root(const store::RecordRef& root) override;
  std::vector<store::CaseRow> cases(const store::CaseFilter& filter) override;
  std::vector<store::CaseEventRow> case_events(store::CaseId id) override;
  std::optional<store::CaseId> case_of(store::LeafIndex idx) override;
  std::vector<store::CaseLinkRow> case_links(store::CaseId id, std::size_t limit) override;
  std::vector<store::IndexPlace> index_find(std::string_view field, std::string_view key,
                                            std::size_t limit) override;
  const store::SerialArray& serials() override;
  store::IndexProgress index_progress() override;
  store::LeafIndex log_size() override;
  std::optional<store::CheckpointRow> last_checkpoint() override;
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
  store::IndexProgress dating_progress() override;
  std::vector<store::RecordRef> without_body(std::size_t limit) override;
  std::string mark(store::Mark mark) override;

 private:
  // Asks both, compares, returns the answer.
  template <typename Ask>
  auto same(const std::string& what, Ask&& ask);
  void compare_everything();  // every read that needs no name
  void compare_index(const store::Txn& txn);
  void compare_evidence(const store::Txn& txn);

  std::string party_;
  crypto::SeededRng memory_rng_, sqlite_rng_;
  MemoryStore memory_;
  SqliteStore sqlite_;
};

}  // namespace focal::sim

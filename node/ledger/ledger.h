// The ledger of a node: one SQLite file and one lock in the node's folder.
// commit() turns a Txn into one database transaction; what it returns is
// durable. Everything runs on the node's loop thread.
//
// When the disk fails (an I/O error, a failed fsync, a damaged file) the process
// ends: nothing is tried again, the next start checks the ledger.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "node/ledger/case_links.h"
#include "node/ledger/cases.h"
#include "node/ledger/desk_rows.h"
#include "node/ledger/folder_lock.h"
#include "node/ledger/kek.h"
#include "node/ledger/newest_stmt.h"
#include "node/ledger/own_cards.h"
#include "node/ledger/peers.h"
#include "node/ledger/proofs.h"
#include "node/ledger/receipts.h"
#include "node/ledger/recovered.h"
#include "node/ledger/schema.h"
#include "node/ledger/search_index.h"
#include "node/ledger/shred.h"
#include "node/ledger/waiting.h"
#include "node/ledger/witness_rows.h"
#include "node/store/view.h"

namespace focal::ledger {

class Ledger final : public store::View {
 public:
  // `origin` names the log, "focal/XA/log/1". The folder is made if need be
  // (mode 0700), ledger.db in it with mode 0600. keks and rng outlive the ledger.
  // kExists; kBusy (another process uses the folder); kPermission; kIo; kNoSpace.
  static Result<std::unique_ptr<Ledger>> create(const std::filesystem::path& folder,
                                                const std::string& party, const std::string& origin,
                                                KekRing& keks, crypto::Rng& rng);
  // A ledger of an older schema is brought forward first (node/ledger/migrate.h).
  // Start-up check: the schema, SQLite's own if the last owner did not end in order,
  // then Log::load. kNotFound; kBusy; kPermission; kCorrupt (what and where); kState
  // (a newer schema); errors of migrate_older.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& folder, KekRing& keks,
                                              crypto::Rng& rng);
  ~Ledger() override;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  const std::string& party() const { return parts_.own_party; }
  const std::string& origin() const { return log_.origin(); }

  // All of it or nothing: after an error nothing of the group has happened. kNoSpace;
  // kState (a record stored twice, a guard, a row that is not there); errors of
  // KekRing::current.
  Result<store::Committed> commit(const store::Txn& txn);

  // Would commit() store it? Writes nothing; the errors are commit()'s.
  Status probe(const store::Txn& txn);

  // A signed checkpoint, in a transaction of its own; before it leaf WITNESSED, if what this node
  // witnesses has changed. kState: nothing new. `early` sees it before it is durable, for
  // Defect::kCheckpointBeforeCommit alone.
  using EarlyCheckpoint = std::function<void(const store::CheckpointRow&)>;
  Result<store::CheckpointRow> make_checkpoint(std::uint64_t now_ms,
                                               const crypto::SigningKey& log_key,
                                               const EarlyCheckpoint& early = {});
  bool checkpoint_due(std::uint64_t now_ms);
  std::uint64_t last_checkpoint_ms() const { return log_.last_checkpoint_ms(); }  // 0 = none

  // To be called when there is nothing to do: empties the write-ahead log.
  void idle() { db_->tidy(true); }
  // Nothing of what was overwritten or deleted is left in the write-ahead log. False: a reader holds
  // it, so try again later. kNoSpace, kIo.
  Result<bool> truncate_wal() { return db_->truncate_wal(); }

  // Replacing a key-encryption key whose rows were erased. rewrap() brings at most `rows` rows from
  // one key under another in a transaction of its own, and says how many it looked at; 0: none is
  // left under it. forget_kek() is for a key that was destroyed. kState (another successor, or nothing
  // was sealed under it), kCorrupt.
  std::vector<store::KekRow> kek_rows() { return reading(keks_).all(); }
  Result<std::size_t> rewrap(KekId from, KekId to, std::size_t rows);
  Status forget_kek(KekId id);
  // The search index is emptied and made anew under that key, in slices (index_progress()).
  Status reindex(ByteView index_key);

  Hash32 root(std::uint64_t size) { return crypto::root_from(size, reading(log_).at()); }
  // Hashes of complete subtrees; valid until the next commit.
  crypto::SubtreeHash tree() { return reading(log_).at(); }
  // The text under a leaf; under a SENT leaf that of its batch. kNotFound, kCorrupt.
  Result<std::string> detail(store::LeafIndex idx);
  // Rows of the desk (DeskRowStore).
  Result<std::vector<store::DeskRow>> desk_rows(store::DeskTable table, bool only_open) {
    return reading(desk_).all(table, only_open);
  }
  Result<std::vector<store::DeskRow>> newest_desk_rows(store::DeskTable table, std::int64_t before,
                                                       std::size_t limit) {
    return reading(desk_).newest(table, before, limit);
  }
  Result<store::DeskRow> desk_row(store::DeskTable table, std::int64_t id) {
    return reading(desk_).find(table, id);
  }
  std::int64_t next_desk_id(store::DeskTable table) { return reading(desk_).next_id(table); }
  std::vector<store::CaseRow> cases_due(std::uint64_t until_ms, std::size_t limit) {
    return reading(cases_).due(until_ms, limit);
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
  std::string own_schedule() override;
  std::vector<store::DirectoryRow> directories() override {
    return reading(peer_notes_).directories();
  }
  std::optional<store::DirectoryRow> directory(const std::string& introducer,
                                               std::uint64_t serial) override {
    return reading(peer_notes_).directory(introducer, serial);
  }
  std::vector<store::ForkProofRow> fork_proofs(std::size_t limit) override {
    return reading(peer_notes_).fork_proofs(limit);
  }
  std::uint64_t safe_time_ms() override;
  std::vector<store::OwnCardRow> own_cards() override { return reading(own_cards_).cards(); }
  std::vector<std::string> own_revocations() override {
    return reading(own_cards_).revocations();
  }
  std::vector<store::PeerActRow> peer_acts(const std::string& party, std::size_t limit) override {
    return reading(details_).acts(party, limit);
  }
  bool signed_by_us(const Hash32& stmt_root) override;
  store::CaseId next_case_id() override;
  std::optional<store::CaseRow> case_by_id(store::CaseId id) override;
  std::optional<store::CaseRow> case_by_root(const store::RecordRef& root) override;
  std::vector<store::CaseRow> cases(const store::CaseFilter& filter) override;
  std::vector<store::CaseEventRow> case_events(store::CaseId id) override;
  std::optional<store::CaseId> case_of(store::LeafIndex idx) override;
  std::vector<store::CaseLinkRow> case_links(store::CaseId id, std::size_t limit) override {
    return reading(links_).of(id, limit);
  }
  std::vector<store::IndexPlace> index_find(std::string_view field, std::string_view key,
                                            std::size_t limit) override;
  const store::SerialArray& serials() override { return index_.serials(); }
  store::IndexProgress index_progress() override { return index_.progress(); }
  store::LeafIndex log_size() override;
  std::optional<store::CheckpointRow> last_checkpoint() override;
  std::vector<store::LeafRow> tail(std::size_t limit) override;
  std::optional<store::Leaf> leaf(store::LeafIndex idx) override { return reading(log_).leaf(idx); }
  crypto::MerklePath inclusion(store::LeafIndex idx, std::uint64_t size) override;
  crypto::MerklePath consistency(std::uint64_t old_size, std::uint64_t size) override;
  std::optional<store::CheckpointRow> checkpoint(std::uint64_t size) override {
    return reading(witness_).checkpoint(size);
  }
  std::vector<store::CosigRow> cosigs(std::uint64_t size) override {
    return reading(witness_).cosigs(size);
  }
  std::optional<store::PublishedRow> newest_published() override {
    return reading(witness_).newest_published();
  }
  std::optional<store::PublishedRow> first_published(std::uint64_t least_size) override {
    return reading(witness_).first_published(least_size);
  }
  std::vector<store::WitnessStateRow> witness_states() override {
    return reading(witness_).states();
  }
  std::vector<store::PeerCheckpointRow> peer_checkpoints(const std::string& origin,
                                                         std::size_t limit) override {
    return reading(witness_).peer_checkpoints(origin, limit);
  }
  std::optional<store::SignedStmtRow> newest_statement(const std::string& party) override {
    db_->begin_reading();
    return ledger::newest_statement(parts_, party);
  }
  std::vector<store::WitnessPolicyRow> witness_policies() override {
    return reading(witness_).policies();
  }
  std::string peer_policy(const std::string& party) override {
    return reading(witness_).peer_policy(party);
  }
  std::optional<store::ProofRow> proof(store::LeafIndex idx, const std::string& party) override {
    return reading(proofs_).proof(idx, party);
  }
  std::optional<store::PromiseRow> newest_promise(const std::string& party) override {
    return reading(proofs_).newest_promise(party);
  }
  std::vector<store::PromiseRow> promises(store::PromiseVerdict v, std::size_t limit) override {
    return reading(proofs_).promises(v, limit);
  }
  std::uint64_t opened_ms(store::LeafIndex idx) override { return reading(proofs_).opened_ms(idx); }
  std::optional<store::ReceiptRow> receipt_for(store::LeafIndex sent,
                                               const std::string& party) override {
    return reading(receipts_).receipt_for(sent, party);
  }
  std::optional<store::ReceiptRow> issued_receipt(store::LeafIndex received) override {
    return reading(receipts_).issued_receipt(received);
  }
  std::vector<store::ReceiptRow> receipts_of(const std::string& signer, store::LeafIndex after,
                                             std::size_t limit) override {
    return reading(receipts_).receipts_of(signer, after, limit);
  }
  std::vector<store::BatchStmtRow> statements_of(const std::string& signer, store::BatchId after,
                                                 std::size_t limit) override {
    return reading(receipts_).statements_of(signer, after, limit);
  }
  std::vector<store::LeafIndex> due(std::uint64_t safe_ms, std::size_t limit) override {
    return reading(shred_).due(safe_ms, limit);
  }
  store::IndexProgress dating_progress() override { return reading(shred_).dating_progress(); }
  std::vector<store::RecordRef> without_body(std::size_t limit) override {
    return reading(recovered_).without_body(limit);
  }
  std::string mark(store::Mark mark) override {
    db_->begin_reading();
    return read_mark(*db_, mark);
  }

  Driver& driver() { return *db_; }  // tests only

 private:
  Ledger(FolderLock lock, std::unique_ptr<Driver> db, const Meta& meta, KekRing& keks,
         crypto::Rng& rng);
  Status start(KekRing& keks);  // after the checks: marks the file as in use, reads the index
  Status apply(const store::Txn& txn, Group& group);
  template <typename Op, typename... Rest>
  Status put_note(const Op& op, Rest&... rest);
  void undo();
  // Runs in a transaction of its own, or not at all.
  template <typename Run>
  Status in_transaction(Run run);
  // What the loop reads between two commits is read under one lock.
  template <typename Store>
  Store& reading(Store& store) {
    db_->begin_reading();
    return store;
  }

  FolderLock lock_;
  std::unique_ptr<Driver> db_;
  Log log_;
  Dictionary parties_;
  Dictionary kinds_;
  Vault vault_;
  KekStore keks_;
  Parts parts_;
  OutboxStore outbox_;
  DetailStore details_;
  RecordStore records_;
  ReceiptStore receipts_;
  PeerNoteStore peer_notes_;
  PeerStore peers_;
  WaitingStore waiting_;
  CaseStore cases_;
  CaseLinkStore links_;
  OwnCardStore own_cards_;
  SearchIndex index_;
  DeskRowStore desk_;
  WitnessStore witness_;
  ProofStore proofs_;
  ShredStore shred_;
  RecoveredStore recovered_;
  bool started_ = false;
};

}  // namespace focal::ledger

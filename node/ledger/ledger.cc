#include "node/ledger/ledger.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

#include "base/defect.h"
#include "node/ledger/ledger_copy.h"
#include "node/ledger/migrate.h"
#include "node/ledger/sqlite_driver.h"
#include "node/record/search_fields.h"

namespace focal::ledger {
namespace {

namespace fs = std::filesystem;

Status make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
  const int error = errno;
  return fail(error == EACCES || error == EROFS ? ErrorCode::kPermission : ErrorCode::kIo,
              std::string("cannot make the folder: ") + std::strerror(error), {}, folder.string());
}

Status write_schema(Driver& db, const std::string& party, const std::string& origin) {
  FOCAL_TRY(db.begin());
  FOCAL_TRY(create_schema(db, party, origin));
  return db.commit();
}

// It would only be in the way of the next attempt.
void remove_half_made(const fs::path& file) {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"})
    ::unlink((file.string() + suffix).c_str());
}

Result<std::unique_ptr<Driver>> create_file(const fs::path& folder, const std::string& party,
                                            const std::string& origin) {
  const fs::path file = folder / kLedgerFile;
  auto db = open_sqlite(file, SqliteMode::kCreate);
  if (!db && db.error().code == ErrorCode::kExists) return db.error();
  Status written = db ? write_schema(**db, party, origin) : Status(db.error());
  if (written) written = sync_folder(folder);
  if (written) return db;
  if (db) db->reset();
  remove_half_made(file);
  return written.error();
}

// A keystore copied before the newest month's key was made would be given a second one under
// the same name, and what was sealed under the first would be lost without a word. The newest
// rows tell: whoever lacks an older key and has the newest one does not exist. A key with a later
// generation was replaced after an erasure: this is a copy from before, whose rows stay closed.
Status check_keys(Driver& db, KekRing& keks) {
  constexpr const char* kNewest[] = {
      "SELECT DISTINCT kek FROM (SELECT kek FROM rec WHERE wrapped IS NOT NULL ORDER BY idx DESC LIMIT 256)",
      "SELECT DISTINCT kek FROM (SELECT kek FROM detail WHERE wrapped IS NOT NULL ORDER BY idx DESC LIMIT 256)",
      "SELECT DISTINCT kek FROM (SELECT kek FROM waiting ORDER BY id DESC LIMIT 256)",
  };
  for (const char* sql : kNewest) {
    Query query(db, sql);
    while (true) {
      FOCAL_ASSIGN(const bool more, query.next());
      if (!more) break;
      const KekId id = query.integer(0);
      if (!keks.find(id) && newest_generation(keks, id) <= id)
        return fail(ErrorCode::kKeystore, "the keystore is older than the ledger: it lacks the key '" +
                    kek_name(id) + "'",
                    "Put back a copy of the keystore made after the first of that month. Nothing was "
                    "changed.");
    }
  }
  return {};
}

}  // namespace

Ledger::Ledger(FolderLock lock, std::unique_ptr<Driver> db, const Meta& meta, KekRing& keks,
               crypto::Rng& rng)
    : lock_(std::move(lock)),
      db_(std::move(db)),
      log_(*db_, meta.origin),
      parties_(*db_, Dictionary::Table::kParty),
      kinds_(*db_, Dictionary::Table::kKind),
      vault_(keks, rng),
      keks_(*db_, log_, parties_, vault_),
      parts_{*db_, log_, parties_, kinds_, vault_, keks_, meta.party},
      outbox_(parts_),
      details_(parts_),
      records_(parts_, outbox_, details_),
      receipts_(parts_, records_, outbox_),
      peer_notes_(parts_, details_),
      peers_(parts_, details_, peer_notes_),
      waiting_(parts_),
      cases_(parts_, records_),
      links_(parts_, details_),
      own_cards_(parts_, details_),
      index_(parts_, records_),
      desk_(parts_, details_),
      witness_(parts_, details_, peer_notes_),
      proofs_(parts_, records_),
      shred_(parts_, records_, details_, outbox_),
      recovered_(parts_, records_, details_, outbox_) {}

Ledger::~Ledger() {
  db_->end_reading();
  // Best effort: without the mark the next start only checks more.
  if (started_) static_cast<void>(write_closed_in_order(*db_, true));
}

Status Ledger::start(KekRing& keks) {
  FOCAL_TRY(check_keys(*db_, keks));
  FOCAL_TRY(write_closed_in_order(*db_, false));
  FOCAL_ASSIGN(const ByteView index_key, keks.index_key());
  FOCAL_TRY(index_.load(index_key, record::search_rules(), log_.size()));
  db_->end_process_on_failure();
  started_ = true;
  return {};
}

Result<std::unique_ptr<Ledger>> Ledger::create(const fs::path& folder, const std::string& party,
                                               const std::string& origin, KekRing& keks,
                                               crypto::Rng& rng) {
  FOCAL_TRY(make_folder(folder));
  FOCAL_ASSIGN(FolderLock lock, FolderLock::take(folder));
  FOCAL_ASSIGN(auto db, create_file(folder, party, origin));
  const Meta meta{party, origin, true};
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(lock), std::move(db), meta, keks, rng));
  Status ready = ledger->log_.load();
  if (ready) ready = ledger->start(keks);
  if (ready) return ledger;
  ledger.reset();
  remove_half_made(folder / kLedgerFile);
  return ready.error();
}

Result<std::unique_ptr<Ledger>> Ledger::open(const fs::path& folder, KekRing& keks,
                                             crypto::Rng& rng) {
  std::error_code error;
  if (!fs::exists(folder / kLedgerFile, error)) {
    const std::string file = (folder / kLedgerFile).string();
    if (error)
      return fail(ErrorCode::kPermission, "cannot look for the ledger: " + error.message(),
                  "check the folder's owner and mode", file);
    return fail(ErrorCode::kNotFound, "there is no ledger", "run focal init first", file);
  }
  FOCAL_ASSIGN(FolderLock lock, FolderLock::take(folder));
  FOCAL_ASSIGN(auto db, open_sqlite(folder / kLedgerFile, SqliteMode::kWrite));
  FOCAL_TRY(migrate_older(*db, folder));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  FOCAL_TRY(check_guards(*db));
  if (!meta.closed_in_order) FOCAL_TRY(db->quick_check());
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(lock), std::move(db), meta, keks, rng));
  FOCAL_TRY(ledger->log_.load([&] { return open_sqlite(folder / kLedgerFile, SqliteMode::kReadOnly); }));
  FOCAL_TRY(ledger->start(keks));
  return ledger;
}

// Held cards and revocations are shown in the row of their party.
template <typename Op, typename... Rest>
Status Ledger::put_note(const Op& op, Rest&... rest) {
  if constexpr (requires { op.party; }) peers_.notes_changed(op.party);
  return peer_notes_.put(op, rest...);
}

Status Ledger::apply(const store::Txn& txn, Group& group) {
  for (const store::Op& op : txn.ops) {
    Status done = std::visit(
        [&](const auto& what) -> Status {
          using T = std::decay_t<decltype(what)>;
          if constexpr (std::is_same_v<T, store::PutSentBatch> ||
                        std::is_same_v<T, store::PutReceivedBatch>) {
            return records_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::PutReceiptsOut> ||
                               std::is_same_v<T, store::PutReceiptsIn>) {
            return receipts_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::SetOutbox>) {
            return outbox_.set(what);
          } else if constexpr (std::is_same_v<T, store::PutWaiting>) {
            return waiting_.put(what);
          } else if constexpr (std::is_same_v<T, store::DropWaiting>) {
            return waiting_.drop(what);
          } else if constexpr (std::is_same_v<T, store::PutCase>) {
            return cases_.put(what);
          } else if constexpr (std::is_same_v<T, store::PutCaseEvent>) {
            return cases_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::PutCaseLink>) {
            return links_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::PutIndex>) {
            return index_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::DropIndex>) {
            return index_.drop(what, group);
          } else if constexpr (std::is_same_v<T, store::SetIndexed>) {
            return index_.set(what);
          } else if constexpr (std::is_same_v<T, store::PutHeldCard> ||
                               std::is_same_v<T, store::DropHeldCard>) {
            return put_note(what);
          } else if constexpr (std::is_same_v<T, store::PutRevocation> ||
                               std::is_same_v<T, store::PutDirectory> ||
                               std::is_same_v<T, store::PutForkProof>) {
            return put_note(what, group);
          } else if constexpr (std::is_same_v<T, store::PutSafeTime>) {
            return put_safe_time(*db_, what.ms);
          } else if constexpr (std::is_same_v<T, store::PutMark>) {
            return put_mark(*db_, what.mark, what.value);
          } else if constexpr (std::is_same_v<T, store::PutShred>) {
            FOCAL_TRY(shred_.put(what, group));
            return index_.drop({what.ref}, group);
          } else if constexpr (std::is_same_v<T, store::PutOwnCard> ||
                               std::is_same_v<T, store::PutOwnRevocation>) {
            return own_cards_.put(what, group);
          } else if constexpr (std::is_same_v<T, store::PutDesk>) {
            return desk_.put(what, group);
          } else if constexpr (requires { witness_.put(what, group); }) {
            return witness_.put(what, group);
          } else if constexpr (requires { proofs_.put(what, group); }) {
            return proofs_.put(what, group);
          } else if constexpr (requires { shred_.put(what, group); }) {
            return shred_.put(what, group);
          } else if constexpr (requires { recovered_.put(what, group); }) {
            return recovered_.put(what, group);
          } else {
            return peers_.put(what, group);
          }
        },
        op);
    FOCAL_TRY(std::move(done));
  }
  FOCAL_TRY(index_.finish_group());
  return keks_.note(vault_.used(), group.lowest);
}

// Memory follows the database back to where it was.
void Ledger::undo() {
  db_->rollback();
  log_.undo_group();
  parties_.forget();
  kinds_.forget();
  peers_.forget();
  index_.forget();
  keks_.forget();
  witness_.forget();
}

Result<store::Committed> Ledger::commit(const store::Txn& txn) {
  Group group;
  group.now_ms = txn.now_ms;
  group.lowest = log_.size();
  if (!txn.empty()) {
    vault_.start_group(txn.now_ms);
    log_.start_group();
    Status done = db_->begin();
    if (done) done = apply(txn, group);
    if (done) done = db_->commit();
    if (!done) {
      undo();
      return done.error();
    }
    index_.committed();
    db_->tidy(false);
  }
  group.out.size = log_.size();
  return std::move(group.out);
}

Status Ledger::probe(const store::Txn& txn) {
  Group group;
  group.now_ms = txn.now_ms;
  group.lowest = log_.size();
  vault_.start_group(txn.now_ms);
  log_.start_group();
  Status would = db_->begin();
  if (would) would = apply(txn, group);
  undo();
  return would;
}

template <typename Run>
Status Ledger::in_transaction(Run run) {
  log_.start_group();
  FOCAL_TRY(db_->begin());
  Status done;
  try {
    done = run();
    if (done) done = db_->commit();
  } catch (...) {  // no memory
    undo();
    throw;
  }
  if (!done) undo();
  return done;
}

Result<store::CheckpointRow> Ledger::make_checkpoint(std::uint64_t now_ms,
                                                     const crypto::SigningKey& log_key,
                                                     const EarlyCheckpoint& early) {
  store::CheckpointRow row;
  const Status made = in_transaction([&]() -> Status {
    FOCAL_TRY(witness_.log_list(now_ms));
    FOCAL_ASSIGN(row, log_.make_checkpoint(now_ms, log_key, vault_.rng()));
    if (early && planted(Defect::kCheckpointBeforeCommit)) early(row);
    return {};
  });
  if (!made) return made.error();
  return row;
}

bool Ledger::checkpoint_due(std::uint64_t now_ms) {
  if (log_.checkpoint_due(now_ms)) return true;
  if (!log_.quiet_checkpoint_due(now_ms)) return false;
  const auto changed = reading(witness_).list_changed();
  if (!changed) disk_failed(changed.error());
  return *changed;
}

Result<std::size_t> Ledger::rewrap(KekId from, KekId to, std::size_t rows) {
  std::size_t looked_at = 0;
  FOCAL_TRY(in_transaction([&] { return keks_.rewrap(from, to, rows, looked_at); }));
  db_->tidy(false);
  return looked_at;
}

Status Ledger::forget_kek(KekId id) {
  return in_transaction([&] { return keks_.drop(id); });
}

Status Ledger::reindex(ByteView index_key) {
  db_->end_reading();
  return index_.load(index_key, record::search_rules(), log_.size());
}

crypto::MerklePath Ledger::inclusion(store::LeafIndex idx, std::uint64_t size) {
  return crypto::inclusion_path(static_cast<std::uint64_t>(idx), size, reading(log_).at());
}
crypto::MerklePath Ledger::consistency(std::uint64_t old_size, std::uint64_t size) {
  return crypto::consistency_path(old_size, size, reading(log_).at());
}

Result<std::string> Ledger::detail(store::LeafIndex idx) {
  const auto record = reading(records_).record(idx);
  if (!record || !record->sent) return reading(details_).read(idx);
  auto first = reading(details_).read(idx - record->position);
  const auto leaf = reading(log_).leaf(idx);
  const auto leads = reading(log_).leaf(idx - record->position);
  if (first && leaf && leads && leaf->detail != leads->detail)
    return fail(ErrorCode::kCorrupt, "leaf " + std::to_string(idx) + " commits to another detail "
                                     "than its batch");
  return first;
}

std::optional<store::RecordInfo> Ledger::find(const store::RecordRef& ref) {
  return reading(records_).find(ref);
}
std::optional<store::RecordInfo> Ledger::record(store::LeafIndex idx) {
  return reading(records_).record(idx);
}
Result<Bytes> Ledger::item(store::LeafIndex idx) { return reading(records_).item(idx); }
std::optional<store::StoredBatch> Ledger::batch(store::BatchId id) { return reading(records_).batch(id); }
std::vector<store::OutboxRow> Ledger::open_outbox() { return reading(outbox_).open(); }
std::vector<store::OutboxRow> Ledger::recent_outbox(std::size_t limit) {
  return reading(outbox_).recent(limit);
}
std::optional<store::OutboxRow> Ledger::outbox(store::BatchId batch, const std::string& peer) {
  return reading(outbox_).get(batch, peer);
}
std::vector<store::WaitingHead> Ledger::waiting() { return reading(waiting_).all(); }
Result<Bytes> Ledger::waiting_inner(const Hash32& inner_hash) {
  return reading(waiting_).inner(inner_hash);
}
std::vector<store::PeerRow> Ledger::peers() { return reading(peers_).peers(); }
std::uint64_t Ledger::safe_time_ms() {
  db_->begin_reading();
  return read_safe_time(*db_);
}
std::string Ledger::own_schedule() { return reading(peers_).own_schedule(); }
bool Ledger::signed_by_us(const Hash32& stmt_root) {
  return reading(receipts_).signed_by_us(stmt_root) || recovered_.signed_and_lost(stmt_root);
}
store::CaseId Ledger::next_case_id() { return reading(cases_).next_id(); }
std::optional<store::CaseRow> Ledger::case_by_id(store::CaseId id) { return reading(cases_).by_id(id); }
std::optional<store::CaseRow> Ledger::case_by_root(const store::RecordRef& root) {
  return reading(cases_).by_root(root);
}
std::vector<store::CaseRow> Ledger::cases(const store::CaseFilter& filter) {
  return reading(cases_).list(filter);
}
std::vector<store::CaseEventRow> Ledger::case_events(store::CaseId id) { return reading(cases_).events(id); }
std::optional<store::CaseId> Ledger::case_of(store::LeafIndex idx) { return reading(cases_).case_of(idx); }
std::vector<store::IndexPlace> Ledger::index_find(std::string_view field, std::string_view key,
                                                  std::size_t limit) {
  return reading(index_).find(field, key, limit);
}
store::LeafIndex Ledger::log_size() { return log_.size(); }
std::optional<store::CheckpointRow> Ledger::last_checkpoint() { return log_.last_checkpoint(); }
std::vector<store::LeafRow> Ledger::tail(std::size_t limit) { return reading(records_).tail(limit); }

}  // namespace focal::ledger

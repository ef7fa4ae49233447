#include "node/ledger/schema.h"

#include <charconv>
#include <optional>
#include <string_view>

#include "node/ledger/migrate.h"
#include "node/ledger/schema_check.h"

namespace focal::ledger {
namespace {

// Schema 3; what later ones add stands in schema_steps.cc. Both are never edited: ledgers have them.
// Table definitions are SQLite's; another engine brings its own text. `dir` is
// 1 sent, 2 received; `kek` names a key of the keystore (node/ledger/kek.h).
constexpr char kTables[] = R"sql(
CREATE TABLE meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE party(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kind(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

CREATE TABLE leaf(idx INTEGER PRIMARY KEY, bytes BLOB NOT NULL CHECK(length(bytes)=74)) STRICT;
CREATE TABLE tile(level INTEGER NOT NULL, n INTEGER NOT NULL,
  hashes BLOB NOT NULL CHECK(length(hashes)=8192), PRIMARY KEY(level,n)) STRICT;
CREATE TABLE checkpoint(size INTEGER PRIMARY KEY, root BLOB NOT NULL CHECK(length(root)=32),
  time_ms INTEGER NOT NULL, note TEXT NOT NULL) STRICT;

CREATE TABLE seen(created_ms INTEGER NOT NULL, rid BLOB NOT NULL CHECK(length(rid)=32),
  idx INTEGER NOT NULL, PRIMARY KEY(created_ms,rid)) STRICT, WITHOUT ROWID;
CREATE TABLE rec(idx INTEGER PRIMARY KEY, dir INTEGER NOT NULL, peer INTEGER NOT NULL,
  kind INTEGER NOT NULL, created_ms INTEGER NOT NULL, status INTEGER NOT NULL,
  batch INTEGER NOT NULL, pos INTEGER NOT NULL, kek INTEGER NOT NULL,
  wrapped BLOB, ct BLOB) STRICT;
CREATE TABLE detail(idx INTEGER PRIMARY KEY, peer INTEGER, kek INTEGER NOT NULL,
  wrapped BLOB, ct BLOB) STRICT;
CREATE TABLE batch(id INTEGER PRIMARY KEY, dir INTEGER NOT NULL, first_idx INTEGER NOT NULL,
  n INTEGER NOT NULL, stmt BLOB NOT NULL, sig BLOB NOT NULL, leaves BLOB) STRICT;

CREATE TABLE outbox(batch INTEGER NOT NULL, peer INTEGER NOT NULL, lane INTEGER NOT NULL,
  state INTEGER NOT NULL, tries INTEGER NOT NULL, next_ms INTEGER NOT NULL,
  created_ms INTEGER NOT NULL, expires_ms INTEGER NOT NULL, done BLOB NOT NULL,
  kek INTEGER, wrapped BLOB, reason BLOB, PRIMARY KEY(batch,peer)) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_open ON outbox(batch,peer) WHERE state < 10;

CREATE TABLE signed(root BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE receipt_batch(id INTEGER PRIMARY KEY, peer INTEGER NOT NULL,
  first_idx INTEGER NOT NULL, n INTEGER NOT NULL, idxs BLOB, stmt BLOB NOT NULL,
  sig BLOB NOT NULL) STRICT;
CREATE TABLE receipt_in(id INTEGER PRIMARY KEY, peer INTEGER NOT NULL, stmt BLOB NOT NULL,
  sig BLOB NOT NULL, items BLOB NOT NULL) STRICT;
CREATE TABLE receipt_seen(root BLOB NOT NULL, peer INTEGER NOT NULL, idx INTEGER NOT NULL,
  PRIMARY KEY(root,peer)) STRICT, WITHOUT ROWID;

CREATE TABLE waiting(id INTEGER PRIMARY KEY, inner_hash BLOB NOT NULL UNIQUE,
  link_peer INTEGER NOT NULL, size INTEGER NOT NULL, reason INTEGER NOT NULL,
  since_ms INTEGER NOT NULL, env_id BLOB NOT NULL, kek INTEGER NOT NULL, wrapped BLOB NOT NULL,
  ct BLOB NOT NULL) STRICT;
CREATE INDEX waiting_size ON waiting(link_peer,size);

CREATE TABLE peer(id INTEGER PRIMARY KEY, level INTEGER NOT NULL, suspended INTEGER NOT NULL,
  suspended_ms INTEGER NOT NULL, schedule TEXT NOT NULL, added_ms INTEGER NOT NULL,
  verified_ms INTEGER NOT NULL, verified_how TEXT NOT NULL, introduced_by TEXT NOT NULL,
  dead_kids BLOB NOT NULL) STRICT;
CREATE TABLE card(idx INTEGER PRIMARY KEY, peer INTEGER NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE own_schedule(idx INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;

CREATE TABLE cases(id INTEGER PRIMARY KEY, root_ms INTEGER NOT NULL, root_rid BLOB NOT NULL,
  kind INTEGER, peer INTEGER NOT NULL, ours INTEGER NOT NULL,
  state TEXT NOT NULL, closed INTEGER NOT NULL, opened_ms INTEGER NOT NULL,
  updated_ms INTEGER NOT NULL, ack_due_ms INTEGER NOT NULL, answer_due_ms INTEGER NOT NULL,
  due_ms INTEGER NOT NULL, needs_action INTEGER NOT NULL, UNIQUE(root_ms,root_rid)) STRICT;
CREATE INDEX cases_updated ON cases(closed,updated_ms,id);
CREATE INDEX cases_due ON cases(due_ms) WHERE closed = 0 AND due_ms > 0;
CREATE TABLE case_event(case_id INTEGER NOT NULL, idx INTEGER NOT NULL, reply_rid BLOB,
  reply_ms INTEGER NOT NULL, kind INTEGER NOT NULL, sender INTEGER NOT NULL,
  PRIMARY KEY(case_id,idx)) STRICT, WITHOUT ROWID;
CREATE INDEX case_event_idx ON case_event(idx);
CREATE TABLE case_link(a INTEGER NOT NULL, b INTEGER NOT NULL, verdict INTEGER NOT NULL,
  idx INTEGER NOT NULL, PRIMARY KEY(a,b)) STRICT, WITHOUT ROWID;
CREATE INDEX case_link_b ON case_link(b);

CREATE TABLE index_tag(tag BLOB NOT NULL CHECK(length(tag)=16), idx INTEGER NOT NULL,
  item INTEGER NOT NULL, PRIMARY KEY(tag,idx,item)) STRICT, WITHOUT ROWID;
CREATE INDEX index_tag_idx ON index_tag(idx);
CREATE TABLE index_block(id INTEGER PRIMARY KEY, first_idx INTEGER NOT NULL,
  last_idx INTEGER NOT NULL, nonce BLOB NOT NULL CHECK(length(nonce)=24), ct BLOB NOT NULL) STRICT;
CREATE TABLE index_state(id INTEGER PRIMARY KEY CHECK(id=1), rules INTEGER NOT NULL,
  key_check BLOB NOT NULL, done INTEGER NOT NULL, target INTEGER NOT NULL) STRICT;

CREATE TABLE held_card(id INTEGER PRIMARY KEY, peer INTEGER NOT NULL,
  card_id BLOB NOT NULL CHECK(length(card_id)=32), why INTEGER NOT NULL, since_ms INTEGER NOT NULL,
  source INTEGER NOT NULL, note TEXT NOT NULL, UNIQUE(peer,card_id)) STRICT;
CREATE TABLE revocation(idx INTEGER PRIMARY KEY, peer INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE CHECK(length(id)=32), note TEXT NOT NULL) STRICT;
CREATE TABLE directory(idx INTEGER PRIMARY KEY, peer INTEGER NOT NULL, serial INTEGER NOT NULL,
  id BLOB NOT NULL CHECK(length(id)=32), note TEXT NOT NULL, UNIQUE(peer,id)) STRICT;
CREATE INDEX directory_serial ON directory(peer,serial);
CREATE TABLE peer_act(peer INTEGER NOT NULL, idx INTEGER NOT NULL, PRIMARY KEY(peer,idx))
  STRICT, WITHOUT ROWID;
CREATE TABLE fork_proof(idx INTEGER PRIMARY KEY, peer INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE CHECK(length(id)=32), a TEXT NOT NULL, b TEXT NOT NULL) STRICT;
CREATE TABLE own_card(idx INTEGER PRIMARY KEY, origin TEXT NOT NULL, note TEXT NOT NULL) STRICT;
CREATE TABLE own_revocation(idx INTEGER PRIMARY KEY, note TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE desk_row(tab INTEGER NOT NULL, id INTEGER NOT NULL, open INTEGER NOT NULL,
  idx INTEGER NOT NULL, kek INTEGER NOT NULL, wrapped BLOB NOT NULL, ct BLOB NOT NULL,
  PRIMARY KEY(tab,id)) STRICT, WITHOUT ROWID;
CREATE INDEX desk_row_open ON desk_row(tab,id) WHERE open = 1;
)sql";

// Even a mistake in our own code cannot rewrite what was logged.
constexpr char kGuards[] = R"sql(
CREATE TRIGGER leaf_u BEFORE UPDATE ON leaf BEGIN SELECT RAISE(ABORT,'append-only: leaf'); END;
CREATE TRIGGER leaf_d BEFORE DELETE ON leaf BEGIN SELECT RAISE(ABORT,'append-only: leaf'); END;
CREATE TRIGGER tile_u BEFORE UPDATE ON tile BEGIN SELECT RAISE(ABORT,'append-only: tile'); END;
CREATE TRIGGER tile_d BEFORE DELETE ON tile BEGIN SELECT RAISE(ABORT,'append-only: tile'); END;
CREATE TRIGGER checkpoint_u BEFORE UPDATE ON checkpoint
  BEGIN SELECT RAISE(ABORT,'append-only: checkpoint'); END;
CREATE TRIGGER checkpoint_d BEFORE DELETE ON checkpoint
  BEGIN SELECT RAISE(ABORT,'append-only: checkpoint'); END;
CREATE TRIGGER checkpoint_i BEFORE INSERT ON checkpoint
  WHEN NEW.size <= (SELECT COALESCE(MAX(size),0) FROM checkpoint)
  BEGIN SELECT RAISE(ABORT,'a checkpoint must be larger than the last'); END;
)sql";

constexpr char kInsertMeta[] = "INSERT INTO meta(k,v) VALUES($1,$2)";
constexpr char kPutMeta[] =
    "INSERT INTO meta(k,v) VALUES($1,$2) ON CONFLICT(k) DO UPDATE SET v=excluded.v";
constexpr std::string_view kSafeTime = "safe_ms";
constexpr std::string_view kDated = "dated";
constexpr std::string_view kToDate = "to_date";
constexpr char kSelectMeta[] = "SELECT v FROM meta WHERE k=$1";
constexpr char kUpdateMeta[] = "UPDATE meta SET v=$1 WHERE k=$2";

Status put(Driver& db, std::string_view key, std::string_view value) {
  FOCAL_TRY(Query(db, kInsertMeta).bind(key, value).run());
  return {};
}

Result<std::string> get(Driver& db, std::string_view key) {
  Query query(db, kSelectMeta);
  FOCAL_ASSIGN(const bool row, query.bind(key).next());
  if (!row) return fail(ErrorCode::kCorrupt, "the ledger lacks its meta row " + std::string(key));
  return query.text(0);
}

template <typename Number>
Number read_number(Driver& db, std::string_view key) {
  Query query(db, kSelectMeta);
  Number number = 0;
  if (!query.bind(key).row()) return number;
  const std::string text = query.text(0);
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() ? number : 0;
}

std::string_view mark_name(store::Mark mark) {
  switch (mark) {
    case store::Mark::kBackup: return "backup_ms";
    case store::Mark::kRehearsal: return "rehearsed_ms";
    case store::Mark::kRefill: return "refill";
  }
  return "";
}

Error damaged_schema(const std::string& what) {
  return fail(ErrorCode::kCorrupt, "the ledger is damaged or was tampered with: " + what,
              "keep the file as it is: it is evidence");
}

}  // namespace

Status create_tables(Driver& db, std::int64_t version) {
  FOCAL_TRY(db.run_script(kTables));
  FOCAL_TRY(db.run_script(kGuards));
  return add_schema_steps(db, kOldestSchema, version);
}

Status run_schema_steps(Driver& db, std::int64_t from) {
  FOCAL_TRY(add_schema_steps(db, from, kSchemaVersion));
  const std::string version = std::to_string(kSchemaVersion);
  FOCAL_TRY(Query(db, kUpdateMeta).bind(version, std::string_view("schema")).run());
  return {};
}

Result<std::int64_t> schema_version(Driver& db) {
  FOCAL_ASSIGN(const SchemaDifferences found, compare_schema(db, kSchemaVersion));
  if (found.meta) return std::int64_t{0};
  FOCAL_ASSIGN(const std::string text, get(db, "schema"));
  std::int64_t version = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), version);
  return read.ec == std::errc() && std::to_string(version) == text ? version : std::int64_t{0};
}

Status create_schema(Driver& db, const std::string& party, const std::string& origin) {
  FOCAL_TRY(create_tables(db, kSchemaVersion));
  FOCAL_TRY(put(db, "schema", std::to_string(kSchemaVersion)));
  FOCAL_TRY(put(db, "party", party));
  FOCAL_TRY(put(db, "origin", origin));
  return put(db, "closed", "1");
}

Result<Meta> read_meta(Driver& db) {
  FOCAL_ASSIGN(const SchemaDifferences schema, compare_schema(db, kSchemaVersion));
  if (schema.meta)
    return fail(ErrorCode::kCorrupt, "the file is not a ledger, or was never finished",
                "restore it from a backup, or remove it and run focal init");
  FOCAL_ASSIGN(const std::string version, get(db, "schema"));
  const std::string ours = std::to_string(kSchemaVersion);
  if (version != ours) {
    FOCAL_ASSIGN(const std::int64_t number, schema_version(db));
    const bool comes_along = number >= kOldestSchema && number < kSchemaVersion;
    return fail(ErrorCode::kState,
                "the ledger has schema " + version + ", this program knows schema " + ours,
                comes_along ? "start focald once: it keeps a copy and brings the ledger forward"
                            : "run the version of Focal that wrote it, or a newer one");
  }
  if (!schema.tables.empty()) return damaged_schema(schema.tables.front());
  Meta meta;
  FOCAL_ASSIGN(meta.party, get(db, "party"));
  FOCAL_ASSIGN(meta.origin, get(db, "origin"));
  std::string closed;
  FOCAL_ASSIGN(closed, get(db, "closed"));
  meta.closed_in_order = closed == std::string_view("1");
  return meta;
}

Status check_guards(Driver& db) {
  FOCAL_ASSIGN(const SchemaDifferences schema, compare_schema(db, kSchemaVersion));
  if (!schema.others.empty()) return damaged_schema(schema.others.front());
  return {};
}

std::uint64_t read_safe_time(Driver& db) { return read_number<std::uint64_t>(db, kSafeTime); }

store::IndexProgress read_dating(Driver& db) {
  return {read_number<store::LeafIndex>(db, kDated), read_number<store::LeafIndex>(db, kToDate)};
}

Status put_dating(Driver& db, const store::IndexProgress& progress) {
  FOCAL_TRY(Query(db, kPutMeta).bind(kDated, std::to_string(progress.done)).run());
  FOCAL_TRY(Query(db, kPutMeta).bind(kToDate, std::to_string(progress.target)).run());
  return {};
}

std::string read_mark(Driver& db, store::Mark mark) {
  Query query(db, kSelectMeta);
  return query.bind(mark_name(mark)).row() ? query.text(0) : std::string();
}

Status put_mark(Driver& db, store::Mark mark, std::string_view value) {
  FOCAL_TRY(Query(db, kPutMeta).bind(mark_name(mark), value).run());
  return {};
}

Status put_safe_time(Driver& db, std::uint64_t ms) {
  FOCAL_TRY(Query(db, kPutMeta).bind(kSafeTime, std::to_string(ms)).run());
  return {};
}

Status put_origin(Driver& db, std::string_view origin) {
  FOCAL_TRY(Query(db, kUpdateMeta).bind(origin, std::string_view("origin")).run());
  return {};
}

Status write_closed_in_order(Driver& db, bool closed) {
  FOCAL_TRY(db.begin());
  const std::string_view value = closed ? "1" : "0";
  Status done = [&]() -> Status {
    FOCAL_TRY(Query(db, kUpdateMeta).bind(value, std::string_view("closed")).run());
    return db.commit();
  }();
  if (!done) db.rollback();
  return done;
}

}  // namespace focal::ledger

// Tables of the ledger (docs/protocol.md, "Schema"). Everything is keyed by the
// leaf's index, so inserts land at the right edge; one table finds a record id,
// by the time that stands inside the record, so that it grows at its edge too.
// In the clear stand ids, parties, kinds, times, states and codes, nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "node/ledger/driver.h"
#include "node/store/rows.h"

namespace focal::ledger {

inline constexpr std::int64_t kSchemaVersion = 4;  // 4: witnesses, proofs, erasure
inline constexpr char kLedgerFile[] = "ledger.db";

struct Meta {
  std::string party;
  std::string origin;            // name of the log now, "focal/XA/log/1"
  bool closed_in_order = false;  // the last writer ended by itself
};

// Tables, indexes and guards of that schema, of at least kOldestSchema (node/ledger/migrate.h).
Status create_tables(Driver& db, std::int64_t version);
// What the schemas after `after` add, up to and with `up_to` (node/ledger/schema_steps.cc).
Status add_schema_steps(Driver& db, std::int64_t after, std::int64_t up_to);
// Inside a transaction: from that schema to this program's, in tables and meta.
Status run_schema_steps(Driver& db, std::int64_t from);
// 0 where the file is no ledger, or names no number. Errors of the driver.
Result<std::int64_t> schema_version(Driver& db);

// Inside a transaction: tables, guards and meta of a new ledger.
Status create_schema(Driver& db, const std::string& party, const std::string& origin);
// kCorrupt: not a ledger, or one of its tables is missing or another (says which).
// kState: written by a newer version of the program, or by an older one (Ledger::open brings it
// forward, node/ledger/migrate.h).
Result<Meta> read_meta(Driver& db);
// kCorrupt: an index or guard is missing or another, or there is one too many.
Status check_guards(Driver& db);
// The safe time of the last process (docs/protocol.md, "Time"), 0 if there is none. The write
// joins the caller's transaction.
std::uint64_t read_safe_time(Driver& db);
Status put_safe_time(Driver& db, std::uint64_t ms);
// Up to which leaf records have a date for their erasure (View::dating_progress); equal where
// nothing is to be dated. The write joins the caller's transaction.
store::IndexProgress read_dating(Driver& db);
Status put_dating(Driver& db, const store::IndexProgress& progress);
// What View::mark says; the write joins the caller's transaction.
std::string read_mark(Driver& db, store::Mark mark);
Status put_mark(Driver& db, store::Mark mark, std::string_view value);
// The log goes on under this name. Inside the caller's transaction.
Status put_origin(Driver& db, std::string_view origin);
Status write_closed_in_order(Driver& db, bool closed);  // its own transaction

}  // namespace focal::ledger

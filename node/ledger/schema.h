// Tables of the ledger (docs/protocol.md, "Schema"). Everything is keyed by the
// leaf's index, so inserts land at the right edge; one table finds a record id,
// by the time that stands inside the record, so that it grows at its edge too.
// In the clear stand ids, parties, kinds, times, states and codes, nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "node/ledger/driver.h"

namespace focal::ledger {

inline constexpr std::int64_t kSchemaVersion = 3;  // 3: notes about peers, own cards
inline constexpr char kLedgerFile[] = "ledger.db";

struct Meta {
  std::string party;
  std::string origin;            // name of the log now, "focal/XA/log/1"
  bool closed_in_order = false;  // the last writer ended by itself
};

// Inside a transaction: tables, guards and meta of a new ledger.
Status create_schema(Driver& db, const std::string& party, const std::string& origin);
// kCorrupt: not a ledger, or one of its tables is missing or another (says which).
// kState: written by a newer version of the program.
Result<Meta> read_meta(Driver& db);
// kCorrupt: an index or guard is missing or another, or there is one too many.
Status check_guards(Driver& db);
// The safe time of the last process (docs/protocol.md, "Time"), 0 if there is none. The write
// joins the caller's transaction.
std::uint64_t read_safe_time(Driver& db);
Status put_safe_time(Driver& db, std::uint64_t ms);
// The log goes on under this name. Inside the caller's transaction.
Status put_origin(Driver& db, std::string_view origin);
Status write_closed_in_order(Driver& db, bool closed);  // its own transaction

}  // namespace focal::ledger

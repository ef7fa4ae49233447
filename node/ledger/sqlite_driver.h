// SQLite behind Driver. The only file of the project that includes sqlite3.h is
// its .cc. SQLite up to 3.51.2 can damage a WAL file when two connections write
// or checkpoint it (sqlite.org, "WAL-reset bug"), so there is exactly one
// read-write connection in the house (node/ledger/folder_lock.h holds others
// off), it alone checkpoints, and every other one is read-only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>

#include "node/ledger/driver.h"

namespace focal::ledger {

inline constexpr int kPageSize = 8192;
inline constexpr int kWalPagesBeforeCheckpoint = 2 * 1024;  // 16 MiB of WAL: the move stops the loop for a moment
inline constexpr int kCacheKib = 64 * 1024;

enum class SqliteMode {
  kCreate,    // a new, empty file of mode 0600; kExists if there is one
  kWrite,     // the one read-write connection; kNotFound, kCorrupt (not a database)
  kReadOnly,  // never writes, never checkpoints
};

// Write-ahead log, synchronous FULL, foreign keys, untrusted schema, cell size
// checks, no automatic checkpoint, no memory map.
// kReadOnly on a medium nobody can write to, or in a folder this user cannot:
// works after an orderly end; kPermission if the write-ahead log is needed. kBusy:
// another process holds the file just now.
Result<std::unique_ptr<Driver>> open_sqlite(const std::filesystem::path& file, SqliteMode mode);

// An empty database in memory, gone with its driver.
Result<std::unique_ptr<Driver>> open_memory();

// For tests: a database that may hold no more than `pages` pages refuses to grow
// with kNoSpace, as a full disk does. `driver` must come from open_sqlite.
void limit_pages(Driver& driver, std::int64_t pages);
std::int64_t count_pages(Driver& driver);

}  // namespace focal::ledger

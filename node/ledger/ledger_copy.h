// A whole copy of a ledger that may be in use, by SQLite itself: never by copying bytes, which
// would tear what is being written.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace focal::ledger {

// `to` is new, of mode 0600, and durable with its name when this returns; without the pages that
// were given up. Reads `from` on a connection of its own, so any thread may call it; as long as
// it reads, the write-ahead log of `from` cannot be emptied. kExists (to); kNotFound, kCorrupt,
// kPermission, kBusy (from); kNoSpace, kIo: then nothing is left at `to`.
Status copy_ledger(const std::filesystem::path& from, const std::filesystem::path& to);

// Its names are durable. kIo.
Status sync_folder(const std::filesystem::path& folder);

}  // namespace focal::ledger

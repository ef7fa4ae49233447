// A ledger of an older schema becomes one of this program's: a whole copy is kept first, then all
// steps run in one transaction. Interrupted anywhere, the file is the old one or the new one.
#pragma once

#include <filesystem>
#include <functional>

#include "node/ledger/driver.h"

namespace focal::ledger {

inline constexpr std::int64_t kOldestSchema = 3;  // what can still be brought to kSchemaVersion
inline constexpr char kBackupsFolder[] = "backups";

// Told before each step; for tests: a step it does not return from has not happened.
enum class MigrateStep { kCopy, kChange, kCommit, kDone };
using MigrateHook = std::function<void(MigrateStep)>;

// `db` is the one writing connection to the ledger of the folder. Does nothing where the schema is
// this program's, or one that it cannot bring forward (read_meta() refuses that). The copy stands
// in backups/before-schema-4.db of the folder, or under the first free name like before-schema-4.2.db.
// kCorrupt: a table, index or guard is not that of its schema, or SQLite finds the file damaged;
// kNoSpace, kIo, kPermission, kExists: no copy could be made. After any error the ledger is as it was.
Status migrate_older(Driver& db, const std::filesystem::path& folder, const MigrateHook& hook = {});

}  // namespace focal::ledger

#include "node/ledger/migrate.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/log.h"
#include "node/ledger/ledger_copy.h"
#include "node/ledger/schema.h"
#include "node/ledger/schema_check.h"

namespace focal::ledger {
namespace {

namespace fs = std::filesystem;

constexpr int kMostCopies = 99;

Error not_migrated(const std::string& what) {
  return fail(ErrorCode::kCorrupt, "the ledger is damaged or was tampered with: " + what,
              "keep the file as it is: it is evidence. It was not brought to the new schema");
}

Status check_whole(Driver& db, std::int64_t version) {
  FOCAL_ASSIGN(const SchemaDifferences found, compare_schema(db, version));
  if (!found.tables.empty()) return not_migrated(found.tables.front());
  if (!found.others.empty()) return not_migrated(found.others.front());
  return {};
}

Status make_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0) return sync_folder(folder.parent_path());
  if (errno == EEXIST) return {};
  return fail(errno == EACCES || errno == EROFS ? ErrorCode::kPermission : ErrorCode::kIo,
              std::string("cannot make the folder for backups: ") + std::strerror(errno),
              "Nothing was changed.", folder.string());
}

// Under its own name only when it is whole.
Status keep_copy(const fs::path& folder) {
  const fs::path backups = folder / kBackupsFolder;
  FOCAL_TRY(make_folder(backups));
  const std::string base = "before-schema-" + std::to_string(kSchemaVersion);
  const fs::path half = backups / (base + ".part");
  ::unlink(half.c_str());  // of an attempt that was cut short
  FOCAL_TRY(copy_ledger(folder / kLedgerFile, half));
  for (int n = 1; n <= kMostCopies; ++n) {
    const std::string name = base + (n == 1 ? "" : "." + std::to_string(n)) + ".db";
    // A link, unlike a rename, never takes the place of what is there.
    if (::link(half.c_str(), (backups / name).c_str()) == 0) {
      ::unlink(half.c_str());
      return sync_folder(backups);
    }
    if (errno != EEXIST) break;
  }
  const int error = errno;
  ::unlink(half.c_str());
  return fail(error == EEXIST ? ErrorCode::kExists : ErrorCode::kIo,
              "cannot keep a copy of the ledger before it changes: " +
                  std::string(std::strerror(error)),
              "Nothing was changed.", backups.string());
}

Status change(Driver& db, std::int64_t from, const MigrateHook& hook) {
  FOCAL_TRY(run_schema_steps(db, from));
  FOCAL_TRY(check_whole(db, kSchemaVersion));
  if (hook) hook(MigrateStep::kCommit);
  return db.commit();
}

}  // namespace

Status migrate_older(Driver& db, const fs::path& folder, const MigrateHook& hook) {
  FOCAL_ASSIGN(const std::int64_t from, schema_version(db));
  if (from < kOldestSchema || from >= kSchemaVersion) return {};
  FOCAL_TRY(check_whole(db, from));
  FOCAL_TRY(db.quick_check());
  if (hook) hook(MigrateStep::kCopy);
  FOCAL_TRY(keep_copy(folder));
  if (hook) hook(MigrateStep::kChange);
  FOCAL_TRY(db.begin());
  if (Status done = change(db, from, hook); !done) {
    db.rollback();
    return done;
  }
  log::info("ledger", "brought to a newer schema",
            {{"from", std::to_string(from)}, {"to", std::to_string(kSchemaVersion)}});
  if (hook) hook(MigrateStep::kDone);
  return {};
}

}  // namespace focal::ledger

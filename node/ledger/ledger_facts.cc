#include "node/ledger/ledger_facts.h"

#include <algorithm>

#include "node/ledger/migrate.h"
#include "node/ledger/schema.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

namespace fs = std::filesystem;

// The same in every schema that can be brought forward.
constexpr char kMeta[] = "SELECT v FROM meta WHERE k=$1";
constexpr char kLeaves[] = "SELECT COALESCE(MAX(idx),-1)+1 FROM leaf";
constexpr char kNewest[] = "SELECT size,root,note FROM checkpoint ORDER BY size DESC LIMIT 1";
constexpr char kKeks[] =
    "SELECT kek FROM rec WHERE wrapped IS NOT NULL "
    "UNION SELECT kek FROM detail WHERE wrapped IS NOT NULL "
    "UNION SELECT kek FROM outbox WHERE wrapped IS NOT NULL UNION SELECT kek FROM waiting "
    "UNION SELECT kek FROM desk_row ORDER BY 1";

Result<std::string> meta_text(Driver& db, std::string_view key) {
  Query query(db, kMeta);
  FOCAL_ASSIGN(const bool row, query.bind(key).next());
  if (!row) return fail(ErrorCode::kCorrupt, "the ledger lacks its meta row " + std::string(key));
  return std::string(query.text(0));
}

Result<LedgerFacts> read_head(Driver& db) {
  LedgerFacts out;
  FOCAL_ASSIGN(out.schema, schema_version(db));
  if (out.schema > kSchemaVersion)
    return fail(ErrorCode::kState,
                "the ledger has schema " + std::to_string(out.schema) +
                    ", this program knows schema " + std::to_string(kSchemaVersion),
                "run the version of Focal that wrote it, or a newer one");
  if (out.schema < kOldestSchema)
    return fail(ErrorCode::kCorrupt, "the file is not a ledger, or was never finished");
  FOCAL_ASSIGN(out.party, meta_text(db, "party"));
  FOCAL_ASSIGN(out.origin, meta_text(db, "origin"));
  Query leaves(db, kLeaves);
  FOCAL_ASSIGN([[maybe_unused]] const bool counted, leaves.next());
  out.leaves = static_cast<std::uint64_t>(leaves.integer(0));
  Query newest(db, kNewest);
  FOCAL_ASSIGN(const bool row, newest.next());
  if (!row) return out;
  const auto root = fixed<32>(newest.blob(1));
  if (!root) return fail(ErrorCode::kCorrupt, "the newest checkpoint has no root");
  out.checkpoint = store::CheckpointRow{static_cast<std::uint64_t>(newest.integer(0)), *root,
                                        std::string(newest.text(2))};
  return out;
}

}  // namespace

Result<LedgerFacts> ledger_head(const fs::path& ledger_file) {
  FOCAL_ASSIGN(const auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  return read_head(*db);
}

Result<LedgerFacts> ledger_facts(const fs::path& ledger_file) {
  FOCAL_ASSIGN(const auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(LedgerFacts out, read_head(*db));
  Query keks(*db, kKeks);
  for (;;) {
    FOCAL_ASSIGN(const bool row, keks.next());
    if (!row) return out;
    out.keks.push_back(keks.integer(0));
  }
}

Status bring_forward(const fs::path& folder) {
  FOCAL_ASSIGN(const auto db, open_sqlite(folder / kLedgerFile, SqliteMode::kWrite));
  FOCAL_TRY(migrate_older(*db, folder));
  db->tidy(true);
  return {};
}

}  // namespace focal::ledger

// What a ledger file says about itself, for a backup and for whoever looks at one. Reads on a
// connection of its own, so any thread may call it; nothing is verified (node/ledger/verify.h).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/ledger/kek.h"
#include "node/store/rows.h"

namespace focal::ledger {

struct LedgerFacts {
  std::int64_t schema = 0;
  std::string party;
  std::string origin;                              // name of the log now
  std::uint64_t leaves = 0;
  std::optional<store::CheckpointRow> checkpoint;  // the newest
  std::vector<KekId> keks;                         // under which anything is sealed; ascending
};

// Of this schema and of older ones that can be brought forward. Reads every sealed row's head.
// kNotFound, kCorrupt (no ledger), kState (of a newer program), kPermission, kIo, kBusy.
Result<LedgerFacts> ledger_facts(const std::filesystem::path& ledger_file);
// The same without the keys: at once, whatever the size.
Result<LedgerFacts> ledger_head(const std::filesystem::path& ledger_file);

// A ledger file of an older schema becomes one of this program's, in place: for a copy that
// nobody else uses. Nothing is kept of the older one. Errors of migrate_older().
Status bring_forward(const std::filesystem::path& folder);

}  // namespace focal::ledger

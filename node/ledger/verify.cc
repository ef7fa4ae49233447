#include "node/ledger/verify.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "node/ledger/schema_check.h"
#include "node/ledger/sqlite_driver.h"
#include "node/ledger/verify_parts.h"
#include "node/record/kinds.h"

namespace focal::ledger {
namespace {

// No log gets as long; a leaf with a higher number was planted.
constexpr std::int64_t kMostLeaves = std::int64_t{1} << 53;

// One statement: a node at work may commit leaves and a checkpoint between two.
constexpr char kBounds[] =
    "SELECT COUNT(*),COALESCE(MIN(idx),0),COALESCE(MAX(idx),-1),"
    "(SELECT COALESCE(MAX(size),0) FROM checkpoint) FROM leaf";
constexpr char kParties[] = "SELECT id,name FROM party";
constexpr char kKinds[] = "SELECT id,name FROM kind";

Status find_bounds(Scope& scope) {
  Query query(scope.db, kBounds);
  FOCAL_TRY(one_row(query));
  const std::int64_t count = query.integer(0);
  const std::int64_t first = query.integer(1);
  const std::int64_t last = query.integer(2);
  scope.size = std::min(last, kMostLeaves) + 1;
  if (first != 0 || count != scope.size || last > kMostLeaves)
    scope.found.add(VerifyPart::kLeaves, "the log has a gap: " + std::to_string(count) +
                                             " leaves from number " + std::to_string(first) +
                                             " to " + std::to_string(last));
  scope.found.check(VerifyPart::kCheckpoints, query.integer(3) <= scope.size, {"a checkpoint"},
                    "is larger than the log");
  return {};
}

Status read_names(Scope& scope) {
  Query parties(scope.db, kParties);
  for (;;) {
    FOCAL_ASSIGN(const bool row, parties.next());
    if (!row) break;
    scope.parties.emplace(parties.integer(0), parties.text(1));
  }
  Query kinds(scope.db, kKinds);
  for (;;) {
    FOCAL_ASSIGN(const bool row, kinds.next());
    if (!row) return {};
    const record::KindInfo* kind = record::find_kind(kinds.text(1));
    scope.kinds.emplace(kinds.integer(0), kind != nullptr && kind->is_case_event);
  }
}

Status check_file(Driver& db, Findings& found) {
  FOCAL_ASSIGN(const SchemaDifferences schema, compare_schema(db, kSchemaVersion));
  for (const std::string& difference : schema.others) found.add(VerifyPart::kFile, difference);
  return db.quick_check();
}

Status run_log(Scope& scope) {
  FOCAL_TRY(find_bounds(scope));
  FOCAL_TRY(load_own_cards(scope));
  return verify_log(scope);
}

Status run(Scope& scope) {
  FOCAL_TRY(check_file(scope.db, scope.found));
  FOCAL_TRY(find_bounds(scope));
  FOCAL_TRY(read_names(scope));
  for (const auto part :
       {load_own_cards, verify_leaves, verify_own, verify_notes, verify_batches, verify_receipts,
        verify_signed, verify_newest_statements, verify_cases, verify_index, verify_desk,
        verify_witness, verify_shred}) {
    FOCAL_TRY(go_on(scope));
    FOCAL_TRY(part(scope));
  }
  return {};
}

}  // namespace

Status go_on(const Scope& scope) {
  if (!scope.options.stop || !scope.options.stop()) return {};
  return fail(ErrorCode::kUnavailable, "the verification was stopped before it was done");
}

Status one_row(Query& query) {
  FOCAL_ASSIGN(const bool row, query.next());
  FOCAL_CHECK(row);
  return {};
}

Status verify_ledger(Driver& db, const Meta& meta, const VerifyOptions& options,
                     VerifyReport& report) {
  report.party = meta.party;
  report.log_only = options.log_only;
  report.origin = meta.origin;
  Findings found(report);
  Scope scope{db, options, found, meta.party, 0, {}, 0, {}, {}, {}, 0, {}, {}, {}, {}, {}, {}};
  return options.log_only ? run_log(scope) : run(scope);
}

Result<VerifyReport> verify(const std::filesystem::path& ledger_file,
                            const VerifyOptions& options) {
  FOCAL_ASSIGN(auto db, open_sqlite(ledger_file, SqliteMode::kReadOnly));
  FOCAL_ASSIGN(const Meta meta, read_meta(*db));
  VerifyReport report;
  const std::uint64_t begin = options.mono_ms ? options.mono_ms() : 0;
  if (auto done = verify_ledger(*db, meta, options, report); !done)
    Findings(report).add(VerifyPart::kFile, done.error().message);
  if (options.mono_ms) {
    const std::uint64_t took = std::max<std::uint64_t>(options.mono_ms() - begin, 1);
    report.leaves_per_s = 1000.0 * static_cast<double>(report.leaves) / static_cast<double>(took);
  }
  return report;
}

std::vector<VerifyVerdict> verdicts(const VerifyReport& report) {
  std::vector<VerifyVerdict> out{{"file", 1, 0},
                                 {"leaves", report.leaves, 0},
                                 {"tiles", report.tiles, 0},
                                 {"checkpoints", report.checkpoints, 0},
                                 {"records", report.records, 0},
                                 {"batches", report.batches, 0},
                                 {"receipt batches", report.receipt_batches, 0},
                                 {"signatures", report.signatures, 0},
                                 {"outbox", report.outbox_rows, 0},
                                 {"notes", report.notes, 0},
                                 {"cases", report.cases, 0},
                                 {"search index", report.index_tags, 0},
                                 {"persons and releases", report.desk_rows, 0},
                                 {"witnesses", report.witness_rows, 0},
                                 {"erasures", report.erased, 0}};
  FOCAL_CHECK(out.size() == kVerifyParts);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].problems = report.problems_in[i];
  if (!report.log_only) return out;
  const std::vector<VerifyVerdict> all = std::exchange(out, {});
  for (std::size_t i = 0; i < all.size(); ++i)
    if ((i >= static_cast<std::size_t>(VerifyPart::kLeaves) &&
         i <= static_cast<std::size_t>(VerifyPart::kCheckpoints)) ||
        all[i].problems != 0)
      out.push_back(all[i]);
  return out;
}

}  // namespace focal::ledger

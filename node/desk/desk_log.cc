// What an auditor asks of the ledger. What only looks at the file does it on the caller's thread.
#include <algorithm>

#include "node/desk/desk.h"
#include "node/desk/ledger_check.h"
#include "node/desk/ledger_log.h"
#include "node/desk/ledger_tiles.h"
#include "node/desk/ledger_view.h"
#include "node/desk/release_proof.h"
#include "proto/evidence.pb.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultFound = 100;
constexpr std::size_t kRidDigits = 64;

// The leaves that are asked for: one by its index, or those about a record.
Result<std::vector<store::LeafIndex>> asked_leaves(const std::filesystem::path& file,
                                                   const std::string& text) {
  const auto wrong = [&] {
    return fail(ErrorCode::kInvalid, "'" + text + "' is no index and no record id",
                "Give the number of a leaf, or the 64 hex digits of a record id.", "leaf");
  };
  if (text.size() == kRidDigits) {
    const auto bytes = unhex(text);
    const auto rid = bytes ? fixed<32>(*bytes) : std::nullopt;
    if (!rid) return wrong();
    FOCAL_ASSIGN(auto about, ledger::leaves_about(file, *rid, kMostEntries));
    if (about.empty())
      return fail(ErrorCode::kNotFound, "no leaf is about this record",
                  "'focal ledger log' shows what there is.", "leaf");
    return about;
  }
  constexpr std::size_t kMostDigits = 15;
  const bool digits = !text.empty() && text.size() <= kMostDigits &&
                      text.find_first_not_of("0123456789") == std::string::npos;
  if (!digits) return wrong();
  return std::vector<store::LeafIndex>{std::stoll(text)};
}

}  // namespace

Result<v1::LedgerLogResponse> Desk::ledger_log(const v1::LedgerLogRequest& request) {
  v1::LedgerLogResponse out;
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    show_log(node_, request, &out);
    return {};
  }));
  return out;
}

Result<v1::LedgerShowResponse> Desk::ledger_show(const v1::LedgerShowRequest& request) {
  FOCAL_ASSIGN(const auto file, ledger_file());
  FOCAL_ASSIGN(const auto leaves, asked_leaves(file, request.leaf()));
  v1::LedgerShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    for (const store::LeafIndex idx : leaves)
      FOCAL_TRY(show_entry(node_, idx, out.add_entries()));
    out.set_size(static_cast<std::uint64_t>(node_.ledger().log_size()));
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::LedgerFindResponse> Desk::ledger_find(const v1::LedgerFindRequest& request) {
  FOCAL_ASSIGN(const ledger::LeafFilter filter, parse_filter(request));
  FOCAL_ASSIGN(const auto file, ledger_file());
  const std::size_t limit =
      request.limit() == 0 ? kDefaultFound : std::min(request.limit(), kMostLeavesShown);
  // Sealed words are opened on the loop, so of those with words more are taken than are shown.
  const std::size_t most = filter.with_detail ? kDetailsAtOnce : limit;
  FOCAL_ASSIGN(ledger::LeafPage page, ledger::search_leaves(file, filter, request.before(), most));
  v1::LedgerFindResponse out;
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    if (filter.with_detail) {
      page.found = acted(node_.ledger(), page.found, 0, request.officer());
      if (page.found.size() > limit) {
        page.found.resize(limit);
        page.next = static_cast<std::uint64_t>(page.found.back());
      }
    }
    ReleaseProof proof(node_);
    for (const store::LeafIndex idx : page.found) fill_leaf(node_, proof, idx, out.add_leaves());
    out.set_size(static_cast<std::uint64_t>(node_.ledger().log_size()));
    return {};
  }));
  out.set_next(page.next);
  out.set_looked_at(page.looked_at);
  return out;
}

Result<v1::LedgerCheckpointResponse> Desk::ledger_checkpoint(
    const v1::LedgerCheckpointRequest& request) {
  v1::LedgerCheckpointResponse out;
  FOCAL_TRY(node_.perform(
      [&](const Now&) { return show_checkpoint(reading_of(node_.ledger()), request, &out); }));
  return out;
}

Result<v1::LedgerFilesResponse> Desk::ledger_tiles(const v1::LedgerTilesRequest& request) {
  v1::LedgerFilesResponse out;
  FOCAL_TRY(node_.perform(
      [&](const Now&) { return show_tiles(reading_of(node_.ledger()), request, &out); }));
  return out;
}

Result<v1::LedgerFilesResponse> Desk::ledger_entries(const v1::LedgerEntriesRequest& request) {
  v1::LedgerFilesResponse out;
  FOCAL_TRY(node_.perform(
      [&](const Now&) { return show_entries(reading_of(node_.ledger()), request, &out); }));
  return out;
}

Result<v1::LedgerJobResponse> Desk::ledger_job(const v1::LedgerJobRequest& request) {
  std::uint64_t job = request.job();
  if (request.start()) {
    FOCAL_ASSIGN(const auto file, ledger_file());
    ledger::VerifyOptions options;
    FOCAL_TRY(node_.perform([&](const Now&) -> Status {
      options = verify_options(node_.core().self().card);
      return {};
    }));
    options.log_only = request.log_only();
    FOCAL_ASSIGN(job, ledger_job_.start(file, std::move(options)));
  }
  v1::LedgerJobResponse out;
  FOCAL_TRY(ledger_job_.show(job, &out));
  return out;
}

Result<std::filesystem::path> Desk::ledger_file() {
  std::filesystem::path out;
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    out = node_.config().folder / ledger::kLedgerFile;
    return {};
  }));
  return out;
}

}  // namespace focal::desk

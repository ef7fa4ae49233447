// Offline verification of a ledger file, read-only, for `focal ledger verify`
// and independent checkers: every leaf is hashed again, and every other table
// has to agree with the leaves. Needs no key but, optionally, the log's public
// one; bodies stay sealed. Signatures of statements are not checked here (their
// keys stand in cards).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/sign.h"
#include "node/store/leaf.h"

namespace focal::ledger {

inline constexpr std::size_t kMaxProblemsListed = 100;

struct VerifyOptions {
  std::optional<crypto::PublicKey> log_key;  // checks the checkpoints' signatures
  std::function<void(std::uint64_t leaves_done, std::uint64_t leaves)> progress;
  std::function<std::uint64_t()> mono_ms;  // a clock, for the rate
};

struct VerifyReport {
  std::string party;
  std::string origin;
  std::uint64_t leaves = 0;
  std::uint64_t tiles = 0;
  std::uint64_t checkpoints = 0;
  std::uint64_t records = 0;
  std::uint64_t receipt_batches = 0;  // issued and received
  Hash32 root{};                      // of all leaves
  double leaves_per_s = 0;            // 0 without a clock
  std::uint64_t problem_count = 0;
  std::vector<std::string> problems;  // the first kMaxProblemsListed
  bool ok() const { return problem_count == 0; }
};

// An error only if the file cannot be read as a ledger at all (kNotFound,
// kCorrupt, kState, kPermission, kIo); whatever else is wrong is a problem.
Result<VerifyReport> verify(const std::filesystem::path& ledger_file,
                            const VerifyOptions& options = {});

// What the leaves of one type name, in order of the log, repetitions included:
// their refs, or for RECEIPT_IN the record ids of the receipt items.
Result<std::vector<Hash32>> record_ids(const std::filesystem::path& ledger_file,
                                       store::LeafType type);

}  // namespace focal::ledger

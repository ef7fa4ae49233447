// What a verifier says of an evidence bundle (docs/protocol.md, "Claims"): closed lists of claims,
// verdicts and reasons, and the one form in which they are printed for programs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace focal::evidence {

enum class ClaimKind : std::uint8_t {
  kForm,
  kCard,
  kSigned,
  kReleased,
  kContent,
  kAccepted,
  kRejected,
  kLogged,
  kWitnessed,
  kQuorum,
  kTime,
  kErased,
};
std::string_view claim_name(ClaimKind kind);  // "SIGNED"
std::optional<ClaimKind> read_claim_name(std::string_view text);

enum class Verdict : std::uint8_t { kProved, kNotShown, kBroken };
std::string_view verdict_name(Verdict verdict);  // "NOT_SHOWN"

enum class Reason : std::uint8_t {
  kOk,
  kNoRoot,
  kOtherRoot,
  kChain,
  kSignature,
  kPath,
  kCommitment,
  kWithheld,
  kAbsent,
  kRevoked,
  kCertificate,
  kLeaf,
  kProof,
  kCheckpoint,
  kPolicy,
  kDigest,
  kForm,
};
std::string_view reason_name(Reason reason);  // "OTHER_ROOT"

struct Judgement {
  Verdict verdict = Verdict::kProved;
  Reason reason = Reason::kOk;  // kOk exactly where it is PROVED
  friend bool operator==(const Judgement&, const Judgement&) = default;
};
inline constexpr Judgement kProven{};
constexpr Judgement broken(Reason reason) { return {Verdict::kBroken, reason}; }
constexpr Judgement not_shown(Reason reason) { return {Verdict::kNotShown, reason}; }

// What is not said is empty.
struct Claim {
  ClaimKind kind = ClaimKind::kForm;
  std::string rid;  // 64 hexadecimal digits
  std::string party;
  std::string by;
  Judgement judgement;
  std::string at;  // a time of claim_time()
};

enum class Whole : std::uint8_t { kProved, kIncomplete, kBroken };
std::string_view whole_name(Whole whole);
Whole whole_of(const std::vector<Claim>& claims);

// 2026-11-23T10:00:00.000Z; never later than the last millisecond of the year 9999.
std::string claim_time(std::uint64_t unix_ms);
std::string claim_time_of_seconds(std::uint64_t unix_s);

// One line without its end. told: a sentence for each claim. file: where the bundle came from, if
// there are many.
std::string verdict_json(const std::vector<Claim>& claims, const std::vector<std::string>& told,
                         const std::optional<std::string>& file = std::nullopt);

}  // namespace focal::evidence

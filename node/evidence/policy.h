// A party's own rule about witnesses of its ledger (docs/protocol.md, "Witness policy"): a signed
// note by the log key.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "crypto/note.h"

namespace focal::evidence {

inline constexpr std::size_t kMaxPolicySize = 4 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMaxWitnesses = 16;

struct WitnessPolicy {
  std::string party;
  std::string log;  // a log name of the party; signs the note
  std::uint64_t serial = 0;
  std::uint64_t quorum = 0;            // 0 without witnesses; else more than half of them
  std::vector<std::string> witnesses;  // ascending, without the party
  crypto::Note note;
};
std::string policy_text(const WitnessPolicy& policy);
// Form and rules; no signature is looked at. kLimit, kNote, kCard.
Result<WitnessPolicy> parse_policy(std::string_view note);

}  // namespace focal::evidence

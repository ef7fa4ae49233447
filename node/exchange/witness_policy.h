// Who has to cosign the checkpoints of a log before they count as published: a note by the log
// key (docs/protocol.md, "Witnesses", "Witness policy"). What it is worth, others decide: it is the
// party's own word.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxPolicySize = 4 * 1024;  // the whole note, bytes
inline constexpr std::size_t kMaxWitnesses = 16;

struct WitnessPolicyFields {
  std::string party;
  std::string log;                     // focal/XA/log/1
  std::uint64_t serial = 1;            // max(that before + 1, Unix seconds)
  std::uint32_t quorum = 0;            // q; 0 iff there are no witnesses
  std::vector<std::string> witnesses;  // n parties, sorted bytewise, never the party itself
};

struct WitnessPolicy : WitnessPolicyFields {
  Hash32 policy_id{};                  // H(text)
  std::string note;                    // the bytes as they came
};

// May q of n witnesses publish? 1 <= q <= n and 2q > n; q = 0 for n = 0.
bool is_quorum(std::size_t witnesses, std::uint32_t quorum);
// r: so many of n witnesses have to have spoken that no quorum q can have published behind their
// back. n - q + 1; 0 for n = 0.
std::uint32_t reports_needed(std::size_t witnesses, std::uint32_t quorum);

std::string witness_policy_text(const WitnessPolicyFields& fields);
// Form alone, no signature. kLimit (over 4 KiB), kNote, kCard (a line; named in message and path).
Result<WitnessPolicy> read_witness_policy(std::string_view note);
// … signed by this log key under the name in the line "log". And kSignature.
Result<WitnessPolicy> parse_witness_policy(std::string_view note, const crypto::PublicKey& log_key);
// What it returns passes parse_witness_policy; errors are those of it.
Result<WitnessPolicy> make_witness_policy(const WitnessPolicyFields& fields,
                                          const crypto::SigningKey& log_key);
bool is_witness_policy(std::string_view note);  // by its first line

}  // namespace focal::exchange

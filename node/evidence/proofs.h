// The two proofs of an evidence bundle that a leaf is in a tree (docs/protocol.md, "Paths and
// proofs"): in that of a batch, and in that of a ledger. Form only; what they prove is asked of
// crypto/merkle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/merkle.h"

namespace focal::evidence {

inline constexpr std::uint64_t kMaxPathSize = 2048;  // leaves of a batch
inline constexpr std::size_t kMaxProofHashes = 63;

struct BatchPath {
  std::uint64_t index = 0;
  std::uint64_t size = 0;
  crypto::MerklePath hashes;  // at most 63; whether they lead anywhere is another question
};
std::string path_text(const BatchPath& path);
Result<BatchPath> read_path(std::string_view text);  // kBundle

// c2sp.org/tlog-proof without `extra`: UTF-8, up to the empty line, and the rest as it stands.
struct LogProof {
  std::uint64_t index = 0;    // below 2^63
  crypto::MerklePath hashes;  // at most 63
  std::string_view note;      // the checkpoint, not looked at; a view on the text
};
std::string proof_text(const LogProof& proof);
Result<LogProof> read_proof(std::string_view text);  // kBundle

}  // namespace focal::evidence

// That a leaf stands in a log, as one file (c2sp.org/tlog-proof): its index, the path to the root,
// and the checkpoint with that root and the cosignature lines that are known (docs/protocol.md,
// "Paths and proofs").
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"
#include "node/store/checkpoint.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxTlogProof = 96u << 10;   // bytes
inline constexpr std::size_t kMaxTlogProofHashes = 63;

struct TlogProof {
  std::uint64_t index = 0;      // of the leaf, from 0
  crypto::MerklePath path;
  std::string note;             // the checkpoint, whole
};

std::string format_tlog_proof(const TlogProof& proof);
// One accepted form; "extra" is refused. Nothing is verified. kLimit (over 96 KiB), kWitness.
Result<TlogProof> parse_tlog_proof(std::string_view text);

// Does the leaf with this hash stand there, in the log of this name and key? The checkpoint says
// how large the log was. kWitness: another log, another leaf; kSignature; kNote.
Result<store::Checkpoint> check_tlog_proof(const TlogProof& proof, const Hash32& leaf_hash,
                                           std::string_view origin,
                                           const crypto::PublicKey& log_key);

}  // namespace focal::exchange

// What two nodes say about checkpoints on a link: frames 09 CKPT and 0A COSIG (docs/protocol.md,
// "Checkpoints on a link"). Form only: what is wrong with origin, key or proof is the
// WitnessBook's to judge.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxCkptBody = (64u << 10) + (4u << 10);
inline constexpr std::size_t kMaxCkptProof = 63;          // hashes
inline constexpr std::size_t kMaxCosigField = 64u << 10;  // bytes of each

// "This is my log now, and it continues what you hold": the body of an add-checkpoint request of
// c2sp.org/tlog-witness.
struct CkptFrame {
  std::uint64_t old_size = 0;  // 0 = the reader holds nothing
  std::vector<Hash32> proof;   // RFC 6962 2.1.2, from old_size to the size of the note
  std::string note;            // a checkpoint, whole
  bool operator==(const CkptFrame&) const = default;
};

// An answer (checkpoint and lines), or a refusal or demand (conflict alone).
struct CosigFrame {
  std::string checkpoint;      // note of the reader
  std::string lines;           // signature lines of the sender over it, each with its '\n'
  std::string conflict;        // the newest note of the reader that the sender holds
  bool operator==(const CosigFrame&) const = default;
};

// Without the type byte. One form of each. kFrame.
Result<CkptFrame> parse_ckpt(ByteView body);
Bytes encode_ckpt(const CkptFrame& frame);
Result<CosigFrame> parse_cosig(ByteView body);
Bytes encode_cosig(const CosigFrame& frame);

}  // namespace focal::exchange

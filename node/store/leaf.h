// A leaf of the ledger: 74 bytes, canonical for free (docs/protocol.md, "Leaves").
//   0 version 0x01 | 1 type | 2 u64be unix ms | 10 ref (32) | 42 detail (32)
// leaf hash = H(0x00 || 74 bytes).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "node/store/rows.h"

namespace focal::store {

enum class LeafType : std::uint8_t {
  kPad = 0,
  kSent = 1,
  kReceived = 2,
  kReceiptOut = 3,
  kReceiptIn = 4,
  kPeerCard = 5,
  kPeerVerified = 6,
  kKeyEpoch = 7,
  kShred = 8,
  kLookupAsked = 9,
  kLookupServed = 10,
  kAdmin = 11,
  kContinuation = 12,
  kWitnessed = 13,
  kForkProof = 14,
  kRejected = 15,
};

inline constexpr std::size_t kLeafSize = 74;
using LeafBytes = std::array<std::uint8_t, kLeafSize>;

struct Leaf {
  LeafType type = LeafType::kPad;
  std::uint64_t time_ms = 0;
  Hash32 ref{};
  Hash32 detail{};  // detail_commitment(), or zeros
};

LeafBytes encode_leaf(const Leaf& leaf);
std::optional<Leaf> decode_leaf(ByteView bytes);  // wrong size, version or unknown type: nothing
Hash32 leaf_hash(const Leaf& leaf);
std::string_view leaf_type_name(LeafType type);   // "SENT", "RECEIVED", …

// Is it about a party: a card or note of it, or a decision about it.
inline bool is_peer_act(LeafType type) {
  return type == LeafType::kPeerCard || type == LeafType::kPeerVerified ||
         type == LeafType::kForkProof;
}

// H("focal/detail/v1\0" || salt32 || detail)
Hash32 detail_commitment(const Hash32& salt, ByteView detail);

// Subject of a FORK_PROOF leaf, of the two texts without signatures, in any order:
// H("focal/fork/v1\0" || smaller || larger), their SHA-256 compared bytewise
Hash32 fork_proof_ref(const Hash32& text_a, const Hash32& text_b);

// Subject of the ADMIN leaf of a decision about two cases, a < b, so that the log alone says
// which stands: "focal/case-link" || u8 verdict || u64be a || u64be b
Hash32 case_link_ref(CaseId a, CaseId b, LinkVerdict verdict);
struct CaseLinkSubject {
  CaseId a = 0;
  CaseId b = 0;
  std::uint8_t verdict = 0;
};
std::optional<CaseLinkSubject> read_case_link_ref(const Hash32& ref);  // nothing: another subject

// Subject of the ADMIN leaf about the end of a sealing key: "focal/seal-ended" || kid
Hash32 seal_end_ref(const Id16& kid);

}  // namespace focal::store

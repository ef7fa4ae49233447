#include "node/store/leaf.h"

#include <algorithm>

#include "crypto/hash.h"
#include "crypto/merkle.h"

namespace focal::store {
namespace {
constexpr std::uint8_t kLeafVersion = 0x01;
constexpr std::string_view kDetailLabel{"focal/detail/v1\0", 16};
constexpr std::string_view kForkLabel{"focal/fork/v1\0", 14};
constexpr std::string_view kCaseLinkLabel{"focal/case-link"};
constexpr std::string_view kSealEndLabel = "focal/seal-ended";
static_assert(kCaseLinkLabel.size() + 1 + 8 + 8 == sizeof(Hash32));
}  // namespace

LeafBytes encode_leaf(const Leaf& leaf) {
  Bytes out;
  out.reserve(kLeafSize);
  out.push_back(kLeafVersion);
  out.push_back(static_cast<std::uint8_t>(leaf.type));
  put_u64be(out, leaf.time_ms);
  append(out, leaf.ref);
  append(out, leaf.detail);
  LeafBytes fixed_size{};
  std::copy(out.begin(), out.end(), fixed_size.begin());
  return fixed_size;
}

std::optional<Leaf> decode_leaf(ByteView bytes) {
  if (bytes.size() != kLeafSize || bytes[0] != kLeafVersion) return std::nullopt;
  if (bytes[1] > static_cast<std::uint8_t>(LeafType::kRejected)) return std::nullopt;
  Leaf leaf;
  leaf.type = static_cast<LeafType>(bytes[1]);
  leaf.time_ms = get_u64be(bytes.subspan(2));
  std::copy_n(bytes.begin() + 10, 32, leaf.ref.begin());
  std::copy_n(bytes.begin() + 42, 32, leaf.detail.begin());
  return leaf;
}

Hash32 leaf_hash(const Leaf& leaf) { return crypto::merkle_leaf(encode_leaf(leaf)); }

std::string_view leaf_type_name(LeafType type) {
  switch (type) {
    case LeafType::kPad: return "PAD";
    case LeafType::kSent: return "SENT";
    case LeafType::kReceived: return "RECEIVED";
    case LeafType::kReceiptOut: return "RECEIPT_OUT";
    case LeafType::kReceiptIn: return "RECEIPT_IN";
    case LeafType::kPeerCard: return "PEER_CARD";
    case LeafType::kPeerVerified: return "PEER_VERIFIED";
    case LeafType::kKeyEpoch: return "KEY_EPOCH";
    case LeafType::kShred: return "SHRED";
    case LeafType::kLookupAsked: return "LOOKUP_ASKED";
    case LeafType::kLookupServed: return "LOOKUP_SERVED";
    case LeafType::kAdmin: return "ADMIN";
    case LeafType::kContinuation: return "CONTINUATION";
    case LeafType::kWitnessed: return "WITNESSED";
    case LeafType::kForkProof: return "FORK_PROOF";
    case LeafType::kRejected: return "REJECTED";
  }
  return "UNKNOWN";
}

Hash32 detail_commitment(const Hash32& salt, ByteView detail) {
  return crypto::sha256({as_bytes(kDetailLabel), salt, detail});
}

Hash32 fork_proof_ref(const Hash32& text_a, const Hash32& text_b) {
  const auto& [smaller, larger] = std::minmax(text_a, text_b);
  return crypto::sha256({as_bytes(kForkLabel), smaller, larger});
}

Hash32 case_link_ref(CaseId a, CaseId b, LinkVerdict verdict) {
  Bytes text = to_bytes(kCaseLinkLabel);
  text.push_back(static_cast<std::uint8_t>(verdict));
  put_u64be(text, static_cast<std::uint64_t>(a));
  put_u64be(text, static_cast<std::uint64_t>(b));
  Hash32 out;
  std::copy(text.begin(), text.end(), out.begin());
  return out;
}

std::optional<CaseLinkSubject> read_case_link_ref(const Hash32& ref) {
  const ByteView bytes(ref);
  if (!equal(bytes.first(kCaseLinkLabel.size()), as_bytes(kCaseLinkLabel))) return std::nullopt;
  CaseLinkSubject out;
  out.verdict = ref[kCaseLinkLabel.size()];
  out.a = static_cast<CaseId>(get_u64be(bytes.subspan(kCaseLinkLabel.size() + 1, 8)));
  out.b = static_cast<CaseId>(get_u64be(bytes.subspan(kCaseLinkLabel.size() + 9, 8)));
  return out;
}

Hash32 seal_end_ref(const Id16& kid) {
  static_assert(kSealEndLabel.size() + sizeof(Id16) == sizeof(Hash32));
  Hash32 out;
  std::copy(kSealEndLabel.begin(), kSealEndLabel.end(), out.begin());
  std::copy(kid.begin(), kid.end(), out.begin() + kSealEndLabel.size());
  return out;
}

}  // namespace focal::store

// The envelope: what one recipient gets, on any path (docs/protocol.md,
// "Envelopes"). Bytes:
//   v=1 | suite | mode | to_kid(16) | u16be len(enc) | enc | len(hint) | hint | u64be idx   <- AAD
//   ct = ChaCha20-Poly1305 of u32be len(Inner) || Inner || zeros, to a bucket, + 16 bytes tag
// The key is HPKE Export("focal/env-key/v1\0" || u64be idx, 32), used once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hpke.h"
#include "crypto/random.h"
#include "crypto/x25519.h"
#include "node/exchange/schedule.h"

namespace focal::exchange {

inline constexpr std::uint8_t kModeBase = 0;
inline constexpr std::uint8_t kModePsk = 1;
inline constexpr std::uint64_t kMaxContextIdx = std::uint64_t{1} << 20;  // idx stays below
inline constexpr std::size_t kHintSize = 8;

// BOUNCE codes (docs/protocol.md, "Frames").
enum class BounceCode : std::uint32_t {
  kNone = 0, kKidGone = 1, kKidUnknown = 2, kPskUnknown = 3, kUnopenable = 4, kTooBig = 5,
  kWaiting = 6, kNotCollected = 7, kQuota = 9,
};

struct EnvelopeHeader {
  std::uint8_t suite = 0;
  std::uint8_t mode = 0;
  Id16 to_kid{};
  ByteView enc;                   // views into the envelope
  ByteView hint;
  std::uint64_t idx = 0;
  ByteView aad;
  ByteView ct;
};

// Step 1 of the receiver, as far as the bytes alone tell. Fails with kEnvelope:
// version, suite, mode, length of enc or hint, idx, ct not a bucket + 16.
Result<EnvelopeHeader> parse_envelope(ByteView envelope);

Hash32 envelope_id(ByteView envelope);                  // H("focal/envelope/v1\0" || envelope)
// Smallest bucket of {1,2,4,8,16,32,64,128,288} KiB that holds the inner; 0 if none does.
std::size_t bucket_for(std::size_t inner_size);

// A sender's HPKE context to one sealing key: lives at most 60 s, 2^16
// envelopes, 256 MiB; then its secrets are wiped with it.
class SealContext {
 public:
  // Nothing when the recipient's key is of small order.
  static std::optional<SealContext> open(crypto::Rng& rng, const std::string& to_party,
                                         const Id16& kid, const Hash32& pk, std::uint64_t mono_ms);
  bool is_spent(std::uint64_t mono_ms) const;
  const Id16& kid() const { return kid_; }
  Bytes seal(ByteView inner);     // inner.size() fits a bucket (checked)

 private:
  SealContext() = default;
  crypto::hpke::Context context_;
  Hash32 enc_{};
  Id16 kid_{};
  std::uint64_t next_idx_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t opened_ms_ = 0;
};

// A receiver's memory of contexts it derived (one X25519 per burst instead of
// one per envelope): at most 4096, five minutes each.
class OpenContexts {
 public:
  // Steps 2 and 3: the Inner, or kDecrypt (does not open) or kEnvelope (length
  // or padding wrong). Nobody outside may see which.
  Result<Bytes> open(const EnvelopeHeader& header, const crypto::DhKey& key,
                     const std::string& own_party, std::uint64_t mono_ms);
  // Wipes every context of that key.
  void forget(const Id16& kid);
  // Contexts made so far: those that were not in the cache.
  std::uint64_t made() const { return made_; }

 private:
  std::uint64_t made_ = 0;
  struct Entry {
    crypto::hpke::Context context;
    std::uint64_t since_ms;
  };
  const crypto::hpke::Context* context_for(const EnvelopeHeader& header, const crypto::DhKey& key,
                                           const std::string& own_party, std::uint64_t mono_ms);
  std::map<Bytes, Entry> entries_;  // key: kid || enc
};

}  // namespace focal::exchange

// The envelope: what one recipient gets, on any path (docs/protocol.md,
// "Envelopes"). Bytes:
//   v=1 | suite | mode | to_kid(16) | u16be len(enc) | enc | len(hint) | hint | u64be idx   <- AAD
//   ct = ChaCha20-Poly1305 of u32be len(Inner) || Inner || zeros, to a bucket, + 16 bytes tag
// The key is HPKE Export("focal/env-key/v1\0" || u64be idx, 32), used once.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/hpke.h"
#include "crypto/random.h"
#include "node/exchange/pair_secret.h"
#include "node/exchange/schedule.h"

namespace focal::exchange {

inline constexpr std::uint8_t kModeBase = 0;
inline constexpr std::uint8_t kModePsk = 1;
inline constexpr std::uint64_t kMaxContextIdx = std::uint64_t{1} << 20;  // idx stays below

// Bounds of a sender's context, and of a receiver's memory of contexts.
inline constexpr std::uint64_t kContextLifeMs = 60'000;
inline constexpr std::uint64_t kContextEnvelopes = 1u << 16;
inline constexpr std::uint64_t kContextBytes = 256u << 20;
inline constexpr std::size_t kOpenContexts = 4096;
inline constexpr std::uint64_t kOpenContextLifeMs = 5 * 60'000;

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
// Bytes of the envelope around an inner of that size, which fits a bucket (checked).
std::size_t envelope_size(const crypto::Suite& suite, std::uint8_t mode, std::size_t inner_size);

// A sender's HPKE context to one sealing key in one mode. Spent before another envelope
// could pass 60 s, 2^16 envelopes or 256 MiB; its secrets are wiped with it.
class SealContext {
 public:
  struct Options {
    std::uint8_t suite = kSuite1;
    const PairKey* pair = nullptr;  // mode psk: the key of the recipient key's week
  };
  // Nothing when this program has no such suite, or the recipient's key is not usable.
  static std::optional<SealContext> open(crypto::Rng& rng, const std::string& to_party,
                                         const Id16& kid, ByteView pk, std::uint64_t mono_ms,
                                         const Options& options);
  static std::optional<SealContext> open(crypto::Rng& rng, const std::string& to_party,
                                         const Id16& kid, ByteView pk, std::uint64_t mono_ms) {
    return open(rng, to_party, kid, pk, mono_ms, Options{});
  }
  bool is_spent(std::uint64_t mono_ms) const;
  const Id16& kid() const { return kid_; }
  std::uint8_t mode() const { return mode_; }
  Bytes seal(ByteView inner);     // inner.size() fits a bucket; not spent but by time (checked)

 private:
  SealContext() = default;
  const crypto::Suite* suite_ = nullptr;
  std::uint8_t mode_ = kModeBase;
  crypto::hpke::Context context_;
  Bytes enc_;
  Bytes hint_;
  Id16 kid_{};
  std::uint64_t next_idx_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t opened_ms_ = 0;
};

// A receiver's memory of contexts it derived (one KEM operation per burst instead of
// one per envelope): at most 4096, the least recently used goes first, and none is
// older than five minutes.
class OpenContexts {
 public:
  // Steps 2 and 3: the Inner, or kDecrypt (does not open) or kEnvelope (length or
  // padding wrong). Nobody outside may see which. pair: mode psk, unless knows().
  Result<Bytes> open(const EnvelopeHeader& header, const crypto::KemKey& key,
                     const std::string& own_party, std::uint64_t mono_ms,
                     const PairKey* pair = nullptr);
  // Is the context of exactly this suite, mode, kid, enc and hint at hand?
  bool knows(const EnvelopeHeader& header, std::uint64_t mono_ms) const;
  // Wipes what is older than five minutes.
  void sweep(std::uint64_t mono_ms);
  // Wipes every context of that key.
  void forget(const Id16& kid);
  // Contexts made so far: those that were not in the memory.
  std::uint64_t made() const { return made_; }
  std::size_t size() const { return entries_.size(); }

 private:
  using Order = std::list<Bytes>;  // names, the least recently used first
  struct Entry {
    crypto::hpke::Context context;
    std::uint64_t since_ms;
    Id16 kid;
    Order::iterator place;
  };
  const crypto::hpke::Context* context_for(const EnvelopeHeader& header, const crypto::KemKey& key,
                                           const std::string& own_party, std::uint64_t mono_ms,
                                           const PairKey* pair);
  std::uint64_t made_ = 0;
  std::map<Bytes, Entry> entries_;
  Order order_;
};

}  // namespace focal::exchange

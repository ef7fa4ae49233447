// The secret that two parties who met share beside their keys, and what is derived of
// it (docs/protocol.md, "Pair secret"): one chain of weekly keys for each direction,
// of which the past cannot be computed from the present. It goes into HPKE's psk mode,
// so that recorded traffic stays closed to whoever breaks X25519 one day. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/clock.h"
#include "crypto/secret.h"

namespace focal::exchange {

inline constexpr std::size_t kHintSize = 8;
inline constexpr std::size_t kPairKeySize = 32;
inline constexpr std::uint64_t kFirstPairWeek = 2922;    // e0: begins Monday 2026-01-05
inline constexpr std::uint64_t kMostPairSteps = 10'000;  // weeks computed in one go: 190 years
inline constexpr std::string_view kPskId = "focal/psk/v1";  // psk_id of HPKE

using PairHint = std::array<std::uint8_t, kHintSize>;

// e of a sealing key that begins at this Monday: (unix day - 4) / 7; 0 before 1970-01-05.
constexpr std::uint64_t pair_week(std::uint64_t monday_ms) {
  const std::uint64_t day = monday_ms / kDayMs;
  return day < 4 ? 0 : (day - 4) / 7;
}

// PSK_ab of both ends' ceremony secrets c (32 bytes each, checked) and N = pair_hash().
crypto::Secret pair_secret(const crypto::Secret& c_a, const crypto::Secret& c_b, const Hash32& n);
crypto::Secret first_pair_key(const crypto::Secret& psk_ab, std::string_view from,
                              std::string_view to);            // psk_e0 of that direction
crypto::Secret next_pair_key(const crypto::Secret& psk_e);     // psk_e+1

// What `from` shows to prove that it holds the same secret: HMAC under psk_e0 of the
// direction from -> to.
crypto::Secret confirm_tag(const crypto::Secret& psk_e0, std::string_view from);

// What one week of one direction needs.
struct PairKey {
  crypto::Secret psk;       // psk_e
  crypto::Secret hint_key;  // HKDF(psk_e, info = "hint")

  PairHint hint(ByteView enc) const;
};
PairKey make_pair_key(crypto::Secret psk_e);

// One direction from some week on. Earlier weeks are gone for good.
class PairChain {
 public:
  PairChain() = default;
  // psk_e of week e; before week 2922 there is none (checked).
  PairChain(std::uint64_t week, crypto::Secret psk_e);
  // From psk_e0 on to that week, or to e0 if that is later.
  static PairChain from_first(crypto::Secret psk_e0, std::uint64_t week);

  std::uint64_t week() const { return week_; }         // the oldest one kept
  const crypto::Secret& oldest() const { return psk_; }
  // Nothing for a week that was forgotten, or over kMostPairSteps ahead.
  std::optional<crypto::Secret> at(std::uint64_t week) const;
  // Goes on to that week and wipes what was before. True if anything was forgotten;
  // never goes back, never more than kMostPairSteps.
  bool forget_before(std::uint64_t week);

 private:
  std::uint64_t week_ = 0;
  crypto::Secret psk_;
};

}  // namespace focal::exchange

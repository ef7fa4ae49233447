// X25519 (RFC 7748) key pairs: sealing keys (HPKE) and transport keys (CURVE).
#pragma once

#include <optional>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace focal::crypto {

struct DhKey {
  Hash32 pk{};
  Secret sk;  // 32 bytes
};

DhKey make_dh_key(Rng& rng);
DhKey dh_key_from_secret(Secret sk);
// Nothing when the result is all zeros (small-order input). For crypto/dhkem.cc alone.
std::optional<Secret> dh(const Secret& sk, const Hash32& pk);
// False for a point of small order: with it the result of dh() is known to everybody.
bool is_usable_dh_key(const Hash32& pk);

}  // namespace focal::crypto

// Ed25519 (RFC 8032) as libsodium verifies it: cofactorless, canonical S, A and
// R of small order refused. DSSE pre-authentication encoding for everything that is not
// a note (docs/protocol.md, "Signatures").
#pragma once

#include <array>
#include <string_view>

#include "base/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace focal::crypto {

using PublicKey = Hash32;
using Signature = std::array<std::uint8_t, 64>;

struct SigningKey {
  PublicKey pk{};
  Secret seed;  // 32 bytes
};

SigningKey make_signing_key(Rng& rng);
SigningKey signing_key_from_seed(Secret seed);
Signature sign(const SigningKey& key, ByteView message);
// False for any size of signature but 64.
bool verify(const PublicKey& pk, ByteView message, ByteView signature);

// True for a canonical encoding of a point of the prime-order subgroup
// (not the identity): what every key of a card must be.
bool is_usable_public_key(ByteView pk);

// "DSSEv1 " len(type) " " type " " len(body) " " body   (DSSE protocol text)
Bytes pae(std::string_view type, ByteView body);
inline constexpr std::string_view kBatchType = "application/vnd.focal.batch.v1";
inline constexpr std::string_view kReleaseType = "application/vnd.focal.release.v1";

}  // namespace focal::crypto

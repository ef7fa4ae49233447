// DHKEM(X25519, HKDF-SHA256) of RFC 9180 4.1, the KEM of suite 1. The only caller of
// the Diffie-Hellman function: every shared secret has an ephemeral key of its sender
// in it (test: Layers.DiffieHellmanIsDoneByTheKemAlone).
#pragma once

#include <optional>

#include "crypto/suite.h"

namespace focal::crypto::dhkem {

inline constexpr std::size_t kKeySize = 32;  // public, private and encapsulated

KemKey key_from_secret(Secret sk);
bool is_usable(ByteView pk);
std::optional<Encapsulated> encap(Rng& rng, ByteView pk_r);
std::optional<Secret> decap(ByteView enc, const KemKey& key_r);

// For vectors: a fixed ephemeral key; DeriveKeyPair of RFC 9180 7.1.3.
std::optional<Encapsulated> encap_with(const DhKey& ephemeral, ByteView pk_r);
DhKey derive_key_pair(ByteView ikm);

}  // namespace focal::crypto::dhkem

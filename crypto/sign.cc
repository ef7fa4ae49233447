#include "crypto/sign.h"

#include <sodium.h>

#include <cstring>
#include <string>

#include "base/check.h"

namespace focal::crypto {
namespace {

constexpr std::size_t kSeedSize = crypto_sign_SEEDBYTES;

// libsodium's secret key is seed || pk.
Secret expanded(const SigningKey& key) {
  FOCAL_CHECK(key.seed.size() == kSeedSize);
  Secret sk(crypto_sign_SECRETKEYBYTES);
  std::memcpy(sk.bytes().data(), key.seed.view().data(), kSeedSize);
  std::memcpy(sk.bytes().data() + kSeedSize, key.pk.data(), key.pk.size());
  return sk;
}

}  // namespace

SigningKey make_signing_key(Rng& rng) {
  Secret seed(kSeedSize);
  rng.fill(seed.bytes());
  return signing_key_from_seed(std::move(seed));
}

SigningKey signing_key_from_seed(Secret seed) {
  FOCAL_CHECK(seed.size() == kSeedSize);
  SigningKey key;
  Secret sk(crypto_sign_SECRETKEYBYTES);
  FOCAL_CHECK(crypto_sign_seed_keypair(key.pk.data(), sk.bytes().data(), seed.view().data()) == 0);
  key.seed = std::move(seed);
  return key;
}

Signature sign(const SigningKey& key, ByteView message) {
  const Secret sk = expanded(key);
  Signature out;
  FOCAL_CHECK(crypto_sign_detached(out.data(), nullptr, message.data(), message.size(),
                                   sk.view().data()) == 0);
  return out;
}

bool verify(const PublicKey& pk, ByteView message, ByteView signature) {
  if (signature.size() != crypto_sign_BYTES) return false;
  return crypto_sign_verify_detached(signature.data(), message.data(), message.size(), pk.data()) ==
         0;
}

bool is_usable_public_key(ByteView pk) {
  if (pk.size() != crypto_core_ed25519_BYTES) return false;
  std::array<std::uint8_t, crypto_core_ed25519_BYTES> identity{};
  identity[0] = 1;
  if (equal(pk, identity)) return false;
  return crypto_core_ed25519_is_valid_point(pk.data()) == 1;
}

Bytes pae(std::string_view type, ByteView body) {
  Bytes out;
  const std::string type_size = std::to_string(type.size());
  const std::string body_size = std::to_string(body.size());
  out.reserve(16 + type.size() + type_size.size() + body.size() + body_size.size());
  append(out, "DSSEv1 ");
  append(out, type_size);
  append(out, " ");
  append(out, type);
  append(out, " ");
  append(out, body_size);
  append(out, " ");
  append(out, body);
  return out;
}

}  // namespace focal::crypto

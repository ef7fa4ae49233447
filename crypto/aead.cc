#include "crypto/aead.h"

#include <sodium.h>

#include "base/check.h"

namespace focal::crypto {
namespace {

using SealFunction = int (*)(unsigned char*, unsigned long long*, const unsigned char*,
                             unsigned long long, const unsigned char*, unsigned long long,
                             const unsigned char*, const unsigned char*, const unsigned char*);
using OpenFunction = int (*)(unsigned char*, unsigned long long*, unsigned char*,
                             const unsigned char*, unsigned long long, const unsigned char*,
                             unsigned long long, const unsigned char*, const unsigned char*);

constexpr std::size_t kKeySize = 32;
static_assert(kTagSize == crypto_aead_chacha20poly1305_ietf_ABYTES);
static_assert(kTagSize == crypto_aead_xchacha20poly1305_ietf_ABYTES);

void seal(SealFunction function, ByteView key, ByteView nonce, ByteView aad, ByteView plain,
          Bytes& out) {
  FOCAL_CHECK(key.size() == kKeySize);
  const std::size_t at = out.size();
  out.resize(at + plain.size() + kTagSize);
  FOCAL_CHECK(function(out.data() + at, nullptr, plain.data(), plain.size(), aad.data(), aad.size(),
                       nullptr, nonce.data(), key.data()) == 0);
}

std::optional<Bytes> open(OpenFunction function, ByteView key, ByteView nonce, ByteView aad,
                          ByteView sealed) {
  FOCAL_CHECK(key.size() == kKeySize);
  if (sealed.size() < kTagSize) return std::nullopt;
  Bytes out(sealed.size() - kTagSize);
  if (function(out.data(), nullptr, nullptr, sealed.data(), sealed.size(), aad.data(), aad.size(),
               nonce.data(), key.data()) != 0)
    return std::nullopt;
  return out;
}

}  // namespace

void seal_chacha(ByteView key32, const Nonce12& nonce, ByteView aad, ByteView plain, Bytes& out) {
  seal(crypto_aead_chacha20poly1305_ietf_encrypt, key32, nonce, aad, plain, out);
}

std::optional<Bytes> open_chacha(ByteView key32, const Nonce12& nonce, ByteView aad,
                                 ByteView sealed) {
  return open(crypto_aead_chacha20poly1305_ietf_decrypt, key32, nonce, aad, sealed);
}

void seal_xchacha(ByteView key32, const Nonce24& nonce, ByteView aad, ByteView plain, Bytes& out) {
  seal(crypto_aead_xchacha20poly1305_ietf_encrypt, key32, nonce, aad, plain, out);
}

std::optional<Bytes> open_xchacha(ByteView key32, const Nonce24& nonce, ByteView aad,
                                  ByteView sealed) {
  return open(crypto_aead_xchacha20poly1305_ietf_decrypt, key32, nonce, aad, sealed);
}

}  // namespace focal::crypto

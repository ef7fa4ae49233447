#include "crypto/x25519.h"

#include <sodium.h>

#include "base/check.h"

namespace focal::crypto {
namespace {

// libsodium works on a copy of the secret on its stack and leaves it there.
constexpr std::size_t kStackOfScalar = 4096;

}  // namespace

DhKey make_dh_key(Rng& rng) {
  Secret sk(crypto_scalarmult_SCALARBYTES);
  rng.fill(sk.bytes());
  return dh_key_from_secret(std::move(sk));
}

DhKey dh_key_from_secret(Secret sk) {
  FOCAL_CHECK(sk.size() == crypto_scalarmult_SCALARBYTES);
  DhKey key;
  FOCAL_CHECK(crypto_scalarmult_base(key.pk.data(), sk.view().data()) == 0);
  sodium_stackzero(kStackOfScalar);
  key.sk = std::move(sk);
  return key;
}

std::optional<Secret> dh(const Secret& sk, const Hash32& pk) {
  FOCAL_CHECK(sk.size() == crypto_scalarmult_SCALARBYTES);
  Secret out(crypto_scalarmult_BYTES);
  const int refused = crypto_scalarmult(out.bytes().data(), sk.view().data(), pk.data());
  sodium_stackzero(kStackOfScalar);
  if (refused != 0) return std::nullopt;
  // libsodium refuses a list of small points; the result decides (RFC 9180 7.1.4).
  if (sodium_is_zero(out.view().data(), out.size()) == 1) return std::nullopt;
  return out;
}

bool is_usable_dh_key(const Hash32& pk) {
  Secret scalar(crypto_scalarmult_SCALARBYTES);  // any: with a small point the result is zero
  scalar.bytes()[0] = 1;
  return dh(scalar, pk).has_value();
}

}  // namespace focal::crypto

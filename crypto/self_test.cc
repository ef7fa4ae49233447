#include "crypto/self_test.h"

#include <sodium.h>

#include <array>

#include "crypto/hash.h"
#include "crypto/sign.h"

namespace focal::crypto {
namespace {

Hash32 from_hex(std::string_view text) { return *fixed<32>(*unhex(text)); }

bool hash_works() {
  return sha256("abc") ==
         from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

bool signature_works() {
  const Hash32 seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const SigningKey key = signing_key_from_seed(Secret::copy_of(seed));
  if (key.pk != from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"))
    return false;
  const std::array<std::uint8_t, 1> message{0x72};
  const Signature signature = sign(key, message);
  if (hex(signature) !=
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    return false;
  const std::array<std::uint8_t, 1> other{0x73};
  return verify(key.pk, message, signature) && !verify(key.pk, other, signature);
}

// The base point is usable; the base point plus a point of order 2, 4 or 8 is
// not (the faulty library accepted order 2), nor are the small points alone.
bool subgroup_check_works() {
  const Hash32 base = from_hex("5866666666666666666666666666666666666666666666666666666666666666");
  const std::array<Hash32, 3> small = {
      from_hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
      from_hex("0000000000000000000000000000000000000000000000000000000000000000"),
      from_hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")};
  if (!is_usable_public_key(base)) return false;
  for (const Hash32& point : small) {
    Hash32 mixed{};
    if (crypto_core_ed25519_add(mixed.data(), base.data(), point.data()) != 0) return false;
    if (is_usable_public_key(mixed) || is_usable_public_key(point)) return false;
  }
  return true;
}

}  // namespace

bool self_test() { return hash_works() && signature_works() && subgroup_check_works(); }

}  // namespace focal::crypto

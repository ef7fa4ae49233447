// Goal: X25519 is RFC 7748's, and no small-order point gets a shared secret.
// Method: vectors of section 5.2 with the iteration; N049: every such encoding.
#include "crypto/x25519.h"

#include <gtest/gtest.h>

#include "tests/unit/crypto/bytes_of.h"

namespace focal::crypto {
namespace {

using test::from_hex;
using test::hash_from_hex;

TEST(X25519, Rfc7748) {
  const auto check = [](const char* scalar, const char* point, const char* result) {
    const auto out = dh(Secret::copy_of(from_hex(scalar)), hash_from_hex(point));
    ASSERT_TRUE(out.has_value());
    EXPECT_EQ(hex(out->view()), result);
  };
  check("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  check("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

TEST(X25519, Rfc7748Iterated) {
  Hash32 k{9};
  Hash32 u{9};
  for (int i = 1; i <= 1000; ++i) {
    const auto out = dh(Secret::copy_of(k), u);
    ASSERT_TRUE(out.has_value());
    u = k;
    k = *fixed<32>(out->view());
    if (i == 1) {
      ASSERT_EQ(hex(k), "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
  }
  EXPECT_EQ(hex(k), "684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
}

TEST(X25519, BothSidesAgreeAndAThirdDoesNot) {
  SeededRng rng(5);
  const DhKey a = make_dh_key(rng);
  const DhKey b = make_dh_key(rng);
  const DhKey c = make_dh_key(rng);
  const auto ab = dh(a.sk, b.pk);
  EXPECT_TRUE(ab->equals(dh(b.sk, a.pk)->view()));
  EXPECT_FALSE(ab->equals(dh(c.sk, a.pk)->view()));
  EXPECT_EQ(dh_key_from_secret(a.sk.clone()).pk, a.pk);
}

TEST(X25519, N049_SmallOrderPointsGiveNothing) {
  SeededRng rng(6);
  const DhKey key = make_dh_key(rng);
  for (const char* point : {"0000000000000000000000000000000000000000000000000000000000000000",
                            "0100000000000000000000000000000000000000000000000000000000000000",
                            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    Hash32 pk = hash_from_hex(point);
    EXPECT_FALSE(dh(key.sk, pk).has_value()) << point;
    pk[31] |= 0x80;  // the bit that X25519 ignores
    EXPECT_FALSE(dh(key.sk, pk).has_value()) << point;
  }
}

}  // namespace
}  // namespace focal::crypto

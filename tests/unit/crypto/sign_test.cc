// Goal: Ed25519 signs as RFC 8032 says, accepts exactly what the design accepts
// (cofactorless, canonical, no small order), and card keys are prime-order points.
// Method: RFC vectors; malleated and odd signatures (N040); points of every order.
#include "crypto/sign.h"

#include <gtest/gtest.h>

#include "tests/unit/crypto/bytes_of.h"
#include "tests/vectors/vector_file.h"

namespace focal::crypto {
namespace {

using test::from_hex;
using test::hash_from_hex;

struct Rfc8032 {
  const char* seed;
  const char* pk;
  const char* message;
  const char* signature;
};

constexpr Rfc8032 kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"}};

TEST(Sign, Rfc8032) {
  for (const Rfc8032& c : kRfc8032) {
    const SigningKey key = signing_key_from_seed(Secret::copy_of(from_hex(c.seed)));
    EXPECT_EQ(hex(key.pk), c.pk);
    EXPECT_EQ(hex(sign(key, from_hex(c.message))), c.signature);
    EXPECT_TRUE(verify(key.pk, from_hex(c.message), from_hex(c.signature)));
  }
}

TEST(Sign, EveryFlippedBitIsRefused) {
  SeededRng rng(3);
  const SigningKey key = make_signing_key(rng);
  Bytes message(40);
  rng.fill(message);
  Signature signature = sign(key, message);
  for (std::size_t bit = 0; bit < 512; ++bit) {
    signature[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(verify(key.pk, message, signature)) << bit;
    signature[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  for (std::size_t bit = 0; bit < 320; ++bit) {
    message[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    EXPECT_FALSE(verify(key.pk, message, signature)) << bit;
    message[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
  }
  ASSERT_TRUE(verify(key.pk, message, signature));
  EXPECT_FALSE(verify(make_signing_key(rng).pk, message, signature));
  for (const std::size_t size : {0u, 32u, 63u})
    EXPECT_FALSE(verify(key.pk, message, ByteView(signature).first(size)));
  Bytes longer = to_bytes(ByteView(signature));
  longer.push_back(0);
  EXPECT_FALSE(verify(key.pk, message, longer));
}

// S + L, little-endian, in place; false if it does not fit 32 bytes.
bool add_group_order(std::span<std::uint8_t> s) {
  const Bytes order = from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = s[i] + order[i] + carry;
    s[i] = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  return carry == 0;
}

TEST(Sign, N040_MalleatedSIsRefused) {
  for (const Rfc8032& c : kRfc8032) {
    Bytes signature = from_hex(c.signature);
    for (int times = 1; add_group_order(std::span(signature).subspan(32)); ++times)
      EXPECT_FALSE(verify(hash_from_hex(c.pk), from_hex(c.message), signature)) << times;
  }
}

TEST(Sign, N040_OddSignaturesAsTheDesignSays) {
  int accepted = 0;
  for (const test::Vector& v : test::read_vectors("ed25519_edge.txt")) {
    const bool good = v.text("flags") == "-";
    EXPECT_EQ(verify(*fixed<32>(v.bytes("key")), as_bytes(v.text("msg")), v.bytes("sig")), good)
        << v.text("number");
    accepted += good;
    // Every key of this file has a small-order part, so none may stand in a card.
    EXPECT_FALSE(is_usable_public_key(v.bytes("key"))) << v.text("number");
  }
  EXPECT_EQ(accepted, 2);
}

// The eight points of order 1, 2, 4, 4, 8, 8, 8, 8.
constexpr const char* kSmallOrder[] = {
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"};

TEST(UsableKey, N019_SmallOrderIsRefused) {
  for (const char* point : kSmallOrder) EXPECT_FALSE(is_usable_public_key(from_hex(point)));
}

TEST(UsableKey, N019_MixedOrderIsRefused) {
  // The base point plus a point of order 2, 4 and 8.
  for (const char* point : {"9599999999999999999999999999999999999999999999999999999999999999",
                            "5252cc0a7f208133b620acbd4537eba2a4123bf0a8c2e4f980c3b31bb69765ea",
                            "98519eadf35b995233b51b5cd23e9cc5a28b639b5a4af0ec903cb960d81b7819"})
    EXPECT_FALSE(is_usable_public_key(from_hex(point))) << point;
}

TEST(UsableKey, N019_NonCanonicalIsRefused) {
  for (const char* point :
       {"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 1
        "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  // y = p + 3
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0100000000000000000000000000000000000000000000000000000000000080"})  // x = -0
    EXPECT_FALSE(is_usable_public_key(from_hex(point))) << point;
}

TEST(UsableKey, RealKeysAreUsableOtherSizesAreNot) {
  SeededRng rng(9);
  for (int i = 0; i < 50; ++i) EXPECT_TRUE(is_usable_public_key(make_signing_key(rng).pk));
  const SigningKey key = make_signing_key(rng);
  EXPECT_FALSE(is_usable_public_key(ByteView(key.pk).first(31)));
  EXPECT_FALSE(is_usable_public_key({}));
  // About half of all strings are no point at all.
  int refused = 0;
  for (int i = 0; i < 200; ++i) refused += !is_usable_public_key(rng.array<32>());
  EXPECT_GT(refused, 150);
}

TEST(Pae, ExampleOfTheDsseProtocol) {
  EXPECT_EQ(to_string(pae("http://example.com/HelloWorld", as_bytes("hello world"))),
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  EXPECT_EQ(to_string(pae("", {})), "DSSEv1 0  0 ");
}

TEST(Pae, TypeAndBodyCannotTradeBytes) {
  EXPECT_NE(pae("a", as_bytes("b 1 c")), pae("a b", as_bytes("1 c")));
}

}  // namespace
}  // namespace focal::crypto

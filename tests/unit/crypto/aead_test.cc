// Goal: both AEADs are the standard ones and open nothing that was touched.
// Method: RFC 8439 2.8.2 and draft-irtf-cfrg-xchacha A.3.1; every bit and length.
#include "crypto/aead.h"

#include <gtest/gtest.h>

#include "crypto/random.h"
#include "tests/unit/crypto/bytes_of.h"

namespace focal::crypto {
namespace {

using test::from_hex;

constexpr const char* kKey = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
constexpr const char* kAad = "50515253c0c1c2c3c4c5c6c7";
constexpr std::string_view kPlain =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";

TEST(Aead, Rfc8439) {
  const auto nonce = *fixed<12>(from_hex("070000004041424344454647"));
  const Bytes expected = from_hex(
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
      "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
      "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
      "3ff4def08e4b7a9de576d26586cec64b6116"
      "1ae10b594f09e26a7e902ecbd0600691");
  Bytes sealed{0xEE};  // seal appends
  seal_chacha(from_hex(kKey), nonce, from_hex(kAad), as_bytes(kPlain), sealed);
  ASSERT_EQ(sealed[0], 0xEE);
  EXPECT_EQ(hex(ByteView(sealed).subspan(1)), hex(expected));
  const auto opened = open_chacha(from_hex(kKey), nonce, from_hex(kAad), expected);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(as_text(*opened), kPlain);
}

TEST(Aead, XChaChaDraft) {
  const auto nonce = *fixed<24>(from_hex("404142434445464748494a4b4c4d4e4f5051525354555657"));
  const Bytes expected = from_hex(
      "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
      "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
      "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
      "21f9664c97637da9768812f615c68b13b52e"
      "c0875924c1c7987947deafd8780acf49");
  Bytes sealed;
  seal_xchacha(from_hex(kKey), nonce, from_hex(kAad), as_bytes(kPlain), sealed);
  EXPECT_EQ(hex(sealed), hex(expected));
  const auto opened = open_xchacha(from_hex(kKey), nonce, from_hex(kAad), sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(as_text(*opened), kPlain);
}

TEST(Aead, EveryBitAndEveryLengthCounts) {
  SeededRng rng(4);
  auto key = rng.array<32>();
  auto nonce = rng.array<12>();
  Bytes aad(9);
  rng.fill(aad);
  Bytes sealed;
  seal_chacha(key, nonce, aad, as_bytes("a short text"), sealed);
  ASSERT_TRUE(open_chacha(key, nonce, aad, sealed).has_value());
  const auto flips_are_refused = [&](std::span<std::uint8_t> field) {
    for (std::size_t bit = 0; bit < field.size() * 8; ++bit) {
      field[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      EXPECT_FALSE(open_chacha(key, nonce, aad, sealed).has_value()) << bit;
      field[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    }
  };
  flips_are_refused(sealed);
  flips_are_refused(key);
  flips_are_refused(nonce);
  flips_are_refused(aad);
  for (std::size_t n = 0; n < sealed.size(); ++n)
    EXPECT_FALSE(open_chacha(key, nonce, aad, ByteView(sealed).first(n)).has_value()) << n;
  sealed.push_back(0);
  EXPECT_FALSE(open_chacha(key, nonce, aad, sealed).has_value());
}

TEST(Aead, EmptyTextAndEmptyAad) {
  SeededRng rng(8);
  const auto key = rng.array<32>();
  const auto nonce = rng.array<24>();
  Bytes sealed;
  seal_xchacha(key, nonce, {}, {}, sealed);
  ASSERT_EQ(sealed.size(), kTagSize);
  EXPECT_EQ(open_xchacha(key, nonce, {}, sealed), std::optional<Bytes>(Bytes{}));
  EXPECT_FALSE(open_xchacha(key, nonce, as_bytes("x"), sealed).has_value());
}

}  // namespace
}  // namespace focal::crypto

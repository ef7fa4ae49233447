// Goal: integers, hex and base64 have one encoding each, and it is the standard one.
// Method: RFC 4648 section 10; every one-, two- and three-byte input there and back;
// everything that decodes must encode to the same text.
#include "base/bytes.h"

#include <gtest/gtest.h>

#include <random>

namespace focal {
namespace {

TEST(Integers, BigEndianThereAndBack) {
  Bytes out;
  put_u16be(out, 0x0102);
  put_u32be(out, 0x03040506);
  put_u64be(out, 0x0708090a0b0c0d0eULL);
  EXPECT_EQ(hex(out), "0102030405060708090a0b0c0d0e");
  const ByteView view(out);
  EXPECT_EQ(get_u16be(view), 0x0102);
  EXPECT_EQ(get_u32be(view.subspan(2)), 0x03040506u);
  EXPECT_EQ(get_u64be(view.subspan(6)), 0x0708090a0b0c0d0eULL);
  out.assign(8, 0xff);
  EXPECT_EQ(get_u64be(out), ~std::uint64_t{0});
  EXPECT_EQ(get_u16be(out), 0xffff);
}

TEST(Integers, TooFewBytesIsABug) {
  const Bytes three(3);
  EXPECT_DEATH(static_cast<void>(get_u32be(three)), "check failed");
  EXPECT_DEATH(static_cast<void>(get_u16be(ByteView(three).first(1))), "check failed");
  EXPECT_DEATH(static_cast<void>(get_u64be(three)), "check failed");
}

TEST(Lp, LengthThenText) {
  Bytes out;
  put_lp(out, "XA");
  put_lp(out, "");
  EXPECT_EQ(hex(out), "02584100");
  put_lp(out, std::string(255, 'x'));
  EXPECT_EQ(out.size(), 4u + 256u);
  EXPECT_DEATH(put_lp(out, std::string(256, 'x')), "check failed");
}

TEST(Fixed, OnlyTheExactSize) {
  const Bytes b{1, 2, 3};
  EXPECT_EQ(fixed<3>(b), (std::array<std::uint8_t, 3>{1, 2, 3}));
  EXPECT_FALSE(fixed<2>(b).has_value());
  EXPECT_FALSE(fixed<4>(b).has_value());
  EXPECT_FALSE(fixed<2>({}).has_value());
}

TEST(Equal, SizeAndBytes) {
  EXPECT_TRUE(equal({}, {}));
  EXPECT_TRUE(equal(as_bytes("ab"), as_bytes("ab")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("ac")));
  EXPECT_FALSE(equal(as_bytes("ab"), as_bytes("abc")));
}

TEST(Hex, ThereAndBack) {
  Bytes all(256);
  for (std::size_t i = 0; i < 256; ++i) all[i] = static_cast<std::uint8_t>(i);
  EXPECT_EQ(unhex(hex(all)), all);
  EXPECT_EQ(hex(Bytes{0x00, 0x9f, 0xff}), "009fff");
  EXPECT_EQ(unhex("aBcD"), (Bytes{0xab, 0xcd}));
  EXPECT_EQ(unhex(""), Bytes{});
  for (const char* bad : {"a", "abc", "0g", "g0", " 0", "0x", "\xc3\xa9", "-1"})
    EXPECT_FALSE(unhex(bad).has_value()) << bad;
}

TEST(Base64, Rfc4648Section10) {
  const std::pair<const char*, const char*> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& c : cases) {
    EXPECT_EQ(base64(as_bytes(c.first)), c.second);
    EXPECT_EQ(unbase64(c.second), to_bytes(c.first));
  }
  EXPECT_EQ(base64(Bytes{0xfb, 0xff, 0xfe}), "+//+");
}

TEST(Base64, EveryShortInputThereAndBack) {
  for (unsigned v = 0; v < 0x10000; ++v) {
    const Bytes two{static_cast<std::uint8_t>(v >> 8), static_cast<std::uint8_t>(v)};
    ASSERT_EQ(unbase64(base64(two)), two);
  }
  for (unsigned v = 0; v < 0x100; ++v) {
    const Bytes one{static_cast<std::uint8_t>(v)};
    ASSERT_EQ(unbase64(base64(one)), one);
  }
}

TEST(Base64, OneEncodingOnly) {
  for (const char* bad :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm8", "=Zg=", "Zg==Zg==", "Z===", "====", " Zm9v",
        "Zm9v\n", "Zm 9v", "Zm-_", "Zm9vYg==\n", "Zm9\xc3", "A=AA", "AA=A", "Zm9v===="})
    EXPECT_FALSE(unbase64(bad).has_value()) << bad;
}

TEST(Base64, WhatDecodesEncodesToTheSame) {
  const std::string alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/==== \n-_";
  std::mt19937 rng(1);  // NOLINT: a repeatable test
  int decoded = 0;
  for (int i = 0; i < 200000; ++i) {
    std::string text(rng() % 3 * 4 + (rng() % 8 == 0 ? 1 : 0), ' ');
    for (char& c : text) c = alphabet[rng() % alphabet.size()];
    const auto bytes = unbase64(text);
    if (!bytes) continue;
    ++decoded;
    ASSERT_EQ(base64(*bytes), text);
  }
  EXPECT_GT(decoded, 1000);
}

}  // namespace
}  // namespace focal

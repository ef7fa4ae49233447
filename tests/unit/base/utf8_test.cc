// Goal: is_utf8 accepts exactly the well-formed sequences of Unicode (table 3-7).
// Method: every code point encoded; every sequence of one or two bytes and every
// three- and four-byte border case against the table.
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/utf8.h"

namespace focal {
namespace {

std::string encode(std::uint32_t cp) {
  std::string out;
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80 | ((cp >> shift) & 0x3f));
  };
  if (cp < 0x80) {
    out += static_cast<char>(cp);
  } else if (cp < 0x800) {
    out += static_cast<char>(0xc0 | cp >> 6);
    tail(0);
  } else if (cp < 0x10000) {
    out += static_cast<char>(0xe0 | cp >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0 | cp >> 18);
    tail(12), tail(6), tail(0);
  }
  return out;
}

TEST(Utf8, EveryCodePointButTheSurrogates) {
  for (std::uint32_t cp = 0; cp <= 0x110100; ++cp) {
    const bool good = cp <= 0x10ffff && (cp < 0xd800 || cp > 0xdfff);
    ASSERT_EQ(is_utf8(encode(cp)), good) << std::hex << cp;
  }
}

// Length of the well-formed sequence that starts with these two bytes, by table 3-7;
// 0 if there is none.
int table_length(unsigned a, unsigned b) {
  const auto in = [](unsigned x, unsigned low, unsigned high) { return x >= low && x <= high; };
  if (in(a, 0xc2, 0xdf) && in(b, 0x80, 0xbf)) return 2;
  if (a == 0xe0) return in(b, 0xa0, 0xbf) ? 3 : 0;
  if (a == 0xed) return in(b, 0x80, 0x9f) ? 3 : 0;
  if (in(a, 0xe1, 0xef)) return in(b, 0x80, 0xbf) ? 3 : 0;
  if (a == 0xf0) return in(b, 0x90, 0xbf) ? 4 : 0;
  if (a == 0xf4) return in(b, 0x80, 0x8f) ? 4 : 0;
  if (in(a, 0xf1, 0xf3)) return in(b, 0x80, 0xbf) ? 4 : 0;
  return 0;
}

TEST(Utf8, TheTableOfWellFormedSequences) {
  for (unsigned a = 0x80; a < 0x100; ++a) {
    ASSERT_FALSE(is_utf8(std::string(1, static_cast<char>(a)))) << a;
    for (unsigned b = 0; b < 0x100; ++b) {
      std::string s{static_cast<char>(a), static_cast<char>(b)};
      const int length = table_length(a, b);
      for (int n = 2; n <= 5; ++n, s += '\xbf') ASSERT_EQ(is_utf8(s), n == length) << a << " " << b;
    }
  }
}

// Character by character: what is_utf8 accepts comes back as it went in, all else byte by byte.
TEST(Utf8, TakesTheSameCharactersThatAreAccepted) {
  for (std::uint32_t cp = 0; cp < 0x110000; ++cp) {
    const std::string text = encode(cp) + "z";
    std::string_view rest = text;
    const char32_t c = take_utf8(rest);
    ASSERT_EQ(c, is_utf8(text) ? cp : kNotUtf8) << std::hex << cp;
    ASSERT_EQ(rest.size(), is_utf8(text) ? 1u : text.size() - 1) << std::hex << cp;
  }
  for (const std::string text : {"\xff", "\xc0\xaf", "\xc3", "\xe2\x82", "\xe0\x80\x80", "\xf4\x90\x80\x80",
                                 "\xf0\x80\x80\x80", "\xc3z"}) {
    std::string_view rest = text;
    EXPECT_EQ(take_utf8(rest), kNotUtf8);
    EXPECT_EQ(rest.size(), text.size() - 1);
  }
}

TEST(Utf8, TheBeginningOfATextHasNoHalfCharacter) {
  EXPECT_EQ(begin_utf8("aéz", 9), "aéz");
  EXPECT_EQ(begin_utf8("aéz", 3), "aé");
  EXPECT_EQ(begin_utf8("aéz", 2), "a");
  EXPECT_EQ(begin_utf8("追追", 5), "追");
  EXPECT_EQ(begin_utf8("追", 2), "");
}

TEST(Utf8, BrokenTails) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8(std::string_view("\0", 1)));
  EXPECT_TRUE(is_utf8("a\xc3\xa9z"));
  for (const char* bad : {"a\xc3", "a\xe2\x82", "a\xf0\x9f\x98", "\xe2\x82z", "\xf0\x9f\x98z",
                          "\xe2\x28\xa1", "\xf0\x9f\x28\x80", "ok\xff"})
    EXPECT_FALSE(is_utf8(bad)) << bad;
}

}  // namespace
}  // namespace focal

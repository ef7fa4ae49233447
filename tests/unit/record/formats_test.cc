// Goal: each text form accepts what it should and nothing near it.
// Method: tables of good and bad values.
#include "node/record/formats.h"

#include <gtest/gtest.h>

#include <string>

namespace focal::record {
namespace {

void expect(bool (*form)(std::string_view), std::initializer_list<std::string_view> good,
            std::initializer_list<std::string_view> bad) {
  for (const auto text : good) EXPECT_TRUE(form(text)) << text;
  for (const auto text : bad) EXPECT_FALSE(form(text)) << text;
}

TEST(Formats, Party) {
  expect(is_party, {"XA", "XA-ITI", "UNODA", "A1", "ABCDEFGHIJKL"},
         {"", "X", "xa", "1A", "-A", "ABCDEFGHIJKLM", "XA_ITI", "XA/TRACE", "XA "});
}

TEST(Formats, Desk) {
  expect(is_desk, {"T", "TRACE", "NPC-2", "ABCDEFGHIJKLMNOP"},
         {"", "trace", "ABCDEFGHIJKLMNOPQ", "A B", "A_B"});
}

TEST(Formats, Language) {
  expect(is_language, {"en", "zh", "arz", "zh-CN"},
         {"", "e", "EN", "engl", "en-", "en-gb", "en-GBR", "-GB", "en_GB"});
}

TEST(Formats, PartialDate) {
  expect(is_partial_date, {"1987", "2014-05", "2016-02-29", "1891", "1700-02-28", "2000-02-29"},
         {"", "87", "1499", "2014-13", "2014-00", "2015-02-29", "1900-02-29", "2014-5", "2014/05",
          "2014-05-1", "2014-05-32", "20140501", "201a", "2014-05-01T", " 2014", "-201"});
}

TEST(Formats, Sha256) {
  expect(
      is_sha256_hex, {std::string(64, 'a'), std::string(64, '0')},
      {"", std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'A'), std::string(64, 'g')});
}

TEST(Formats, PlainText) {
  expect(is_plain_text,
         {"", "a", "two\nlines\tand a tab", "Ижевск", "小武器", "نقطة", "\xc2\xa0",
          "\xf0\x9f\x94\xab"},
         {std::string_view("a\0b", 3), "\r\n", "\x1b[31m", "\x7f", "\xc2\x80", "\xc2\x9f", "\xff",
          "\xc0\x80", "\xed\xa0\x80", "\xe2\x82"});
}

TEST(Formats, BlankAndLength) {
  EXPECT_TRUE(is_blank(" \t\n"));
  EXPECT_FALSE(is_blank(" . "));
  EXPECT_EQ(text_length("  abc \n"), 3u);
  EXPECT_EQ(text_length("Ижевск"), 6u);
  EXPECT_EQ(text_length("   "), 0u);
  EXPECT_EQ(text_length(" a \n\t b  c "), 5u);
}

}  // namespace
}  // namespace focal::record

// Goal: base45 is that of RFC 9285, and each byte string has one text that is read.
// Method: the examples of the RFC, each kind of damage once, and rapidcheck over any
// bytes and any text.
#include "base/base45.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace focal {
namespace {

std::optional<std::string> read(std::string_view text) {
  const auto bytes = unbase45(text);
  return bytes ? std::optional(to_string(*bytes)) : std::nullopt;
}

TEST(Base45, ExamplesOfTheRfc) {  // RFC 9285, 4.3 and 4.4
  EXPECT_EQ(base45(as_bytes("AB")), "BB8");
  EXPECT_EQ(base45(as_bytes("Hello!!")), "%69 VD92EX0");
  EXPECT_EQ(base45(as_bytes("base-45")), "UJCLQE7W581");
  EXPECT_EQ(read("QED8WEX0"), "ietf!");
  EXPECT_EQ(base45(as_bytes("ietf!")), "QED8WEX0");
  EXPECT_EQ(base45({}), "");
  EXPECT_EQ(read(""), "");
}

TEST(Base45, EdgesOfAGroup) {
  EXPECT_EQ(hex(*unbase45("FGW")), "ffff");  // RFC 9285, 6: FGW is 65535, GGW 65536
  EXPECT_FALSE(unbase45("GGW"));
  EXPECT_FALSE(unbase45(":::"));
  EXPECT_EQ(hex(*unbase45("U5")), "ff");
  EXPECT_FALSE(unbase45("V5")) << "256 is no byte";
  EXPECT_FALSE(unbase45("::"));
  EXPECT_EQ(hex(*unbase45("000")), "0000");
  EXPECT_EQ(hex(*unbase45("00")), "00");
}

TEST(Base45, RefusesOtherCharactersAndLengths) {
  for (const char* bad : {"A", "BB8B", "bb8", "BB!", "BB8\n", "\nBB8", "BB,", "B\xc3\x84", "BB_", "BB="})
    EXPECT_FALSE(unbase45(bad)) << bad;
  EXPECT_FALSE(unbase45(std::string_view("BB\0", 3)));
}

RC_GTEST_PROP(Base45, ReadsWhatItWrote, (const Bytes& bytes)) {
  const auto back = unbase45(base45(bytes));
  RC_ASSERT(back.has_value());
  RC_ASSERT(*back == bytes);
}

RC_GTEST_PROP(Base45, OneTextForEachByteString, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")));
  const auto bytes = unbase45(text);
  if (bytes) RC_ASSERT(base45(*bytes) == text);
}

}  // namespace
}  // namespace focal

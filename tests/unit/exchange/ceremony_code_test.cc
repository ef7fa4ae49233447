// Goal: a ceremony code has one text, and hostile text is refused without quoting it.
// Method: vectors computed once in Python from RFC 9285 and docs/protocol.md (root = the
// Ed25519 key of seed 32 x 01, c = 00 01 .. 1f):
//   "FOCAL:1:" + b45(bytes([len(p)]) + p + root + c)
// then every character of a code changed, cut, added; and payloads that lie.
#include "node/exchange/ceremony_code.h"

#include <gtest/gtest.h>

#include <numeric>

#include "base/base45.h"
#include "tests/support/party_fixture.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kPrint = "FOCAL:1:FD0%C8XDH$:RPB1C/IGLAFW59PN1NE71DA7OGWI0O3.WEV90 .122";
constexpr std::string_view kSecretCode =
    "FOCAL:1:FD0%C8XDH$:RPB1C/IGLAFW59PN1NE71DA7OGWI0O3.WEV90 .1HSBX507H0QS00+0J61%H1CT1V+1572OI2"
    "/T2H-2 73AJ3TU3V0";
constexpr std::string_view kLongest =
    "FOCAL:1:AP1AB8AB8AB8AB8AB8%C8XDH$:RPB1C/IGLAFW59PN1NE71DA7OGWI0O3.WEV90 .1HSBX507H0QS00+0J61"
    "%H1CT1V+1572OI2/T2H-2 73AJ3TU3V0";

const crypto::PublicKey kRoot = test::signing_key(1).pk;

crypto::Secret counting() {
  crypto::Secret c(kCeremonySecretSize);
  std::iota(c.bytes().begin(), c.bytes().end(), std::uint8_t{0});
  return c;
}

// FOCAL:1: and whatever bytes a hostile hand puts behind it.
std::string forged(ByteView bytes) { return "FOCAL:1:" + base45(bytes); }
Bytes honest_bytes(std::string_view party = "XB") {
  Bytes out;
  put_lp(out, party);
  append(out, kRoot);
  return out;
}

TEST(CeremonyCode, Vectors) {
  EXPECT_EQ(fingerprint_code("XA", kRoot), kPrint);
  EXPECT_EQ(as_text(ceremony_code("XA", kRoot, counting()).view()), kSecretCode);
  EXPECT_EQ(as_text(ceremony_code("XAAAAAAAAAAA", kRoot, counting()).view()), kLongest);
  EXPECT_EQ(kLongest.size(), kMaxCeremonyCode);
  const auto print = parse_ceremony_code(kPrint);
  ASSERT_TRUE(print) << print.error().message;
  EXPECT_EQ(print->party, "XA");
  EXPECT_EQ(print->root, kRoot);
  EXPECT_TRUE(print->c.empty());
  const auto secret = parse_ceremony_code(kSecretCode);
  ASSERT_TRUE(secret) << secret.error().message;
  EXPECT_EQ(secret->root, kRoot);
  EXPECT_TRUE(secret->c.equals(counting().view()));
  EXPECT_EQ(parse_ceremony_code(kLongest)->party, "XAAAAAAAAAAA");
}

TEST(CeremonyCode, OneText) {
  for (const std::string_view code : {kPrint, kSecretCode}) {
    const std::string text(code);
    for (std::size_t cut = 0; cut < text.size(); ++cut)
      EXPECT_FALSE(parse_ceremony_code(text.substr(0, cut))) << cut;
    for (const char* extra : {" ", "\n", "\r\n", "0", "00", "000", "\t"}) {
      EXPECT_FALSE(parse_ceremony_code(text + extra)) << extra;
      EXPECT_FALSE(parse_ceremony_code(extra + text)) << extra;
    }
    std::string lower = text;
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_FALSE(parse_ceremony_code(lower));
    EXPECT_FALSE(parse_ceremony_code("FOCAL:1:" + lower.substr(8)));
  }
}

TEST(CeremonyCode, AChangedCharacterIsRefusedOrAnotherCode) {
  const std::string text(kSecretCode);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : std::string("0AZ :a!")) {
      if (c == text[i]) continue;
      std::string changed = text;
      changed[i] = c;
      const auto code = parse_ceremony_code(changed);
      if (!code) continue;
      const bool same = code->party == "XA" && code->root == kRoot && code->c.equals(counting().view());
      EXPECT_FALSE(same) << i;
      EXPECT_EQ(as_text(ceremony_code(code->party, code->root, code->c).view()), changed);
    }
  }
}

TEST(CeremonyCode, PayloadsThatLie) {
  const auto code_of = [](const std::string& text) {
    const auto code = parse_ceremony_code(text);
    EXPECT_FALSE(code) << text;
    return code ? ErrorCode::kUsage : code.error().code;
  };
  Bytes good = honest_bytes();
  ASSERT_TRUE(parse_ceremony_code(forged(good)));
  for (const std::uint8_t length : {0, 1, 3, 33, 200, 255}) {
    Bytes bad = good;
    bad[0] = length;
    EXPECT_EQ(code_of(forged(bad)), ErrorCode::kInvalid) << int{length};
  }
  for (const std::size_t size : {1u, 31u, 33u, 40u}) {  // c of another length
    Bytes bad = good;
    bad.resize(good.size() + size, 7);
    EXPECT_EQ(code_of(forged(bad)), ErrorCode::kInvalid) << size;
  }
  for (const char* party : {"xb", "X", "X/B", "XB\n", "1B", "X\xc3\x84"})
    EXPECT_EQ(code_of(forged(honest_bytes(party))), ErrorCode::kInvalid) << party;
  Bytes small_order = good;
  std::fill(small_order.begin() + 3, small_order.end(), std::uint8_t{0});
  EXPECT_EQ(code_of(forged(small_order)), ErrorCode::kCardKey);
  small_order[3] = 1;  // the identity
  EXPECT_EQ(code_of(forged(small_order)), ErrorCode::kCardKey);
  EXPECT_EQ(code_of(forged({})), ErrorCode::kInvalid);
  EXPECT_EQ(code_of(std::string(kLongest) + "0"), ErrorCode::kLimit);
  EXPECT_EQ(code_of(std::string(1 << 20, 'A')), ErrorCode::kLimit);
}

TEST(CeremonyCode, OtherVersionsAndFamiliesAreNamed) {
  EXPECT_NE(parse_ceremony_code("FOCAL:2:00").error().message.find("version"), std::string::npos);
  EXPECT_NE(parse_ceremony_code("HTTP://X").error().message.find("begin"), std::string::npos);
}

TEST(CeremonyCode, ErrorsQuoteNothing) {
  std::string bad(kSecretCode);
  bad.back() = 'Z';
  const auto code = parse_ceremony_code(bad);
  ASSERT_FALSE(code);
  EXPECT_EQ(code.error().message.find("HSBX"), std::string::npos);
  EXPECT_EQ(code.error().path, "code");
  EXPECT_FALSE(code.error().hint.empty());
}

TEST(CeremonyCode, NamesItsPartyAndRoot) {
  const auto code = parse_ceremony_code(kPrint);
  ASSERT_TRUE(code);
  EXPECT_TRUE(check_code_names(*code, "XA", kRoot));
  EXPECT_FALSE(check_code_names(*code, "XB", kRoot));
  EXPECT_FALSE(check_code_names(*code, "XA", test::signing_key(2).pk));
}

}  // namespace
}  // namespace focal::exchange

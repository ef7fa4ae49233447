// Goal: both ends see the same sixty digits, computed as specified; what a person
// types is compared leniently in form and strictly in value.
// Method: vectors computed once in Python from the specification:
//   H = lambda b: hashlib.sha256(b).digest(); lp = lambda s: bytes([len(s)]) + s
//   a = H(b"focal/fp/v1\0" + lp(party) + root); N = H(b"focal/pair/v1\0" + min(a,b) + max(a,b))
//   str(int.from_bytes(N, "big") % 10**60).zfill(60)
#include "node/exchange/safety_number.h"

#include <gtest/gtest.h>

#include <numeric>

namespace focal::exchange {
namespace {

Hash32 counting_from(std::uint8_t first) {
  Hash32 out;
  std::iota(out.begin(), out.end(), first);
  return out;
}
const Hash32 kRootA = counting_from(0);   // 00 01 .. 1f
const Hash32 kRootB = counting_from(32);  // 20 21 .. 3f
constexpr std::string_view kDigits = "510077938575248301863296590747979065935457074649225425848294";

TEST(SafetyNumber, Vectors) {
  EXPECT_EQ(hex(pair_hash(root_fingerprint("XA", kRootA), root_fingerprint("XB", kRootB))),
            "014f4dc86bdb1fa88c8f6382b2aecc4c0e47d634ecbe345c30911e4ef92807e6");
  EXPECT_EQ(safety_number("XA", kRootA, "XB", kRootB), kDigits);
  EXPECT_EQ(safety_number("XB", kRootB, "XA", kRootA), kDigits);
  // Leading zeros: root B = 16490 as 32 bytes big-endian.
  Hash32 root{};
  root[30] = 16490 >> 8;
  root[31] = 16490 & 0xff;
  EXPECT_EQ(safety_number("XA", kRootA, "XB", root),
            "000087190365881861599828101118001614777710729619161779882988");
}

TEST(SafetyNumber, N143_PartyNamesAreNotAmbiguous) {
  EXPECT_EQ(safety_number("XA", kRootA, "XB-ITI", kRootB),
            "263704457503419273099027905283575300980560401177898210628505");
  EXPECT_EQ(safety_number("XAX", kRootA, "B-ITI", kRootB),
            "320191327532774436849343272375785335060261731121757488402088");
}

TEST(SafetyNumber, RemainderOfWholeRange) {
  const auto digits = [](const char* n) { return safety_digits(*fixed<32>(*unhex(n))); };
  EXPECT_EQ(digits("0000000000000000000000000000000000000000000000000000000000000000"),
            std::string(60, '0'));
  EXPECT_EQ(digits("0000000000000000000000000000000000000000000000000000000000000001"),
            std::string(59, '0') + "1");
  // 10^60 - 1, 10^60, 2^256 - 1
  EXPECT_EQ(digits("000000000000009f4f2726179a224501d762422c946590d90fffffffffffffff"),
            std::string(60, '9'));
  EXPECT_EQ(digits("000000000000009f4f2726179a224501d762422c946590d91000000000000000"),
            std::string(60, '0'));
  EXPECT_EQ(digits("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
            "423570985008687907853269984665640564039457584007913129639935");
}

TEST(SafetyNumber, OtherKeysGiveAnotherNumber) {
  Hash32 root = kRootB;
  root[31] ^= 1;
  EXPECT_NE(safety_number("XA", kRootA, "XB", root), kDigits);
  EXPECT_NE(safety_number("XA", kRootA, "XC", kRootB), kDigits);
}

TEST(SafetyNumber, TwelveGroupsOfFive) {
  EXPECT_EQ(format_safety_number(kDigits),
            "51007 79385 75248 30186 32965 90747 97906 59354 57074 64922 54258 48294");
}

std::string in_script(char32_t zero) {  // of U+0800 to U+FFFF, or two bytes below
  std::string out;
  for (char c : kDigits) {
    const char32_t p = zero + static_cast<char32_t>(c - '0');
    if (p >= 0x800) {
      out += static_cast<char>(0xe0 | p >> 12);
      out += static_cast<char>(0x80 | (p >> 6 & 0x3f));
    } else {
      out += static_cast<char>(0xc0 | p >> 6);
    }
    out += static_cast<char>(0x80 | (p & 0x3f));
  }
  return out;
}

TEST(SafetyNumber, TypedFormsAreRead) {
  const std::string grouped = format_safety_number(kDigits);
  std::string dashed = grouped;
  for (char& c : dashed)
    if (c == ' ') c = '-';
  std::string lines = grouped;
  lines.replace(lines.find(' '), 1, "\r\n\t");
  for (const std::string& typed :
       {std::string(kDigits), grouped, dashed, lines, "  " + grouped + "\n", in_script(0x660),
        in_script(0x6f0), in_script(0xff10), "\xe2\x80\x8f" + in_script(0x660) + "\xe2\x80\x8e",
        std::string(kDigits.substr(0, 30)) + "\xe2\x80\x93\xc2\xa0\xe3\x80\x80" +
            std::string(kDigits.substr(30))})
    EXPECT_TRUE(check_safety_number(kDigits, typed).has_value()) << typed;
}

TEST(SafetyNumber, EveryWrongDigitIsFoundInItsGroup) {
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    std::string typed(kDigits);
    typed[i] = typed[i] == '9' ? '0' : static_cast<char>(typed[i] + 1);
    const Status s = check_safety_number(kDigits, format_safety_number(typed));
    ASSERT_FALSE(s.has_value()) << i;
    EXPECT_EQ(s.error().code, ErrorCode::kInvalid);
    EXPECT_NE(s.error().message.find("group " + std::to_string(i / 5 + 1) + " of 12"),
              std::string::npos)
        << s.error().message;
  }
}

TEST(SafetyNumber, TwoGroupsSwappedDiffer) {
  std::string typed(kDigits);
  std::swap_ranges(typed.begin() + 30, typed.begin() + 35, typed.begin() + 35);
  EXPECT_NE(check_safety_number(kDigits, typed).error().message.find("group 7 of 12"),
            std::string::npos);
}

TEST(SafetyNumber, MissingAndSurplusDigits) {
  const auto message = [](std::string_view typed) {
    return check_safety_number(kDigits, typed).error().message;
  };
  for (std::size_t n = 0; n < 60; ++n) {
    EXPECT_NE(message(kDigits.substr(0, n)).find(std::to_string(n) + " digits instead of 60"),
              std::string::npos);
  }
  EXPECT_NE(message(std::string(kDigits) + "1").find("61 digits"), std::string::npos);
  EXPECT_NE(message(kDigits.substr(1)).find("group 1 of 12"), std::string::npos);
}

TEST(SafetyNumber, OtherTextIsRefused) {
  const auto code = [](std::string_view typed) {
    return check_safety_number(kDigits, typed).error().code;
  };
  const std::string digits(kDigits);
  EXPECT_EQ(code(digits + "x"), ErrorCode::kInvalid);
  EXPECT_EQ(code("O" + digits.substr(1)), ErrorCode::kInvalid);
  EXPECT_EQ(code(digits + "\xff"), ErrorCode::kInvalid);
  EXPECT_EQ(code(digits + "\xe0\xa5\xa6"), ErrorCode::kInvalid);  // a Devanagari digit
  EXPECT_EQ(code(digits + std::string(1000, ' ')), ErrorCode::kLimit);
}

}  // namespace
}  // namespace focal::exchange

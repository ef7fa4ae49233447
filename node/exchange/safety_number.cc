#include "node/exchange/safety_number.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/hash.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFingerprintLabel{"focal/fp/v1\0", 12};
constexpr std::string_view kPairLabel{"focal/pair/v1\0", 14};
constexpr std::size_t kGroupDigits = kSafetyDigits / kSafetyGroups;
constexpr std::uint32_t kGroupBase = 100000;  // 10^5

// Takes one code point off text, which is valid UTF-8 and not empty.
char32_t take_code_point(std::string_view& text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t c = size == 1 ? lead : lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i)
    c = (c << 6) | (static_cast<std::uint8_t>(text[i]) & 0x3fu);
  text.remove_prefix(size);
  return c;
}

// The digit's value, or -1.
int digit_value(char32_t c) {
  for (char32_t zero : {U'0', U'\u0660', U'\u06f0', U'\uff10'})
    if (c >= zero && c <= zero + 9) return static_cast<int>(c - zero);
  return -1;
}

bool is_separator(char32_t c) {
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-') return true;
  if (c >= 0x2000 && c <= 0x200f) return true;  // spaces, joiners, direction marks
  if (c >= 0x2010 && c <= 0x2015) return true;  // hyphens and dashes
  if (c >= 0x2028 && c <= 0x202f) return true;  // line ends, embeddings, narrow space
  if (c >= 0x2066 && c <= 0x2069) return true;  // isolates
  return c == 0xa0 || c == 0x61c || c == 0x2212 || c == 0x3000 || c == 0xff0d || c == 0xfeff;
}

}  // namespace

Hash32 root_fingerprint(std::string_view party, const crypto::PublicKey& root) {
  Bytes name;
  put_lp(name, party);
  return crypto::sha256({as_bytes(kFingerprintLabel), name, root});
}

Hash32 pair_hash(const Hash32& fingerprint_a, const Hash32& fingerprint_b) {
  const auto& [low, high] = std::minmax(fingerprint_a, fingerprint_b);
  return crypto::sha256({as_bytes(kPairLabel), low, high});
}

std::string safety_digits(const Hash32& pair) {
  std::string out(kSafetyDigits, '0');
  Hash32 number = pair;
  // Long division by 10^5, twelve times: each remainder is a group, the last one first.
  for (std::size_t group = kSafetyGroups; group-- > 0;) {
    std::uint32_t remainder = 0;
    for (std::uint8_t& byte : number) {
      const std::uint32_t part = remainder * 256 + byte;
      byte = static_cast<std::uint8_t>(part / kGroupBase);
      remainder = part % kGroupBase;
    }
    for (std::size_t i = kGroupDigits; i-- > 0; remainder /= 10)
      out[group * kGroupDigits + i] = static_cast<char>('0' + remainder % 10);
  }
  return out;
}

std::string safety_number(std::string_view party_a, const crypto::PublicKey& root_a,
                          std::string_view party_b, const crypto::PublicKey& root_b) {
  return safety_digits(
      pair_hash(root_fingerprint(party_a, root_a), root_fingerprint(party_b, root_b)));
}

std::string format_safety_number(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % kGroupDigits == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

Result<std::string> read_safety_digits(std::string_view typed) {
  if (typed.size() > kMaxTypedNumber)
    return fail(ErrorCode::kLimit, "the text is far longer than a safety number",
                "type the sixty digits only", "number");
  if (!is_utf8(typed))
    return fail(ErrorCode::kInvalid, "the text is not UTF-8", "type the sixty digits", "number");
  std::string out;
  while (!typed.empty()) {
    const char32_t c = take_code_point(typed);
    const int digit = digit_value(c);
    if (digit >= 0) {
      out += static_cast<char>('0' + digit);
    } else if (!is_separator(c)) {
      return fail(ErrorCode::kInvalid,
                  "after " + std::to_string(out.size()) + " digits stands something else",
                  "type digits, spaces and dashes only", "number");
    }
  }
  return out;
}

Status check_safety_number(std::string_view digits, std::string_view typed) {
  FOCAL_CHECK(digits.size() == kSafetyDigits);
  FOCAL_ASSIGN(const std::string got, read_safety_digits(typed));
  if (got == digits) return {};
  const std::size_t same = static_cast<std::size_t>(
      std::mismatch(got.begin(), got.end(), digits.begin(), digits.end()).first - got.begin());
  std::string message;
  if (got.size() != kSafetyDigits) message = std::to_string(got.size()) + " digits instead of 60; ";
  if (same == got.size()) {
    message += "all of them agree, but the rest is missing";
  } else if (same == kSafetyDigits) {
    message += "the first sixty agree";
  } else {
    message +=
        "group " + std::to_string(same / kGroupDigits + 1) + " of 12 is the first that differs";
  }
  return fail(ErrorCode::kInvalid, "the safety number does not match: " + message,
              "compare again by voice; if it still differs, this is not the party's card",
              "number");
}

}  // namespace focal::exchange

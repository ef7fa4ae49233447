// The safety number two parties compare by voice before they trust each other
// (docs/protocol.md, "First contact"): both see the same sixty digits. 10^60 is
// about 199 bits, so the number needs no stretching.
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/sign.h"

namespace focal::exchange {

inline constexpr std::size_t kSafetyDigits = 60;
inline constexpr std::size_t kSafetyGroups = 12;      // of five digits
inline constexpr std::size_t kMaxTypedNumber = 1024;  // bytes of what a person typed

// H("focal/fp/v1\0" || lp(party) || root)
Hash32 root_fingerprint(std::string_view party, const crypto::PublicKey& root);
// N = H("focal/pair/v1\0" || min(a,b) || max(a,b)); the same from both ends.
Hash32 pair_hash(const Hash32& fingerprint_a, const Hash32& fingerprint_b);

// N as a big-endian integer mod 10^60: sixty ASCII digits with leading zeros.
std::string safety_digits(const Hash32& pair);
std::string safety_number(std::string_view party_a, const crypto::PublicKey& root_a,
                          std::string_view party_b, const crypto::PublicKey& root_b);
// Twelve groups of five, one space between.
std::string format_safety_number(std::string_view digits);

// The ASCII digits of what a person typed: 0-9, Arabic-Indic, Extended Arabic-Indic
// and fullwidth digits; spaces, line breaks, dashes and direction marks are skipped.
// kInvalid for any other character, kLimit over 1 KiB.
Result<std::string> read_safety_digits(std::string_view typed);

// Whether typed is the number. kInvalid: which group of twelve is the first that
// differs, or how many digits are missing or too many.
Status check_safety_number(std::string_view digits, std::string_view typed);

}  // namespace focal::exchange

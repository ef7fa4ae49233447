// What two people hand each other so that machines compare their parties
// (docs/protocol.md, "Codes"): FOCAL:1: || base45(lp(party) || R.pk [|| c]), a text
// that a QR code holds. Without c it is a fingerprint for letters and no secret; with
// c (32 random bytes, the half of a pair secret) it is one while the ceremony lasts.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"
#include "crypto/sign.h"

namespace focal::exchange {

inline constexpr std::size_t kCeremonySecretSize = 32;  // c
// Prefix 8, then lp(party) of 13 bytes, 32 and 32 bytes in base45.
inline constexpr std::size_t kMaxCeremonyCode = 124;

struct CeremonyCode {
  std::string party;
  crypto::PublicKey root{};
  crypto::Secret c;  // empty: a fingerprint only
};

// party is a party's name (checked).
std::string fingerprint_code(std::string_view party, const crypto::PublicKey& root);
// The text is secret. c has kCeremonySecretSize bytes (checked).
crypto::Secret ceremony_code(std::string_view party, const crypto::PublicKey& root,
                             const crypto::Secret& c);

// One text for each code: upper case, nothing before or after it (a caller strips the
// line's end that a person's program added), exact length, a usable root key. Errors
// quote nothing of the text. kLimit, kInvalid, kCardKey; path "code".
Result<CeremonyCode> parse_ceremony_code(std::string_view text);

// Whether the code names this party under this root. kInvalid says which differs; a
// root that differs is an attack or a card of another ceremony.
Status check_code_names(const CeremonyCode& code, std::string_view party,
                        const crypto::PublicKey& root);

}  // namespace focal::exchange

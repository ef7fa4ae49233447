// Known-answer tests run by init() at every start (crypto/secret.h).
#pragma once

namespace focal::crypto {

// SHA-256 ("abc", FIPS 180-4), Ed25519 (RFC 8032 7.1 test 2, and once forged),
// and refusal of points outside the prime-order subgroup (CVE-2025-69277).
// False if the libraries at hand do not behave as the design needs.
bool self_test();

}  // namespace focal::crypto

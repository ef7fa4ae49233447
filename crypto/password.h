// Passwords of people, kept as Argon2id strings (RFC 9106; libsodium's crypto_pwhash_str): 64 MiB and
// three passes, so that a copy of the ledger is expensive to try. About a fifth of a second each.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace focal::crypto {

inline constexpr std::size_t kLeastPassword = 12;  // bytes
inline constexpr std::size_t kMostPassword = 256;

// "$argon2id$v=19$m=65536,t=3,p=1$…". kInvalid: too short or too long; kLimit: no memory for it.
Result<std::string> hash_password(const Secret& password);
// Is it the password of that string? An empty string is nobody's, and takes as long; an empty
// password, and one that is too long, are nobody's at once.
bool is_password(std::string_view hash, const Secret& password);

}  // namespace focal::crypto

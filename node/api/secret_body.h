// A secret inside a JSON body, a passphrase or the code of a meeting: taken out before the body is
// read as a message, put in after the message is written. Parsers, writers and messages copy
// text, and a copy that nobody wipes stays in memory.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "crypto/secret.h"

namespace focal::api {

inline constexpr std::size_t kMaxSecretBytes = 1024;

struct SplitBody {
  crypto::Secret secret;  // empty: the body has no such field
  std::string rest;       // the body with "" in its place
};

// field: a name at the top level of the object, e.g. "officer_passphrase". kInvalid: the body is
// no JSON object as far as it has to be read, or has the field twice (path = field); kLimit: more
// than kMaxSecretBytes. The body itself is the caller's to wipe.
Result<SplitBody> split_secret(std::string_view body, std::string_view field);

// The JSON text with the secret in the place of the empty text of that field (checked), which is
// written as "field":"". Made in one piece of memory: the only copy, the caller's to wipe.
std::string fill_secret(std::string_view json, std::string_view field, const crypto::Secret& secret);

// Overwrites text that held a secret.
void wipe_text(std::string& text);

}  // namespace focal::api

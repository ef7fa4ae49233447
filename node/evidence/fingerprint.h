// What a verifier is told besides the bundle: of a party the fingerprint of its root, got on
// another way (docs/protocol.md, "What the verifier is told").
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::evidence {

using Fingerprints = std::map<std::string, Hash32>;  // party -> fp

// Adds what one text says: PARTY=64 hexadecimal digits, or a code without secret. kInvalid (neither
// of them, or a code that holds a secret, which is nobody's to hand out), kExists (the party was
// given before). Nothing of a code is quoted.
Status add_fingerprint(Fingerprints& to, std::string_view text);

}  // namespace focal::evidence

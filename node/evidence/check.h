// The verifier: what a bundle proves under the fingerprints that one has (docs/protocol.md,
// "Claims"). No input or output, no clock; two verifiers give the same answer to every sequence
// of bytes.
#pragma once

#include <vector>

#include "base/bytes.h"
#include "node/evidence/claims.h"
#include "node/evidence/fingerprint.h"

namespace focal::evidence {

// In the order of the section; of an archive that has not the form of a bundle the one claim FORM.
std::vector<Claim> check_bundle(ByteView archive, const Fingerprints& fingerprints);
// What is said of a file that cannot be read.
std::vector<Claim> unreadable();

}  // namespace focal::evidence

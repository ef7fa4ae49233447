// The sheet of paper that goes into the safe after a root ceremony: one HTML page without
// anything outside itself, which a browser prints. What was done, when, to which card,
// the fingerprints as digits and as QR codes, and what to do next. Never a secret.
#pragma once

#include <string>

#include "base/result.h"

namespace focal::api::v1 {
class RootAct;
}

namespace focal::cli {

// file: where the note went, as the steps name it. kLimit: a code that cannot be drawn.
Result<std::string> root_sheet(const api::v1::RootAct& act, const std::string& file);

}  // namespace focal::cli

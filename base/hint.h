// What to do about an error, for people: its own hint, or where it has none the
// general one of its code (docs/operations.md, "Errors"). Used where errors are
// shown: HTTP answers and the programs' error output.
#pragma once

#include <string>

#include "base/result.h"

namespace focal {

std::string hint_of(const Error& error);  // never empty

}  // namespace focal

// Files that a command writes about cases.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace focal::cli {

// For its owner alone, and never over a file that is there: kExists, kIo. What could not be written
// whole is removed again.
Status write_new_file(const std::string& name, std::string_view text);

}  // namespace focal::cli

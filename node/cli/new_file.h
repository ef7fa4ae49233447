// Files that hold what a label protects: for their owner alone, and never over another file.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace focal::cli {

// kExists: the file is there. kIo: it cannot be made or written; nothing is left of it then.
Status write_new_file(const std::string& name, std::string_view text);

// The same, and at no time is there a part of it under that name: it is written beside it, as
// NAME.part, brought to the disk, and then given its name.
Status write_whole_file(const std::string& name, std::string_view text);

// Could it be written now: before what leads to it is done. Leaves no file. Errors as above.
Status check_new_file(const std::string& name);

}  // namespace focal::cli

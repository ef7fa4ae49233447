// The bytes of a configuration file, before anything is read from them.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace focal::config {

// A regular file of at most kMaxConfigSize bytes. kConfig.
Result<std::string> read_config_file(const std::filesystem::path& file);

// Where the running program is; else the working folder.
std::filesystem::path program_folder();

}  // namespace focal::config

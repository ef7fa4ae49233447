// The program `focal` but for main(): parse, run one command, print its error.
#pragma once

#include <string>
#include <vector>

#include "node/cli/offline.h"
#include "node/cli/session.h"

namespace focal::cli {

// Returns the exit code (command.h). arguments: without the program's name.
int run(const std::vector<std::string>& arguments, Io& io, const Offline& offline);

}  // namespace focal::cli

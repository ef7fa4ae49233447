// The command line's grammar: the only room that knows CLI11.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/cli/command.h"

namespace focal::cli {

struct Parsed {
  const Command* command = nullptr;  // null: only print text
  Values values;
  std::string folder;                // -C; empty = not given
  bool json = false;
  bool no_color = false;
  std::string text;                  // help or version
};

// kUsage: what is wrong, with the command's --help as hint. arguments: without the program.
Result<Parsed> parse(const std::vector<std::string>& arguments);

}  // namespace focal::cli

// The log of the simulated nodes: nowhere, or with --trace on standard output.
// Takes the place of base/log.cc in this program.
#include <cstdio>
#include <string>

#include "base/log.h"
#include "tests/sim/quiet_log.h"

namespace focal::sim {
bool trace_log = false;
}

namespace focal::log {

void set_level(Level) {}

void write(Level, std::string_view component, std::string_view message,
           std::initializer_list<Field> fields) {
  if (!sim::trace_log) return;
  std::string line = "      [" + std::string(component) + "] " + std::string(message);
  for (const auto& [key, value] : fields)
    line += " " + std::string(key) + "=" + std::string(value);
  std::puts(line.c_str());
}

}  // namespace focal::log

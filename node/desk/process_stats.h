// What the operating system says of this process.
#pragma once

#include <cstdint>

namespace focal::desk {

struct ProcessStats {
  double cpu_s = 0;                  // since its start, user and system
  double started_s = 0;              // Unix; 0 = not known
  std::uint64_t resident_bytes = 0;
  std::uint64_t threads = 0;
  std::uint64_t open_files = 0;
};

// What cannot be read is 0. Any thread.
ProcessStats read_process_stats();

}  // namespace focal::desk

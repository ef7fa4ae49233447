#include "node/cli/progress.h"

#include <ostream>

namespace focal::cli {

Progress::~Progress() {
  if (shown_) io_.err << '\n' << std::flush;
}

void Progress::show(std::uint64_t done, std::uint64_t all, std::uint64_t per_second) {
  if (!io_.terminal_err) return;
  std::string line = std::to_string(done);
  if (all != 0) line.append(" of ").append(std::to_string(all));
  line.append(" leaves");
  if (per_second != 0) line.append(", ").append(std::to_string(per_second)).append(" a second");
  // What stood there may have been longer.
  io_.err << '\r' << line << "    " << std::flush;
  shown_ = true;
}

}  // namespace focal::cli

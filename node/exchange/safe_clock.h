// The time that irreversible things go by: deadlines, the end of waiting. The wall
// clock may be wrong for a minute or for good; what it ends by mistake cannot be
// taken back (docs/protocol.md, "Time"). Memory only.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/clock.h"

namespace focal::exchange {

class SafeClock {
 public:
  // last_known_ms: wall time of the newest leaf; 0 if there is none.
  void start(const Now& now, std::uint64_t last_known_ms);
  // A VERIFIED party says what time it is there.
  void heard(const std::string& party, std::uint64_t peer_ms, const Now& now);

  // At most the wall clock. Where that is more than two days ahead of what it should
  // be by the monotonic clock since start(), the word of two parties counts (of the
  // only one that was heard), and without any the time since start().
  std::uint64_t at(const Now& now) const;

 private:
  struct Heard {
    std::uint64_t peer_ms;
    std::uint64_t mono_ms;
  };
  std::optional<std::uint64_t> best(const Now& now) const;

  std::uint64_t known_ms_ = 0;    // wall time at start()
  std::uint64_t mono_ms_ = 0;
  std::map<std::string, Heard> heard_;
};

}  // namespace focal::exchange

// Connections that were accepted and have not said anything yet. An honest caller says
// HELLO at once; whoever only holds on to a connection is cut off after a while, because
// descriptors are few. Pure: no socket, no clock.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>

#include "base/clock.h"

namespace focal::gate {

// From the connection on, handshake (at most 5 s) included.
inline constexpr std::uint64_t kMaxSilenceMs = 15'000;

class SilentCallers {
 public:
  void accepted(int connection, const Now& now);                // descriptor number; may come again
  void forget(int connection) { since_ms_.erase(connection); }  // it spoke, or it ended
  void clear();
  // One that has been silent for too long; it is forgotten. Call until there is none.
  std::optional<int> take_overdue(const Now& now);
  std::optional<std::uint64_t> next_ms() const;  // when to ask again at the latest

 private:
  struct Entry {
    std::uint64_t since_ms;
    int connection;
  };
  std::map<int, std::uint64_t> since_ms_;
  std::deque<Entry> oldest_first_;  // with those that were forgotten meanwhile
};

}  // namespace focal::gate

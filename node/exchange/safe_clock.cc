#include "node/exchange/safe_clock.h"

#include <algorithm>
#include <functional>
#include <vector>

namespace focal::exchange {
namespace {

constexpr std::uint64_t kMaxJumpMs = 48 * kHourMs;

std::uint64_t since(std::uint64_t mono_ms, const Now& now) {
  return now.mono_ms > mono_ms ? now.mono_ms - mono_ms : 0;
}

}  // namespace

void SafeClock::start(const Now& now, std::uint64_t last_known_ms) {
  known_ms_ = last_known_ms != 0 ? std::min(last_known_ms, now.wall_ms) : now.wall_ms;
  mono_ms_ = now.mono_ms;
  heard_.clear();
}

void SafeClock::heard(const std::string& party, std::uint64_t peer_ms, const Now& now) {
  heard_[party] = {peer_ms, now.mono_ms};
}

// The second newest word of all, so that one party alone cannot lead us astray where
// there are more; of one party, its word.
std::optional<std::uint64_t> SafeClock::best(const Now& now) const {
  std::vector<std::uint64_t> times;
  for (const auto& [party, word] : heard_) times.push_back(word.peer_ms + since(word.mono_ms, now));
  if (times.empty()) return std::nullopt;
  std::sort(times.begin(), times.end(), std::greater<>());
  return times[std::min<std::size_t>(1, times.size() - 1)];
}

std::uint64_t SafeClock::at(const Now& now) const {
  const std::uint64_t expected = known_ms_ + since(mono_ms_, now);
  if (now.wall_ms <= expected + kMaxJumpMs) return now.wall_ms;
  return std::min(now.wall_ms, std::max(expected, best(now).value_or(expected)));
}

}  // namespace focal::exchange

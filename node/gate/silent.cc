#include "node/gate/silent.h"

namespace focal::gate {

void SilentCallers::accepted(int connection, const Now& now) {
  since_ms_[connection] = now.mono_ms;
  oldest_first_.push_back({now.mono_ms, connection});
}

void SilentCallers::clear() {
  since_ms_.clear();
  oldest_first_.clear();
}

std::optional<int> SilentCallers::take_overdue(const Now& now) {
  while (!oldest_first_.empty() && now.mono_ms >= oldest_first_.front().since_ms + kMaxSilenceMs) {
    const Entry oldest = oldest_first_.front();
    oldest_first_.pop_front();
    const auto known = since_ms_.find(oldest.connection);
    if (known == since_ms_.end() || known->second != oldest.since_ms) continue;
    since_ms_.erase(known);
    return oldest.connection;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> SilentCallers::next_ms() const {
  if (oldest_first_.empty()) return std::nullopt;
  return oldest_first_.front().since_ms + kMaxSilenceMs;
}

}  // namespace focal::gate

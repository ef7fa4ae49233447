// How often something may come or go.
#pragma once

#include <cstdint>

namespace focal::exchange {

// Counts within periods of the monotonic clock.
class Rate {
 public:
  explicit Rate(std::uint64_t period_ms) : period_ms_(period_ms) {}
  bool allows(std::uint64_t mono_ms, std::uint32_t most) {
    if (mono_ms / period_ms_ != period_) period_ = mono_ms / period_ms_, count_ = 0;
    return ++count_ <= most;
  }
  bool is_over(std::uint64_t mono_ms, std::uint32_t most) const {
    return mono_ms / period_ms_ == period_ && count_ > most;
  }

 private:
  std::uint64_t period_ms_;
  std::uint64_t period_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace focal::exchange

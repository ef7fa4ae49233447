#include "node/gate/dialer.h"

#include <algorithm>

#include "base/check.h"

namespace focal::gate {

Dialer::Dialer(DialerLimits limits, std::size_t endpoints)
    : limits_(limits), endpoints_(endpoints) {
  FOCAL_CHECK(endpoints > 0 && limits.base_ms > 0 && limits.cap_ms >= limits.base_ms);
}

DialAction Dialer::tick(const Now& now) {
  switch (state_) {
    case DialState::kUp: return DialAction::kNone;
    case DialState::kConnecting:
      return now.mono_ms >= deadline_ms_ ? DialAction::kGiveUp : DialAction::kNone;
    case DialState::kBackoff:
      if (now.mono_ms < deadline_ms_) return DialAction::kNone;
      break;
    case DialState::kIdle: break;
  }
  state_ = DialState::kConnecting;
  deadline_ms_ = now.mono_ms + limits_.attempt_ms;
  return DialAction::kConnect;
}

void Dialer::up(const Now& now) {
  if (state_ != DialState::kConnecting) return;
  state_ = DialState::kUp;
  up_since_ms_ = now.mono_ms;
}

std::uint64_t Dialer::failed(const Now& now, crypto::Rng& rng) {
  const bool was_up = state_ == DialState::kUp;
  if (was_up && now.mono_ms - up_since_ms_ >= limits_.settled_ms) failures_ = 0;
  state_ = DialState::kBackoff;
  std::uint64_t wait = 0;
  if (!was_up && endpoint_ + 1 < endpoints_) {
    ++endpoint_;  // the next address of the same peer, at once
  } else {
    endpoint_ = 0;
    wait = wait_ms(rng);
    ++failures_;
  }
  deadline_ms_ = now.mono_ms + wait;
  return wait;
}

std::optional<std::uint64_t> Dialer::next_ms() const {
  if (state_ == DialState::kUp) return std::nullopt;
  return state_ == DialState::kIdle ? 0 : deadline_ms_;
}

std::uint64_t Dialer::wait_ms(crypto::Rng& rng) const {
  std::uint64_t wait = limits_.base_ms;
  for (unsigned k = 0; k < failures_ && wait < limits_.cap_ms; ++k) wait *= 2;
  wait = std::min(wait, limits_.cap_ms);
  return wait / 2 + rng.below(wait + 1);
}

}  // namespace focal::gate

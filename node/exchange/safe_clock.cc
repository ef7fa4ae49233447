#include "node/exchange/safe_clock.h"

#include <algorithm>
#include <functional>
#include <vector>

#include "base/check.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kLeastWords = 2;  // one peer alone is not believed
constexpr std::uint64_t kLatestMs = std::uint64_t{1} << 48;  // what a peer says is not to overflow

}  // namespace

std::string_view clock_state_name(ClockState state) {
  switch (state) {
    case ClockState::kAgreed: return "AGREED";
    case ClockState::kAlone: return "ALONE";
    case ClockState::kAhead: return "AHEAD";
    case ClockState::kBehind: return "BEHIND";
    case ClockState::kUnconfirmed: return "UNCONFIRMED";
  }
  FOCAL_CHECK(false);
}

std::uint64_t SafeClock::Point::at(const Now& now) const {
  return time_ms + (now.mono_ms > mono_ms ? now.mono_ms - mono_ms : 0);
}

void SafeClock::start(const Now& now, std::uint64_t stored_ms) {
  known_ = {stored_ms != 0 ? stored_ms : now.wall_ms, now.mono_ms};
  best_.reset();
  words_.clear();
}

void SafeClock::heard(const std::string& party, std::uint64_t peer_ms, const Now& now) {
  words_[party] = {std::min(peer_ms, kLatestMs), now.mono_ms};
  learn(now);
}

void SafeClock::signed_at(const std::string& party, std::uint64_t at_ms, const Now& now) {
  const auto word = words_.find(party);
  if (word != words_.end() && word->second.at(now) >= at_ms) return;
  heard(party, at_ms, now);
}

void SafeClock::forget(const std::string& party, const Now& now) {
  if (words_.erase(party) == 0) return;
  best_.reset();
  learn(now);
}

// Of the times of all that were heard in 30 days, each moved on to now, the quorum-th.
std::optional<std::uint64_t> SafeClock::quorum_time(const Now& now, std::size_t& heard) const {
  std::vector<std::uint64_t> times;
  times.reserve(words_.size());
  for (const auto& [party, word] : words_)
    if (now.mono_ms <= word.mono_ms + kWordLifeMs) times.push_back(word.at(now));
  heard = times.size();
  if (times.size() < kLeastWords) return std::nullopt;
  std::sort(times.begin(), times.end(), std::greater<>());
  return times[std::max(kLeastWords, std::min(quorum_, times.size())) - 1];
}

void SafeClock::learn(const Now& now) {
  std::size_t heard = 0;
  const auto time = quorum_time(now, heard);
  if (!time) return;
  if (!best_ || *time > best_->at(now)) best_ = Point{*time, now.mono_ms};
  // A wall clock that agrees with them is right: later jumps are measured from here.
  const ClockReading reading = read(now);
  if (reading.state == ClockState::kAgreed) known_ = {reading.safe_ms, now.mono_ms};
}

std::uint64_t SafeClock::latest(const Now& now) const {
  std::size_t heard = 0;
  const bool by_peers = quorum_time(now, heard).has_value();
  return std::max(now.wall_ms, by_peers ? best_->at(now) : known_.at(now));
}

ClockReading SafeClock::read(const Now& now) const {
  ClockReading out;
  if (quorum_time(now, out.heard)) {
    const std::uint64_t peers = best_->at(now);
    out.peers_ms = peers;
    out.safe_ms = std::min(now.wall_ms, peers);
    out.state = now.wall_ms > peers + kMaxClockJumpMs   ? ClockState::kAhead
                : now.wall_ms + kMaxClockJumpMs < peers ? ClockState::kBehind
                                                        : ClockState::kAgreed;
    return out;
  }
  const std::uint64_t expected = known_.at(now);
  const bool ahead = now.wall_ms > expected + kMaxClockJumpMs;
  out.safe_ms = ahead ? expected : now.wall_ms;
  out.state = ahead                                        ? ClockState::kUnconfirmed
              : now.wall_ms + kMaxClockJumpMs < expected ? ClockState::kBehind
                                                         : ClockState::kAlone;
  return out;
}

}  // namespace focal::exchange

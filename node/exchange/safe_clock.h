// The time that irreversible things go by: the end of a private key, a deadline, a
// waiting period. The wall clock may be wrong for a minute or for good; what it ends by
// mistake cannot be taken back (docs/protocol.md, "Time"). No I/O: what has to survive
// a restart is one number, at(), which the machine has the ledger keep.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace focal::exchange {

inline constexpr std::size_t kTimeQuorum = 2;                   // words of peers, newest first
inline constexpr std::uint64_t kMaxClockJumpMs = 48 * kHourMs;  // of the wall against what is known
inline constexpr std::uint64_t kWordLifeMs = 30 * kDayMs;       // a peer not heard longer does not count

enum class ClockState {
  kAgreed,       // two peers or more were heard, and the wall clock is within two days of them
  kAlone,        // fewer were heard; the wall clock runs as the monotonic clock does
  kAhead,        // the wall clock is more than two days ahead of the peers: theirs counts
  kBehind,       // … behind the peers, or behind what it was: it counts all the same
  kUnconfirmed,  // fewer than two peers were heard, and the wall clock is more than two days
                 // ahead of what was known: an operator or two peers have to confirm it
};
std::string_view clock_state_name(ClockState state);  // AGREED, ALONE, …

struct ClockReading {
  ClockState state = ClockState::kAlone;
  std::uint64_t safe_ms = 0;
  std::size_t heard = 0;                      // VERIFIED peers within 30 days
  std::optional<std::uint64_t> peers_ms;      // what they say, if enough were heard
};

class SafeClock {
 public:
  // quorum: the safe time is the quorum-th newest word, or that of all if fewer were
  // heard, but never the newest alone.
  explicit SafeClock(std::size_t quorum = kTimeQuorum) : quorum_(quorum) {}

  // stored_ms: what at() said before the process ended; 0 for a new ledger, whose wall
  // clock is believed. The monotonic clock starts from there: a time without the
  // process is not known to have passed.
  void start(const Now& now, std::uint64_t stored_ms);

  // A VERIFIED party says what time it is there: its newest word replaces the older.
  void heard(const std::string& party, std::uint64_t peer_ms, const Now& now);
  // A VERIFIED party signed this time, maybe long ago: it is at least so late.
  void signed_at(const std::string& party, std::uint64_t at_ms, const Now& now);
  // It is not VERIFIED any more: what it said does not count, and never did.
  void forget(const std::string& party, const Now& now);

  // Two or more peers heard in 30 days: the largest value so far of the quorum-th newest
  // of their times, plus the monotonic time since. Fewer: the wall clock, unless it is
  // more than 48 hours ahead of what was known plus the monotonic time since; then that.
  // Never later than the wall clock.
  std::uint64_t at(const Now& now) const { return read(now).safe_ms; }
  // No earlier than the right time, if the wall clock is behind: what is to end by the
  // safe time begins by this one, so that no clock ends it early.
  std::uint64_t latest(const Now& now) const;
  ClockReading read(const Now& now) const;

  // An operator says that the wall clock is right. Nothing to say where two peers know
  // better (kAhead): the caller refuses that.
  void confirm(const Now& now) { known_ = {now.wall_ms, now.mono_ms}; }

 private:
  struct Point {              // a time, and when it was so on the monotonic clock
    std::uint64_t time_ms = 0;
    std::uint64_t mono_ms = 0;
    std::uint64_t at(const Now& now) const;
  };
  void learn(const Now& now);
  std::optional<std::uint64_t> quorum_time(const Now& now, std::size_t& heard) const;

  std::size_t quorum_;
  Point known_;               // the wall clock when it was last found right
  std::optional<Point> best_;
  std::map<std::string, Point> words_;
};

}  // namespace focal::exchange

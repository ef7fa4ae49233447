// Fills the plan of a world that lasts for days: for plan_keys.cc and plan_logs.cc.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "crypto/random.h"
#include "tests/sim/plan.h"

namespace focal::sim {

inline constexpr What kDaily[] = {
    What::kPing, What::kTrace, What::kTrace,       What::kAct,   What::kAct,
    What::kAct,  What::kAct,   What::kUnknownKind, What::kBurst, What::kManyRecipients};
inline constexpr std::size_t kDailyWork = 60;
inline constexpr What kTroubles[] = {
    What::kLatency,          What::kConnectionLost, What::kDuplicate, What::kReorder,
    What::kPartition,        What::kPartition,      What::kOneWay,    What::kCrashBeforeCommit,
    What::kCrashAfterCommit, What::kIoError};
inline constexpr What kClockTroubles[] = {What::kClockSkew, What::kClockJump, What::kClockBack,
                                          What::kClockFarAhead};

class Planner {
 public:
  Planner(Plan& plan, crypto::Rng& rng) : plan_(plan), rng_(rng) {
    honest_ = plan.nodes - (plan.world->hostile ? 1 : 0);
  }

  std::size_t honest() const { return honest_; }
  std::uint64_t below(std::uint64_t n) { return rng_.below(n); }
  std::uint64_t between(std::uint64_t from_ms, std::uint64_t to_ms) {
    return from_ms + rng_.below(to_ms > from_ms ? to_ms - from_ms : 1);
  }
  std::size_t other_than(std::size_t a) { return (a + 1 + rng_.below(honest_ - 1)) % honest_; }

  void add(What what, std::uint64_t at_ms, std::size_t a, std::size_t b) {
    if (at_ms < plan_.length_ms)
      plan_.actions.push_back({at_ms, what, a, b, rng_.below(~std::uint64_t{0})});
  }
  void add(What what, std::uint64_t at_ms, std::size_t a) { add(what, at_ms, a, other_than(a)); }

  void everyday(std::size_t work, std::size_t troubles) {
    for (std::size_t i = 0; i < work; ++i)
      add(kDaily[below(std::size(kDaily))], below(plan_.length_ms), below(honest_));
    for (std::size_t i = 0; i < troubles; ++i)
      add(kTroubles[below(std::size(kTroubles))], below(plan_.length_ms), below(honest_));
    plan_.wrong_clock = below(honest_);
    for (std::size_t i = 0; i < 2; ++i)
      add(kClockTroubles[below(std::size(kClockTroubles))], below(plan_.length_ms),
          *plan_.wrong_clock);
  }
  // Officers of every node ask what is to be decided, about so often.
  void officers_ask(std::uint64_t from_ms, std::uint64_t every_ms) {
    for (std::size_t n = 0; n < honest_; ++n)
      for (std::uint64_t at = from_ms + below(every_ms); at < plan_.length_ms;
           at += every_ms / 2 + below(every_ms))
        add(What::kAsk, at, n);
  }
  // Each names others as witnesses of its log, within that time; some name others later.
  void witnesses(std::uint64_t within_ms) {
    for (std::size_t n = 0; n < honest_; ++n) {
      add(What::kWitnesses, below(within_ms), n);
      if (below(4) == 0) add(What::kWitnesses, between(within_ms, plan_.length_ms), n);
    }
  }
  void several(What what, std::size_t count, std::uint64_t from_ms, std::size_t a) {
    for (std::size_t i = 0; i < count; ++i) add(what, between(from_ms, plan_.length_ms), a);
  }

 private:
  Plan& plan_;
  crypto::Rng& rng_;
  std::size_t honest_;
};

bool is_about_logs(KeyStory story);
void plan_logs(Plan& plan, Planner& planner);

}  // namespace focal::sim

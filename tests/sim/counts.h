// What a run did: for the last line of the program.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "tests/sim/plan.h"

namespace focal::sim {

// What came of what was done to keys. Over a range of seeds each has to happen.
enum class Effect : std::uint8_t {
  kNodesStolen, kRootsStolen, kBothStolen, kBelieved, kLostToThief, kShutOut, kRefusedCard,
  kRefusedWaiting, kFalseHeld, kFalsePinned, kForkProofs, kCards, kRotations, kRecoveries, kCatchUps, kHoldsOver, kConfirmed,
  kRevocations, kIntroduced, kKeysDestroyed, kWaitedForKeys,
  kCosigned, kPublished, kOlderCopies, kReported, kContinued, kGotBack,
  kForksSeen, kLogAlarms, kPromisesBroken, kBundles, kMutants, kErased,
};
inline constexpr std::size_t kEffectCount = static_cast<std::size_t>(Effect::kErased) + 1;
inline constexpr std::string_view kEffectNames[kEffectCount] = {
    "nodes stolen", "roots stolen", "both stolen", "records of thieves believed",
    "records lost to thieves", "connections shut out", "refused for their card",
    "refused out of what waited", "thieves' cards held",
    "thieves' cards pinned", "proofs of two cards", "cards taken", "rotations taken",
    "recoveries taken", "several cards caught up on", "holds that lasted 72 hours",
    "confirmed by voice", "revocations taken", "introduced", "sealing keys destroyed",
    "rows that waited for keys", "checkpoints cosigned", "checkpoints published by a quorum",
    "older copies found out", "starts that waited for reports", "logs continued by a card",
    "records got back", "nodes that saw two logs", "alarms about logs", "broken promises found out",
    "bundles proved", "mutated bundles found broken", "records erased"};

struct Counts {
  std::uint64_t seeds = 0, steps = 0;
  std::uint64_t released = 0;   // (record, recipient)
  std::uint64_t exchanged = 0;  // of those, receipted by an honest recipient
  std::uint64_t frames = 0, leaves = 0, checkpoints = 0, cases_compared = 0;
  std::uint64_t stories = 0;          // told to their end
  std::uint64_t met = 0;              // pairs of moves, made before either arrived
  std::uint64_t seconds_refused = 0;  // of two officers of one desk in one group
  std::array<std::uint64_t, kWhatCount> planned{};
  std::array<std::uint64_t, kWhatCount> injected{};  // that had an effect
  std::array<std::uint64_t, kEffectCount> effects{};

  void plans(What what) { ++planned[static_cast<std::size_t>(what)]; }
  void did(What what) { ++injected[static_cast<std::size_t>(what)]; }
  void saw(Effect effect, std::uint64_t times = 1) {
    effects[static_cast<std::size_t>(effect)] += times;
  }
  void add(const Counts& more) {
    seeds += more.seeds, steps += more.steps, released += more.released;
    exchanged += more.exchanged, frames += more.frames, leaves += more.leaves;
    checkpoints += more.checkpoints, cases_compared += more.cases_compared;
    stories += more.stories, met += more.met, seconds_refused += more.seconds_refused;
    for (std::size_t i = 0; i < injected.size(); ++i) {
      planned[i] += more.planned[i];
      injected[i] += more.injected[i];
    }
    for (std::size_t i = 0; i < effects.size(); ++i) effects[i] += more.effects[i];
  }
};

}  // namespace focal::sim

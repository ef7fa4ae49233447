// What a run did: for the last line of the program.
#pragma once

#include <array>
#include <cstdint>

#include "tests/sim/plan.h"

namespace focal::sim {

struct Counts {
  std::uint64_t seeds = 0, steps = 0;
  std::uint64_t released = 0;   // (record, recipient)
  std::uint64_t exchanged = 0;  // of those, receipted by an honest recipient
  std::uint64_t frames = 0, leaves = 0, checkpoints = 0, cases_compared = 0;
  std::uint64_t stories = 0;          // told to their end
  std::uint64_t met = 0;              // pairs of moves, made before either arrived
  std::uint64_t seconds_refused = 0;  // of two officers of one desk in one group
  std::uint64_t cards_accepted = 0;   // after the first of a party
  std::uint64_t confirmed = 0;        // held cards, by officers
  std::uint64_t revocations = 0;      // committed
  std::array<std::uint64_t, kWhatCount> injected{};  // that had an effect

  void did(What what) { ++injected[static_cast<std::size_t>(what)]; }
  void add(const Counts& more) {
    seeds += more.seeds, steps += more.steps, released += more.released;
    exchanged += more.exchanged, frames += more.frames, leaves += more.leaves;
    checkpoints += more.checkpoints, cases_compared += more.cases_compared;
    stories += more.stories, met += more.met, seconds_refused += more.seconds_refused;
    cards_accepted += more.cards_accepted, confirmed += more.confirmed;
    revocations += more.revocations;
    for (std::size_t i = 0; i < injected.size(); ++i) injected[i] += more.injected[i];
  }
};

}  // namespace focal::sim

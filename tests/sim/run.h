// Runs one plan, tells how it broke, and finds the smallest plan that still breaks.
#pragma once

#include <optional>
#include <string>

#include "tests/sim/world.h"

namespace focal::sim {

// Every n-th seed of a range runs on both stores (0: none).
inline StoreKind store_of(std::uint64_t seed, StoreKind usual, std::uint64_t both_every) {
  return both_every != 0 && seed % both_every == 0 ? StoreKind::kBoth : usual;
}

struct Broken {
  std::string invariant;
  std::string words;
  std::string ledgers;      // the newest leaves of the parties concerned
  std::uint64_t step = 0;
  std::uint64_t at_ms = 0;
};

struct Ran {
  std::optional<Broken> broken;
  Counts counts;
  Hash32 transcript{};
};

Ran run_plan(const Plan& plan, StoreKind stores);

// Leaves actions out as long as the same invariant still breaks; at most `runs`
// further runs.
Plan shrink(const Plan& plan, StoreKind stores, const std::string& invariant, std::size_t runs);

}  // namespace focal::sim

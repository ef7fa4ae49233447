#include "tests/sim/run.h"

#include <algorithm>

#include "tests/sim/violation.h"

namespace focal::sim {

Ran run_plan(const Plan& plan, StoreKind stores) {
  Ran out;
  std::unique_ptr<World> world;
  try {
    world = std::make_unique<World>(plan, stores);
    world->run();
  } catch (const Violation& violation) {
    Broken broken;
    broken.invariant = violation.invariant;
    broken.words = violation.what();
    if (world) {
      broken.step = world->step();
      broken.at_ms = world->now_ms();
      for (const std::string& party : violation.parties)
        if (const std::string leaves = world->ledger_of(party); !leaves.empty())
          broken.ledgers += "  ledger of " + party + ", newest last:\n" + leaves;
    }
    out.broken = std::move(broken);
  }
  if (world) {
    out.counts = world->counts();
    out.transcript = world->transcript();
  }
  return out;
}

// Cuts ever smaller pieces out of the list (delta debugging without complements).
Plan shrink(const Plan& plan, StoreKind stores, const std::string& invariant, std::size_t runs) {
  Plan best = plan;
  for (std::size_t piece = best.actions.size() / 2; piece > 0 && runs > 0; piece /= 2) {
    for (std::size_t at = 0; at < best.actions.size() && runs > 0;) {
      Plan less = best;
      const auto from = less.actions.begin() + static_cast<std::ptrdiff_t>(at);
      const auto n = static_cast<std::ptrdiff_t>(std::min(piece, less.actions.size() - at));
      less.actions.erase(from, from + n);
      --runs;
      const auto ran = run_plan(less, stores);
      if (ran.broken && ran.broken->invariant == invariant)
        best = std::move(less);
      else
        at += piece;
    }
  }
  return best;
}

}  // namespace focal::sim

// The lives there are. A new one: its header, and its line in the table.
#include <array>

#include "node/casework/life.h"
#include "node/casework/tracing.h"
#include "node/casework/writers.h"

namespace focal::casework {

std::span<const Life* const> lives() {
  static const std::array all = {
      &tracing_life(),
  };
  return all;
}

const Life* find_life(std::string_view name) {
  for (const Life* life : lives())
    if (life->name == name) return life;
  return nullptr;
}

const Life* life_of_root(std::string_view kind) {
  for (const Life* life : lives())
    if (life->root_kind == kind) return life;
  return nullptr;
}

std::string_view outcome_of(const Life& life, const std::vector<ItemOutcome>& items) {
  const Phase phase = life.by_items == nullptr ? kBack : life.by_items(items);
  return phase == kBack ? std::string_view() : life.phases[phase].requester;
}

std::string_view state_list(std::string_view root_kind, Side side) {
  const Life* life = life_of_root(root_kind);
  if (life == nullptr) return {};
  return side == Side::kRequester ? life->requester_states : life->responder_states;
}

bool may_be_requesters(std::string_view kind) {
  if (life_of_root(kind) != nullptr) return true;
  for (const Life* life : lives())
    for (const Step& step : life->steps)
      if (step.kind == kind && step.by != By::kResponder) return true;
  return false;
}

}  // namespace focal::casework

// Casework for one group: after the machine has taken records in or released
// them, the cases they belong to are folded again and written in the same
// transaction (docs/architecture.md, "The walk of one tracing request").
#pragma once

#include <map>
#include <string>
#include <vector>

#include "node/casework/fold.h"
#include "node/exchange/machine.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::node {

// A case with everything that is shown of it.
struct OpenedCase {
  store::CaseRow row;
  casework::Case fold;
  std::vector<casework::Event> events;
};

// The events of a case are read from its records, which are sealed at rest: the
// database holds no outcome. A record that can no longer be read is left out.
OpenedCase open_case(store::View& view, const store::CaseRow& row);

// The first record of the thread a manifest belongs to: itself for a root.
store::RecordRef thread_root(const exchange::Manifest& manifest);

// Writes for the cases that the group's records touch; appended after the
// records themselves.
std::vector<store::Op> case_writes(store::View& view, const std::string& own_party,
                                   const std::vector<exchange::Machine::Fresh>& fresh,
                                   std::uint64_t now_ms);

}  // namespace focal::node

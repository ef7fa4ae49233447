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

// A row as it is shown. What the fold cannot know stands in the outbox: whether our
// request has a receipt.
struct ShownCase {
  store::CaseRow row;                // state DELIVERED once the request was accepted
  std::uint32_t request_status = 0;  // requester, before any answer: of its item in the outbox

  // Our request ended on its way (rejected, expired, cancelled): no answer will come.
  bool request_failed() const { return request_status != 0 && !store::is_accepted(request_status); }
};
ShownCase shown_case(store::View& view, store::CaseRow row);

// A case with everything that is shown of it. Where records of it were erased nothing is folded:
// the row stands as it was then, and `fold` says nothing.
struct OpenedCase : ShownCase {
  casework::Case fold;
  std::vector<casework::Event> events;
  std::vector<store::RecordInfo> erased;  // by index
};

using Group = std::vector<exchange::Machine::Fresh>;

// The events of a case are read from its records, which are sealed at rest: the
// database holds no outcome. A record that can no longer be read is left out.
// group: records of the group under way, not committed yet; those of this case count too.
OpenedCase open_case(store::View& view, const store::CaseRow& row, const Group& group = {});

// The first record of the thread a manifest belongs to: itself for a root.
store::RecordRef thread_root(const exchange::Manifest& manifest);

// Writes for the cases that the group's records touch; appended after the records themselves. A case
// with erased records keeps state, due times and flags; what comes into it asks for attention.
std::vector<store::Op> case_writes(store::View& view, const std::string& own_party,
                                   const Group& group,
                                   std::uint64_t now_ms);

}  // namespace focal::node

// Why there is no link to a party, in plain words: `focal peer show` and the outbox; what the doctor
// says too stands in its catalogue. Pure.
#pragma once

#include <string>
#include <string_view>

#include "node/desk/phrases.h"
#include "node/exchange/link_state.h"
#include "node/node/gate_report.h"

namespace focal::desk {

struct NoLink {
  std::string code;     // REFUSED_BY_PEER, NOT_REACHED, NO_ENDPOINT, LINK_ENDED; empty: nothing known
  std::string text;
  std::string hint;
};

// trouble: what the network process said of the way that came furthest; nullptr: nothing.
NoLink no_link(const std::string& party, bool has_endpoint, const node::DialTrouble* trouble,
               const exchange::LinkState& link);

// "3 days", "2 hours", "40 seconds": the largest whole unit.
Phrase span_of(std::uint64_t ms);

}  // namespace focal::desk

// Why there is no link to a party, in plain words: said alike by `focal peer show`, the outbox and
// the doctor. Pure.
#pragma once

#include <string>
#include <string_view>

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

// What to do where their node does not let our key in.
inline constexpr std::string_view kRefusedHint =
    "They have not added your card ('focal peer add' there), or your keys are revoked there: call "
    "them.";
std::string no_endpoint_text(const std::string& party);
inline constexpr std::string_view kNoEndpointHint =
    "Ask for a new introduction file, or wait for their call.";

// "3 days", "2 hours", "40 seconds": the largest whole unit.
std::string span_words(std::uint64_t ms);

}  // namespace focal::desk

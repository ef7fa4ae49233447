// What an operator changes about another party, in two halves on the node's loop thread:
// the first checks and joins the group, the second follows the commit. Between the two a
// newer schedule may have come in, so the second half looks again and changes only what
// was meant.
#pragma once

#include <string>

#include "node/desk/acting.h"
#include "node/desk/views.h"
#include "node/exchange/intro.h"

namespace focal::desk {

// The sixty digits of this node and that party.
std::string safety_number_of(node::Node& node, const exchange::Peer& peer);

// Pins a stranger at NONE, or replaces a card by its successor; the level stays.
// kCardChain, kCardKey, kInvalid, kLimit; kBusy: the group changes this party already.
// Returns the row as it is written.
// kAwaitsRelease: another card of a known party, which a second officer has to release.
Result<store::PeerRow> pin_peer(node::Node& node, const exchange::Introduction& intro,
                                const Now& now, By& by);
inline Result<store::PeerRow> pin_peer(node::Node& node, const exchange::Introduction& intro,
                                       const Now& now) {
  By nobody;
  return pin_peer(node, intro, now, nobody);
}
void peer_pinned(node::Node& node, const exchange::Introduction& intro,
                 const store::PeerRow& written, const Now& now);

// Raises to VERIFIED if the digits are right; the leaf says level, how and by whom.
// kNotFound, kBusy; kInvalid: the digits.
Status raise_trust(node::Node& node, const v1::PeerVerifyRequest& request, const By& by,
                   const Now& now);
void trust_raised(node::Node& node, const v1::PeerVerifyRequest& request, const Now& now);

}  // namespace focal::desk

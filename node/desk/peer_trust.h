// What is known of a party, gathered for trust_words.h and shown as messages of
// proto/trust.proto. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <string>
#include <vector>

#include "node/desk/trust_words.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class PeerDetailsResponse;
class PeerTrust;
}  // namespace focal::api::v1

namespace focal::desk {

namespace v1 = focal::api::v1;

inline constexpr std::size_t kMaxActs = 200;         // shown of a party, the newest
inline constexpr std::size_t kMaxForksShown = 1000;  // looked through

TrustFacts facts_of(node::Node& node, const exchange::Peer& peer, const Now& now);
void fill_trust(node::Node& node, const exchange::Peer& peer, const Now& now, v1::PeerTrust* out);
// Who decided what, and every signed note, verbatim.
void fill_proof(node::Node& node, const exchange::Peer& peer, v1::PeerDetailsResponse* out);

// Sentences for `focal status`: parties that are suspended, revoked or have a card on hold,
// contradictions, and what the exchange raised as an alarm since the start.
std::vector<std::string> trust_alarms(node::Node& node, const Now& now);

// The sixty digits of this node and that party, with this root key of it.
std::string safety_number_with(node::Node& node, const std::string& party,
                               const crypto::PublicKey& root);
std::string safety_number_of(node::Node& node, const exchange::Peer& peer);

}  // namespace focal::desk

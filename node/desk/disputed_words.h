// A record whose signature was made under a card that its party has revoked since: whether it
// stands, in plain words. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <string>

#include "node/node/node.h"

namespace focal::desk {

// "DISPUTED: …", or why it stands although the card was revoked later; empty: nothing to say.
std::string disputed_words(node::Node& node, const store::RecordInfo& record);

}  // namespace focal::desk

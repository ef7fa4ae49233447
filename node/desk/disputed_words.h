// A record whose signature was made under a card that its party has revoked since: whether it
// stands, in plain words. Called on the node's loop thread, inside Node::perform().
#pragma once

#include <string>
#include <string_view>

#include "node/node/node.h"

namespace focal::desk {

inline constexpr std::string_view kDisputed = "DISPUTED";

// "DISPUTED: …", or why it stands although the card was revoked later; empty: nothing to say.
std::string disputed_words(node::Node& node, const store::RecordInfo& record);

// Is there a disputed record in the case: its lists say DISPUTED. Cheap where the party has
// revoked nothing.
bool has_disputed(node::Node& node, const store::CaseRow& row);

}  // namespace focal::desk

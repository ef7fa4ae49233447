// `focal find`: a serial number in every way it can have been written, among all weapons of
// all records of this node. Called on the node's loop thread, inside Node::perform().
#pragma once

#include "node/desk/weapon_search.h"
#include "node/node/node.h"

namespace focal::desk {

// kInvalid: no serial number, one that has no keys, one of which too few characters are known
// to say anything, an unknown type. No message holds the number itself.
Status find_weapons(node::Node& node, const v1::FindRequest& request, const Now& now,
                    v1::FindResponse* out);

}  // namespace focal::desk

// What goes on while this copy of the node may not sign: looking, the card that ends the state,
// backups. Everything else is refused with the words of the guard.
#pragma once

#include <string_view>

#include "base/result.h"
#include "node/node/node.h"

namespace focal::desk {

// operation: name of a route.
bool goes_on_unsigned(std::string_view operation);
// kStarting, kRolledBack. Any thread.
Status check_run_state(const node::Node& node, std::string_view operation);

}  // namespace focal::desk

// The newest leaves of the ledger as an auditor sees them: whose act each keeps, and of a record
// whether its signature is in doubt since. Called on the node's loop thread, inside
// Node::perform().
#pragma once

#include "node/node/node.h"

namespace focal::api::v1 {
class LedgerTailRequest;
class LedgerViewResponse;
}  // namespace focal::api::v1

namespace focal::desk {

void show_tail(node::Node& node, const api::v1::LedgerTailRequest& request,
               api::v1::LedgerViewResponse* out);

}  // namespace focal::desk

// Leaves of the ledger as an auditor sees them: whose act each keeps, and of a record
// whether its signature is in doubt since. Called on the node's loop thread, inside
// Node::perform().
#pragma once

#include "node/node/node.h"

namespace focal::api::v1 {
class LedgerTailRequest;
class LedgerView;
class LedgerViewResponse;
}  // namespace focal::api::v1

namespace focal::desk {

class ReleaseProof;

// One leaf of the log; false: there is none of that index. proof: of this perform().
bool fill_leaf(node::Node& node, ReleaseProof& proof, store::LeafIndex idx,
               api::v1::LedgerView* out);

void show_tail(node::Node& node, const api::v1::LedgerTailRequest& request,
               api::v1::LedgerViewResponse* out);

}  // namespace focal::desk

// What the doctor judges by, gathered from the node. Called on the node's loop thread, inside
// Node::perform(). What takes time, the network and the other end's answer, is not of it.
#pragma once

#include "node/desk/doctor.h"
#include "node/exchange/peers.h"
#include "node/node/backup_keeper.h"
#include "node/node/node.h"

namespace focal::desk {

NodeFacts node_facts(node::Node& node, const node::BackupState& backups, const Now& now);

// closely: also what the ledger has to be searched for.
LinkFacts link_facts(node::Node& node, const exchange::Peer& peer, NodeFacts own, bool closely,
                     const Now& now);

}  // namespace focal::desk

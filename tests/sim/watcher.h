// Who is told what a node does. The watch holds the invariants of honest nodes; a thief's
// node tells somebody who only remembers what the thief said.
#pragma once

#include <vector>

#include "node/exchange/machine.h"
#include "node/store/txn.h"

namespace focal::sim {

class Node;

class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void started(Node&) {}
  virtual void restored(Node&, bool /*anchor_too*/) {}
  virtual void frame_in(Node&, exchange::LinkId, const Bytes&) {}
  virtual void committed(Node&, const store::Txn&, const store::Committed&) {}
  virtual void rolled_back(Node&) {}
  virtual void group_done(Node&, bool /*stored*/, const std::vector<exchange::Output>&) {}
  virtual void checkpoint(Node&, const store::CheckpointRow&) {}
  // From now on somebody may see it.
  virtual void shown(Node&, const store::CheckpointRow&) {}
  virtual void step(Node&) {}
};

}  // namespace focal::sim

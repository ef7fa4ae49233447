// One bad row never stops the node: which input made a group impossible to store
// (docs/protocol.md, "Commit, start, failure"). Pure but for the probe it is given.
#pragma once

#include <functional>
#include <optional>

#include "base/result.h"
#include "node/store/txn.h"

namespace focal::node {

using Probe = std::function<Status(const store::Txn&)>;  // stores nothing

// The statement (exact bytes) of the received batch or receipt batch without which
// the group could be stored: that of the last operation of the shortest beginning
// of the group that fails. Nothing if the group fails for another reason (an
// operation of our own), or does not fail.
std::optional<Bytes> find_culprit(const store::Txn& txn, const Probe& probe);

}  // namespace focal::node

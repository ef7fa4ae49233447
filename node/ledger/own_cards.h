// The cards of this node and the revocations it published. A card stands in the ledger
// before it is in force anywhere else, so that after a kill the ledger says which card
// the node has. A card that names another log continues the log under the new name
// (docs/protocol.md, "Continuation").
#pragma once

#include <string>
#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"

namespace focal::ledger {

// The log's name when it had `size` leaves, as a checkpoint of that size carries it;
// `otherwise` if no own card stands below.
Result<std::string> origin_at(Driver& db, std::uint64_t size, const std::string& otherwise);

class OwnCardStore {
 public:
  OwnCardStore(Parts& parts, DetailStore& details) : p_(parts), details_(details) {}

  // As node/store/txn.h says.
  Status put(const store::PutOwnCard& op, Group& group);
  Status put(const store::PutOwnRevocation& op, Group& group);

  std::vector<store::OwnCardRow> cards();       // oldest first
  std::vector<std::string> revocations();       // oldest first

 private:
  Status continue_log(const store::PutOwnCard& op, Group& group);

  Parts& p_;
  DetailStore& details_;
};

}  // namespace focal::ledger

// Opened envelopes that cannot be judged yet; their content is sealed.
#pragma once

#include <string>
#include <vector>

#include "node/ledger/parts.h"

namespace focal::ledger {

class WaitingStore {
 public:
  explicit WaitingStore(Parts& parts) : p_(parts) {}

  Status put(const store::PutWaiting& op);  // nothing if inner_hash is there
  Status drop(const store::DropWaiting& op);
  // Oldest first. A row whose key is gone is logged and left out.
  std::vector<store::WaitingRow> all();
  std::size_t bytes(const std::string& link_peer);

 private:
  Parts& p_;
};

}  // namespace focal::ledger

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
  std::vector<store::WaitingHead> all();    // oldest first
  Result<Bytes> inner(const Hash32& inner_hash);  // kNotFound; kCorrupt (its key is gone)

 private:
  Parts& p_;
};

}  // namespace focal::ledger

// What came back after this ledger was set back to an older copy: records by this node's own
// receipts, their content as it is sent again, and the roots of what it signed meanwhile
// (docs/protocol.md, "Schema").
#pragma once

#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/records.h"

namespace focal::ledger {

class RecoveredStore {
 public:
  RecoveredStore(Parts& parts, RecordStore& records, DetailStore& details, OutboxStore& outbox)
      : p_(parts), records_(records), details_(details), outbox_(outbox) {}

  // As node/store/txn.h says.
  Status put(const store::PutRecovered& op, Group& group);
  Status put(const store::PutBody& op, Group& group);
  Status put(const store::PutSignedRoots& op, Group& group);
  Status put(const store::ReopenItems& op, Group& group);

  std::vector<store::RecordRef> without_body(std::size_t limit);  // in the order of their leaves
  bool signed_and_lost(const Hash32& root);

 private:
  Status put_one(const store::RecoveredItem& item, std::int64_t peer, Group& group);

  Parts& p_;
  RecordStore& records_;
  DetailStore& details_;
  OutboxStore& outbox_;
};

}  // namespace focal::ledger

// Receipt batches we issued and received, and the statements we signed.
#pragma once

#include "node/ledger/outbox.h"
#include "node/ledger/records.h"

namespace focal::ledger {

class ReceiptStore {
 public:
  ReceiptStore(Parts& parts, RecordStore& records, OutboxStore& outbox)
      : p_(parts), records_(records), outbox_(outbox) {}

  // The items are not stored: each follows from its record's leaf and row.
  // kState: no records, or one that is not stored.
  Status put(const store::PutReceiptsOut& op, Group& group);
  Status put(const store::PutReceiptsIn& op, Group& group);

  bool signed_by_us(const Hash32& root);
  bool have_receipts(const std::string& from, const Hash32& root);

 private:
  Parts& p_;
  RecordStore& records_;
  OutboxStore& outbox_;
};

}  // namespace focal::ledger

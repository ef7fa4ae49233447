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

  // As node/store/view.h says.
  std::optional<store::ReceiptRow> receipt_for(store::LeafIndex sent, const std::string& party);
  std::optional<store::ReceiptRow> issued_receipt(store::LeafIndex received);
  std::vector<store::ReceiptRow> receipts_of(const std::string& signer, store::LeafIndex after,
                                             std::size_t limit);
  std::vector<store::BatchStmtRow> statements_of(const std::string& signer, store::BatchId after,
                                                 std::size_t limit);

 private:
  store::ReceiptRow read_in(const Query& query);
  // Nothing if it does not name the record.
  std::optional<store::ReceiptRow> read_one(store::LeafIndex id, const Hash32& rid);
  static std::vector<store::LeafIndex> covered(const Query& query);

  Parts& p_;
  RecordStore& records_;
  OutboxStore& outbox_;
};

}  // namespace focal::ledger

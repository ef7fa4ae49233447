// Erasure: a record's content goes, and everything else that could tell it; that it was here stays in
// the log (docs/protocol.md, "At rest").
#pragma once

#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/records.h"

namespace focal::ledger {

class ShredStore {
 public:
  ShredStore(Parts& parts, RecordStore& records, DetailStore& details, OutboxStore& outbox)
      : p_(parts), records_(records), details_(details), outbox_(outbox) {}

  // As node/store/txn.h says, but for the search index.
  Status put(const store::PutShred& op, Group& group);
  Status put(const store::SetDelAfter& op, Group& group);
  Status put(const store::SetDated& op, Group& group);

  // As node/store/view.h says.
  std::vector<store::LeafIndex> due(std::uint64_t safe_ms, std::size_t limit);
  store::IndexProgress dating_progress();

 private:
  Status destroy_item(store::LeafIndex idx, store::LeafIndex shred);
  Status destroy_batch_words(store::BatchId id);
  Status destroy_held_act(store::LeafIndex sent);

  Parts& p_;
  RecordStore& records_;
  DetailStore& details_;
  OutboxStore& outbox_;
};

}  // namespace focal::ledger

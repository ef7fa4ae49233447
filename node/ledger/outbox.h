// One row per (batch, recipient): what is still to be delivered, and how every
// sending ended.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/ledger/parts.h"

namespace focal::ledger {

// What the reason beside a row is sealed under.
Hash32 outbox_reason_ref(store::BatchId batch, const std::string& peer);

class OutboxStore {
 public:
  explicit OutboxStore(Parts& parts) : p_(parts) {}

  Status add(store::BatchId batch, const store::PutSentBatch& op, const Group& group);
  // No effect on a row that has ended (a change computed before a receipt came in
  // must not reopen it). kState: no such row, or DONE while items are open.
  Status set(const store::SetOutbox& op);
  // First receipt wins; a receipt also overwrites EXPIRED and CANCELLED. The row
  // is DONE when every item has a receipt, or has ended while the row was open.
  // Outcomes for a batch that was not sent to `from` are dropped. `receipt` is the leaf they
  // stand at. kState: a position outside the batch.
  Status apply(const std::string& from, const std::vector<store::ItemOutcome>& outcomes,
               store::LeafIndex receipt);
  // The item is not to be delivered any more, to anybody who has not answered yet.
  Status cancel(store::BatchId batch, std::uint32_t position);
  // The reasons of all rows of the batch are gone.
  Status destroy_reasons(store::BatchId batch);
  // As node/store/txn.h says; `keep` is true for the place of a record that was destroyed.
  Status reopen(const store::ReopenItems& op, const std::vector<bool>& keep);

  std::vector<store::OutboxRow> open();
  std::vector<store::OutboxRow> recent(std::size_t limit);
  std::optional<store::OutboxRow> get(store::BatchId batch, const std::string& peer);

 private:
  store::OutboxRow read(const Query& query);
  Status save(const store::OutboxRow& row, std::int64_t peer, bool with_reason);
  Result<std::vector<std::string>> recipients(store::BatchId batch);

  Parts& p_;
};

}  // namespace focal::ledger

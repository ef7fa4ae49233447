// What the machine still knows of records that were destroyed.
#include "node/exchange/machine.h"

namespace focal::exchange {

// The ledger has cancelled what was open of them; a batch of several goes on with the leaf in their
// place, made again from the ledger.
void Machine::erased(std::span<const store::RecordRef> refs) {
  for (const store::RecordRef& ref : refs) {
    const auto info = view_.find(ref);
    if (!info || !info->sent) continue;
    outbox_.for_each([&](const OutboxEntry& entry) {
      if (entry.row.batch == info->batch) touched_.emplace(entry.row.batch, entry.row.peer);
    });
    for (const auto& [batch, party] : touched_)
      if (OutboxEntry* entry = outbox_.find(batch, party); entry != nullptr && batch == info->batch)
        outbox_.drop_inner(*entry);
  }
  refresh_ended();
}

}  // namespace focal::exchange

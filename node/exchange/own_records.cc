#include "node/exchange/own_records.h"

namespace focal::exchange {

const store::RecordInfo* OwnRecords::find(const store::RecordRef& ref) {
  auto known = records_.find(ref.rid);
  if (known == records_.end()) {
    const auto info = view_.find(ref);
    if (!info || !info->sent) return nullptr;
    const auto batch = view_.batch(info->batch);
    if (!batch) return nullptr;
    for (const store::RecordInfo& record : batch->records) records_.emplace(record.ref.rid, record);
    known = records_.find(ref.rid);
    if (known == records_.end()) return nullptr;
  }
  // The time is inside the rid: with another one it names nothing.
  return known->second.ref == ref ? &known->second : nullptr;
}

const store::OutboxRow* OwnRecords::outbox(store::BatchId batch, const std::string& party) {
  auto known = rows_.find({batch, party});
  if (known == rows_.end())
    known = rows_.emplace(std::pair(batch, party), view_.outbox(batch, party)).first;
  return known->second ? &*known->second : nullptr;
}

}  // namespace focal::exchange

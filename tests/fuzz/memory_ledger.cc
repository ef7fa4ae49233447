#include "tests/fuzz/memory_ledger.h"

#include <algorithm>

#include "base/check.h"

namespace focal::test {

store::LeafIndex MemoryLedger::add_leaf(store::LeafType type, std::uint64_t time_ms,
                                        const Hash32& ref) {
  leaves_.push_back({type, time_ms, ref, {}});
  return static_cast<store::LeafIndex>(leaves_.size()) - 1;
}

store::Committed MemoryLedger::commit(const store::Txn& txn) {
  now_ms_ = txn.now_ms;
  store::Committed out;
  for (const store::Op& op : txn.ops) {
    if (const auto* sent = std::get_if<store::PutSentBatch>(&op)) put(*sent, out);
    if (const auto* received = std::get_if<store::PutReceivedBatch>(&op)) put(*received);
    if (const auto* receipts = std::get_if<store::PutReceiptsOut>(&op)) put(*receipts);
    if (const auto* receipts = std::get_if<store::PutReceiptsIn>(&op)) put(*receipts);
    if (const auto* row = std::get_if<store::SetOutbox>(&op)) put(*row);
    if (const auto* waits = std::get_if<store::PutWaiting>(&op))
      waiting_.emplace(waits->head.inner_hash, *waits);
    if (const auto* drop = std::get_if<store::DropWaiting>(&op)) waiting_.erase(drop->inner_hash);
  }
  out.size = log_size();
  return out;
}

void MemoryLedger::put(const store::PutSentBatch& op, store::Committed& out) {
  store::StoredBatch batch;
  batch.id = static_cast<store::BatchId>(batches_.size()) + 1;
  batch.sent = true;
  batch.stmt = op.stmt;
  batch.sig = op.sig;
  for (const store::NewRecord& record : op.records) {
    const auto idx = add_leaf(store::LeafType::kSent, now_ms_, record.ref.rid);
    store::RecordInfo info{idx, true, op.to.front(), record.kind, 0, now_ms_, record.ref, batch.id,
                           static_cast<std::uint32_t>(batch.records.size()), true, {},
                           record.del_after_ms};
    by_rid_[record.ref.rid] = idx;
    records_[idx] = info;
    items_[idx] = record.item;
    batch.rids.push_back(record.ref.rid);
    batch.records.push_back(info);
  }
  for (const std::string& to : op.to) {
    store::OutboxRow row;
    row.batch = batch.id;
    row.peer = to;
    row.lane = op.lane;
    row.created_ms = now_ms_;
    row.expires_ms = op.expires_ms;
    row.item_status.assign(op.records.size(), 0);
    outbox_[{batch.id, to}] = row;
  }
  out.batches.push_back(batch.id);
  batches_[batch.id] = std::move(batch);
}

void MemoryLedger::put(const store::PutReceivedBatch& op) {
  const auto id = static_cast<store::BatchId>(batches_.size()) + 1;
  batches_[id] = {id, false, op.stmt, op.sig, op.rids, {}};
  for (const store::ReceivedRecord& r : op.records) {
    FOCAL_CHECK(!by_rid_.contains(r.record.ref.rid));  // a rid has one leaf for ever
    const auto type = store::is_rejected(r.status) ? store::LeafType::kRejected
                                                   : store::LeafType::kReceived;
    const auto idx = add_leaf(type, now_ms_, r.record.ref.rid);
    by_rid_[r.record.ref.rid] = idx;
    records_[idx] = {idx, false, op.from, r.record.kind, r.status, now_ms_, r.record.ref, id,
                     r.position, true, {}, r.record.del_after_ms};
    items_[idx] = r.record.item;
  }
}

void MemoryLedger::put(const store::PutReceiptsOut& op) {
  for (const store::RecordRef& ref : op.records) FOCAL_CHECK(find(ref).has_value());
  add_leaf(store::LeafType::kReceiptOut, now_ms_, op.root);
}

void MemoryLedger::put(const store::PutReceiptsIn& op) {
  if (!receipts_.emplace(std::pair(op.from, op.root), true).second) return;
  add_leaf(store::LeafType::kReceiptIn, now_ms_, op.root);
  for (const store::ItemOutcome& outcome : op.outcomes) {
    store::OutboxRow& row = outbox_.at({outcome.batch, op.from});
    std::uint32_t& status = row.item_status.at(outcome.position);
    if (status == 0 || status >= store::kItemExpired) status = outcome.status;
    end_if_all_ended(row);
  }
}

void MemoryLedger::put(const store::SetOutbox& op) {
  store::OutboxRow& row = outbox_.at({op.batch, op.peer});
  row.state = op.state;
  row.reason = op.reason;
  row.next_ms = op.next_ms;
  if (!store::is_ended(op.state)) return;
  for (std::uint32_t& status : row.item_status)
    if (status == 0)
      status = op.state == store::OutboxState::kExpired ? store::kItemExpired
                                                        : store::kItemCancelled;
}

void MemoryLedger::end_if_all_ended(store::OutboxRow& row) {
  const bool open = std::find(row.item_status.begin(), row.item_status.end(), 0u) !=
                    row.item_status.end();
  if (!open && !store::is_ended(row.state)) row.state = store::OutboxState::kDone;
}

std::optional<store::RecordInfo> MemoryLedger::find(const store::RecordRef& ref) {
  const auto it = by_rid_.find(ref.rid);
  if (it == by_rid_.end()) return std::nullopt;
  const store::RecordInfo& info = records_.at(it->second);
  return info.ref == ref ? std::optional(info) : std::nullopt;
}

std::optional<store::RecordInfo> MemoryLedger::record(store::LeafIndex idx) {
  const auto it = records_.find(idx);
  return it == records_.end() ? std::nullopt : std::optional(it->second);
}

Result<Bytes> MemoryLedger::item(store::LeafIndex idx) {
  const auto it = items_.find(idx);
  if (it == items_.end()) return fail(ErrorCode::kNotFound, "no such item");
  return it->second;
}

std::optional<store::StoredBatch> MemoryLedger::batch(store::BatchId id) {
  const auto it = batches_.find(id);
  return it == batches_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<store::OutboxRow> MemoryLedger::open_outbox() {
  std::vector<store::OutboxRow> out;
  for (const auto& [key, row] : outbox_)
    if (!store::is_ended(row.state)) out.push_back(row);
  return out;
}

std::optional<store::OutboxRow> MemoryLedger::outbox(store::BatchId batch,
                                                     const std::string& peer) {
  const auto it = outbox_.find({batch, peer});
  return it == outbox_.end() ? std::nullopt : std::optional(it->second);
}

std::vector<store::WaitingHead> MemoryLedger::waiting() {
  std::vector<store::WaitingHead> out;
  for (const auto& [hash, row] : waiting_) out.push_back(row.head);
  return out;
}

Result<Bytes> MemoryLedger::waiting_inner(const Hash32& inner_hash) {
  const auto it = waiting_.find(inner_hash);
  if (it == waiting_.end()) return fail(ErrorCode::kNotFound, "nothing of that name waits");
  return it->second.inner;
}

}  // namespace focal::test

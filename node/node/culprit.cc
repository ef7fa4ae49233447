#include "node/node/culprit.h"

#include <algorithm>

namespace focal::node {
namespace {

store::Txn beginning(const store::Txn& txn, std::size_t ops) {
  store::Txn out;
  out.now_ms = txn.now_ms;
  out.ops.assign(txn.ops.begin(), txn.ops.begin() + static_cast<std::ptrdiff_t>(ops));
  return out;
}

// The received batch of the group that holds the record.
std::optional<Bytes> batch_of(const store::Txn& txn, const Hash32& rid) {
  for (const store::Op& op : txn.ops) {
    const auto* put = std::get_if<store::PutReceivedBatch>(&op);
    if (put != nullptr && std::find(put->rids.begin(), put->rids.end(), rid) != put->rids.end())
      return put->stmt;
  }
  return std::nullopt;
}

std::optional<Bytes> statement_behind(const store::Txn& txn, const store::Op& op) {
  if (const auto* received = std::get_if<store::PutReceivedBatch>(&op)) return received->stmt;
  if (const auto* receipts = std::get_if<store::PutReceiptsIn>(&op)) return receipts->stmt;
  if (const auto* row = std::get_if<store::PutCase>(&op)) return batch_of(txn, row->row.root.rid);
  if (const auto* event = std::get_if<store::PutCaseEvent>(&op))
    return batch_of(txn, event->row.ref.rid);
  if (const auto* index = std::get_if<store::PutIndex>(&op)) return batch_of(txn, index->ref.rid);
  if (const auto* out = std::get_if<store::PutReceiptsOut>(&op))
    return out->records.empty() ? std::nullopt : batch_of(txn, out->records.front().rid);
  return std::nullopt;
}

}  // namespace

std::optional<Bytes> find_culprit(const store::Txn& txn, const Probe& probe) {
  std::size_t good = 0, bad = txn.ops.size();
  if (bad == 0 || probe(txn)) return std::nullopt;
  while (bad - good > 1) {
    const std::size_t middle = good + (bad - good) / 2;
    (probe(beginning(txn, middle)) ? good : bad) = middle;
  }
  return statement_behind(txn, txn.ops[bad - 1]);
}

}  // namespace focal::node

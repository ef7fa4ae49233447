// Evidence in the ledger in memory: receipts, proofs, erasure, and what came back after a loss.
#include <algorithm>
#include <utility>

#include "crypto/hash.h"
#include "node/store/checkpoint.h"
#include "proto/envelope.pb.h"
#include "tests/sim/memory_store.h"

namespace focal::sim {
namespace {

Error no(std::string words) { return fail(ErrorCode::kState, std::move(words)); }

// Does one of these exact receipt items name the record? Nothing of them counts if one does not parse.
bool names(const std::vector<Bytes>& items, const Hash32& rid) {
  bool found = false;
  for (const Bytes& bytes : items) {
    v1::ReceiptItem item;
    if (!item.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return false;
    const auto named = fixed<32>(as_bytes(item.rid()));
    if (!named) return false;
    found = found || *named == rid;
  }
  return found;
}

}  // namespace

Status MemoryStore::put(const store::PutProof& op) {
  if (!t_.records.contains(op.row.idx)) return no("that leaf is no record");
  set(t_.proofs, std::pair(op.row.idx, number(op.row.party)), op.row);
  return {};
}

Status MemoryStore::put(const store::PutPromise& op) {
  if (!t_.records.contains(op.row.idx)) return no("that leaf is no record");
  set(t_.promises, std::pair(number(op.row.party), op.row.idx), op.row);
  return {};
}

Status MemoryStore::put(const store::PutOpened& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  if (!t_.opened.contains(idx)) set(t_.opened, idx, now_ms_);
  return {};
}

Status MemoryStore::put(const store::PutMark& op) {
  set(t_.marks, op.mark, op.value);
  return {};
}

Status MemoryStore::put(const store::PutShred& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  MemoryRecord row = t_.records.at(idx);
  if (row.info.shred) return no("the record was erased before");
  const store::LeafIndex shred = log_size();
  add_detail(store::LeafType::kShred, op.ref.rid, op.detail, {});
  row.item = nullptr;
  row.info.has_body = false;
  row.info.shred = shred;
  row.info.del_after_ms = 0;
  const store::RecordInfo info = row.info;
  set(t_.records, idx, std::move(row));
  if (t_.index.contains(idx)) set(t_.index, idx, store::PutIndex{op.ref, {}, {}});
  if (info.sent) cancel(info);
  return {};
}

// Its items, and with the last record of its batch what was said about the batch.
void MemoryStore::cancel(const store::RecordInfo& record) {
  const MemoryBatch& batch = t_.batches[static_cast<std::size_t>(record.batch - 1)];
  bool all_gone = true;
  for (std::size_t i = 0; i < batch.n; ++i)
    all_gone = all_gone &&
               t_.records.at(batch.first + static_cast<store::LeafIndex>(i)).info.shred.has_value();
  if (all_gone && t_.details.contains(batch.first)) set(t_.details, batch.first, std::string());
  std::vector<std::pair<store::BatchId, std::size_t>> keys;
  for (auto it = t_.outbox.lower_bound({record.batch, 0});
       it != t_.outbox.end() && it->first.first == record.batch; ++it)
    keys.push_back(it->first);
  for (const auto& key : keys) {
    store::OutboxRow row = t_.outbox.at(key);
    std::uint32_t& status = row.item_status.at(record.position);
    if (status == 0) {
      status = store::kItemCancelled;
      const auto& items = row.item_status;
      const bool ended = std::find(items.begin(), items.end(), 0u) == items.end();
      if (ended && !store::is_ended(row.state)) row.state = store::OutboxState::kDone;
    }
    if (all_gone) row.reason.clear();
    set(t_.outbox, key, std::move(row));
  }
}

Status MemoryStore::put(const store::SetDelAfter& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  MemoryRecord row = t_.records.at(idx);
  if (row.info.shred) return no("the record was erased before");
  row.info.del_after_ms = op.del_after_ms;
  set(t_.records, idx, std::move(row));
  return {};
}

Status MemoryStore::put(const store::PutRecovered& op) {
  number(op.from);
  bool any = false;
  for (const store::RecoveredItem& item : op.items) {
    if (fresh_.contains(item.ref.rid) || find_index(item.ref)) continue;
    const bool rejected = store::is_rejected(item.status);
    if (!rejected && !store::is_accepted(item.status)) return no("no status of a receipt");
    const auto type = rejected ? store::LeafType::kRejected : store::LeafType::kReceived;
    const store::LeafIndex idx = append({type, item.at_ms, item.ref.rid, {}});
    set(t_.seen, std::pair(item.ref.created_ms, item.ref.rid), idx);
    MemoryRecord row;
    row.info.idx = idx;
    row.info.peer = op.from;
    row.info.status = item.status;
    row.info.at_ms = item.at_ms;
    row.info.ref = item.ref;
    row.info.has_body = false;
    set(t_.records, idx, std::move(row));
    fresh_.emplace(item.ref.rid, idx);
    any = true;
  }
  if (any) add_detail(store::LeafType::kAdmin, Hash32{}, op.detail, {});
  return {};
}

Status MemoryStore::put(const store::PutBody& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  MemoryRecord row = t_.records.at(idx);
  if (row.info.sent || row.info.batch != 0 || row.info.has_body || row.info.shred)
    return no("the record does not wait for its content");
  if (row.info.peer != op.from) return no("its receipt went to another party");
  if (op.position >= op.rids.size() || op.rids[op.position] != op.ref.rid)
    return no("it is not at its place in the batch");
  draw_key();
  row.info.kind = op.kind;
  row.info.batch = static_cast<store::BatchId>(t_.batches.size()) + 1;
  row.info.position = op.position;
  row.info.has_body = true;
  row.info.del_after_ms = op.del_after_ms;
  row.item = std::make_shared<const Bytes>(op.item);
  set(t_.records, idx, std::move(row));
  undo_.push_back([this] { t_.batches.pop_back(); });
  t_.batches.push_back({false, idx, 1, std::make_shared<const Bytes>(op.stmt),
                        std::make_shared<const Bytes>(op.sig), op.rids});
  keep_statement(op.from, {op.signed_ms, op.stmt, op.sig});
  return {};
}

Status MemoryStore::put(const store::ReopenItems& op) {
  auto row = outbox(op.batch, op.peer);
  if (!row) return no("that batch was not sent to " + op.peer);
  const MemoryBatch& batch = t_.batches[static_cast<std::size_t>(op.batch - 1)];
  bool any = false;
  for (const std::uint32_t position : op.positions) {
    if (position >= row->item_status.size()) return no("a place outside its batch");
    if (t_.records.at(batch.first + position).info.shred) continue;
    row->item_status[position] = 0;
    any = true;
  }
  if (!any) return {};
  row->state = store::OutboxState::kReady;
  row->tries = 0;
  row->next_ms = 0;
  row->reason.clear();
  set(t_.outbox, std::pair(op.batch, number(op.peer)), *row);
  return {};
}

Status MemoryStore::put(const store::PutSignedRoots& op) {
  for (const Hash32& root : op.roots)
    if (t_.lost_roots.insert(root).second)
      undo_.push_back([this, root] { t_.lost_roots.erase(root); });
  return {};
}

std::optional<store::ProofRow> MemoryStore::proof(store::LeafIndex idx, const std::string& party) {
  const auto peer = known_number(party);
  const auto it = t_.proofs.find({idx, peer.value_or(0)});
  if (it == t_.proofs.end()) return std::nullopt;
  return it->second;
}

std::optional<store::PromiseRow> MemoryStore::newest_promise(const std::string& party) {
  std::optional<store::PromiseRow> newest;
  for (const auto& [key, row] : t_.promises)
    if (row.party == party && (!newest || row.asked_ms >= newest->asked_ms)) newest = row;
  return newest;
}

std::vector<store::PromiseRow> MemoryStore::promises(store::PromiseVerdict verdict,
                                                     std::size_t limit) {
  std::vector<store::PromiseRow> out;
  for (const auto& [key, row] : t_.promises)
    if (row.verdict == verdict) out.push_back(row);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.asked_ms < b.asked_ms; });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::uint64_t MemoryStore::opened_ms(store::LeafIndex idx) {
  const auto it = t_.opened.find(idx);
  return it == t_.opened.end() ? 0 : it->second;
}

std::string MemoryStore::mark(store::Mark mark) {
  const auto it = t_.marks.find(mark);
  return it == t_.marks.end() ? std::string() : it->second;
}

std::optional<store::ReceiptRow> MemoryStore::receipt_for(store::LeafIndex sent,
                                                          const std::string& party) {
  const auto found = record(sent);
  if (!found || !found->sent) return std::nullopt;
  const auto row = outbox(found->batch, party);
  if (!row) return std::nullopt;
  for (const store::LeafIndex id : row->receipts)
    if (names(t_.receipts_in.at(id).items, found->ref.rid)) return t_.receipts_in.at(id);
  const std::uint32_t status = row->item_status.at(found->position);
  if (!store::is_accepted(status) && !store::is_rejected(status)) return std::nullopt;
  for (auto it = t_.receipts_in.upper_bound(sent); it != t_.receipts_in.end(); ++it)
    if (it->second.party == party && names(it->second.items, found->ref.rid)) return it->second;
  return std::nullopt;
}

std::optional<store::ReceiptRow> MemoryStore::issued_receipt(store::LeafIndex received) {
  const auto found = record(received);
  if (!found || found->sent) return std::nullopt;
  for (auto it = t_.receipts_out.upper_bound(received); it != t_.receipts_out.end(); ++it) {
    const MemoryReceipt& each = it->second;
    const auto& covered = each.records;
    if (each.to != found->peer ||
        std::find(covered.begin(), covered.end(), received) == covered.end())
      continue;
    store::ReceiptRow out{it->first, party_, each.stmt, each.sig, {}};
    for (const store::LeafIndex idx : covered) {
      const store::RecordInfo info = t_.records.at(idx).info;
      v1::ReceiptItem item;
      item.set_rid(to_string(info.ref.rid));
      item.set_status(info.status);
      item.set_leaf(to_string(store::leaf_hash(t_.leaves[static_cast<std::size_t>(idx)])));
      item.set_at_ms(info.at_ms);
      item.set_created_ms(info.ref.created_ms);
      out.items.push_back(to_bytes(item.SerializeAsString()));
    }
    return out;
  }
  return std::nullopt;
}

std::vector<store::ReceiptRow> MemoryStore::receipts_of(const std::string& signer,
                                                        store::LeafIndex after,
                                                        std::size_t limit) {
  std::vector<store::ReceiptRow> out;
  for (auto it = t_.receipts_in.upper_bound(after); it != t_.receipts_in.end(); ++it)
    if (it->second.party == signer && out.size() < limit) out.push_back(it->second);
  return out;
}

std::vector<store::BatchStmtRow> MemoryStore::statements_of(const std::string& signer,
                                                            store::BatchId after,
                                                            std::size_t limit) {
  std::vector<store::BatchStmtRow> out;
  for (std::size_t i = 0; i < t_.batches.size(); ++i) {
    const MemoryBatch& each = t_.batches[i];
    const auto id = static_cast<store::BatchId>(i) + 1;
    if (id <= after || each.sent || out.size() >= limit) continue;
    if (t_.records.at(each.first).info.peer == signer) out.push_back({id, *each.stmt, *each.sig});
  }
  return out;
}

std::vector<store::LeafIndex> MemoryStore::due(std::uint64_t safe_ms, std::size_t limit) {
  std::vector<std::pair<std::uint64_t, store::LeafIndex>> dated;
  for (const auto& [idx, row] : t_.records)
    if (row.info.del_after_ms != 0 && row.info.del_after_ms <= safe_ms)
      dated.emplace_back(row.info.del_after_ms, idx);
  std::sort(dated.begin(), dated.end());
  std::vector<store::LeafIndex> out;
  for (const auto& [ms, idx] : dated)
    if (out.size() < limit) out.push_back(idx);
  return out;
}

std::vector<store::RecordRef> MemoryStore::without_body(std::size_t limit) {
  std::vector<store::RecordRef> out;
  for (const auto& [idx, row] : t_.records)
    if (!row.info.has_body && !row.info.shred && out.size() < limit) out.push_back(row.info.ref);
  return out;
}

bool MemoryStore::list_changed() const {
  for (const auto& [origin, row] : t_.witness_states) {
    const auto logged = t_.witnessed.find(origin);
    if (logged == t_.witnessed.end() || logged->second != std::pair(row.size, row.root)) return true;
  }
  return false;
}

void MemoryStore::log_list() {
  if (!list_changed()) return;
  const Hash32 ref = crypto::sha256(std::string_view(store::witnessed_list(witness_states())));
  append({store::LeafType::kWitnessed, now_ms_, ref, {}});
  for (const auto& [origin, row] : t_.witness_states)
    set(t_.witnessed, origin, std::pair(row.size, row.root));
}

}  // namespace focal::sim

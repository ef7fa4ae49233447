// The reads of the ledger in memory.
#include <algorithm>
#include <set>

#include "tests/sim/memory_store.h"

namespace focal::sim {

std::optional<store::Leaf> MemoryStore::leaf(store::LeafIndex idx) {
  if (idx < 0 || idx >= log_size()) return std::nullopt;
  return t_.leaves[static_cast<std::size_t>(idx)];
}

std::optional<store::RecordInfo> MemoryStore::find(const store::RecordRef& ref) {
  const auto idx = find_index(ref);
  if (!idx) return std::nullopt;
  return record(*idx);
}

std::optional<store::RecordInfo> MemoryStore::record(store::LeafIndex idx) {
  const auto it = t_.records.find(idx);
  if (it == t_.records.end()) return std::nullopt;
  return it->second.info;
}

Result<Bytes> MemoryStore::item(store::LeafIndex idx) {
  const auto it = t_.records.find(idx);
  if (it == t_.records.end())
    return fail(ErrorCode::kNotFound, "leaf " + std::to_string(idx) + " is no record");
  if (it->second.info.shred) return fail(ErrorCode::kErased, "the record was erased");
  if (!it->second.item) return fail(ErrorCode::kNotFound, "the record has no content yet");
  return *it->second.item;
}

std::optional<store::StoredBatch> MemoryStore::batch(store::BatchId id) {
  if (id < 1 || id > static_cast<store::BatchId>(t_.batches.size())) return std::nullopt;
  const MemoryBatch& row = t_.batches[static_cast<std::size_t>(id - 1)];
  store::StoredBatch out;
  out.id = id;
  out.sent = row.sent;
  out.stmt = *row.stmt;
  out.sig = *row.sig;
  for (std::size_t i = 0; i < row.n; ++i)
    out.records.push_back(t_.records.at(row.first + static_cast<store::LeafIndex>(i)).info);
  if (row.sent) {
    for (const auto& record : out.records) out.rids.push_back(record.ref.rid);
  } else {
    out.rids = row.rids;
  }
  return out;
}

std::vector<store::OutboxRow> MemoryStore::open_outbox() {
  std::vector<store::OutboxRow> out;
  for (const auto& [key, row] : t_.outbox)
    if (!store::is_ended(row.state)) out.push_back(row);
  return out;
}

std::vector<store::OutboxRow> MemoryStore::recent_outbox(std::size_t limit) {
  std::vector<store::OutboxRow> out;
  for (const auto& [key, row] : t_.outbox) out.push_back(row);
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.batch > b.batch; });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::optional<store::OutboxRow> MemoryStore::outbox(store::BatchId batch,
                                                    const std::string& peer) {
  const auto no_of = known_number(peer);
  if (!no_of) return std::nullopt;
  const auto it = t_.outbox.find({batch, *no_of});
  if (it == t_.outbox.end()) return std::nullopt;
  return it->second;
}

std::vector<store::WaitingHead> MemoryStore::waiting() {
  std::vector<store::WaitingHead> out;
  for (const auto& row : t_.waiting) out.push_back(row.head);
  return out;
}

Result<Bytes> MemoryStore::waiting_inner(const Hash32& inner_hash) {
  for (const auto& row : t_.waiting)
    if (row.head.inner_hash == inner_hash) return row.inner;
  return fail(ErrorCode::kNotFound, "nothing of that name waits");
}

std::vector<store::PeerRow> MemoryStore::peers() {
  std::vector<store::PeerRow> out;
  for (const auto& [number, stored] : t_.peers) {
    store::PeerRow row = stored;
    row.card_note.clear();
    row.old_cards.clear();
    for (const MemoryCard& card : t_.cards) {
      if (card.party != row.party) continue;
      if (!row.card_note.empty()) row.old_cards.insert(row.old_cards.begin(), row.card_note);
      row.card_note = card.note;
    }
    row.revocations.clear();
    for (const auto& [id, revocation] : t_.revocations)
      if (revocation.first == row.party) row.revocations.push_back(revocation.second);
    std::sort(row.revocations.begin(), row.revocations.end(),
              [](const auto& a, const auto& b) { return a.idx > b.idx; });
    out.push_back(std::move(row));
  }
  return out;
}

std::optional<store::CaseRow> MemoryStore::case_by_id(store::CaseId id) {
  const auto it = t_.cases.find(id);
  if (it == t_.cases.end()) return std::nullopt;
  return it->second;
}

std::optional<store::CaseRow> MemoryStore::case_by_root(const store::RecordRef& root) {
  for (const auto& [id, row] : t_.cases)
    if (row.root == root) return row;
  return std::nullopt;
}

std::vector<store::CaseRow> MemoryStore::cases(const store::CaseFilter& filter) {
  std::vector<store::CaseRow> out;
  for (const auto& [id, row] : t_.cases)
    if ((!filter.only_open || !row.closed) && (filter.peer.empty() || row.peer == filter.peer))
      out.push_back(row);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return a.updated_ms != b.updated_ms ? a.updated_ms > b.updated_ms : a.id > b.id;
  });
  if (out.size() > filter.limit) out.resize(filter.limit);
  return out;
}

std::vector<store::CaseEventRow> MemoryStore::case_events(store::CaseId id) {
  std::vector<store::CaseEventRow> out;
  for (auto it = t_.events.lower_bound({id, 0}); it != t_.events.end() && it->first.first == id;
       ++it)
    out.push_back(it->second);
  return out;
}

std::optional<store::CaseId> MemoryStore::case_of(store::LeafIndex idx) {
  for (const auto& [key, row] : t_.events)
    if (key.second == idx) return key.first;
  return std::nullopt;
}

std::vector<store::CaseLinkRow> MemoryStore::case_links(store::CaseId id, std::size_t limit) {
  std::vector<store::CaseLinkRow> out;
  for (const auto& [pair, row] : t_.links)
    if (pair.first == id || pair.second == id) out.push_back(row);
  std::sort(out.begin(), out.end(),
            [](const auto& x, const auto& y) { return x.a + x.b < y.a + y.b; });
  if (out.size() > limit) out.resize(limit);
  return out;
}

std::vector<store::IndexPlace> MemoryStore::index_find(std::string_view field,
                                                       std::string_view key, std::size_t limit) {
  std::vector<store::IndexPlace> out;
  for (auto it = t_.index.rbegin(); it != t_.index.rend(); ++it) {
    std::set<std::uint32_t> items;
    for (const store::IndexKey& each : it->second.keys)
      if (each.field == field && each.key == key) items.insert(each.item_no);
    for (const std::uint32_t item : items)
      if (out.size() < limit) out.push_back({it->first, item});
  }
  return out;
}

const store::SerialArray& MemoryStore::serials() {
  serials_.clear();
  for (const auto& [idx, put] : t_.index)
    for (const store::SerialReading& reading : put.readings) serials_.add(idx, reading);
  return serials_;
}

std::vector<store::LeafRow> MemoryStore::tail(std::size_t limit) {
  std::vector<store::LeafRow> out;
  const auto size = static_cast<std::size_t>(log_size());
  for (std::size_t i = size - std::min(size, limit); i < size; ++i) {
    const auto idx = static_cast<store::LeafIndex>(i);
    const store::Leaf& leaf = t_.leaves[i];
    store::LeafRow row{idx, std::string(store::leaf_type_name(leaf.type)), leaf.time_ms, leaf.ref,
                       {}, {}};
    if (const auto record = t_.records.find(idx); record != t_.records.end()) {
      row.peer = record->second.info.peer;
      row.kind = record->second.info.kind;
    } else if (const auto party = t_.leaf_party.find(idx); party != t_.leaf_party.end()) {
      row.peer = party->second;
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace focal::sim

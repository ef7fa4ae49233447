#include "tests/sim/memory_store.h"

#include <algorithm>
#include <utility>

#include "crypto/hash.h"
#include "node/store/checkpoint.h"
#include "node/ledger/peers.h"

namespace focal::sim {
namespace {

Error no(std::string words) { return fail(ErrorCode::kState, std::move(words)); }
Shared share(const Bytes& bytes) { return std::make_shared<const Bytes>(bytes); }

bool is_local_end(std::uint32_t status) {
  return status == store::kItemExpired || status == store::kItemCancelled;
}

bool is_news(store::LeafType type) {
  return type != store::LeafType::kPad && type != store::LeafType::kReceiptOut &&
         type != store::LeafType::kReceiptIn && type != store::LeafType::kWitnessed;
}

}  // namespace

struct MemoryStore::Place {
  bool sent;
  const std::string& peer;
  std::uint32_t status;
  store::BatchId batch;
  std::uint32_t position;
  Hash32 detail{};
};

MemoryStore::MemoryStore(std::string party, std::string origin, crypto::Rng& rng)
    : party_(std::move(party)), rng_(rng) {
  t_.origin = std::move(origin);
}

Result<store::Committed> MemoryStore::commit(const store::Txn& txn) {
  now_ms_ = txn.now_ms;
  out_ = {};
  fresh_.clear();
  undo_.clear();
  for (const store::Op& op : txn.ops) {
    if (Status done = apply(op); !done) {
      for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) (*it)();
      undo_.clear();
      return done.error();
    }
  }
  undo_.clear();
  out_.size = log_size();
  return out_;
}

store::LeafIndex MemoryStore::append(const store::Leaf& leaf) {
  const store::LeafIndex idx = log_size();
  undo_.push_back([this, news = t_.news] {
    t_.leaves.pop_back();
    for (std::size_t k = 0; k < t_.tree.size(); ++k) t_.tree[k].resize(t_.leaves.size() >> k);
    t_.news = news;
  });
  t_.leaves.push_back(leaf);
  grow_tree(store::leaf_hash(leaf));
  t_.news = t_.news || is_news(leaf.type);
  return idx;
}

void MemoryStore::grow_tree(Hash32 hash) {
  for (std::size_t k = 0;; ++k) {
    if (t_.tree.size() == k) t_.tree.emplace_back();
    std::vector<Hash32>& level = t_.tree[k];
    level.push_back(hash);
    if (level.size() % 2 != 0) return;
    hash = crypto::merkle_node(level[level.size() - 2], level.back());
  }
}

std::optional<std::size_t> MemoryStore::known_number(const std::string& party) const {
  const auto it = std::find(t_.parties.begin(), t_.parties.end(), party);
  if (it == t_.parties.end()) return std::nullopt;
  return static_cast<std::size_t>(it - t_.parties.begin()) + 1;
}

std::size_t MemoryStore::number(const std::string& party) {
  if (const auto known = known_number(party)) return *known;
  undo_.push_back([this] { t_.parties.pop_back(); });
  t_.parties.push_back(party);
  return t_.parties.size();
}

void MemoryStore::draw_key() {
  static_cast<void>(rng_.array<32>());  // the row's key
  static_cast<void>(rng_.array<24>());  // the nonce it is wrapped under
}

std::optional<store::LeafIndex> MemoryStore::find_index(const store::RecordRef& ref) const {
  const auto it = t_.seen.find({ref.created_ms, ref.rid});
  if (it == t_.seen.end()) return std::nullopt;
  return it->second;
}

Result<store::LeafIndex> MemoryStore::resolve(const store::RecordRef& ref) const {
  if (const auto it = fresh_.find(ref.rid); it != fresh_.end()) return it->second;
  if (const auto idx = find_index(ref)) return *idx;
  return no("record " + hex(ref.rid) + " is not stored");
}

Status MemoryStore::put_record(const store::NewRecord& record, const Place& place) {
  draw_key();
  const auto received =
      store::is_rejected(place.status) ? store::LeafType::kRejected : store::LeafType::kReceived;
  const auto type = place.sent ? store::LeafType::kSent : received;
  const store::LeafIndex idx = append({type, now_ms_, record.ref.rid, place.detail});
  if (find_index(record.ref)) return no("already stored: record " + hex(record.ref.rid));
  set(t_.seen, std::pair(record.ref.created_ms, record.ref.rid), idx);
  MemoryRecord row;
  row.info = {idx,    place.sent,  place.peer,  record.kind,    place.status,
              now_ms_, record.ref, place.batch, place.position, true,
              {},      record.del_after_ms};
  row.item = share(record.item);
  set(t_.records, idx, std::move(row));
  fresh_.emplace(record.ref.rid, idx);
  return {};
}

Status MemoryStore::put(const store::PutSentBatch& op) {
  const auto id = static_cast<store::BatchId>(t_.batches.size()) + 1;
  const std::string& first_peer = op.to.empty() ? party_ : op.to.front();
  number(first_peer);
  const store::LeafIndex first = log_size();
  const bool detailed = !op.detail.empty() && !op.records.empty();
  const Hash32 commitment = detailed ? draw_detail(op.detail) : Hash32{};
  std::uint32_t position = 0;
  for (const store::NewRecord& record : op.records)
    FOCAL_TRY(put_record(record, {true, first_peer, 0, id, position++, commitment}));
  if (detailed) set(t_.details, first, op.detail);
  undo_.push_back([this] { t_.batches.pop_back(); });
  t_.batches.push_back({true, first, op.records.size(), share(op.stmt), share(op.sig), {}});
  if (t_.signed_roots.insert(op.root).second)
    undo_.push_back([this, root = op.root] { t_.signed_roots.erase(root); });
  for (const std::string& to : op.to) {
    const std::pair key(id, number(to));
    if (t_.outbox.contains(key)) return no("already stored: outbox row of " + to);
    store::OutboxRow row;
    row.batch = id;
    row.peer = to;
    row.lane = op.lane;
    row.created_ms = now_ms_;
    row.expires_ms = op.expires_ms;
    row.item_status.assign(op.records.size(), 0);
    set(t_.outbox, key, std::move(row));
  }
  out_.batches.push_back(id);
  return {};
}

Status MemoryStore::put(const store::PutReceivedBatch& op) {
  if (op.records.empty()) return {};
  const auto id = static_cast<store::BatchId>(t_.batches.size()) + 1;
  number(op.from);
  const store::LeafIndex first = log_size();
  for (const store::ReceivedRecord& received : op.records) {
    if (received.position >= op.rids.size() ||
        op.rids[received.position] != received.record.ref.rid)
      return no("a record is not at its place in the batch");
    FOCAL_TRY(put_record(received.record,
                         {false, op.from, received.status, id, received.position, {}}));
  }
  undo_.push_back([this] { t_.batches.pop_back(); });
  t_.batches.push_back(
      {false, first, op.records.size(), share(op.stmt), share(op.sig), op.rids});
  keep_statement(op.from, {op.signed_ms, op.stmt, op.sig});
  return {};
}

Status MemoryStore::put(const store::PutReceiptsOut& op) {
  if (op.records.empty()) return no("a receipt batch without records");
  MemoryReceipt row{op.to, op.stmt, op.sig, {}};
  for (const store::RecordRef& ref : op.records) {
    FOCAL_ASSIGN(const store::LeafIndex idx, resolve(ref));
    row.records.push_back(idx);
  }
  number(op.to);
  const auto leaf = append({store::LeafType::kReceiptOut, now_ms_, op.root, Hash32{}});
  set(t_.leaf_party, leaf, op.to);
  set(t_.receipts_out, leaf, std::move(row));
  if (t_.signed_roots.insert(op.root).second)
    undo_.push_back([this, root = op.root] { t_.signed_roots.erase(root); });
  return {};
}

Status MemoryStore::put(const store::PutReceiptsIn& op) {
  number(op.from);
  const std::pair key(op.root, op.from);
  if (const auto first = t_.receipts_seen.find(key); first != t_.receipts_seen.end())
    return apply_outcomes(op.from, op.outcomes, first->second);
  const auto leaf = append({store::LeafType::kReceiptIn, now_ms_, op.root, Hash32{}});
  set(t_.receipts_seen, key, leaf);
  set(t_.leaf_party, leaf, op.from);
  set(t_.receipts_in, leaf, store::ReceiptRow{leaf, op.from, op.stmt, op.sig, op.items});
  keep_statement(op.from, {op.signed_ms, op.stmt, op.sig});
  return apply_outcomes(op.from, op.outcomes, leaf);
}

Status MemoryStore::apply_outcomes(const std::string& from,
                                   const std::vector<store::ItemOutcome>& outcomes,
                                   store::LeafIndex receipt) {
  std::map<store::BatchId, std::vector<store::ItemOutcome>> by_batch;
  for (const auto& outcome : outcomes) by_batch[outcome.batch].push_back(outcome);
  for (const auto& [batch, items] : by_batch) {
    auto row = outbox(batch, from);
    if (!row) continue;
    auto& receipts = row->receipts;
    for (const store::ItemOutcome& item : items) {
      if (item.position >= row->item_status.size())
        return no("an outcome names a place outside its batch");
      std::uint32_t& status = row->item_status[item.position];
      if (status != 0 && (!is_local_end(status) || is_local_end(item.status))) continue;
      status = item.status;
      if (!is_local_end(status) && std::count(receipts.begin(), receipts.end(), receipt) == 0)
        receipts.push_back(receipt);
    }
    bool ended = true, receipted = true;
    for (const std::uint32_t status : row->item_status) {
      ended = ended && status != 0;
      receipted = receipted && status != 0 && !is_local_end(status);
    }
    if (receipted || (ended && !store::is_ended(row->state)))
      row->state = store::OutboxState::kDone;
    set(t_.outbox, std::pair(batch, number(from)), *row);
  }
  return {};
}

Status MemoryStore::put(const store::SetOutbox& op) {
  auto row = outbox(op.batch, op.peer);
  if (!row) return no("batch " + std::to_string(op.batch) + " was not sent to " + op.peer);
  if (store::is_ended(row->state)) return {};
  const bool new_reason = row->reason != op.reason;
  row->state = op.state;
  row->reason = op.reason;
  row->tries = op.tries;
  row->next_ms = op.next_ms;
  const std::uint32_t end = op.state == store::OutboxState::kExpired     ? store::kItemExpired
                            : op.state == store::OutboxState::kCancelled ? store::kItemCancelled
                                                                         : 0;
  for (std::uint32_t& status : row->item_status) {
    if (status != 0 || !store::is_ended(op.state)) continue;
    if (end == 0) return no("items of the batch are still open");
    status = end;
  }
  if (new_reason && !row->reason.empty()) draw_key();
  set(t_.outbox, std::pair(op.batch, number(op.peer)), *row);
  return {};
}

Status MemoryStore::put(const store::PutWaiting& op) {
  for (const auto& row : t_.waiting)
    if (row.head.inner_hash == op.head.inner_hash) return {};
  number(op.head.link_peer);
  draw_key();
  undo_.push_back([this] { t_.waiting.pop_back(); });
  t_.waiting.push_back(op);
  return {};
}

Status MemoryStore::put(const store::DropWaiting& op) {
  const auto it = std::find_if(t_.waiting.begin(), t_.waiting.end(), [&](const auto& row) {
    return row.head.inner_hash == op.inner_hash;
  });
  if (it == t_.waiting.end()) return {};
  undo_.push_back([this, at = it - t_.waiting.begin(), row = *it] {
    t_.waiting.insert(t_.waiting.begin() + at, row);
  });
  t_.waiting.erase(it);
  return {};
}

Status MemoryStore::put(const store::PutPeer& op) {
  const auto known_at = known_number(op.row.party);
  const bool known = known_at && t_.peers.contains(*known_at);
  if (!known && t_.peers.size() >= ledger::kMaxPeers)
    return fail(ErrorCode::kLimit, "too many peers");
  std::string pinned;
  for (const MemoryCard& card : t_.cards)
    if (card.party == op.row.party) pinned = card.note;
  const std::size_t no_of = number(op.row.party);
  if (!known || pinned != op.row.card_note) {
    if (op.detail.empty())
      set(t_.leaf_party, append({store::LeafType::kPeerCard, now_ms_, op.card_id, Hash32{}}),
          op.row.party);
    else
      add_detail(store::LeafType::kPeerCard, op.card_id, op.detail, op.row.party);
    undo_.push_back([this] { t_.cards.pop_back(); });
    t_.cards.push_back({op.row.party, op.row.card_note});
  }
  store::PeerRow row = op.row;
  row.held = known ? t_.peers.at(no_of).held : std::vector<store::HeldCard>{};
  set(t_.peers, no_of, std::move(row));
  return {};
}

Hash32 MemoryStore::draw_detail(const std::string& detail) {
  const auto salt = rng_.array<32>();
  draw_key();
  return store::detail_commitment(salt, as_bytes(detail));
}

void MemoryStore::add_detail(store::LeafType type, const Hash32& ref, const std::string& detail,
                             const std::string& party) {
  const auto idx = append({type, now_ms_, ref, draw_detail(detail)});
  set(t_.details, idx, detail);
  if (!party.empty()) set(t_.leaf_party, idx, party);
}

Status MemoryStore::put(const store::SetTrust& op) {
  const auto no_of = known_number(op.party);
  if (!no_of || !t_.peers.contains(*no_of)) return no(op.party + " is not a peer of this node");
  store::PeerRow row = t_.peers.at(*no_of);
  row.level = op.level;
  if (op.suspended != row.suspended)
    row.suspended_ms = op.suspended == store::Suspension::kNone ? 0 : now_ms_;
  row.suspended = op.suspended;
  if (!op.introduced_by.empty()) row.introduced_by = op.introduced_by;
  if (op.level == store::PeerLevel::kVerified && !op.how.empty()) {
    row.verified_ms = now_ms_;
    row.verified_how = op.how;
  } else if (op.level != store::PeerLevel::kVerified) {
    row.verified_ms = 0;
    row.verified_how.clear();
  }
  if (op.level == store::PeerLevel::kNone) row.introduced_by.clear();
  add_detail(store::LeafType::kPeerVerified, op.card_id, op.detail, op.party);
  set(t_.peers, *no_of, std::move(row));
  return {};
}

Status MemoryStore::put(const store::PutSchedule& op) {
  if (op.party == party_) {
    append({store::LeafType::kKeyEpoch, now_ms_, crypto::sha256(std::string_view(op.note)), {}});
    undo_.push_back([this, old = t_.own_schedule] { t_.own_schedule = old; });
    t_.own_schedule = op.note;
    return {};
  }
  const auto no_of = known_number(op.party);
  if (!no_of || !t_.peers.contains(*no_of)) return no(op.party + " is not a peer of this node");
  store::PeerRow row = t_.peers.at(*no_of);
  row.schedule_note = op.note;
  set(t_.peers, *no_of, std::move(row));
  return {};
}

Status MemoryStore::put(const store::PutSafeTime& op) {
  undo_.push_back([this, old = t_.safe_time_ms] { t_.safe_time_ms = old; });
  t_.safe_time_ms = op.ms;
  return {};
}

Status MemoryStore::put(const store::PutOwnCard& op) {
  if (!t_.own_cards.empty() && t_.own_cards.back().note == op.note) return {};
  if (op.origin != t_.origin) {
    for (const store::OwnCardRow& row : t_.own_cards)
      if (row.origin == op.origin) return no("the log has carried that name before");
    const Hash32 before =
        t_.checkpoint ? crypto::sha256(std::string_view(t_.checkpoint->note)) : Hash32{};
    if (op.higher.empty())
      append({store::LeafType::kContinuation, now_ms_, before, Hash32{}});
    else
      add_detail(store::LeafType::kContinuation, before, op.higher, {});
    undo_.push_back([this, old = t_.origin] { t_.origin = old; });
    t_.origin = op.origin;
  }
  add_detail(store::LeafType::kPeerCard, op.card_id, op.detail, {});
  undo_.push_back([this] { t_.own_cards.pop_back(); });
  t_.own_cards.push_back({log_size() - 1, op.origin, op.note});
  return {};
}

Status MemoryStore::put(const store::PutOwnRevocation& op) {
  const auto& notes = t_.own_revocations;
  if (std::count(notes.begin(), notes.end(), op.note) != 0) return {};
  add_detail(store::LeafType::kPeerCard, op.id, op.detail, {});
  undo_.push_back([this] { t_.own_revocations.pop_back(); });
  t_.own_revocations.push_back(op.note);
  return {};
}

Status MemoryStore::put(const store::PutDesk& op) {
  if (op.id < 1) return no("a row of the desk has no number");
  add_detail(store::LeafType::kAdmin, store::desk_ref(op.table, op.id, op.open), op.detail, {});
  draw_key();
  return {};
}

Status MemoryStore::put(const store::PutAdmin& op) {
  add_detail(store::LeafType::kAdmin, op.ref, op.detail, {});
  return {};
}

Status MemoryStore::put(const store::PutCase& op) {
  number(op.row.peer);
  const auto it = t_.cases.find(op.row.id);
  if (it != t_.cases.end() && it->second.root != op.row.root)
    return no("already stored: case " + std::to_string(op.row.id) + " with another root");
  if (it == t_.cases.end() && case_by_root(op.row.root)) return no("a case with this root");
  set(t_.cases, op.row.id, op.row);
  return {};
}

Status MemoryStore::put(const store::PutCaseEvent& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.row.ref));
  number(op.row.from);
  const std::pair key(op.row.case_id, idx);
  if (t_.events.contains(key)) return {};
  store::CaseEventRow row = op.row;
  row.idx = idx;
  row.ref = t_.records.at(idx).info.ref;
  set(t_.events, key, std::move(row));
  return {};
}

Status MemoryStore::put(const store::PutCaseLink& op) {
  const auto [a, b] = std::minmax(op.a, op.b);
  if (a == b || !t_.cases.contains(a) || !t_.cases.contains(b))
    return no("a link joins two cases that are here");
  const store::LeafIndex idx = log_size();
  add_detail(store::LeafType::kAdmin, store::case_link_ref(a, b, op.verdict), op.detail, {});
  set(t_.links, std::pair(a, b), store::CaseLinkRow{a, b, op.verdict, idx, now_ms_, op.detail});
  return {};
}

Status MemoryStore::put(const store::PutIndex& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  set(t_.index, idx, op);
  return {};
}

Status MemoryStore::put(const store::DropIndex& op) {
  FOCAL_ASSIGN(const store::LeafIndex idx, resolve(op.ref));
  if (t_.index.contains(idx)) set(t_.index, idx, store::PutIndex{op.ref, {}, {}});
  return {};
}

crypto::SubtreeHash MemoryStore::at() const {
  return [this](unsigned level, std::uint64_t index) { return t_.tree.at(level).at(index); };
}

Hash32 MemoryStore::root(std::uint64_t size) { return crypto::root_from(size, at()); }

Result<store::CheckpointRow> MemoryStore::make_checkpoint(std::uint64_t now_ms,
                                                          const crypto::SigningKey& log_key,
                                                          const EarlyCheckpoint&) {
  undo_.clear();
  now_ms_ = now_ms;
  log_list();
  const auto before = t_.checkpoint ? t_.checkpoint->size : 0;
  if (t_.leaves.size() > before || !t_.checkpoint)
    while (t_.leaves.size() % store::kCheckpointStep != 0)
      append({store::LeafType::kPad, now_ms, rng_.array<32>(), Hash32{}});
  auto row = store::sign_checkpoint(t_.origin, t_.leaves.size(), at(), t_.checkpoint, log_key);
  if (row) {
    t_.checkpoint = *row;
    t_.checkpoints.emplace(row->size, *row);
    t_.checkpoint_ms = now_ms;
    t_.news = false;
  } else {
    for (auto it = undo_.rbegin(); it != undo_.rend(); ++it) (*it)();
  }
  undo_.clear();
  return row;
}

bool MemoryStore::checkpoint_due(std::uint64_t now_ms) {
  const std::uint64_t before = t_.checkpoint ? t_.checkpoint->size : 0;
  const bool quiet =
      now_ms < t_.checkpoint_ms || now_ms - t_.checkpoint_ms >= store::kQuietCheckpointEveryMs;
  if (t_.leaves.size() <= before) return quiet && list_changed();
  return quiet || (t_.news && now_ms - t_.checkpoint_ms >= store::kCheckpointEveryMs);
}

bool MemoryStore::restore_copy() {
  if (!copy_) return false;
  t_ = *copy_;
  return true;
}

std::unique_ptr<Store> MemoryStore::copy(crypto::Rng& rng) {
  auto out = std::make_unique<MemoryStore>(party_, t_.origin, rng);
  out->t_ = t_;
  return out;
}

}  // namespace focal::sim

#include "node/exchange/recovery.h"

#include <algorithm>
#include <map>
#include <set>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/exchange/inner.h"
#include "node/exchange/revocation.h"
#include "node/exchange/statement.h"
#include "node/store/checkpoint.h"
#include "proto/envelope.pb.h"
#include "proto/record.pb.h"

namespace focal::exchange {
namespace {

constexpr std::size_t kOverhead = 16;  // of a field in the page

// `after` of a page: the row it goes on behind, four times, and 1 for receipts or 2 for the
// statements that follow them. 0 is the beginning, and as `next` the end.
struct Place {
  std::uint64_t row = 0;
  bool statements = false;
  static Place of(std::uint64_t after) { return {after >> 2, (after & 3) == 2}; }
  std::uint64_t token() const { return row << 2 | (statements ? 2 : 1); }
};

class Page {
 public:
  explicit Page(v1::RecoveryData& out) : out_(out) {}
  // False: it is full. The first thing always fits.
  bool has_room(std::size_t size) {
    if (used_ != 0 && used_ + size + kOverhead > kMaxRecoveryPage) return false;
    used_ += size + kOverhead;
    return true;
  }
  v1::RecoveryData& out() { return out_; }

 private:
  v1::RecoveryData& out_;
  std::size_t used_ = 0;
};

bool is_old(ByteView stmt, std::uint64_t since_ms) {
  const auto parsed = parse_statement(stmt);
  return !parsed || parsed->signed_ms < since_ms;
}

// Where the next page goes on; nothing: all receipts were looked at.
std::optional<Place> add_receipts(store::View& view, const Peer& asker, std::uint64_t since_ms,
                                  Place at, Page& page) {
  const auto rows = view.receipts_of(asker.row.party, static_cast<store::LeafIndex>(at.row),
                                     kRecoveryRows);
  for (const store::ReceiptRow& row : rows) {
    if (!is_old(row.stmt, since_ms)) {
      v1::ReceiptBatch batch;
      batch.set_stmt(to_string(row.stmt));
      batch.set_sig(to_string(row.sig));
      for (const Bytes& item : row.items) batch.add_item(to_string(item));
      std::string bytes = batch.SerializeAsString();
      if (!page.has_room(bytes.size())) return at;
      page.out().add_your_receipts(std::move(bytes));
    }
    at.row = static_cast<std::uint64_t>(row.id);
  }
  if (rows.size() < kRecoveryRows) return std::nullopt;
  return at;
}

std::optional<Place> add_statements(store::View& view, const Peer& asker, std::uint64_t since_ms,
                                    Place at, Page& page) {
  const auto rows = view.statements_of(asker.row.party, static_cast<store::BatchId>(at.row),
                                       kRecoveryRows);
  for (const store::BatchStmtRow& row : rows) {
    if (!is_old(row.stmt, since_ms)) {
      v1::SignedStmt stmt;
      stmt.set_stmt(to_string(row.stmt));
      stmt.set_sig(to_string(row.sig));
      std::string bytes = stmt.SerializeAsString();
      if (!page.has_room(bytes.size())) return at;
      page.out().add_your_stmts(std::move(bytes));
    }
    at.row = static_cast<std::uint64_t>(row.id);
  }
  if (rows.size() < kRecoveryRows) return std::nullopt;
  return at;
}

// The newest of each log that the party has had.
void add_checkpoints(store::View& view, const Peer& asker, Page& page) {
  std::set<std::string> logs{asker.card.log_name};
  for (const Card& old : asker.old_cards) logs.insert(old.log_name);
  for (const std::string& log : logs)
    for (const store::PeerCheckpointRow& row : view.peer_checkpoints(log, 1))
      if (page.has_room(row.note.size())) page.out().add_your_notes(row.note);
}

class Taking {
 public:
  Taking(const Identity& self, store::View& view, const std::string& from)
      : self_(self), view_(view), from_(from) {
    for (const std::string& note : view.own_revocations())
      if (auto parsed = parse_revocation(note)) revocations_.push_back(std::move(*parsed));
  }

  Recovered take(const v1::RecoveryData& data) {
    for (const std::string& bytes : data.your_receipts()) take_receipts(bytes);
    for (const std::string& bytes : data.your_stmts()) take_statement(bytes);
    for (const std::string& note : data.your_notes()) take_note(note);
    if (!items_.empty()) {
      out_.records = items_.size();
      const std::string detail = "recovered " + std::to_string(items_.size()) +
                                 " records by receipts that " + from_ + " holds";
      out_.ops.emplace_back(store::PutRecovered{from_, std::move(items_), detail});
    }
    if (!roots_.empty()) {
      out_.statements = roots_.size();
      out_.ops.emplace_back(store::PutSignedRoots{std::move(roots_)});
    }
    out_.next = data.next();
    return std::move(out_);
  }

 private:
  // By the key of the card it names, if that is one of ours and was not withdrawn by then.
  bool is_ours(const Statement& statement, ByteView sig) const {
    if (statement.from != self_.party()) return false;
    const Card* card = self_.card.card_id == statement.card ? &self_.card : nullptr;
    for (const Card& old : self_.old_cards)
      if (old.card_id == statement.card) card = &old;
    if (card == nullptr || !verify_statement(card->sign, statement.bytes, sig)) return false;
    return std::none_of(revocations_.begin(), revocations_.end(), [&](const Revocation& each) {
      return each.covers(RevocationScope::kSign) && each.card_id == card->card_id && statement.signed_ms >= each.since_ms;
    });
  }

  void take_receipts(const std::string& bytes) {
    v1::ReceiptBatch batch;
    if (!batch.ParseFromString(bytes)) return void(++out_.ignored);
    std::vector<Bytes> raw;
    raw.reserve(static_cast<std::size_t>(batch.item_size()));
    for (const std::string& item : batch.item()) raw.push_back(to_bytes(item));
    // In the form in which it travelled, which is linted whole.
    const Bytes inner = encode_receipts_inner(as_bytes(batch.stmt()), as_bytes(batch.sig()), raw, {});
    if (!parse_inner(inner)) return void(++out_.ignored);
    const auto statement = parse_statement(as_bytes(batch.stmt()));
    if (!statement || statement->purpose != static_cast<std::uint32_t>(Purpose::kReceipts) ||
        statement->size != raw.size() || !is_ours(*statement, as_bytes(batch.sig())))
      return void(++out_.ignored);
    std::vector<Hash32> leaves;
    std::vector<store::RecoveredItem> items;
    for (const Bytes& each : raw) {
      leaves.push_back(crypto::merkle_leaf(each));
      const auto item = parse_receipt_item(each);
      if (!item) return void(++out_.ignored);
      items.push_back({item->ref, item->status, item->at_ms});
    }
    if (crypto::merkle_root(leaves) != statement->root) return void(++out_.ignored);
    for (store::RecoveredItem& item : items)
      if (!view_.find(item.ref) && seen_.insert(item.ref.rid).second)
        items_.push_back(std::move(item));
    add_root(statement->root);
  }

  void take_statement(const std::string& bytes) {
    v1::SignedStmt stmt;
    if (!stmt.ParseFromString(bytes)) return void(++out_.ignored);
    const auto statement = parse_statement(as_bytes(stmt.stmt()));
    if (!statement || !is_ours(*statement, as_bytes(stmt.sig()))) return void(++out_.ignored);
    add_root(statement->root);
  }

  void take_note(const std::string& note) {
    const auto checkpoint = store::parse_checkpoint(note);
    const auto by = [&](const Card& card) {
      return checkpoint && checkpoint->origin == card.log_name &&
             crypto::check_note(checkpoint->note, {{card.log_name, card.log}}).has_value();
    };
    if (by(self_.card) || std::any_of(self_.old_cards.begin(), self_.old_cards.end(), by))
      out_.checkpoints.push_back(note);
    else
      ++out_.ignored;
  }

  void add_root(const Hash32& root) {
    if (view_.signed_by_us(root) || !new_roots_.insert(root).second) return;
    roots_.push_back(root);
  }

  const Identity& self_;
  store::View& view_;
  const std::string& from_;
  std::vector<Revocation> revocations_;
  Recovered out_;
  std::vector<store::RecoveredItem> items_;
  std::vector<Hash32> roots_;
  std::set<Hash32> seen_, new_roots_;
};

}  // namespace

v1::RecoveryData recovery_page(store::View& view, const Peer& asker, std::uint64_t since_ms,
                               std::uint64_t after) {
  v1::RecoveryData out;
  Page page(out);
  Place at = Place::of(after);
  if (after == 0) add_checkpoints(view, asker, page);
  if (!at.statements) {
    if (const auto rest = add_receipts(view, asker, since_ms, at, page)) {
      out.set_next(rest->token());
      return out;
    }
    at = {0, true};
  }
  if (const auto rest = add_statements(view, asker, since_ms, at, page)) out.set_next(rest->token());
  return out;
}

std::vector<store::ReopenItems> reopen_wanted(store::View& view, const std::string& asker,
                                              const std::vector<store::RecordRef>& wanted) {
  std::map<store::BatchId, std::set<std::uint32_t>> places;
  for (std::size_t i = 0; i < std::min(wanted.size(), kMaxWanted); ++i) {
    const auto record = view.find(wanted[i]);
    if (!record || !record->sent || !record->has_body || record->shred) continue;
    if (view.outbox(record->batch, asker)) places[record->batch].insert(record->position);
  }
  std::vector<store::ReopenItems> out;
  out.reserve(places.size());
  for (const auto& [batch, positions] : places)
    out.push_back({batch, asker, {positions.begin(), positions.end()}});
  return out;
}

Recovered take_recovery(const Identity& self, store::View& view, const std::string& from,
                        const v1::RecoveryData& data) {
  return Taking(self, view, from).take(data);
}

}  // namespace focal::exchange

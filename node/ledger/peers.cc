#include "node/ledger/peers.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "crypto/hash.h"

namespace focal::ledger {
namespace {

constexpr char kSave[] =
    "INSERT INTO peer(id,level,suspended,suspended_ms,schedule,added_ms,verified_ms,verified_how,"
    "introduced_by,dead_kids) VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10) ON CONFLICT(id) DO UPDATE SET "
    "level=excluded.level,suspended=excluded.suspended,suspended_ms=excluded.suspended_ms,"
    "schedule=excluded.schedule,added_ms=excluded.added_ms,verified_ms=excluded.verified_ms,"
    "verified_how=excluded.verified_how,introduced_by=excluded.introduced_by,"
    "dead_kids=excluded.dead_kids";
constexpr char kSelectPeers[] =
    "SELECT id,level,suspended,suspended_ms,schedule,added_ms,verified_ms,verified_how,"
    "introduced_by,dead_kids FROM peer ORDER BY id";
constexpr char kSelectCards[] = "SELECT peer,note FROM card ORDER BY idx";
constexpr char kInsertCard[] = "INSERT INTO card(idx,peer,note) VALUES($1,$2,$3)";
constexpr char kInsertOwn[] = "INSERT INTO own_schedule(idx,note) VALUES($1,$2)";
constexpr char kSelectOwn[] = "SELECT note FROM own_schedule ORDER BY idx DESC LIMIT 1";

// Party codes hold no blanks.
std::string join(const std::vector<std::string>& parties) {
  std::string out;
  for (const std::string& party : parties) {
    if (!out.empty()) out += ' ';
    out += party;
  }
  return out;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Error unknown(const std::string& party) {
  return fail(ErrorCode::kState, party + " is not a peer of this node");
}

}  // namespace

store::PeerRow PeerStore::read(const Query& query) {
  store::PeerRow row;
  row.party = p_.parties.name(query.integer(0));
  row.level = query.number<store::PeerLevel>(1);
  row.suspended = query.number<store::Suspension>(2);
  row.suspended_ms = query.number<std::uint64_t>(3);
  row.schedule_note = query.text(4);
  row.added_ms = query.number<std::uint64_t>(5);
  row.verified_ms = query.number<std::uint64_t>(6);
  row.verified_how = query.text(7);
  row.introduced_by = split(query.text(8));
  const ByteView kids = query.blob(9);
  for (std::size_t at = 0; at + sizeof(Id16) <= kids.size(); at += sizeof(Id16))
    row.dead_kids.push_back(*fixed<16>(kids.subspan(at, sizeof(Id16))));
  return row;
}

std::vector<store::PeerRow>& PeerStore::all() {
  if (cache_) {
    renew();
    return *cache_;
  }
  stale_.clear();
  std::vector<store::PeerRow> rows;
  std::map<std::int64_t, std::size_t> place;
  {
    Query query(p_.db, kSelectPeers);
    while (query.row()) {
      place.emplace(query.integer(0), rows.size());
      rows.push_back(read(query));
    }
  }
  Query query(p_.db, kSelectCards);  // oldest first
  while (query.row()) {
    const auto at = place.find(query.integer(0));
    if (at == place.end()) continue;
    store::PeerRow& row = rows[at->second];
    if (!row.card_note.empty()) row.old_cards.push_back(std::move(row.card_note));
    row.card_note = query.text(1);
  }
  for (store::PeerRow& row : rows) std::reverse(row.old_cards.begin(), row.old_cards.end());
  notes_.add_to(rows);
  cache_ = std::move(rows);
  return *cache_;
}

void PeerStore::renew() {
  for (store::PeerRow& row : *cache_)
    if (stale_.contains(row.party)) notes_.renew(row);
  stale_.clear();
}

store::PeerRow* PeerStore::find(const std::string& party) {
  for (store::PeerRow& row : all()) {
    if (row.party == party) return &row;
  }
  return nullptr;
}

Status PeerStore::save(const store::PeerRow& row, std::int64_t number) {
  const std::string introduced_by = join(row.introduced_by);
  Bytes dead_kids;
  for (const Id16& kid : row.dead_kids) append(dead_kids, kid);
  FOCAL_TRY(Query(p_.db, kSave)
                .bind(number, row.level, row.suspended, row.suspended_ms, row.schedule_note,
                      row.added_ms, row.verified_ms, row.verified_how, introduced_by, dead_kids)
                .run());
  store::PeerRow* known = find(row.party);
  if (known == nullptr) return {};
  // What stands in tables of its own stays.
  store::PeerRow next = row;
  next.card_note = std::move(known->card_note);
  next.old_cards = std::move(known->old_cards);
  next.held = std::move(known->held);
  next.revocations = std::move(known->revocations);
  *known = std::move(next);
  return {};
}

Status PeerStore::put(const store::PutPeer& op, Group& group) {
  store::PeerRow* known = find(op.row.party);
  if (known == nullptr && all().size() >= kMaxPeers)
    return fail(ErrorCode::kLimit, "no more than " + std::to_string(kMaxPeers) + " peers");
  const bool new_card = known == nullptr || known->card_note != op.row.card_note;
  FOCAL_ASSIGN(const std::int64_t number, p_.parties.add(op.row.party));
  if (new_card) {
    const store::Leaf bare{store::LeafType::kPeerCard, group.now_ms, op.card_id, Hash32{}};
    FOCAL_ASSIGN(const store::LeafIndex idx,
                 op.detail.empty()
                     ? p_.log.append(bare)
                     : details_.append(group, bare.type, op.card_id, op.detail, number));
    FOCAL_TRY(Query(p_.db, kInsertCard).bind(idx, number, op.row.card_note).run());
  }
  if (known == nullptr) {
    forget();  // the order is that of the numbers
  } else if (new_card) {
    known->old_cards.insert(known->old_cards.begin(),
                            std::exchange(known->card_note, op.row.card_note));
  }
  return save(op.row, number);
}

Status PeerStore::put(const store::SetTrust& op, Group& group) {
  const store::PeerRow* known = find(op.party);
  if (known == nullptr) return unknown(op.party);
  store::PeerRow row = *known;
  row.level = op.level;
  if (op.suspended != row.suspended)
    row.suspended_ms = op.suspended == store::Suspension::kNone ? 0 : group.now_ms;
  row.suspended = op.suspended;
  if (!op.introduced_by.empty()) row.introduced_by = op.introduced_by;
  if (op.level == store::PeerLevel::kVerified && !op.how.empty()) {
    row.verified_ms = group.now_ms;
    row.verified_how = op.how;
  } else if (op.level != store::PeerLevel::kVerified) {
    row.verified_ms = 0;
    row.verified_how.clear();
  }
  if (op.level == store::PeerLevel::kNone) row.introduced_by.clear();
  const std::int64_t number = p_.parties.find(op.party).value_or(0);
  FOCAL_TRY(details_.append(group, store::LeafType::kPeerVerified, op.card_id, op.detail, number));
  return save(row, number);
}

Status PeerStore::put(const store::PutSchedule& op, Group& group) {
  if (op.party == p_.own_party) {
    FOCAL_ASSIGN(const store::LeafIndex idx,
                 p_.log.append({store::LeafType::kKeyEpoch, group.now_ms,
                                crypto::sha256(std::string_view(op.note)), Hash32{}}));
    FOCAL_TRY(Query(p_.db, kInsertOwn).bind(idx, op.note).run());
    return {};
  }
  const store::PeerRow* known = find(op.party);
  if (known == nullptr) return unknown(op.party);
  store::PeerRow row = *known;
  row.schedule_note = op.note;
  return save(row, p_.parties.find(op.party).value_or(0));
}

Status PeerStore::put(const store::PutAdmin& op, Group& group) {
  FOCAL_TRY(details_.append(group, store::LeafType::kAdmin, op.ref, op.detail, std::nullopt));
  return {};
}

std::vector<store::PeerRow> PeerStore::peers() { return all(); }

std::string PeerStore::own_schedule() {
  Query query(p_.db, kSelectOwn);
  return query.row() ? query.text(0) : std::string();
}

}  // namespace focal::ledger

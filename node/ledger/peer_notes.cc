#include "node/ledger/peer_notes.h"

#include <algorithm>

namespace focal::ledger {
namespace {

constexpr char kIsPeer[] = "SELECT 1 FROM peer WHERE id=$1";
constexpr char kSaveHeld[] =
    "INSERT INTO held_card(peer,card_id,why,since_ms,source,note) VALUES($1,$2,$3,$4,$5,$6) "
    "ON CONFLICT(peer,card_id) DO UPDATE SET why=excluded.why,since_ms=excluded.since_ms,"
    "source=excluded.source,note=excluded.note";
constexpr char kDropHeld[] = "DELETE FROM held_card WHERE peer=$1 AND card_id=$2";
constexpr char kSelectHeld[] =
    "SELECT peer,card_id,why,since_ms,source,note FROM held_card ORDER BY id";
constexpr char kHaveRevocation[] = "SELECT 1 FROM revocation WHERE id=$1";
constexpr char kInsertRevocation[] =
    "INSERT INTO revocation(idx,peer,id,note) VALUES($1,$2,$3,$4)";
constexpr char kSelectHeldOf[] =
    "SELECT peer,card_id,why,since_ms,source,note FROM held_card WHERE peer=$1 ORDER BY id";
constexpr char kSelectRevocations[] = "SELECT idx,peer,note FROM revocation ORDER BY idx DESC";
constexpr char kSelectRevocationsOf[] =
    "SELECT idx,peer,note FROM revocation WHERE peer=$1 ORDER BY idx DESC";
constexpr char kInsertDirectory[] =
    "INSERT INTO directory(idx,peer,serial,id,note) VALUES($1,$2,$3,$4,$5)";
constexpr char kHaveDirectory[] = "SELECT 1 FROM directory WHERE peer=$1 AND id=$2";
constexpr char kSelectDirectories[] =
    "SELECT idx,peer,serial,note FROM directory d WHERE idx="
    "(SELECT MAX(idx) FROM directory WHERE peer=d.peer) ORDER BY peer";
constexpr char kSelectDirectory[] =
    "SELECT idx,peer,serial,note FROM directory WHERE peer=$1 AND serial=$2 "
    "ORDER BY idx DESC LIMIT 1";
constexpr char kHaveFork[] = "SELECT 1 FROM fork_proof WHERE id=$1";
constexpr char kInsertFork[] = "INSERT INTO fork_proof(idx,peer,id,a,b) VALUES($1,$2,$3,$4,$5)";
constexpr char kSelectForks[] = "SELECT idx,peer,a,b FROM fork_proof ORDER BY idx DESC LIMIT $1";

}  // namespace

Result<std::int64_t> PeerNoteStore::peer_number(const std::string& party) {
  const auto number = p_.parties.find(party);
  if (number) {
    Query query(p_.db, kIsPeer);
    FOCAL_ASSIGN(const bool row, query.bind(*number).next());
    if (row) return *number;
  }
  return fail(ErrorCode::kState, party + " is not a peer of this node");
}

std::uint64_t PeerNoteStore::time_of(store::LeafIndex idx) {
  const auto leaf = p_.log.leaf(idx);
  return leaf ? leaf->time_ms : 0;
}

Status PeerNoteStore::put(const store::PutHeldCard& op) {
  FOCAL_ASSIGN(const std::int64_t peer, peer_number(op.party));
  std::int64_t source = 0;
  if (!op.card.from.empty()) {
    FOCAL_ASSIGN(source, p_.parties.add(op.card.from));
  }
  FOCAL_TRY(Query(p_.db, kSaveHeld)
                .bind(peer, op.card.card_id, op.card.why, op.card.since_ms, source, op.card.note)
                .run());
  return {};
}

Status PeerNoteStore::put(const store::DropHeldCard& op) {
  FOCAL_ASSIGN(const std::int64_t peer, peer_number(op.party));
  FOCAL_TRY(Query(p_.db, kDropHeld).bind(peer, op.card_id).run());
  return {};
}

Status PeerNoteStore::put(const store::PutRevocation& op, Group& group) {
  FOCAL_ASSIGN(const std::int64_t peer, peer_number(op.party));
  Query have(p_.db, kHaveRevocation);
  FOCAL_ASSIGN(const bool there, have.bind(op.id).next());
  if (there) return {};
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kPeerCard, op.id, op.detail, peer));
  FOCAL_TRY(Query(p_.db, kInsertRevocation).bind(idx, peer, op.id, op.note).run());
  return {};
}

Status PeerNoteStore::put(const store::PutDirectory& op, Group& group) {
  FOCAL_ASSIGN(const std::int64_t peer, peer_number(op.introducer));
  Query have(p_.db, kHaveDirectory);
  FOCAL_ASSIGN(const bool there, have.bind(peer, op.id).next());
  if (there) return {};
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kPeerCard, op.id, op.detail, peer));
  FOCAL_TRY(Query(p_.db, kInsertDirectory).bind(idx, peer, op.serial, op.id, op.note).run());
  return {};
}

Status PeerNoteStore::put(const store::PutForkProof& op, Group& group) {
  Query have(p_.db, kHaveFork);
  FOCAL_ASSIGN(const bool there, have.bind(op.id).next());
  if (there) return {};
  FOCAL_ASSIGN(const std::int64_t party, p_.parties.add(op.party));
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kForkProof, op.id, op.detail, party));
  FOCAL_TRY(Query(p_.db, kInsertFork).bind(idx, party, op.id, op.a, op.b).run());
  return {};
}

void PeerNoteStore::add_to(std::vector<store::PeerRow>& rows) {
  const auto row_of = [&](std::int64_t number) -> store::PeerRow* {
    const std::string party = p_.parties.name(number);
    const auto it = std::find_if(rows.begin(), rows.end(),
                                 [&](const store::PeerRow& row) { return row.party == party; });
    return it == rows.end() ? nullptr : &*it;
  };
  Query held(p_.db, kSelectHeld);
  while (held.row()) {
    store::PeerRow* row = row_of(held.integer(0));
    if (row == nullptr) continue;
    row->held.push_back(read_held(held));
  }
  Query revocations(p_.db, kSelectRevocations);
  while (revocations.row()) {
    store::PeerRow* row = row_of(revocations.integer(1));
    if (row == nullptr) continue;
    row->revocations.push_back({revocations.integer(0), 0, revocations.text(2)});
  }
  for (store::PeerRow& row : rows)
    for (store::RevocationRow& each : row.revocations) each.at_ms = time_of(each.idx);
}

store::HeldCard PeerNoteStore::read_held(const Query& query) {
  return {query.hash(1), query.number<store::HoldWhy>(2), query.number<std::uint64_t>(3),
          p_.parties.name(query.integer(4)), query.text(5)};
}

void PeerNoteStore::renew(store::PeerRow& row) {
  row.held.clear();
  row.revocations.clear();
  const auto peer = p_.parties.find(row.party);
  if (!peer) return;
  {
    Query held(p_.db, kSelectHeldOf);
    held.bind(*peer);
    while (held.row()) row.held.push_back(read_held(held));
  }
  {
    Query revocations(p_.db, kSelectRevocationsOf);
    revocations.bind(*peer);
    while (revocations.row())
      row.revocations.push_back({revocations.integer(0), 0, revocations.text(2)});
  }
  for (store::RevocationRow& each : row.revocations) each.at_ms = time_of(each.idx);
}

store::DirectoryRow PeerNoteStore::read_directory(const Query& query) {
  store::DirectoryRow row;
  row.idx = query.integer(0);
  row.introducer = p_.parties.name(query.integer(1));
  row.serial = query.number<std::uint64_t>(2);
  row.note = query.text(3);
  return row;
}

std::vector<store::DirectoryRow> PeerNoteStore::directories() {
  std::vector<store::DirectoryRow> out;
  Query query(p_.db, kSelectDirectories);
  while (query.row()) out.push_back(read_directory(query));
  for (store::DirectoryRow& row : out) row.at_ms = time_of(row.idx);
  return out;
}

std::optional<store::DirectoryRow> PeerNoteStore::directory(const std::string& introducer,
                                                            std::uint64_t serial) {
  const auto peer = p_.parties.find(introducer);
  if (!peer) return std::nullopt;
  store::DirectoryRow row;
  {
    Query query(p_.db, kSelectDirectory);
    if (!query.bind(*peer, serial).row()) return std::nullopt;
    row = read_directory(query);
  }
  row.at_ms = time_of(row.idx);
  return row;
}

std::vector<store::ForkProofRow> PeerNoteStore::fork_proofs(std::size_t limit) {
  std::vector<store::ForkProofRow> out;
  Query query(p_.db, kSelectForks);
  query.bind(limit);
  while (query.row())
    out.push_back({query.integer(0), 0, p_.parties.name(query.integer(1)), query.text(2),
                   query.text(3)});
  for (store::ForkProofRow& row : out) row.at_ms = time_of(row.idx);
  return out;
}

}  // namespace focal::ledger

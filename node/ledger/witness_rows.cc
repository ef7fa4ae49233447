#include "node/ledger/witness_rows.h"

#include "crypto/hash.h"
#include "node/store/checkpoint.h"

namespace focal::ledger {
namespace {

constexpr char kHaveCheckpoint[] = "SELECT 1 FROM checkpoint WHERE size=$1";
constexpr char kSelectCheckpoint[] = "SELECT size,root,note FROM checkpoint WHERE size=$1";
constexpr char kInsertCosig[] =
    "INSERT INTO cosig(size,witness,at_s,line) VALUES($1,$2,$3,$4) ON CONFLICT DO NOTHING";
constexpr char kSelectCosigs[] =
    "SELECT size,witness,at_s,line FROM cosig WHERE size=$1 ORDER BY witness";
constexpr char kInsertPublication[] =
    "INSERT INTO publication(size,at_ms) VALUES($1,$2) ON CONFLICT DO NOTHING";
constexpr char kNewestPublished[] =
    "SELECT c.size,c.root,c.note,p.at_ms FROM publication p JOIN checkpoint c ON c.size=p.size "
    "ORDER BY p.size DESC LIMIT 1";
constexpr char kFirstPublished[] =
    "SELECT c.size,c.root,c.note,p.at_ms FROM publication p JOIN checkpoint c ON c.size=p.size "
    "WHERE p.size>=$1 ORDER BY p.size LIMIT 1";

constexpr char kHeldState[] = "SELECT size,root FROM witness_state WHERE origin=$1";
constexpr char kSaveState[] =
    "INSERT INTO witness_state(origin,peer,size,root,note,line,at_s) VALUES($1,$2,$3,$4,$5,$6,$7) "
    "ON CONFLICT(origin) DO UPDATE SET peer=excluded.peer,size=excluded.size,root=excluded.root,"
    "note=excluded.note,line=excluded.line,at_s=excluded.at_s";
constexpr char kSelectStates[] =
    "SELECT origin,peer,size,root,note,line,at_s FROM witness_state ORDER BY origin";

constexpr char kSeenRoot[] = "SELECT root FROM peer_checkpoint WHERE origin=$1 AND size=$2";
constexpr char kSaveSeen[] =
    "INSERT INTO peer_checkpoint(origin,size,peer,root,note,seen_ms,demanded_ms) "
    "VALUES($1,$2,$3,$4,$5,$6,$7) ON CONFLICT(origin,size) DO UPDATE SET note=excluded.note,"
    "demanded_ms=excluded.demanded_ms";
constexpr char kTrimSeen[] =
    "DELETE FROM peer_checkpoint WHERE origin=$1 AND size NOT IN "
    "(SELECT size FROM peer_checkpoint WHERE origin=$1 ORDER BY size DESC LIMIT $2) "
    "AND size NOT IN "
    "(SELECT MIN(size) FROM peer_checkpoint WHERE origin=$1 GROUP BY seen_ms/86400000)";
constexpr char kSelectSeen[] =
    "SELECT origin,peer,size,root,note,seen_ms,demanded_ms FROM peer_checkpoint "
    "WHERE origin=$1 ORDER BY size DESC LIMIT $2";

constexpr char kNewestPolicy[] = "SELECT note FROM witness_policy ORDER BY idx DESC LIMIT 1";
constexpr char kInsertPolicy[] = "INSERT INTO witness_policy(idx,note) VALUES($1,$2)";
constexpr char kSelectPolicies[] = "SELECT idx,note FROM witness_policy ORDER BY idx";
constexpr char kNewestSerial[] =
    "SELECT serial FROM peer_policy WHERE peer=$1 ORDER BY serial DESC LIMIT 1";
constexpr char kInsertPeerPolicy[] = "INSERT INTO peer_policy(peer,serial,note) VALUES($1,$2,$3)";
constexpr char kSelectPeerPolicy[] =
    "SELECT note FROM peer_policy WHERE peer=$1 ORDER BY serial DESC LIMIT 1";

constexpr char kLoggedLast[] =
    "SELECT size,root FROM witnessed WHERE origin=$1 ORDER BY idx DESC LIMIT 1";
constexpr char kInsertLogged[] = "INSERT INTO witnessed(idx,origin,size,root) VALUES($1,$2,$3,$4)";

}  // namespace

Status WitnessStore::must_have_checkpoint(std::uint64_t size) {
  FOCAL_ASSIGN(const bool there, Query(p_.db, kHaveCheckpoint).bind(size).next());
  if (there) return {};
  return fail(ErrorCode::kState, "there is no checkpoint of " + std::to_string(size) + " leaves");
}

Status WitnessStore::put(const store::PutCosig& op, Group&) {
  FOCAL_TRY(must_have_checkpoint(op.row.size));
  FOCAL_ASSIGN(const std::int64_t witness, p_.parties.add(op.row.witness));
  FOCAL_TRY(
      Query(p_.db, kInsertCosig).bind(op.row.size, witness, op.row.at_s, op.row.line).run());
  return {};
}

Status WitnessStore::put(const store::PutPublished& op, Group& group) {
  FOCAL_TRY(must_have_checkpoint(op.size));
  FOCAL_TRY(Query(p_.db, kInsertPublication).bind(op.size, group.now_ms).run());
  return {};
}

Status WitnessStore::put(const store::PutWitnessState& op, Group&) {
  std::uint64_t held = 0;
  bool same_size_other_root = false;
  {
    Query query(p_.db, kHeldState);
    FOCAL_ASSIGN(const bool row, query.bind(op.row.origin).next());
    if (row) {
      held = query.number<std::uint64_t>(0);
      same_size_other_root = held == op.row.size && query.hash(1) != op.row.root;
    }
  }
  if (held != op.old_size || op.row.size < held || same_size_other_root)
    return fail(ErrorCode::kState, "of " + op.row.origin + " a checkpoint of " +
                                       std::to_string(held) + " leaves is held");
  changed_.reset();
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.row.party));
  FOCAL_TRY(Query(p_.db, kSaveState)
                .bind(op.row.origin, peer, op.row.size, op.row.root, op.row.note, op.row.line,
                      op.row.at_s)
                .run());
  return {};
}

Status WitnessStore::put(const store::PutPeerCheckpoint& op, Group&) {
  const store::PeerCheckpointRow& r = op.row;
  {
    Query query(p_.db, kSeenRoot);
    FOCAL_ASSIGN(const bool row, query.bind(r.origin, r.size).next());
    if (row && query.hash(0) != r.root)
      return fail(ErrorCode::kState, "of " + r.origin + " another root of " +
                                         std::to_string(r.size) + " leaves is here");
  }
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(r.party));
  FOCAL_TRY(Query(p_.db, kSaveSeen)
                .bind(r.origin, r.size, peer, r.root, r.note, r.seen_ms, r.demanded_ms)
                .run());
  FOCAL_TRY(Query(p_.db, kTrimSeen).bind(r.origin, kNewestPeerCheckpoints).run());
  return {};
}

Status WitnessStore::put(const store::PutWitnessPolicy& op, Group& group) {
  {
    Query newest(p_.db, kNewestPolicy);
    FOCAL_ASSIGN(const bool any, newest.next());
    if (any && newest.text(0) == op.note) return {};
  }
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kAdmin, op.id, op.detail, {}));
  FOCAL_TRY(Query(p_.db, kInsertPolicy).bind(idx, op.note).run());
  return {};
}

Status WitnessStore::put(const store::PutPeerPolicy& op, Group&) {
  FOCAL_ASSIGN(const std::int64_t peer, notes_.peer_number(op.party));
  {
    Query newest(p_.db, kNewestSerial);
    FOCAL_ASSIGN(const bool any, newest.bind(peer).next());
    if (any && newest.number<std::uint64_t>(0) >= op.serial) return {};
  }
  FOCAL_TRY(Query(p_.db, kInsertPeerPolicy).bind(peer, op.serial, op.note).run());
  return {};
}

Result<std::vector<store::WitnessStateRow>> WitnessStore::not_logged(
    const std::vector<store::WitnessStateRow>& all) {
  std::vector<store::WitnessStateRow> out;
  for (const store::WitnessStateRow& row : all) {
    Query query(p_.db, kLoggedLast);
    FOCAL_ASSIGN(const bool logged, query.bind(row.origin).next());
    if (!logged || query.number<std::uint64_t>(0) != row.size || query.hash(1) != row.root)
      out.push_back(row);
  }
  return out;
}

Result<bool> WitnessStore::list_changed() {
  if (!changed_) {
    FOCAL_ASSIGN(const auto rows, not_logged(states()));
    changed_ = !rows.empty();
  }
  return *changed_;
}

Status WitnessStore::log_list(std::uint64_t now_ms) {
  FOCAL_ASSIGN(const bool changed, list_changed());
  if (!changed) return {};
  const std::vector<store::WitnessStateRow> all = states();
  FOCAL_ASSIGN(const auto rows, not_logged(all));
  const Hash32 ref = crypto::sha256(std::string_view(store::witnessed_list(all)));
  FOCAL_ASSIGN(const store::LeafIndex idx,
               p_.log.append({store::LeafType::kWitnessed, now_ms, ref, Hash32{}}));
  for (const store::WitnessStateRow& row : rows)
    FOCAL_TRY(Query(p_.db, kInsertLogged).bind(idx, row.origin, row.size, row.root).run());
  changed_ = false;
  return {};
}

std::optional<store::CheckpointRow> WitnessStore::checkpoint(std::uint64_t size) {
  Query query(p_.db, kSelectCheckpoint);
  if (!query.bind(size).row()) return std::nullopt;
  return store::CheckpointRow{query.number<std::uint64_t>(0), query.hash(1), query.text(2)};
}

std::vector<store::CosigRow> WitnessStore::cosigs(std::uint64_t size) {
  std::vector<store::CosigRow> out;
  Query query(p_.db, kSelectCosigs);
  query.bind(size);
  while (query.row())
    out.push_back({query.number<std::uint64_t>(0), p_.parties.name(query.integer(1)),
                   query.number<std::uint64_t>(2), query.text(3)});
  return out;
}

std::optional<store::PublishedRow> WitnessStore::published(Query& query) {
  if (!query.row()) return std::nullopt;
  store::PublishedRow out;
  out.checkpoint = {query.number<std::uint64_t>(0), query.hash(1), query.text(2)};
  out.at_ms = query.number<std::uint64_t>(3);
  out.cosigs = cosigs(out.checkpoint.size);
  return out;
}

std::optional<store::PublishedRow> WitnessStore::newest_published() {
  Query query(p_.db, kNewestPublished);
  return published(query);
}

std::optional<store::PublishedRow> WitnessStore::first_published(std::uint64_t least_size) {
  Query query(p_.db, kFirstPublished);
  query.bind(least_size);
  return published(query);
}

std::vector<store::WitnessStateRow> WitnessStore::states() {
  std::vector<store::WitnessStateRow> out;
  Query query(p_.db, kSelectStates);
  while (query.row())
    out.push_back({query.text(0), p_.parties.name(query.integer(1)),
                   query.number<std::uint64_t>(2), query.hash(3), query.text(4), query.text(5),
                   query.number<std::uint64_t>(6)});
  return out;
}

std::vector<store::PeerCheckpointRow> WitnessStore::peer_checkpoints(const std::string& origin,
                                                                     std::size_t limit) {
  std::vector<store::PeerCheckpointRow> out;
  Query query(p_.db, kSelectSeen);
  query.bind(origin, limit);
  while (query.row())
    out.push_back({query.text(0), p_.parties.name(query.integer(1)),
                   query.number<std::uint64_t>(2), query.hash(3), query.text(4),
                   query.number<std::uint64_t>(5), query.number<std::uint64_t>(6)});
  return out;
}

std::vector<store::WitnessPolicyRow> WitnessStore::policies() {
  std::vector<store::WitnessPolicyRow> out;
  Query query(p_.db, kSelectPolicies);
  while (query.row()) out.push_back({query.integer(0), query.text(1)});
  return out;
}

std::string WitnessStore::peer_policy(const std::string& party) {
  const auto peer = p_.parties.find(party);
  if (!peer) return {};
  Query query(p_.db, kSelectPeerPolicy);
  return query.bind(*peer).row() ? query.text(0) : std::string();
}

}  // namespace focal::ledger

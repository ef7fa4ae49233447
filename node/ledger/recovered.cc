#include "node/ledger/recovered.h"

#include <algorithm>

#include "node/ledger/blobs.h"
#include "node/ledger/newest_stmt.h"
#include "node/ledger/outbox.h"

namespace focal::ledger {
namespace {

constexpr char kInsertSeen[] =
    "INSERT INTO seen(created_ms,rid,idx) VALUES($1,$2,$3) ON CONFLICT DO NOTHING";
// Kind, batch and key 0: nothing is known of it but its leaf.
constexpr char kInsertRec[] =
    "INSERT INTO rec(idx,dir,peer,kind,created_ms,status,batch,pos,kek) "
    "VALUES($1,$2,$3,0,$4,$5,0,0,0)";
constexpr char kBare[] =
    "SELECT peer FROM rec WHERE idx=$1 AND dir=$2 AND batch=0 AND wrapped IS NULL AND shred IS NULL";
constexpr char kFill[] =
    "UPDATE rec SET kind=$1,batch=$2,pos=$3,kek=$4,wrapped=$5,ct=$6,del_after=$7 WHERE idx=$8";
constexpr char kInsertBatch[] =
    "INSERT INTO batch(id,dir,first_idx,n,stmt,sig,leaves) VALUES($1,$2,$3,1,$4,$5,$6)";
constexpr char kWithoutBody[] =
    "SELECT r.created_ms,l.bytes FROM rec r JOIN leaf l ON l.idx=r.idx "
    "WHERE r.wrapped IS NULL AND r.shred IS NULL ORDER BY r.idx LIMIT $1";
constexpr char kInsertLost[] = "INSERT INTO signed_lost(root) VALUES($1) ON CONFLICT DO NOTHING";
constexpr char kSelectLost[] = "SELECT 1 FROM signed_lost WHERE root=$1";

Error no_such_body(const std::string& what) {
  return fail(ErrorCode::kState, "the content of a record cannot be stored: " + what);
}

}  // namespace

Status RecoveredStore::put_one(const store::RecoveredItem& item, std::int64_t peer, Group& group) {
  const bool rejected = store::is_rejected(item.status);
  if (!rejected && !store::is_accepted(item.status))
    return fail(ErrorCode::kState, "a recovered record has no status of a receipt");
  const auto type = rejected ? store::LeafType::kRejected : store::LeafType::kReceived;
  FOCAL_ASSIGN(const store::LeafIndex idx,
               p_.log.append({type, item.at_ms, item.ref.rid, Hash32{}}));
  Query seen(p_.db, kInsertSeen);
  seen.bind(item.ref.created_ms, item.ref.rid, idx);
  FOCAL_TRY(must_insert(seen, "record ", item.ref.rid));
  FOCAL_TRY(Query(p_.db, kInsertRec)
                .bind(idx, kReceivedRow, peer, item.ref.created_ms, item.status)
                .run());
  group.fresh.emplace(item.ref.rid, idx);
  return {};
}

Status RecoveredStore::put(const store::PutRecovered& op, Group& group) {
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.from));
  bool any = false;
  for (const store::RecoveredItem& item : op.items) {
    if (records_.index_of(item.ref, group)) continue;
    FOCAL_TRY(put_one(item, peer, group));
    any = true;
  }
  if (any)
    FOCAL_TRY(details_.append(group, store::LeafType::kAdmin, Hash32{}, op.detail, std::nullopt));
  return {};
}

Status RecoveredStore::put(const store::PutBody& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  std::int64_t peer = 0;
  {
    Query bare(p_.db, kBare);
    FOCAL_ASSIGN(const bool row, bare.bind(idx, kReceivedRow).next());
    if (!row) return no_such_body("it is here, or was never lost, or was erased");
    peer = bare.integer(0);
  }
  if (p_.parties.find(op.from) != peer) return no_such_body("its receipt went to another party");
  if (op.position >= op.rids.size() || op.rids[op.position] != op.ref.rid)
    return no_such_body("it is not at its place in the batch");
  FOCAL_ASSIGN(const store::BatchId id, records_.next_batch());
  FOCAL_ASSIGN(const std::int64_t kind, p_.kinds.add(op.kind));
  FOCAL_ASSIGN(const SealedRow row, p_.vault.seal(op.ref.rid, crypto::RestPart::kRecord, op.item,
                                                  class_of(op.kind)));
  FOCAL_TRY(Query(p_.db, kFill)
                .bind(kind, id, op.position, row.kek, row.sealed.wrapped, row.sealed.ct,
                      date_or_never(op.del_after_ms), idx)
                .run());
  const Bytes leaves = encode_hashes(op.rids);
  FOCAL_TRY(
      Query(p_.db, kInsertBatch).bind(id, kReceivedRow, idx, op.stmt, op.sig, leaves).run());
  group.lowest = std::min(group.lowest, idx);
  return keep_statement(p_, peer, op.signed_ms, op.stmt, op.sig);
}

Status RecoveredStore::put(const store::PutSignedRoots& op, Group&) {
  for (const Hash32& root : op.roots) FOCAL_TRY(Query(p_.db, kInsertLost).bind(root).run());
  return {};
}

Status RecoveredStore::put(const store::ReopenItems& op, Group&) {
  const auto batch = records_.batch(op.batch);
  std::vector<bool> keep(batch ? batch->records.size() : 0);
  if (batch)
    for (const store::RecordInfo& record : batch->records)
      if (record.position < keep.size()) keep[record.position] = record.shred.has_value();
  return outbox_.reopen(op, keep);
}

std::vector<store::RecordRef> RecoveredStore::without_body(std::size_t limit) {
  std::vector<store::RecordRef> out;
  Query query(p_.db, kWithoutBody);
  query.bind(limit);
  while (query.row()) {
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) damaged("the leaf of a recovered record");
    out.push_back({leaf->ref, query.number<std::uint64_t>(0)});
  }
  return out;
}

bool RecoveredStore::signed_and_lost(const Hash32& root) {
  return Query(p_.db, kSelectLost).bind(root).row();
}

}  // namespace focal::ledger

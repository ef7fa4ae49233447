#include "node/ledger/records.h"

#include <algorithm>

#include "node/ledger/blobs.h"
#include "node/ledger/details.h"
#include "node/ledger/newest_stmt.h"
#include "node/ledger/outbox.h"

namespace focal::ledger {
namespace {

constexpr char kInsertSeen[] =
    "INSERT INTO seen(created_ms,rid,idx) VALUES($1,$2,$3) ON CONFLICT DO NOTHING";
constexpr char kSelectSeen[] = "SELECT idx FROM seen WHERE created_ms=$1 AND rid=$2";
constexpr char kInsertRec[] =
    "INSERT INTO rec(idx,dir,peer,kind,created_ms,status,batch,pos,kek,wrapped,ct,del_after) "
    "VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)";
constexpr char kInsertBatch[] =
    "INSERT INTO batch(id,dir,first_idx,n,stmt,sig,leaves) VALUES($1,$2,$3,$4,$5,$6,$7)";
constexpr char kNextBatch[] = "SELECT COALESCE(MAX(id),0)+1 FROM batch";
constexpr char kInsertSigned[] = "INSERT INTO signed(root) VALUES($1) ON CONFLICT DO NOTHING";
constexpr char kSelectRange[] =
    "SELECT r.idx,r.dir,r.peer,r.kind,r.created_ms,r.status,r.batch,r.pos,l.bytes,"
    "r.wrapped IS NULL,r.shred,r.del_after "
    "FROM rec r JOIN leaf l ON l.idx=r.idx WHERE r.idx>=$1 AND r.idx<$2 ORDER BY r.idx";
constexpr char kSelectItem[] = "SELECT kek,wrapped,ct,shred FROM rec WHERE idx=$1";
constexpr char kSelectBatch[] = "SELECT dir,first_idx,n,stmt,sig,leaves FROM batch WHERE id=$1";
constexpr char kTail[] =
    "SELECT l.idx,l.bytes,COALESCE(r.peer,d.peer,c.peer,o.peer,i.peer,0),COALESCE(r.kind,0) "
    "FROM leaf l LEFT JOIN rec r ON r.idx=l.idx LEFT JOIN detail d ON d.idx=l.idx "
    "LEFT JOIN card c ON c.idx=l.idx LEFT JOIN receipt_batch o ON o.id=l.idx "
    "LEFT JOIN receipt_in i ON i.id=l.idx ORDER BY l.idx DESC LIMIT $1";

store::LeafType leaf_type(bool sent, std::uint32_t status) {
  if (sent) return store::LeafType::kSent;
  return store::is_rejected(status) ? store::LeafType::kRejected : store::LeafType::kReceived;
}

}  // namespace

Status RecordStore::put_record(const store::NewRecord& record, const Place& place, Group& group) {
  FOCAL_ASSIGN(const std::int64_t kind, p_.kinds.add(record.kind));
  FOCAL_ASSIGN(const SealedRow row,
               p_.vault.seal(record.ref.rid, crypto::RestPart::kRecord, record.item,
                            class_of(record.kind)));
  FOCAL_ASSIGN(const store::LeafIndex idx, p_.log.append({leaf_type(place.sent, place.status),
                                                          group.now_ms, record.ref.rid, place.detail}));
  Query seen(p_.db, kInsertSeen);
  seen.bind(record.ref.created_ms, record.ref.rid, idx);
  FOCAL_TRY(must_insert(seen, "record ", record.ref.rid));
  FOCAL_TRY(Query(p_.db, kInsertRec)
                .bind(idx, place.sent ? kSentRow : kReceivedRow, place.peer, kind, record.ref.created_ms,
                      place.status, place.batch, place.position, row.kek, row.sealed.wrapped,
                      row.sealed.ct, date_or_never(record.del_after_ms))
                .run());
  group.fresh.emplace(record.ref.rid, idx);
  return {};
}

Result<store::BatchId> RecordStore::next_batch() {
  Query query(p_.db, kNextBatch);
  FOCAL_ASSIGN(const bool row, query.next());
  FOCAL_CHECK(row);
  return query.integer(0);
}

Status RecordStore::put(const store::PutSentBatch& op, Group& group) {
  FOCAL_ASSIGN(const store::BatchId id, next_batch());
  const std::string& first_peer = op.to.empty() ? p_.own_party : op.to.front();
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(first_peer));
  const store::LeafIndex first = p_.log.size();
  std::optional<DetailStore::Sealed> detail;
  if (!op.detail.empty() && !op.records.empty()) {
    FOCAL_ASSIGN(detail, details_.seal(op.records.front().ref.rid, op.detail));
  }
  const Hash32 commitment = detail ? detail->commitment : Hash32{};
  std::uint32_t position = 0;
  for (const store::NewRecord& record : op.records) {
    FOCAL_TRY(put_record(record, {true, peer, 0, id, position++, commitment}, group));
  }
  if (detail) FOCAL_TRY(details_.keep(*detail, first, std::nullopt));
  FOCAL_TRY(Query(p_.db, kInsertBatch)
                .bind(id, kSentRow, first, op.records.size(), op.stmt, op.sig, std::nullopt)
                .run());
  FOCAL_TRY(Query(p_.db, kInsertSigned).bind(op.root).run());
  FOCAL_TRY(outbox_.add(id, op, group));
  group.out.batches.push_back(id);
  return {};
}

Status RecordStore::put(const store::PutReceivedBatch& op, Group& group) {
  if (op.records.empty()) return {};
  FOCAL_ASSIGN(const store::BatchId id, next_batch());
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.from));
  const store::LeafIndex first = p_.log.size();
  for (const store::ReceivedRecord& received : op.records) {
    if (received.position >= op.rids.size() ||
        op.rids[received.position] != received.record.ref.rid)
      return fail(ErrorCode::kState, "a record is not at its place in the batch");
    FOCAL_TRY(
        put_record(received.record, {false, peer, received.status, id, received.position, {}}, group));
  }
  const Bytes leaves = encode_hashes(op.rids);
  FOCAL_TRY(Query(p_.db, kInsertBatch)
                .bind(id, kReceivedRow, first, op.records.size(), op.stmt, op.sig, leaves)
                .run());
  return keep_statement(p_, peer, op.signed_ms, op.stmt, op.sig);
}

std::optional<store::LeafIndex> RecordStore::index_of(const store::RecordRef& ref,
                                                      const Group& group) {
  if (const auto fresh = group.fresh.find(ref.rid); fresh != group.fresh.end())
    return fresh->second;
  return find_index(ref);
}

std::optional<store::LeafIndex> RecordStore::find_index(const store::RecordRef& ref) {
  Query query(p_.db, kSelectSeen);
  if (!query.bind(ref.created_ms, ref.rid).row()) return std::nullopt;
  return query.integer(0);
}

Result<store::LeafIndex> RecordStore::resolve(const store::RecordRef& ref, const Group& group) {
  if (const auto idx = index_of(ref, group)) return *idx;
  return fail(ErrorCode::kState, "record " + hex(ref.rid) + " is not stored");
}

store::RecordInfo RecordStore::read_info(const Query& query) {
  const auto leaf = store::decode_leaf(query.blob(8));
  if (!leaf) damaged("leaf " + std::to_string(query.integer(0)));
  store::RecordInfo info;
  info.idx = query.integer(0);
  info.sent = query.integer(1) == kSentRow;
  info.peer = p_.parties.name(query.integer(2));
  info.kind = p_.kinds.name(query.integer(3));
  info.status = query.number<std::uint32_t>(5);
  info.at_ms = leaf->time_ms;
  info.ref = {leaf->ref, query.number<std::uint64_t>(4)};
  info.batch = query.integer(6);
  info.position = query.number<std::uint32_t>(7);
  info.has_body = query.integer(9) == 0;
  if (!query.is_null(10)) info.shred = query.integer(10);
  if (!query.is_null(11)) info.del_after_ms = query.number<std::uint64_t>(11);
  return info;
}

std::vector<store::RecordInfo> RecordStore::records(store::LeafIndex first, std::int64_t n) {
  std::vector<store::RecordInfo> out;
  Query query(p_.db, kSelectRange);
  query.bind(first, first + n);
  while (query.row()) out.push_back(read_info(query));
  return out;
}

std::optional<store::RecordInfo> RecordStore::record(store::LeafIndex idx) {
  auto found = records(idx, 1);
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<store::RecordInfo> RecordStore::find(const store::RecordRef& ref) {
  const auto idx = find_index(ref);
  if (!idx) return std::nullopt;
  return record(*idx);
}

Result<Bytes> RecordStore::item(store::LeafIndex idx) {
  const auto leaf = p_.log.leaf(idx);
  Query query(p_.db, kSelectItem);
  if (!leaf || !query.bind(idx).row())
    return fail(ErrorCode::kNotFound, "leaf " + std::to_string(idx) + " is no record");
  if (!query.is_null(3))
    return fail(ErrorCode::kErased, "the record was erased",
                "Its leaves, receipts and the erasure itself stand in the log.");
  if (query.is_null(1) || query.is_null(2))
    return fail(ErrorCode::kNotFound, "the record was lost with an older state of this ledger",
                "Its sender is asked for it again.");
  return p_.vault.open(query.integer(0), leaf->ref, crypto::RestPart::kRecord, query.blob(1),
                       query.blob(2));
}

std::optional<store::StoredBatch> RecordStore::batch(store::BatchId id) {
  store::StoredBatch out;
  out.id = id;
  Query query(p_.db, kSelectBatch);
  if (!query.bind(id).row()) return std::nullopt;
  out.sent = query.integer(0) == kSentRow;
  const store::LeafIndex first = query.integer(1);
  const std::int64_t n = query.integer(2);
  out.stmt = to_bytes(query.blob(3));
  out.sig = to_bytes(query.blob(4));
  out.records = records(first, n);
  if (out.sent) {
    for (const store::RecordInfo& record : out.records) out.rids.push_back(record.ref.rid);
  } else {
    auto rids = decode_hashes(query.blob(5));
    if (!rids) damaged("batch " + std::to_string(id));
    out.rids = std::move(*rids);
  }
  return out;
}

std::vector<store::LeafRow> RecordStore::tail(std::size_t limit) {
  std::vector<store::LeafRow> out;
  Query query(p_.db, kTail);
  query.bind(limit);
  while (query.row()) {
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) damaged("leaf " + std::to_string(query.integer(0)));
    store::LeafRow row;
    row.idx = query.integer(0);
    row.type = store::leaf_type_name(leaf->type);
    row.time_ms = leaf->time_ms;
    row.ref = leaf->ref;
    if (query.integer(2) != 0) row.peer = p_.parties.name(query.integer(2));
    if (query.integer(3) != 0) row.kind = p_.kinds.name(query.integer(3));
    out.push_back(std::move(row));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace focal::ledger

#include "node/ledger/receipts.h"

#include <optional>

#include "node/ledger/blobs.h"
#include "node/ledger/newest_stmt.h"

namespace focal::ledger {
namespace {

constexpr char kInsertOut[] =
    "INSERT INTO receipt_batch(id,peer,first_idx,n,idxs,stmt,sig) VALUES($1,$2,$3,$4,$5,$6,$7)";
constexpr char kInsertIn[] =
    "INSERT INTO receipt_in(id,peer,stmt,sig,items) VALUES($1,$2,$3,$4,$5)";
constexpr char kInsertSigned[] = "INSERT INTO signed(root) VALUES($1) ON CONFLICT DO NOTHING";
constexpr char kInsertSeen[] =
    "INSERT INTO receipt_seen(root,peer,idx) VALUES($1,$2,$3) ON CONFLICT DO NOTHING";
constexpr char kSelectSigned[] = "SELECT 1 FROM signed WHERE root=$1";
constexpr char kSelectSeen[] = "SELECT idx FROM receipt_seen WHERE root=$1 AND peer=$2";

}  // namespace

Status ReceiptStore::put(const store::PutReceiptsOut& op, Group& group) {
  if (op.records.empty()) return fail(ErrorCode::kState, "a receipt batch without records");
  std::vector<store::LeafIndex> indexes;
  indexes.reserve(op.records.size());
  bool consecutive = true;
  for (const store::RecordRef& ref : op.records) {
    FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(ref, group));
    if (!indexes.empty() && idx != indexes.back() + 1) consecutive = false;
    indexes.push_back(idx);
  }
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.to));
  FOCAL_ASSIGN(const store::LeafIndex leaf,
               p_.log.append({store::LeafType::kReceiptOut, group.now_ms, op.root, Hash32{}}));
  std::optional<Bytes> list;
  if (!consecutive) list = encode_indexes(indexes);
  FOCAL_TRY(Query(p_.db, kInsertOut)
                .bind(leaf, peer, indexes.front(), indexes.size(), list, op.stmt, op.sig)
                .run());
  // A repeated receipt of one record has the root of the first: signed once is enough.
  FOCAL_TRY(Query(p_.db, kInsertSigned).bind(op.root).run());
  return {};
}

Status ReceiptStore::put(const store::PutReceiptsIn& op, Group& group) {
  Query seen(p_.db, kInsertSeen);
  const store::LeafIndex next = p_.log.size();
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(op.from));
  FOCAL_ASSIGN(const std::int64_t written, seen.bind(op.root, peer, next).run());
  if (written == 0) {
    Query first(p_.db, kSelectSeen);
    FOCAL_ASSIGN(const bool row, first.bind(op.root, peer).next());
    FOCAL_CHECK(row);
    return outbox_.apply(op.from, op.outcomes, first.integer(0));
  }
  FOCAL_ASSIGN(const store::LeafIndex leaf,
               p_.log.append({store::LeafType::kReceiptIn, group.now_ms, op.root, Hash32{}}));
  const Bytes items = encode_list(op.items);
  FOCAL_TRY(Query(p_.db, kInsertIn).bind(leaf, peer, op.stmt, op.sig, items).run());
  FOCAL_TRY(keep_statement(p_, peer, op.signed_ms, op.stmt, op.sig));
  return outbox_.apply(op.from, op.outcomes, leaf);
}

bool ReceiptStore::signed_by_us(const Hash32& root) {
  return Query(p_.db, kSelectSigned).bind(root).row();
}

}  // namespace focal::ledger

#include "node/ledger/shred.h"

#include <algorithm>

#include "node/ledger/outbox.h"
#include "node/ledger/schema.h"

namespace focal::ledger {
namespace {

constexpr char kSealed[] = "SELECT kek FROM rec WHERE idx=$1 AND wrapped IS NOT NULL";
constexpr char kDestroy[] =
    "UPDATE rec SET wrapped=$1,ct=$2,del_after=$3,shred=$4 WHERE idx=$5";
constexpr char kLeft[] =
    "SELECT b.first_idx,(SELECT COUNT(*) FROM rec r WHERE r.idx>=b.first_idx AND "
    "r.idx<b.first_idx+b.n AND r.shred IS NULL) FROM batch b WHERE b.id=$1";
constexpr char kSetDate[] = "UPDATE rec SET del_after=$1 WHERE idx=$2 AND shred IS NULL";
constexpr char kDue[] =
    "SELECT idx FROM rec WHERE del_after IS NOT NULL AND del_after<=$1 "
    "ORDER BY del_after,idx LIMIT $2";

}  // namespace

Status ShredStore::destroy_item(store::LeafIndex idx, store::LeafIndex shred) {
  std::optional<KekId> kek;
  {
    Query sealed(p_.db, kSealed);
    FOCAL_ASSIGN(const bool row, sealed.bind(idx).next());
    if (row) kek = sealed.integer(0);
  }
  FOCAL_TRY(Query(p_.db, kDestroy)
                .bind(std::nullopt, std::nullopt, std::nullopt, shred, idx)
                .run());
  if (!kek) return {};
  return p_.keks.deleted(*kek);
}

// Who released a batch and why a sending of it waits may tell what was in it.
Status ShredStore::destroy_batch_words(store::BatchId id) {
  store::LeafIndex first = 0;
  {
    Query left(p_.db, kLeft);
    FOCAL_ASSIGN(const bool row, left.bind(id).next());
    if (!row || left.integer(1) != 0) return {};
    first = left.integer(0);
  }
  FOCAL_TRY(details_.destroy(first));
  return outbox_.destroy_reasons(id);
}

// Before it was released, a record that was sent may have stood in a row of the desk. The row holds
// it no more, but older copies do, over the end of a month under another key than the rest.
Status ShredStore::destroy_held_act(store::LeafIndex sent) {
  const auto leaf = p_.log.leaf(sent);
  if (!leaf) return {};
  const KekId before = kek_id(KekClass::kActs, leaf->time_ms - std::min(leaf->time_ms, kHeldActMs));
  if (before == kek_id(KekClass::kActs, leaf->time_ms)) return {};
  for (const store::KekRow& row : p_.keks.all())
    if (first_generation(row.id) == before) FOCAL_TRY(p_.keks.deleted(row.id));
  return {};
}

Status ShredStore::put(const store::PutShred& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  const auto record = records_.record(idx);
  if (!record || record->shred)
    return fail(ErrorCode::kState, "record " + hex(op.ref.rid) + " was erased before");
  FOCAL_ASSIGN(const store::LeafIndex shred,
               details_.append(group, store::LeafType::kShred, op.ref.rid, op.detail, std::nullopt));
  FOCAL_TRY(destroy_item(idx, shred));
  if (!record->sent) return {};
  FOCAL_TRY(destroy_held_act(idx));
  FOCAL_TRY(outbox_.cancel(record->batch, record->position));
  return destroy_batch_words(record->batch);
}

Status ShredStore::put(const store::SetDelAfter& op, Group& group) {
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(op.ref, group));
  FOCAL_ASSIGN(const std::int64_t changed,
               Query(p_.db, kSetDate).bind(date_or_never(op.del_after_ms), idx).run());
  if (changed == 1) return {};
  return fail(ErrorCode::kState, "record " + hex(op.ref.rid) + " was erased before");
}

Status ShredStore::put(const store::SetDated& op, Group&) {
  store::IndexProgress progress = read_dating(p_.db);
  if (op.done <= progress.done) return {};
  progress.done = std::min(op.done, progress.target);
  return put_dating(p_.db, progress);
}

std::vector<store::LeafIndex> ShredStore::due(std::uint64_t safe_ms, std::size_t limit) {
  std::vector<store::LeafIndex> out;
  Query query(p_.db, kDue);
  query.bind(safe_ms, limit);
  while (query.row()) out.push_back(query.integer(0));
  return out;
}

store::IndexProgress ShredStore::dating_progress() { return read_dating(p_.db); }

}  // namespace focal::ledger

#include "node/ledger/kek_rows.h"

#include <algorithm>

#include "node/ledger/desk_rows.h"
#include "node/ledger/outbox.h"

namespace focal::ledger {
namespace {

constexpr std::int64_t kLeavesAtOnce = 20'000;   // that one slice looks at
constexpr std::int64_t kBatchesAtOnce = 5'000;

// last_idx 0: still in use.
constexpr char kCloseOthers[] =
    "UPDATE kek SET last_idx=$1 WHERE last_idx=0 AND id<>$2 AND id%100000000/1000000=$3";
constexpr char kOpen[] =
    "INSERT INTO kek(id,first_idx,last_idx,deletions,next) VALUES($1,$2,0,0,0) "
    "ON CONFLICT(id) DO UPDATE SET last_idx=0,first_idx=CASE WHEN excluded.first_idx<kek.first_idx "
    "THEN excluded.first_idx ELSE kek.first_idx END";
constexpr char kDeleted[] =
    "INSERT INTO kek(id,first_idx,last_idx,deletions,next) VALUES($1,0,0,1,0) "
    "ON CONFLICT(id) DO UPDATE SET deletions=kek.deletions+1";
constexpr char kAll[] = "SELECT id,first_idx,deletions,next FROM kek ORDER BY id";
constexpr char kOne[] = "SELECT first_idx,last_idx,next FROM kek WHERE id=$1";
constexpr char kSetNext[] = "UPDATE kek SET next=$1 WHERE id=$2";
constexpr char kSuccessor[] =
    "INSERT INTO kek(id,first_idx,last_idx,deletions,next) VALUES($1,$2,$3,0,0) "
    "ON CONFLICT(id) DO UPDATE SET first_idx=CASE WHEN excluded.first_idx<kek.first_idx "
    "THEN excluded.first_idx ELSE kek.first_idx END,last_idx=CASE WHEN kek.last_idx=0 OR "
    "excluded.last_idx=0 THEN 0 WHEN excluded.last_idx>kek.last_idx THEN excluded.last_idx "
    "ELSE kek.last_idx END";
constexpr char kDrop[] = "DELETE FROM kek WHERE id=$1";

constexpr char kRecords[] =
    "SELECT idx,wrapped FROM rec WHERE idx>=$1 AND idx<$2 AND kek=$3 AND wrapped IS NOT NULL "
    "ORDER BY idx LIMIT $4";
constexpr char kDetails[] =
    "SELECT idx,wrapped FROM detail WHERE idx>=$1 AND idx<$2 AND kek=$3 AND wrapped IS NOT NULL "
    "ORDER BY idx LIMIT $4";
constexpr char kOutboxRows[] =
    "SELECT batch,peer,wrapped FROM outbox WHERE batch>=$1 AND batch<$2 AND kek=$3 "
    "ORDER BY batch,peer";
constexpr char kLastBatch[] = "SELECT COALESCE(MAX(batch),0) FROM outbox";
constexpr char kWaitingRows[] =
    "SELECT id,inner_hash,wrapped FROM waiting WHERE id>=$1 AND kek=$2 ORDER BY id LIMIT $3";
constexpr char kDeskRows[] = "SELECT tab,id,idx,wrapped FROM desk_row WHERE kek=$1 LIMIT $2";

constexpr char kChangeRecord[] = "UPDATE rec SET kek=$1,wrapped=$2 WHERE idx=$3";
constexpr char kChangeDetail[] = "UPDATE detail SET kek=$1,wrapped=$2 WHERE idx=$3";
constexpr char kChangeOutbox[] = "UPDATE outbox SET kek=$1,wrapped=$2 WHERE batch=$3 AND peer=$4";
constexpr char kChangeWaiting[] = "UPDATE waiting SET kek=$1,wrapped=$2 WHERE id=$3";
constexpr char kChangeDesk[] = "UPDATE desk_row SET kek=$1,wrapped=$2 WHERE tab=$3 AND id=$4";

}  // namespace

Status KekStore::note(const std::map<KekClass, Kek>& used, store::LeafIndex lowest) {
  for (const auto& [kek_class, kek] : used) {
    const auto known = open_.find(kek_class);
    if (known != open_.end() && known->second.id == kek.id && known->second.first <= lowest)
      continue;
    FOCAL_TRY(Query(db_, kCloseOthers).bind(log_.size(), kek.id, kek_class).run());
    FOCAL_ASSIGN(const store::LeafIndex first, open_row(kek.id, lowest));
    open_[kek_class] = {kek.id, first};
  }
  return {};
}

// Nothing is written where the row says so already, as after every start.
Result<store::LeafIndex> KekStore::open_row(KekId id, store::LeafIndex lowest) {
  {
    Query query(db_, kOne);
    FOCAL_ASSIGN(const bool row, query.bind(id).next());
    if (row && query.integer(0) <= lowest && query.integer(1) == 0) return query.integer(0);
  }
  FOCAL_TRY(Query(db_, kOpen).bind(id, lowest).run());
  return lowest;
}

Status KekStore::deleted(KekId id) {
  FOCAL_TRY(Query(db_, kDeleted).bind(id).run());
  return {};
}

void KekStore::forget() {
  open_.clear();
  cursor_ = {};
}

std::vector<store::KekRow> KekStore::all() {
  std::vector<store::KekRow> out;
  Query query(db_, kAll);
  while (query.row())
    out.push_back({query.integer(0), query.integer(1), query.number<std::uint64_t>(2),
                   query.integer(3)});
  return out;
}

Status KekStore::drop(KekId id) {
  FOCAL_TRY(Query(db_, kDrop).bind(id).run());
  open_.clear();
  return {};
}

Status KekStore::begin(KekId from, KekId to) {
  if (cursor_.from == from && cursor_.to == to) return {};
  store::LeafIndex first = 0, last = 0;
  KekId next = 0;
  {
    Query query(db_, kOne);
    FOCAL_ASSIGN(const bool row, query.bind(from).next());
    if (!row) return fail(ErrorCode::kState, "the key '" + kek_name(from) + "' seals nothing here");
    first = query.integer(0);
    last = query.integer(1);
    next = query.integer(2);
  }
  if (next != 0 && next != to)
    return fail(ErrorCode::kState, "the key '" + kek_name(from) + "' has another successor");
  FOCAL_TRY(Query(db_, kSetNext).bind(to, from).run());
  FOCAL_TRY(Query(db_, kSuccessor).bind(to, first, last).run());
  cursor_ = {from, to, Stage::kRecords, first, last == 0 ? log_.size() : last + 1};
  return {};
}

// Keys of the classes of records seal records alone; those of schema 3 have the number of the first
// class and seal everything.
void KekStore::next_stage() {
  const KekClass kek_class = class_of(cursor_.from);
  const bool all = kek_class == KekClass::kTracing;
  const bool acts = all || kek_class == KekClass::kActs;
  const bool waiting = all || kek_class == KekClass::kWaiting;
  const auto is_due = [&](Stage stage) {
    switch (stage) {
      case Stage::kDetails:
      case Stage::kOutbox:
      case Stage::kDesk: return acts;
      case Stage::kWaiting: return waiting;
      case Stage::kRecords:
      case Stage::kEnd: return true;
    }
    return true;
  };
  do {
    cursor_.stage = static_cast<Stage>(static_cast<int>(cursor_.stage) + 1);
  } while (!is_due(cursor_.stage));
  cursor_.at = 0;
}

Result<std::vector<KekStore::Row>> KekStore::leaf_rows(const char* sql, crypto::RestPart part,
                                                       std::size_t rows) {
  std::vector<Row> out;
  const std::int64_t until = std::min(cursor_.end, cursor_.at + kLeavesAtOnce);
  {
    Query query(db_, sql);
    query.bind(cursor_.at, until, cursor_.from, rows);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      out.push_back({query.integer(0), 0, {}, part, to_bytes(query.blob(1))});
    }
  }
  const std::int64_t before = cursor_.at;
  cursor_.at = out.size() < rows ? until : out.back().key + 1;
  looked_at_ += static_cast<std::size_t>(std::max<std::int64_t>(cursor_.at - before, 0));
  for (Row& row : out) {
    const auto leaf = log_.leaf(row.key);
    if (!leaf) return fail(ErrorCode::kCorrupt, "a row without its leaf");
    row.ref = leaf->ref;
  }
  if (cursor_.at >= cursor_.end) next_stage();
  return out;
}

Result<std::vector<KekStore::Row>> KekStore::outbox_rows() {
  std::vector<Row> out;
  std::int64_t last = 0;
  {
    Query query(db_, kLastBatch);
    FOCAL_ASSIGN(const bool row, query.next());
    last = row ? query.integer(0) : 0;
  }
  {
    Query query(db_, kOutboxRows);
    query.bind(cursor_.at, cursor_.at + kBatchesAtOnce, cursor_.from);
    for (;;) {
      FOCAL_ASSIGN(const bool row, query.next());
      if (!row) break;
      out.push_back({query.integer(0), query.integer(1), {}, crypto::RestPart::kDetail,
                     to_bytes(query.blob(2))});
    }
  }
  for (Row& row : out) row.ref = outbox_reason_ref(row.key, parties_.name(row.second));
  looked_at_ += out.size() + 1;
  cursor_.at += kBatchesAtOnce;
  if (cursor_.at > last) next_stage();
  return out;
}

Result<std::vector<KekStore::Row>> KekStore::waiting_rows(std::size_t rows) {
  std::vector<Row> out;
  Query query(db_, kWaitingRows);
  query.bind(cursor_.at, cursor_.from, rows);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    out.push_back({query.integer(0), 0, query.hash(1), crypto::RestPart::kWaiting,
                   to_bytes(query.blob(2))});
  }
  looked_at_ += out.size();
  if (!out.empty()) cursor_.at = out.back().key + 1;
  if (out.size() < rows) next_stage();
  return out;
}

Result<std::vector<KekStore::Row>> KekStore::desk_rows(std::size_t rows) {
  std::vector<Row> out;
  Query query(db_, kDeskRows);
  query.bind(cursor_.from, rows);
  for (;;) {
    FOCAL_ASSIGN(const bool row, query.next());
    if (!row) break;
    const auto table = query.number<store::DeskTable>(0);
    out.push_back({query.integer(0), query.integer(1),
                   desk_row_ref(table, query.integer(1), query.integer(2)),
                   crypto::RestPart::kDesk, to_bytes(query.blob(3))});
  }
  looked_at_ += out.size();
  if (out.size() < rows) next_stage();
  return out;
}

Result<std::vector<KekStore::Row>> KekStore::slice(std::size_t rows) {
  switch (cursor_.stage) {
    case Stage::kRecords: return leaf_rows(kRecords, crypto::RestPart::kRecord, rows);
    case Stage::kDetails: {
      if (cursor_.at == 0) {
        Query query(db_, kOne);
        FOCAL_ASSIGN(const bool row, query.bind(cursor_.from).next());
        if (row) cursor_.at = query.integer(0);
      }
      return leaf_rows(kDetails, crypto::RestPart::kDetail, rows);
    }
    case Stage::kOutbox: return outbox_rows();
    case Stage::kWaiting: return waiting_rows(rows);
    case Stage::kDesk: return desk_rows(rows);
    case Stage::kEnd: return std::vector<Row>{};
  }
  return std::vector<Row>{};
}

Status KekStore::change(const Row& row, Stage stage) {
  FOCAL_ASSIGN(const Bytes wrapped,
               vault_.rewrap(cursor_.from, cursor_.to, row.ref, row.part, row.wrapped));
  const KekId to = cursor_.to;
  switch (stage) {
    case Stage::kRecords:
      FOCAL_TRY(Query(db_, kChangeRecord).bind(to, wrapped, row.key).run());
      break;
    case Stage::kDetails:
      FOCAL_TRY(Query(db_, kChangeDetail).bind(to, wrapped, row.key).run());
      break;
    case Stage::kOutbox:
      FOCAL_TRY(Query(db_, kChangeOutbox).bind(to, wrapped, row.key, row.second).run());
      break;
    case Stage::kWaiting:
      FOCAL_TRY(Query(db_, kChangeWaiting).bind(to, wrapped, row.key).run());
      break;
    case Stage::kDesk:
      FOCAL_TRY(Query(db_, kChangeDesk).bind(to, wrapped, row.key, row.second).run());
      break;
    case Stage::kEnd: break;
  }
  return {};
}

Status KekStore::rewrap(KekId from, KekId to, std::size_t rows, std::size_t& looked_at) {
  FOCAL_TRY(begin(from, to));
  looked_at_ = 0;
  std::size_t changed = 0;
  while (changed == 0 && looked_at_ < static_cast<std::size_t>(kLeavesAtOnce) && cursor_.stage != Stage::kEnd) {
    const Stage stage = cursor_.stage;
    FOCAL_ASSIGN(const std::vector<Row> found, slice(std::max<std::size_t>(rows, 1)));
    for (const Row& row : found) FOCAL_TRY(change(row, stage));
    changed = found.size();
  }
  const bool ended = changed == 0 && cursor_.stage == Stage::kEnd;
  looked_at = ended ? 0 : std::max<std::size_t>(looked_at_, 1);
  return {};
}

}  // namespace focal::ledger

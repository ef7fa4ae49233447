#include "node/ledger/desk_rows.h"

#include <algorithm>
#include <limits>
#include <string>

#include "crypto/hash.h"

namespace focal::ledger {
namespace {

constexpr std::string_view kLabel{"focal/desk-row/v1\0", 18};

constexpr char kSave[] =
    "INSERT INTO desk_row(tab,id,open,idx,kek,wrapped,ct) VALUES($1,$2,$3,$4,$5,$6,$7) "
    "ON CONFLICT(tab,id) DO UPDATE SET open=excluded.open,idx=excluded.idx,kek=excluded.kek,"
    "wrapped=excluded.wrapped,ct=excluded.ct";
constexpr char kSelectAll[] =
    "SELECT id,open,idx,kek,wrapped,ct FROM desk_row WHERE tab=$1 ORDER BY id";
constexpr char kSelectOpen[] =
    "SELECT id,open,idx,kek,wrapped,ct FROM desk_row WHERE tab=$1 AND open=1 ORDER BY id";
constexpr char kSelectNewest[] =
    "SELECT id,open,idx,kek,wrapped,ct FROM desk_row WHERE tab=$1 AND id<$2 "
    "ORDER BY id DESC LIMIT $3";
constexpr char kSelectOne[] =
    "SELECT id,open,idx,kek,wrapped,ct FROM desk_row WHERE tab=$1 AND id=$2";
constexpr char kNextId[] = "SELECT COALESCE(MAX(id),0)+1 FROM desk_row WHERE tab=$1";

}  // namespace

Hash32 desk_row_ref(store::DeskTable table, std::int64_t id, store::LeafIndex idx) {
  Bytes text = to_bytes(kLabel);
  text.push_back(static_cast<std::uint8_t>(table));
  put_u64be(text, static_cast<std::uint64_t>(id));
  put_u64be(text, static_cast<std::uint64_t>(idx));
  return crypto::sha256(ByteView(text));
}

Status DeskRowStore::put(const store::PutDesk& op, Group& group) {
  if (op.id < 1) return fail(ErrorCode::kState, "a row of the desk has no number");
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kAdmin,
                               store::desk_ref(op.table, op.id, op.open), op.detail, std::nullopt));
  FOCAL_ASSIGN(const SealedRow row, p_.vault.seal(desk_row_ref(op.table, op.id, idx),
                                                  crypto::RestPart::kDesk, op.content,
                                                  KekClass::kActs));
  FOCAL_TRY(Query(p_.db, kSave)
                .bind(op.table, op.id, op.open, idx, row.kek, row.sealed.wrapped, row.sealed.ct)
                .run());
  return {};
}

Result<store::DeskRow> DeskRowStore::read(store::DeskTable table, const Query& query) {
  store::DeskRow row;
  row.id = query.integer(0);
  row.open = query.integer(1) != 0;
  row.idx = query.integer(2);
  const auto leaf = p_.log.leaf(row.idx);
  if (!leaf || leaf->ref != store::desk_ref(table, row.id, row.open))
    return fail(ErrorCode::kCorrupt,
                "row " + std::to_string(row.id) + " of the desk is not what its leaf says",
                "run focal ledger verify");
  FOCAL_ASSIGN(row.content,
               p_.vault.open(query.integer(3), desk_row_ref(table, row.id, row.idx),
                             crypto::RestPart::kDesk, query.blob(4), query.blob(5)));
  return row;
}

Result<std::vector<store::DeskRow>> DeskRowStore::read_all(store::DeskTable table,
                                                           Query& query) {
  std::vector<store::DeskRow> out;
  while (query.row()) {
    FOCAL_ASSIGN(store::DeskRow row, read(table, query));
    out.push_back(std::move(row));
  }
  return out;
}

Result<std::vector<store::DeskRow>> DeskRowStore::all(store::DeskTable table, bool only_open) {
  Query query(p_.db, only_open ? kSelectOpen : kSelectAll);
  return read_all(table, query.bind(table));
}

Result<std::vector<store::DeskRow>> DeskRowStore::newest(store::DeskTable table,
                                                         std::int64_t before, std::size_t limit) {
  Query query(p_.db, kSelectNewest);
  query.bind(table, before == 0 ? std::numeric_limits<std::int64_t>::max() : before, limit);
  FOCAL_ASSIGN(auto out, read_all(table, query));
  std::reverse(out.begin(), out.end());
  return out;
}

Result<store::DeskRow> DeskRowStore::find(store::DeskTable table, std::int64_t id) {
  Query query(p_.db, kSelectOne);
  if (!query.bind(table, id).row())
    return fail(ErrorCode::kNotFound, "there is no row " + std::to_string(id) + " of the desk");
  return read(table, query);
}

std::int64_t DeskRowStore::next_id(store::DeskTable table) {
  Query query(p_.db, kNextId);
  return query.bind(table).row() ? query.integer(0) : 1;
}

}  // namespace focal::ledger

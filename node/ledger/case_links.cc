#include "node/ledger/case_links.h"

#include <algorithm>
#include <string>

namespace focal::ledger {
namespace {

constexpr char kCountCases[] = "SELECT COUNT(*) FROM cases WHERE id=$1 OR id=$2";
constexpr char kSave[] =
    "INSERT INTO case_link(a,b,verdict,idx) VALUES($1,$2,$3,$4) "
    "ON CONFLICT(a,b) DO UPDATE SET verdict=excluded.verdict,idx=excluded.idx";
constexpr char kSelect[] =
    "SELECT a,b,verdict,idx FROM case_link WHERE a=$1 OR b=$1 ORDER BY a+b LIMIT $2";

}  // namespace

Status CaseLinkStore::put(const store::PutCaseLink& op, Group& group) {
  const auto [a, b] = std::minmax(op.a, op.b);
  Query count(p_.db, kCountCases);
  if (a == b || !count.bind(a, b).row() || count.integer(0) != 2)
    return fail(ErrorCode::kState, "a link joins two cases that are here");
  FOCAL_ASSIGN(const store::LeafIndex idx,
               details_.append(group, store::LeafType::kAdmin,
                               store::case_link_ref(a, b, op.verdict), op.detail, std::nullopt));
  FOCAL_TRY(Query(p_.db, kSave).bind(a, b, op.verdict, idx).run());
  return {};
}

std::vector<store::CaseLinkRow> CaseLinkStore::of(store::CaseId id, std::size_t limit) {
  std::vector<store::CaseLinkRow> out;
  Query query(p_.db, kSelect);
  query.bind(id, static_cast<std::int64_t>(limit));
  while (query.row()) {
    store::CaseLinkRow row;
    row.a = query.integer(0);
    row.b = query.integer(1);
    row.verdict = static_cast<store::LinkVerdict>(query.integer(2));
    row.idx = query.integer(3);
    out.push_back(std::move(row));
  }
  for (store::CaseLinkRow& row : out) {
    if (const auto leaf = p_.log.leaf(row.idx)) row.at_ms = leaf->time_ms;
    if (auto detail = details_.read(row.idx)) row.detail = std::move(*detail);
  }
  return out;
}

}  // namespace focal::ledger

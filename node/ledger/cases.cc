#include "node/ledger/cases.h"

#include <algorithm>
#include <iterator>

namespace focal::ledger {
namespace {

constexpr char kSave[] =
    "INSERT INTO cases(id,root_ms,root_rid,kind,peer,ours,state,closed,opened_ms,"
    "updated_ms,ack_due_ms,answer_due_ms,due_ms,needs_action) "
    "VALUES($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) ON CONFLICT(id) DO UPDATE SET "
    "kind=excluded.kind,peer=excluded.peer,ours=excluded.ours,state=excluded.state,"
    "closed=excluded.closed,opened_ms=excluded.opened_ms,updated_ms=excluded.updated_ms,"
    "ack_due_ms=excluded.ack_due_ms,answer_due_ms=excluded.answer_due_ms,due_ms=excluded.due_ms,"
    "needs_action=excluded.needs_action "
    "WHERE cases.root_ms=excluded.root_ms AND cases.root_rid=excluded.root_rid";
constexpr char kInsertEvent[] =
    "INSERT INTO case_event(case_id,idx,reply_rid,reply_ms,kind,sender) "
    "VALUES($1,$2,$3,$4,$5,$6) ON CONFLICT DO NOTHING";
#define FOCAL_CASE_COLUMNS                                                                  \
  "SELECT id,root_rid,root_ms,kind,peer,ours,state,closed,opened_ms,updated_ms,ack_due_ms," \
  "answer_due_ms,needs_action FROM cases "
constexpr char kById[] = FOCAL_CASE_COLUMNS "WHERE id=$1";
constexpr char kByRoot[] = FOCAL_CASE_COLUMNS "WHERE root_ms=$1 AND root_rid=$2";
constexpr char kList[] =
    FOCAL_CASE_COLUMNS "WHERE closed=$1 ORDER BY updated_ms DESC,id DESC LIMIT $2";
constexpr char kListPeer[] =
    FOCAL_CASE_COLUMNS "WHERE closed=$1 AND peer=$2 ORDER BY updated_ms DESC,id DESC LIMIT $3";
constexpr char kDue[] =
    FOCAL_CASE_COLUMNS "WHERE closed=0 AND due_ms>0 AND due_ms<=$1 ORDER BY due_ms LIMIT $2";
#undef FOCAL_CASE_COLUMNS
constexpr char kNextId[] = "SELECT COALESCE(MAX(id),0)+1 FROM cases";
constexpr char kEvents[] =
    "SELECT e.idx,l.bytes,r.created_ms,e.reply_rid,e.reply_ms,e.kind,e.sender "
    "FROM case_event e JOIN leaf l ON l.idx=e.idx JOIN rec r ON r.idx=e.idx "
    "WHERE e.case_id=$1 ORDER BY e.idx";
constexpr char kCaseOf[] = "SELECT case_id FROM case_event WHERE idx=$1 ORDER BY case_id LIMIT 1";

std::uint64_t nearer(std::uint64_t a, std::uint64_t b) {  // 0 = none
  return a == 0 ? b : b == 0 ? a : std::min(a, b);
}

}  // namespace

Status CaseStore::put(const store::PutCase& op) {
  const store::CaseRow& row = op.row;
  std::optional<std::int64_t> kind;
  if (!row.kind.empty()) {
    FOCAL_ASSIGN(kind, p_.kinds.add(row.kind));
  }
  FOCAL_ASSIGN(const std::int64_t peer, p_.parties.add(row.peer));
  Query query(p_.db, kSave);
  query.bind(row.id, row.root.created_ms, row.root.rid, kind, peer, row.ours, row.state, row.closed,
             row.opened_ms, row.updated_ms, row.ack_due_ms, row.answer_due_ms,
             nearer(row.ack_due_ms, row.answer_due_ms), row.needs_action);
  return must_insert(query, "case " + std::to_string(row.id) + " with another root");
}

Status CaseStore::put(const store::PutCaseEvent& op, const Group& group) {
  const store::CaseEventRow& row = op.row;
  FOCAL_ASSIGN(const store::LeafIndex idx, records_.resolve(row.ref, group));
  FOCAL_ASSIGN(const std::int64_t kind, p_.kinds.add(row.kind));
  FOCAL_ASSIGN(const std::int64_t sender, p_.parties.add(row.from));
  std::optional<Hash32> reply;
  if (row.reply_to) reply = row.reply_to->rid;
  FOCAL_TRY(
      Query(p_.db, kInsertEvent)
          .bind(row.case_id, idx, reply, row.reply_to ? row.reply_to->created_ms : 0, kind, sender)
          .run());
  return {};
}

store::CaseId CaseStore::next_id() {
  Query query(p_.db, kNextId);
  return query.row() ? query.integer(0) : 1;
}

store::CaseRow CaseStore::read(const Query& query) {
  store::CaseRow row;
  row.id = query.integer(0);
  row.root = {query.hash(1), query.number<std::uint64_t>(2)};
  if (!query.is_null(3)) row.kind = p_.kinds.name(query.integer(3));
  row.peer = p_.parties.name(query.integer(4));
  row.ours = query.integer(5) != 0;
  row.state = query.text(6);
  row.closed = query.integer(7) != 0;
  row.opened_ms = query.number<std::uint64_t>(8);
  row.updated_ms = query.number<std::uint64_t>(9);
  row.ack_due_ms = query.number<std::uint64_t>(10);
  row.answer_due_ms = query.number<std::uint64_t>(11);
  row.needs_action = query.integer(12) != 0;
  return row;
}

std::vector<store::CaseRow> CaseStore::read_all(Query& query) {
  std::vector<store::CaseRow> out;
  while (query.row()) out.push_back(read(query));
  return out;
}

std::optional<store::CaseRow> CaseStore::by_id(store::CaseId id) {
  Query query(p_.db, kById);
  if (!query.bind(id).row()) return std::nullopt;
  return read(query);
}

std::optional<store::CaseRow> CaseStore::by_root(const store::RecordRef& root) {
  Query query(p_.db, kByRoot);
  if (!query.bind(root.created_ms, root.rid).row()) return std::nullopt;
  return read(query);
}

std::vector<store::CaseRow> CaseStore::list_half(bool closed, std::optional<std::int64_t> peer,
                                                 std::size_t limit) {
  if (peer) {
    Query query(p_.db, kListPeer);
    return read_all(query.bind(closed, *peer, limit));
  }
  Query query(p_.db, kList);
  return read_all(query.bind(closed, limit));
}

std::vector<store::CaseRow> CaseStore::list(const store::CaseFilter& filter) {
  std::optional<std::int64_t> peer;
  if (!filter.peer.empty()) {
    peer = p_.parties.find(filter.peer);
    if (!peer) return {};
  }
  std::vector<store::CaseRow> out = list_half(false, peer, filter.limit);
  if (filter.only_open) return out;
  // Open and closed ones stand apart in the index: two lists, merged by time.
  const std::vector<store::CaseRow> closed = list_half(true, peer, filter.limit);
  std::vector<store::CaseRow> both;
  std::merge(out.begin(), out.end(), closed.begin(), closed.end(), std::back_inserter(both),
             [](const store::CaseRow& a, const store::CaseRow& b) {
               return a.updated_ms != b.updated_ms ? a.updated_ms > b.updated_ms : a.id > b.id;
             });
  if (both.size() > filter.limit) both.resize(filter.limit);
  return both;
}

std::vector<store::CaseRow> CaseStore::due(std::uint64_t until_ms, std::size_t limit) {
  Query query(p_.db, kDue);
  return read_all(query.bind(until_ms, limit));
}

std::vector<store::CaseEventRow> CaseStore::events(store::CaseId id) {
  std::vector<store::CaseEventRow> out;
  Query query(p_.db, kEvents);
  query.bind(id);
  while (query.row()) {
    const auto leaf = store::decode_leaf(query.blob(1));
    if (!leaf) damaged("leaf " + std::to_string(query.integer(0)));
    store::CaseEventRow row;
    row.case_id = id;
    row.idx = query.integer(0);
    row.ref = {leaf->ref, query.number<std::uint64_t>(2)};
    if (!query.is_null(3))
      row.reply_to = store::RecordRef{query.hash(3), query.number<std::uint64_t>(4)};
    row.kind = p_.kinds.name(query.integer(5));
    row.from = p_.parties.name(query.integer(6));
    out.push_back(std::move(row));
  }
  return out;
}

std::optional<store::CaseId> CaseStore::case_of(store::LeafIndex idx) {
  Query query(p_.db, kCaseOf);
  if (!query.bind(idx).row()) return std::nullopt;
  return query.integer(0);
}

}  // namespace focal::ledger

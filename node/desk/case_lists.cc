#include <algorithm>
#include <map>

#include "node/desk/case_board.h"
#include "node/desk/case_views.h"
#include "node/desk/clocks.h"
#include "node/desk/threads.h"

namespace focal::desk {
namespace {

// Cases whose content one request reads at most before it is answered: of what has just come. The
// rest is read beside it (board_job.h).
constexpr std::size_t kReadAtOnce = 50;

// The reference that the threads of a case share; empty where there is one only. Looks for the
// threads of a case once, however many of them a list has.
class CaseBases {
 public:
  std::string of(store::View& view, const store::CaseRow& row) {
    const auto known = known_.find(row.id);
    if (known != known_.end()) return known->second;
    const Threads threads = threads_of(view, row);
    std::string base = threads.all.size() > 1 ? threads.base : std::string();
    for (const Thread& each : threads.all) known_[each.row.id] = base;
    return base;
  }

 private:
  std::map<store::CaseId, std::string> known_;
};

// Threads of one case stand behind the one that comes first.
void bring_together(google::protobuf::RepeatedPtrField<v1::TraceCase>* traces) {
  const auto is_same = [](const v1::TraceCase& a, const v1::TraceCase& b) {
    return !a.case_base().empty() && a.case_base() == b.case_base() && a.role() == b.role() &&
           (a.role() == "REQUESTER" || a.party() == b.party());
  };
  auto next = traces->begin();
  while (next != traces->end()) {
    const v1::TraceCase first = *next;
    next = std::stable_partition(
        next + 1, traces->end(), [&](const v1::TraceCase& each) { return is_same(first, each); });
  }
}

}  // namespace

void fill_entry(const v1::TraceCase& from, v1::InboxEntry* out) {
  out->set_needs_action(from.needs_action());
  out->set_turn(from.turn());
  copy_clocks(from, out);
  out->set_party(from.party());
  out->set_case_number(from.case_number());
  out->set_subject(from.subject());
  out->set_state(from.state());
  out->set_state_text(from.state_text());
  *out->mutable_flags() = from.flags();
  out->set_role(from.role());
  out->set_priority(from.priority());
  out->set_last_kind(from.last_kind());
  out->set_last_at(from.last_at());
}

Status list_cases(CaseBoard& board, node::Node& node, const v1::TraceListRequest& request,
                  const Now& now, v1::TraceListResponse* out) {
  FOCAL_ASSIGN(const CaseQuery query, query_of(request));
  board.catch_up(CaseBoard::kAll, kReadAtOnce, now);
  FOCAL_ASSIGN(const CasePage page, board.page(query, now));
  out->set_total(page.total);
  out->set_next(page.next);
  store::View& view = node.core().view();
  CaseBases bases;
  for (const store::CaseId id : page.cases) {
    const auto row = view.case_by_id(id);
    if (!row) continue;
    v1::TraceCase* shown = out->add_traces();
    fill_case(node, node::open_case(view, *row), now.wall_ms, shown);
    shown->set_case_base(bases.of(view, *row));
  }
  bring_together(out->mutable_traces());
  return {};
}

Status list_inbox(CaseBoard& board, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out) {
  FOCAL_ASSIGN(const CaseQuery query, query_of(request));
  board.catch_up(CaseBoard::kAll, kReadAtOnce, now);
  FOCAL_ASSIGN(const CasePage page, board.page(query, now));
  for (const store::CaseId id : page.cases) board.fill(id, now, out->add_entries());
  board.count(now, out->mutable_counts());
  out->set_total(page.total);
  out->set_next(page.next);
  out->set_behind(static_cast<std::uint32_t>(board.behind()));
  for (std::string& party : board.parties()) out->add_parties(std::move(party));
  return {};
}

void count_inbox(CaseBoard& board, const Now& now, v1::InboxCounts* out) {
  board.catch_up(CaseBoard::kAll, kReadAtOnce, now);
  board.count(now, out);
}

Status list_cases(node::Node& node, const v1::TraceListRequest& request, const Now& now,
                  v1::TraceListResponse* out) {
  CaseBoard board(node);
  board.catch_up(CaseBoard::kAll, CaseBoard::kAll, now);
  return list_cases(board, node, request, now, out);
}

Status list_inbox(node::Node& node, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out) {
  CaseBoard board(node);
  board.catch_up(CaseBoard::kAll, CaseBoard::kAll, now);
  return list_inbox(board, request, now, out);
}

}  // namespace focal::desk

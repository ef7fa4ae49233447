#include <algorithm>
#include <map>

#include "node/desk/case_views.h"
#include "node/desk/clocks.h"
#include "node/desk/threads.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLimit = 100;
constexpr std::uint32_t kMaxLimit = 1000;
constexpr std::size_t kAllCases = 100'000;

struct Listed {
  store::CaseRow row;
  std::uint64_t due_ms = 0;  // the target that runs; 0 = none
};
using Rows = std::vector<Listed>;

Rows read_cases(node::Node& node, bool only_open, const std::string& party, const Now& now) {
  store::View& view = node.core().view();
  Rows out;
  for (auto& row : view.cases({only_open, party, kAllCases})) {
    Listed listed{node::shown_case(view, std::move(row)).row};
    listed.due_ms = clocks_of_row(view, node.config(), listed.row, now.wall_ms).running().at_ms;
    out.push_back(std::move(listed));
  }
  return out;
}

bool is_overdue(const Listed& listed, const Now& now) {
  return listed.due_ms != 0 && listed.due_ms < now.wall_ms;
}

// What is overdue was due before now, so the order by due time puts it first.
void sort_by_due(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    const auto key = [](const Listed& listed) {
      return std::pair(listed.due_ms == 0 ? ~std::uint64_t{0} : listed.due_ms,
                       !listed.row.needs_action);
    };
    return key(a) < key(b);
  });
}

void cut(Rows& rows, std::uint32_t asked) {
  const std::size_t limit = asked == 0 ? kDefaultLimit : std::min(asked, kMaxLimit);
  if (rows.size() > limit) rows.resize(limit);
}

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

void count(const Rows& rows, const Now& now, v1::InboxCounts* out) {
  for (const auto& listed : rows) {
    out->set_cases(out->cases() + 1);
    if (listed.row.needs_action) out->set_needs_action(out->needs_action() + 1);
    if (is_overdue(listed, now)) out->set_overdue(out->overdue() + 1);
  }
}

}  // namespace

Status list_cases(node::Node& node, const v1::TraceListRequest& request, const Now& now,
                  v1::TraceListResponse* out) {
  auto rows = read_cases(node, request.open_only(), request.party(), now);
  std::erase_if(rows, [&](const Listed& listed) {
    const store::CaseRow& row = listed.row;
    return (!request.state().empty() && row.state != request.state()) ||
           (!request.role().empty() && request.role() != (row.ours ? "REQUESTER" : "RESPONDER"));
  });
  sort_by_due(rows);
  out->set_total(static_cast<std::uint32_t>(rows.size()));
  cut(rows, request.limit());
  CaseBases bases;
  for (const auto& listed : rows) {
    v1::TraceCase* shown = out->add_traces();
    fill_case(node, node::open_case(node.core().view(), listed.row), now.wall_ms, shown);
    shown->set_case_base(bases.of(node.core().view(), listed.row));
  }
  bring_together(out->mutable_traces());
  return {};
}

Status list_inbox(node::Node& node, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out) {
  auto rows = read_cases(node, true, "", now);
  count(rows, now, out->mutable_counts());
  std::erase_if(rows, [&](const Listed& listed) {
    return (request.needs_action() && !listed.row.needs_action) ||
           (request.overdue() && !is_overdue(listed, now)) ||
           (!request.party().empty() && listed.row.peer != request.party());
  });
  sort_by_due(rows);
  out->set_total(static_cast<std::uint32_t>(rows.size()));
  cut(rows, request.limit());
  for (const auto& listed : rows) {
    v1::TraceCase shown;
    fill_case(node, node::open_case(node.core().view(), listed.row), now.wall_ms, &shown);
    auto* entry = out->add_entries();
    entry->set_needs_action(shown.needs_action());
    entry->set_turn(shown.turn());
    copy_clocks(shown, entry);
    entry->set_party(shown.party());
    entry->set_case_number(shown.case_number());
    entry->set_subject(shown.subject());
    entry->set_state(shown.state());
    entry->set_state_text(shown.state_text());
    *entry->mutable_flags() = shown.flags();
    entry->set_role(shown.role());
    entry->set_priority(shown.priority());
    entry->set_last_kind(shown.last_kind());
    entry->set_last_at(shown.last_at());
  }
  return {};
}

void count_inbox(node::Node& node, const Now& now, v1::InboxCounts* out) {
  count(read_cases(node, true, "", now), now, out);
}

}  // namespace focal::desk

#include <algorithm>

#include "node/desk/case_views.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLimit = 100;
constexpr std::uint32_t kMaxLimit = 1000;
constexpr std::size_t kAllCases = 100'000;

using Rows = std::vector<store::CaseRow>;

Rows read_cases(node::Node& node, bool only_open, const std::string& party) {
  store::View& view = node.core().view();
  Rows out = view.cases({only_open, party, kAllCases});
  for (auto& row : out) row = node::shown_case(view, std::move(row)).row;
  return out;
}

// What is overdue was due before now, so the order by due time puts it first.
void sort_by_due(Rows& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    const auto key = [](const store::CaseRow& row) {
      const std::uint64_t due = due_of(row).at_ms;
      return std::pair(due == 0 ? ~std::uint64_t{0} : due, !row.needs_action);
    };
    return key(a) < key(b);
  });
}

void cut(Rows& rows, std::uint32_t asked) {
  const std::size_t limit = asked == 0 ? kDefaultLimit : std::min(asked, kMaxLimit);
  if (rows.size() > limit) rows.resize(limit);
}

void count(const Rows& rows, const Now& now, v1::InboxCounts* out) {
  for (const auto& row : rows) {
    out->set_cases(out->cases() + 1);
    if (row.needs_action) out->set_needs_action(out->needs_action() + 1);
    if (is_overdue(row, now.wall_ms)) out->set_overdue(out->overdue() + 1);
  }
}

}  // namespace

Status list_cases(node::Node& node, const v1::TraceListRequest& request, const Now& now,
                  v1::TraceListResponse* out) {
  auto rows = read_cases(node, request.open_only(), request.party());
  std::erase_if(rows, [&](const store::CaseRow& row) {
    return (!request.state().empty() && row.state != request.state()) ||
           (!request.role().empty() && request.role() != (row.ours ? "REQUESTER" : "RESPONDER"));
  });
  sort_by_due(rows);
  out->set_total(static_cast<std::uint32_t>(rows.size()));
  cut(rows, request.limit());
  for (const auto& row : rows)
    fill_case(node, node::open_case(node.core().view(), row), now.wall_ms, out->add_traces());
  return {};
}

Status list_inbox(node::Node& node, const v1::InboxRequest& request, const Now& now,
                  v1::InboxResponse* out) {
  auto rows = read_cases(node, true, "");
  count(rows, now, out->mutable_counts());
  std::erase_if(rows, [&](const store::CaseRow& row) {
    return (request.needs_action() && !row.needs_action) ||
           (request.overdue() && !is_overdue(row, now.wall_ms)) ||
           (!request.party().empty() && row.peer != request.party());
  });
  sort_by_due(rows);
  out->set_total(static_cast<std::uint32_t>(rows.size()));
  cut(rows, request.limit());
  for (const auto& row : rows) {
    v1::TraceCase shown;
    fill_case(node, node::open_case(node.core().view(), row), now.wall_ms, &shown);
    auto* entry = out->add_entries();
    entry->set_needs_action(shown.needs_action());
    entry->set_turn(shown.turn());
    entry->set_overdue(shown.overdue());
    entry->set_due_at(shown.due_at());
    entry->set_due_act(due_of(row).act);
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
  count(read_cases(node, true, ""), now, out);
}

}  // namespace focal::desk

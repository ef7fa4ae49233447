#include "node/desk/attention.h"

#include <algorithm>
#include <variant>

#include "node/desk/clocks.h"
#include "node/desk/release.h"
#include "node/desk/views.h"
#include "node/node/cases.h"

namespace focal::desk {
namespace {

constexpr std::uint64_t kFailedMs = 30 * kDayMs;

bool has_failed(const store::OutboxRow& row, const Now& now) {
  if (row.lane == 0 || row.created_ms + kFailedMs < now.wall_ms) return false;
  const std::string_view state = outbox_state(row, nullptr);
  return state == "REJECTED" || state == "EXPIRED";
}

}  // namespace

std::string_view urgency_name(Urgency urgency) {
  switch (urgency) {
    case Urgency::kNone: return "NONE";
    case Urgency::kAction: return "ACTION";
    case Urgency::kOverdue: return "OVERDUE";
  }
  return "NONE";
}

Urgency urgency_of(const Attention& attention) {
  if (attention.overdue != 0) return Urgency::kOverdue;
  const bool waits = attention.needs_action != 0 || attention.releases != 0 ||
                     attention.failed != 0 || attention.state != exchange::RunState::kRunning;
  return waits ? Urgency::kAction : Urgency::kNone;
}

// A case that was never looked at comes with its number.
void AttentionCounter::committed(const store::Txn& txn) {
  for (const store::Op& op : txn.ops)
    if (const auto* put = std::get_if<store::PutCase>(&op); put != nullptr && put->row.id < seen_)
      open_.insert(put->row.id);
}

void AttentionCounter::look_at(const store::CaseRow& row, const Now& now, Attention& found) {
  store::View& view = node_.core().view();
  const node::ShownCase shown = node::shown_case(view, row);
  ++found.open_cases;
  if (shown.row.needs_action) ++found.needs_action;
  if (clocks_of_row(view, node_.config(), shown.row, now.wall_ms).is_overdue(now.wall_ms))
    ++found.overdue;
}

Status AttentionCounter::slice(const Now& now, Round& round) {
  store::View& view = node_.core().view();
  const store::CaseId end = std::min<store::CaseId>(view.next_case_id(), seen_ + kSlice);
  while (seen_ < end) open_.insert(seen_++);
  std::size_t left = kSlice;
  auto at = open_.lower_bound(round.next);
  for (; at != open_.end() && left != 0; --left) {
    const auto row = view.case_by_id(*at);
    round.next = *at + 1;
    const bool is_open = row && !row->closed;
    if (is_open) look_at(*row, now, round.found);
    at = is_open ? std::next(at) : open_.erase(at);
  }
  round.done = at == open_.end() && seen_ >= view.next_case_id();
  return round.done ? finish(now, round.found) : Status{};
}

Status AttentionCounter::finish(const Now& now, Attention& found) {
  found.state = node_.core().machine().guard().state();
  FOCAL_ASSIGN(const auto waiting, open_releases(node_));
  found.releases = static_cast<std::uint32_t>(
      std::count_if(waiting.begin(), waiting.end(),
                    [&](const ReleaseRow& row) { return row.waits(now.wall_ms); }));
  node_.core().machine().outbox().for_each([&](const exchange::OutboxEntry& entry) {
    if (entry.row.lane != 0 && entry.row.state == store::OutboxState::kHeld) ++found.failed;
  });
  for (const store::OutboxRow& row : node_.core().view().recent_outbox(kSendingsLookedAt))
    if (has_failed(row, now)) ++found.failed;
  return {};
}

Result<Attention> AttentionCounter::count() {
  const std::lock_guard lock(counting_);
  Round round;
  std::uint64_t began_ms = 0, ended_ms = 0;
  bool is_fresh = false;
  while (!round.done && !is_fresh) {
    FOCAL_TRY(node_.perform([&](const Now& now) -> Status {
      if (began_ms == 0) began_ms = now.mono_ms;
      ended_ms = now.mono_ms;
      is_fresh = now.mono_ms < good_until_ms_;
      return is_fresh ? Status{} : slice(now, round);
    }));
  }
  if (is_fresh) return last_;
  last_ = round.found;
  good_until_ms_ = ended_ms + std::max(kFreshMs, kRestTimes * (ended_ms - began_ms));
  return last_;
}

}  // namespace focal::desk

#include "node/desk/sendings.h"

#include <algorithm>

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLimit = 100;
constexpr std::uint32_t kMaxLimit = 1000;

struct StateName {
  std::string_view name;
  bool ended;
};
constexpr StateName kStates[] = {{"READY", false},         {"INFLIGHT", false},
                                 {"WAIT_SCHEDULE", false}, {"WAIT_PSK", false},
                                 {"HELD", false},          {"ACCEPTED", true},
                                 {"REJECTED", true},       {"EXPIRED", true},
                                 {"CANCELLED", true}};

// In the order in which pages follow each other: all of them newest first, open ones oldest first;
// of one batch by party.
bool is_behind(const store::OutboxRow& row, const std::pair<store::BatchId, std::string>& place,
               bool newest_first) {
  if (row.batch == place.first) return row.peer > place.second;
  return newest_first ? row.batch < place.first : row.batch > place.first;
}

}  // namespace

Status list_outbox(node::Node& node, const v1::OutboxListRequest& request, const Now& now,
                   v1::OutboxListResponse* out) {
  const auto* wanted = std::find_if(std::begin(kStates), std::end(kStates), [&](const auto& state) {
    return state.name == request.state();
  });
  if (!request.state().empty() && wanted == std::end(kStates))
    return fail(ErrorCode::kInvalid, "no sending has the state " + request.state().substr(0, 40),
                "READY, INFLIGHT, WAIT_SCHEDULE, WAIT_PSK, HELD, ACCEPTED, REJECTED, EXPIRED or "
                "CANCELLED.",
                "state");
  const bool ended = request.all() || (wanted != std::end(kStates) && wanted->ended);
  store::View& view = node.core().view();
  const auto& memory = node.core().machine().outbox();
  auto rows = ended ? view.recent_outbox(kSendingsSearched) : view.open_outbox();
  std::erase_if(rows, [&](const store::OutboxRow& row) {
    if (!request.party().empty() && row.peer != request.party()) return true;
    return !request.state().empty() &&
           outbox_state(row, memory.find(row.batch, row.peer)) != request.state();
  });
  out->set_total(static_cast<std::uint32_t>(rows.size()));
  if (!request.after().empty()) {
    const auto after = parse_outbox_id(request.after());
    if (!after)
      return fail(ErrorCode::kInvalid, "this is no place in the list of sendings",
                  "Give `next` of the page before, as it is.", "after");
    std::erase_if(rows, [&](const store::OutboxRow& row) { return !is_behind(row, *after, ended); });
  }
  const std::size_t limit =
      request.limit() == 0 ? kDefaultLimit : std::min(request.limit(), kMaxLimit);
  if (rows.size() > limit) {
    rows.resize(limit);  // the newest of all, or the oldest still open
    out->set_next(outbox_id(rows.back().batch, rows.back().peer));
  }
  if (ended) std::reverse(rows.begin(), rows.end());
  for (const auto& row : rows) fill_outbox(node, row, now, out->add_entries());
  return {};
}

}  // namespace focal::desk

// What has not ended yet on its way out, and what an operator may do about it.
#include <algorithm>

#include "node/desk/desk.h"
#include "node/desk/views.h"

namespace focal::desk {
namespace {

constexpr std::uint32_t kDefaultLimit = 100;
constexpr std::uint32_t kMaxLimit = 1000;
constexpr std::size_t kMaxReason = 1000;
constexpr std::string_view kStates[] = {"READY",    "INFLIGHT", "WAIT_SCHEDULE", "HELD",
                                        "ACCEPTED", "REJECTED", "EXPIRED",       "CANCELLED"};

Result<store::OutboxRow> find_row(node::Node& node, const std::string& id) {
  FOCAL_ASSIGN(const auto key, parse_outbox_id(id));
  auto row = node.core().view().outbox(key.first, key.second);
  if (!row)
    return fail(ErrorCode::kNotFound, "there is no sending " + id,
                "'focal outbox' lists what has not ended, 'focal outbox --all' everything.", "id");
  return std::move(*row);
}

Result<store::OutboxRow> find_open_row(node::Node& node, const std::string& id) {
  FOCAL_ASSIGN(auto row, find_row(node, id));
  if (store::is_ended(row.state))
    return fail(ErrorCode::kState, "the sending " + id + " has ended already",
                "'focal outbox --all' shows how it ended.", "id");
  return row;
}

void show(node::Node& node, const std::string& id, v1::OutboxEntry* out) {
  if (const auto row = find_row(node, id)) fill_outbox(node, *row, out);
}

}  // namespace

Result<v1::OutboxListResponse> Desk::outbox_list(const v1::OutboxListRequest& request) {
  v1::OutboxListResponse out;
  if (!request.state().empty() &&
      std::find(std::begin(kStates), std::end(kStates), request.state()) == std::end(kStates))
    return fail(ErrorCode::kInvalid, "no sending has the state " + request.state().substr(0, 40),
                "READY, INFLIGHT, WAIT_SCHEDULE, HELD, ACCEPTED, REJECTED, EXPIRED or CANCELLED.",
                "state");
  if (auto done = node_.perform([&](const Now&) -> Status {
    const std::uint32_t limit =
        request.limit() == 0 ? kDefaultLimit : std::min(request.limit(), kMaxLimit);
    store::View& view = node_.core().view();
    auto rows = request.all() ? view.recent_outbox(kMaxLimit) : view.open_outbox();
    if (request.all()) std::reverse(rows.begin(), rows.end());
    std::uint32_t total = 0;
    for (const auto& row : rows) {
      if (!request.party().empty() && row.peer != request.party()) continue;
      if (static_cast<std::uint32_t>(out.entries_size()) >= limit && request.state().empty()) {
        ++total;
        continue;
      }
      v1::OutboxEntry entry;
      fill_outbox(node_, row, &entry);
      if (!request.state().empty() && entry.state() != request.state()) continue;
      ++total;
      if (static_cast<std::uint32_t>(out.entries_size()) < limit)
        *out.add_entries() = std::move(entry);
    }
    out.set_total(total);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::OutboxShowResponse> Desk::outbox_show(const v1::OutboxShowRequest& request) {
  v1::OutboxShowResponse out;
  if (auto done = node_.perform([&](const Now&) -> Status {
    FOCAL_ASSIGN(const auto row, find_row(node_, request.id()));
    fill_outbox(node_, row, out.mutable_entry());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::OutboxRetryResponse> Desk::outbox_retry(const v1::OutboxRetryRequest& request) {
  v1::OutboxRetryResponse out;
  if (auto done = node_.perform(
      [&](const Now&) -> Status {
        FOCAL_ASSIGN(const auto row, find_open_row(node_, request.id()));
        node_.core().machine().retry(row.batch, row.peer);
        return {};
      },
      [&](const Now&) { show(node_, request.id(), out.mutable_entry()); }); !done)
    return done.error();
  return out;
}

Result<v1::OutboxCancelResponse> Desk::outbox_cancel(const v1::OutboxCancelRequest& request) {
  v1::OutboxCancelResponse out;
  if (request.reason().empty() || request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "a cancellation needs a reason of at most 1000 bytes",
                "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
  if (auto done = node_.perform(
      [&](const Now&) -> Status {
        FOCAL_ASSIGN(const auto row, find_open_row(node_, request.id()));
        const auto batch = node_.core().view().batch(row.batch);
        node_.core().machine().cancel(row.batch, row.peer, "cancelled by an officer");
        // The reason may name a case or a person: sealed in the ledger, not in the clear.
        node_.core().write(store::PutAdmin{
            batch && !batch->rids.empty() ? batch->rids.front() : Hash32{},
            "cancelled the sending " + request.id() + ": " + request.reason()});
        return {};
      },
      [&](const Now&) { show(node_, request.id(), out.mutable_entry()); }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

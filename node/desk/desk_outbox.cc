// What has not ended yet on its way out, and what an operator may do about it.
#include "node/desk/desk.h"
#include "node/desk/sendings.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxReason = 1000;

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

// What the leaf about a sending names.
Hash32 first_record(const std::optional<store::StoredBatch>& batch) {
  return batch && !batch->rids.empty() ? batch->rids.front() : Hash32{};
}

void show(node::Node& node, const std::string& id, const Now& now, v1::OutboxEntry* out) {
  if (const auto row = find_row(node, id)) fill_outbox(node, *row, now, out);
}

}  // namespace

Status cancel_sending(node::Node& node, const v1::OutboxCancelRequest& request,
                      const By& by) {
  FOCAL_ASSIGN(const auto row, find_open_row(node, request.id()));
  const auto batch = node.core().view().batch(row.batch);
  // Who and why may name a case or a person: sealed in the ledger, not in the clear.
  node.core().machine().cancel(row.batch, row.peer,
                               "cancelled by " + actor_text(by.actor) + ": " + request.reason());
  node.core().write(store::PutAdmin{first_record(batch),
                                    by.detail("sending " + request.id() + ": " + request.reason())});
  return {};
}

Result<v1::OutboxListResponse> Desk::outbox_list(const v1::OutboxListRequest& request) {
  v1::OutboxListResponse out;
  if (auto done = node_.perform(
          [&](const Now& now) -> Status { return list_outbox(node_, request, now, &out); });
      !done)
    return done.error();
  return out;
}

Result<v1::OutboxShowResponse> Desk::outbox_show(const v1::OutboxShowRequest& request) {
  v1::OutboxShowResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto row, find_row(node_, request.id()));
    fill_outbox(node_, row, now, out.mutable_entry());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::OutboxRetryResponse> Desk::outbox_retry(const v1::OutboxRetryRequest& request,
                                                   const Caller& caller) {
  v1::OutboxRetryResponse out;
  const By by = acting(caller, "outbox_retry");
  if (auto done = node_.perform(
      [&](const Now&) -> Status {
        FOCAL_ASSIGN(const auto row, find_open_row(node_, request.id()));
        node_.core().machine().retry(row.batch, row.peer);
        node_.core().write(
            store::PutAdmin{first_record(node_.core().view().batch(row.batch)),
                            by.detail("sending " + request.id())});
        return {};
      },
      [&](const Now& now) { show(node_, request.id(), now, out.mutable_entry()); }); !done)
    return done.error();
  return out;
}

Result<v1::OutboxCancelResponse> Desk::outbox_cancel(const v1::OutboxCancelRequest& request,
                                                     const Caller& caller) {
  v1::OutboxCancelResponse out;
  if (request.reason().empty() || request.reason().size() > kMaxReason)
    return fail(ErrorCode::kInvalid, "a cancellation needs a reason of at most 1000 bytes",
                "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
  if (auto done = node_.perform(
      [&](const Now&) -> Status {
        return cancel_sending(node_, request, acting(caller, "outbox_cancel"));
      },
      [&](const Now& now) { show(node_, request.id(), now, out.mutable_entry()); }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

// A sending as it is shown: state, reason, when it is tried next, its records.
#include <algorithm>
#include <set>

#include "node/desk/status_code.h"
#include "node/desk/views.h"

namespace focal::desk {
namespace {

using store::OutboxState;

std::string_view item_state(std::uint32_t status) {
  if (status == 0) return "PENDING";
  if (store::is_accepted(status)) return "ACCEPTED";
  if (status == store::kItemExpired) return "EXPIRED";
  if (status == store::kItemCancelled) return "CANCELLED";
  return "REJECTED";
}

bool any_rejected(const store::OutboxRow& row) {
  return std::any_of(row.item_status.begin(), row.item_status.end(), [](std::uint32_t status) {
    return store::is_rejected(status) && status < store::kItemExpired;
  });
}

std::string state_words(const store::OutboxRow& row, std::string_view state,
                        const exchange::OutboxEntry* entry) {
  if (state == "REJECTED") return "refused by " + row.peer;
  if (state == "ACCEPTED") return "stored at " + row.peer;
  if (state == "EXPIRED") return "not delivered before its deadline";
  if (state == "CANCELLED") return "cancelled here";
  if (state == "HELD") return "held: look at the reason, then retry or cancel";
  if (state == "WAIT_SCHEDULE") return "waiting for new sealing keys of " + row.peer;
  if (state == "WAIT_PSK") return "waiting until " + row.peer + " knows the pair secret";
  if (state == "READY") return "waiting for a link to " + row.peer;
  return entry != nullptr && entry->flight == exchange::Flight::kLinkAcked
             ? "taken over by " + row.peer + ", receipt not yet here"
             : "on its way to " + row.peer;
}

// Why it is not further, where anybody knows.
std::string reason_of(node::Node& node, const store::OutboxRow& row,
                      const exchange::OutboxEntry* entry) {
  if (!row.reason.empty()) return row.reason;
  if (entry == nullptr) return {};
  if (!entry->note.empty()) return entry->note;
  const exchange::Peer* peer = node.core().peers().find(row.peer);
  if (peer == nullptr || entry->flight != exchange::Flight::kIdle) return {};
  if (peer->standing.level != exchange::TrustLevel::kVerified && row.lane != 0)
    return row.peer + " is not verified here: nothing is sent to it";
  if (row.state != OutboxState::kReady) return {};
  v1::Peer link;
  fill_link(node, *peer, &link);
  return link.link() == "UP" ? std::string() : link.not_connected_text();
}

// Unix time of the next attempt; 0 = at once, or none comes.
std::uint64_t next_attempt(const store::OutboxRow& row, const exchange::OutboxEntry* entry,
                           const Now& now) {
  if (entry == nullptr) return 0;
  if (entry->flight == exchange::Flight::kIdle) return row.next_ms;
  return entry->resend_at_mono_ms > now.mono_ms
             ? now.wall_ms + (entry->resend_at_mono_ms - now.mono_ms)
             : 0;
}

void fill_items(store::View& view, const store::OutboxRow& row, v1::OutboxEntry* out) {
  const auto batch = view.batch(row.batch);
  if (!batch) return;
  std::set<std::string> kinds;
  for (const auto& record : batch->records) {
    kinds.insert(record.kind);
    auto* item = out->add_items();
    const std::uint32_t status =
        record.position < row.item_status.size() ? row.item_status[record.position] : 0;
    item->set_rid(hex(record.ref.rid));
    item->set_kind(record.kind);
    item->set_state(std::string(item_state(status)));
    item->set_code(status_code(status));
    if (const auto in_case = view.case_of(record.idx)) out->set_case_number(case_number(*in_case));
    if (!item->code().empty()) out->set_code(item->code());
  }
  for (const auto& kind : kinds) out->add_kinds(kind);
}

}  // namespace

std::string status_code(std::uint32_t status) {
  switch (static_cast<store::RecordStatus>(status)) {
    case store::RecordStatus::kForm: return "FORM";
    case store::RecordStatus::kKindNotAllowed: return "KIND_NOT_ALLOWED";
    case store::RecordStatus::kRecordInvalid: return "RECORD_INVALID";
    case store::RecordStatus::kNotTrusted: return "NOT_TRUSTED";
    case store::RecordStatus::kTooBig: return "TOO_BIG";
    case store::RecordStatus::kInternal: return "INTERNAL";
    case store::RecordStatus::kLabel: return "LABEL";
    case store::RecordStatus::kAuthority: return "AUTHORITY";
    case store::RecordStatus::kAttachmentsNotYet: return "ATTACHMENTS_NOT_YET";
    case store::RecordStatus::kClock: return "CLOCK";
    default: return store::is_rejected(status) ? "REJECTED_" + std::to_string(status) : "";
  }
}

std::string_view outbox_state(const store::OutboxRow& row, const exchange::OutboxEntry* entry) {
  switch (row.state) {
    case OutboxState::kDone: return any_rejected(row) ? "REJECTED" : "ACCEPTED";
    case OutboxState::kExpired: return "EXPIRED";
    case OutboxState::kCancelled: return "CANCELLED";
    case OutboxState::kHeld: return "HELD";
    case OutboxState::kWaitSchedule: return "WAIT_SCHEDULE";
    case OutboxState::kWaitPsk: return "WAIT_PSK";
    case OutboxState::kReady: break;
  }
  const bool under_way = entry != nullptr && entry->flight != exchange::Flight::kIdle;
  return under_way ? "INFLIGHT" : "READY";
}

void fill_outbox(node::Node& node, const store::OutboxRow& row, const Now& now,
                 v1::OutboxEntry* out) {
  const exchange::OutboxEntry* entry = node.core().machine().outbox().find(row.batch, row.peer);
  out->set_id(outbox_id(row.batch, row.peer));
  out->set_to(row.peer);
  out->set_created_at(time_text(row.created_ms));
  out->set_expires_at(time_text(row.expires_ms));
  out->set_next_attempt_at(time_text(next_attempt(row, entry, now)));
  out->set_tries(entry != nullptr ? entry->sendings : row.tries);
  out->set_state(std::string(outbox_state(row, entry)));
  out->set_state_text(state_words(row, out->state(), entry));
  out->set_reason(reason_of(node, row, entry));
  fill_items(node.core().view(), row, out);
}

}  // namespace focal::desk

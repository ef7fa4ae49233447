#include "node/desk/views.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "node/exchange/party.h"
#include "node/record/codes.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

std::string_view how_text(std::string_view code) {
  if (code == "PHONE") return "by phone";
  if (code == "IN_PERSON") return "in person";
  if (code == "NOTE_VERBALE") return "by note verbale";
  return code;
}

std::string_view item_state(std::uint32_t status) {
  if (status == 0) return "PENDING";
  if (store::is_accepted(status)) return "ACCEPTED";
  if (status == store::kItemExpired) return "EXPIRED";
  if (status == store::kItemCancelled) return "CANCELLED";
  return "REJECTED";
}

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

// State and words of a row, from its durable state, its items and what memory knows.
void fill_outbox_state(const store::OutboxRow& row, const exchange::OutboxEntry* entry,
                       v1::OutboxEntry* out) {
  const auto has = [&](auto&& test) {
    return std::any_of(row.item_status.begin(), row.item_status.end(), test);
  };
  switch (row.state) {
    case store::OutboxState::kDone:
      if (has([](std::uint32_t s) { return store::is_rejected(s) && s < store::kItemExpired; })) {
        out->set_state("REJECTED");
        out->set_state_text("refused by " + row.peer);
      } else {
        out->set_state("ACCEPTED");
        out->set_state_text("stored at " + row.peer);
      }
      return;
    case store::OutboxState::kExpired:
      out->set_state("EXPIRED");
      out->set_state_text("not delivered before its deadline");
      return;
    case store::OutboxState::kCancelled:
      out->set_state("CANCELLED");
      out->set_state_text("cancelled here");
      return;
    case store::OutboxState::kHeld:
      out->set_state("HELD");
      out->set_state_text("held: look at the reason, then retry or cancel");
      return;
    case store::OutboxState::kWaitSchedule:
    case store::OutboxState::kWaitPsk:
      out->set_state("WAIT_SCHEDULE");
      out->set_state_text("waiting for new sealing keys of " + row.peer);
      return;
    case store::OutboxState::kReady:
      break;
  }
  const bool under_way = entry != nullptr && entry->flight != exchange::Flight::kIdle;
  out->set_state(under_way ? "INFLIGHT" : "READY");
  out->set_state_text(!under_way ? "waiting for a link to " + row.peer
                      : entry->flight == exchange::Flight::kLinkAcked
                          ? "taken over by " + row.peer + ", receipt not yet here"
                          : "on its way to " + row.peer);
}

void fill_link(node::Node& node, const exchange::Peer& peer, v1::Peer* out) {
  const std::string& party = peer.row.party;
  const auto link = node.core().machine().link_state(party);
  const auto& report = node.gate_report();
  out->set_last_contact_at(time_text(link.last_heard_wall_ms));
  out->set_clock_offset_ms(link.clock_skew_ms);
  if (link.up) {
    out->set_link("UP");
    return;
  }
  const auto trouble = report.dial_trouble.find(party);
  const bool dials = peer.schedule && !peer.schedule->endpoints.empty();
  out->set_link(dials ? "CONNECTING" : "DOWN");
  if (trouble != report.dial_trouble.end()) {
    const bool refused = trouble->second.find("refused our key") != std::string::npos;
    out->set_not_connected_code(refused ? "REFUSED_BY_PEER" : "NOT_REACHED");
    out->set_not_connected_text(trouble->second);
    out->set_not_connected_hint(
        refused ? "Ask them to run 'focal peer add' with your card ('focal card export')."
                : "Check the address on their card and the network; the node goes on trying.");
  } else if (!dials) {
    out->set_not_connected_code("NO_ENDPOINT");
    out->set_not_connected_text("no address of " + party + " is known: it has to dial us");
    out->set_not_connected_hint("Ask for a new introduction file, or wait for their call.");
  } else if (!link.trouble.empty()) {
    out->set_not_connected_code("LINK_ENDED");
    out->set_not_connected_text(link.trouble);
  }
}

}  // namespace

std::string time_text(std::uint64_t unix_ms) { return unix_ms == 0 ? "" : format_utc(unix_ms); }

std::string code_text(std::string_view list, std::string_view code) {
  const auto text = record::label(list, code, "en");
  return std::string(text ? *text : code);
}

std::string kind_text(std::string_view kind) { return code_text("message_kind", kind); }

std::string case_number(store::CaseId id) { return "T-" + std::to_string(id); }

Result<store::CaseId> parse_case_number(std::string_view text) {
  const auto value = number(text.starts_with("T-") ? text.substr(2) : text);
  if (!value)
    return fail(ErrorCode::kUsage, "'" + std::string(text.substr(0, 40)) + "' is not a case number",
                "Case numbers look like T-12; 'focal trace list' shows them.", "case_number");
  return *value;
}

std::string outbox_id(store::BatchId batch, const std::string& party) {
  return std::to_string(batch) + "-" + party;
}

Result<std::pair<store::BatchId, std::string>> parse_outbox_id(std::string_view text) {
  const auto dash = text.find('-');
  const auto batch = dash == std::string_view::npos ? std::nullopt : number(text.substr(0, dash));
  if (!batch || !exchange::is_party(text.substr(dash + 1)))
    return fail(ErrorCode::kUsage, "'" + std::string(text.substr(0, 40)) + "' is not an outbox id",
                "Ids look like 17-XB; 'focal outbox' shows them.", "id");
  return std::pair{*batch, std::string(text.substr(dash + 1))};
}

void fill_card(const exchange::Card& card, const std::optional<exchange::Schedule>& schedule,
               v1::CardInfo* out) {
  out->set_party(card.party);
  out->set_card_id(hex(card.card_id));
  out->set_serial(static_cast<std::uint32_t>(card.serial));
  out->set_issued_at(time_text(card.issued_ms));
  out->set_expires_at(time_text(card.expires_ms));
  out->set_root_key(base64(card.root));
  for (const auto& line : card.authority) out->add_authority(line);
  if (!schedule) return;
  out->set_seal_serial(schedule->serial);
  out->set_seal_until_at(time_text(schedule->keys.back().not_after_ms));
  out->set_reach(schedule->reach == exchange::Reach::kDirect    ? "direct"
                 : schedule->reach == exchange::Reach::kDialout ? "dialout"
                                                                : "relay");
  for (const auto& endpoint : schedule->endpoints) out->add_endpoints(endpoint);
}

void fill_peer(node::Node& node, const exchange::Peer& peer, v1::Peer* out) {
  out->set_party(peer.row.party);
  out->set_level(std::string(exchange::standing_name(peer.standing)));
  out->set_level_text(exchange::describe(peer.standing));
  if (peer.row.verified_ms != 0) {
    out->set_verified_at(time_text(peer.row.verified_ms));
    out->set_verified_how(std::string(how_text(peer.row.verified_how)));
  }
  fill_card(peer.card, peer.schedule, out->mutable_card());
  fill_link(node, peer, out);
  auto& machine = node.core().machine();
  std::uint32_t queued = 0, waiting = 0;
  machine.outbox().for_each([&](const exchange::OutboxEntry& entry) {
    queued += entry.row.peer == peer.row.party ? 1 : 0;
  });
  for (const auto& row : machine.waiting()) waiting += row.link_peer == peer.row.party ? 1 : 0;
  out->set_queued(queued);
  out->set_waiting(waiting);
}

void fill_outbox(node::Node& node, const store::OutboxRow& row, v1::OutboxEntry* out) {
  store::View& view = node.core().view();
  const auto& machine = node.core().machine();
  const exchange::OutboxEntry* entry = machine.outbox().find(row.batch, row.peer);
  out->set_id(outbox_id(row.batch, row.peer));
  out->set_to(row.peer);
  out->set_created_at(time_text(row.created_ms));
  out->set_expires_at(time_text(row.expires_ms));
  out->set_tries(entry != nullptr ? entry->sendings : row.tries);
  fill_outbox_state(row, entry, out);
  std::string reason = row.reason;
  if (reason.empty() && entry != nullptr) reason = entry->note;
  const auto* peer = node.core().peers().find(row.peer);
  if (reason.empty() && peer != nullptr && entry != nullptr &&
      entry->flight == exchange::Flight::kIdle &&
      peer->standing.level != exchange::TrustLevel::kVerified && row.lane != 0)
    reason = row.peer + " is not verified here: nothing is sent to it";
  if (reason.empty() && peer != nullptr && out->state() == "READY") {
    v1::Peer link;
    fill_link(node, *peer, &link);
    if (link.link() != "UP") reason = link.not_connected_text();
  }
  out->set_reason(reason);
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

Due due_of(const store::CaseRow& row) {
  if (row.ack_due_ms != 0) return {row.ack_due_ms, "ACKNOWLEDGE"};
  if (row.answer_due_ms != 0) return {row.answer_due_ms, "ANSWER"};
  return {};
}

std::optional<ShownRecord> show_record(store::View& view, store::LeafIndex idx) {
  const auto info = view.record(idx);
  const auto item = view.item(idx);
  if (!info || !item) return std::nullopt;
  const exchange::ItemView parts = exchange::parse_item(*item);
  auto manifest = exchange::parse_manifest(parts.manifest);
  if (!manifest) return std::nullopt;
  ShownRecord out{std::move(*manifest), std::nullopt, *info};
  auto checked =
      record::parse_checked(parts.body, out.manifest.kind, out.manifest.from, out.manifest.to);
  if (checked) out.record = std::move(*checked);
  return out;
}

std::optional<ShownRecord> root_record(store::View& view, const store::CaseRow& row) {
  const auto info = view.find(row.root);
  return info ? show_record(view, info->idx) : std::nullopt;
}

void fill_case(node::Node& node, const node::OpenedCase& opened, std::uint64_t now_ms,
               v1::TraceCase* out) {
  const store::CaseRow& row = opened.row;
  const casework::Case& fold = opened.fold;
  out->set_case_number(case_number(row.id));
  out->set_party(row.peer);
  out->set_role(row.ours ? "REQUESTER" : "RESPONDER");
  const char* list = row.ours ? "trace_requester_state" : "trace_responder_state";
  out->set_state(row.state);
  out->set_state_text(code_text(list, row.state));
  if (fold.reopened) out->add_flags("REOPENED");
  if (fold.crossed_with_withdrawal) out->add_flags("CROSSED_WITH_WITHDRAWAL");
  if (fold.clock_paused) out->add_flags("CLOCK_PAUSED");
  out->set_opened_at(time_text(row.opened_ms));
  out->set_ack_due_at(time_text(row.ack_due_ms));
  out->set_answer_due_at(time_text(row.answer_due_ms));
  if (fold.expected_by_ms != 0) {
    // Kept as the end of the day named, which is midnight of the next one.
    out->set_expected_by(format_date(fold.expected_by_ms - 1));
  }
  const Due due = due_of(row);
  out->set_due_at(time_text(due.at_ms));
  out->set_overdue(due.at_ms != 0 && due.at_ms < now_ms);
  out->set_needs_action(row.needs_action);
  out->set_items(static_cast<std::uint32_t>(fold.items.size()));
  out->set_items_answered(static_cast<std::uint32_t>(
      std::count_if(fold.items.begin(), fold.items.end(),
                    [](const auto& item) { return !item.result.empty(); })));
  const auto last = std::max_element(
      opened.events.begin(), opened.events.end(),
      [](const auto& a, const auto& b) { return a.created_ms < b.created_ms; });
  if (last != opened.events.end()) {
    out->set_last_kind(last->kind);
    out->set_last_at(time_text(last->created_ms));
  }
  store::View& view = node.core().view();
  if (const auto root = root_record(view, row); root && root->record) {
    const auto& request = root->record->message().trace_request();
    out->set_subject(root->record->header().subject);
    out->set_priority(root->record->header().priority);
    (row.ours ? out->mutable_our_ref() : out->mutable_their_ref())
        ->assign(request.case_ref_requester());
  }
  for (const auto& event : view.case_events(row.id)) {
    if (event.kind != "trace.ack") continue;
    const auto ack = show_record(view, event.idx);
    if (ack && ack->record)
      (row.ours ? out->mutable_their_ref() : out->mutable_our_ref())
          ->assign(ack->record->message().trace_ack().case_ref_requested());
  }
}

Result<store::CaseRow> find_case(node::Node& node, std::string_view text) {
  FOCAL_ASSIGN(const store::CaseId id, parse_case_number(text));
  auto row = node.core().view().case_by_id(id);
  if (!row)
    return fail(ErrorCode::kNotFound, "there is no case " + case_number(id),
                "'focal trace list' shows the cases of this node.", "case_number");
  return std::move(*row);
}

Result<const exchange::Peer*> find_peer(node::Node& node, const std::string& party) {
  const exchange::Peer* peer = node.core().peers().find(party);
  if (peer == nullptr)
    return fail(ErrorCode::kNotFound, "this node does not know " + party.substr(0, 40),
                "Ask them for the file of 'focal card export' and add it with 'focal peer add FILE'.",
                "party");
  return peer;
}

}  // namespace focal::desk

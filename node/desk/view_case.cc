// A case and its records as they are shown.
#include <algorithm>
#include <map>

#include "node/desk/clocks.h"
#include "node/desk/disputed_words.h"
#include "node/desk/record_parts.h"
#include "node/desk/views.h"
#include "node/exchange/approval.h"
#include "node/record/parties.h"

namespace focal::desk {
namespace {

// What became of our request on its way, where no answer will come.
std::string_view failed_flag(std::uint32_t status) {
  if (status == store::kItemExpired) return "EXPIRED";
  return status == store::kItemCancelled ? "CANCELLED" : "REJECTED";
}

std::string turn_of(const store::CaseRow& row, const casework::Case& fold) {
  if (row.needs_action) return "OURS";
  const auto theirs = row.ours ? casework::Side::kResponder : casework::Side::kRequester;
  return fold.turn == theirs ? "THEIRS" : "";
}

// What the request says; the requester's reference stands in it, the other's in what it sent.
void fill_request(store::View& view, const node::OpenedCase& opened, v1::TraceCase* out) {
  const auto root = root_record(view, opened.row);
  if (!root || !root->record) return;
  out->set_subject(root->record->header().subject);
  out->set_priority(root->record->header().priority);
  (opened.row.ours ? out->mutable_our_ref() : out->mutable_their_ref())
      ->assign(kind_text_of(root->record->message(), "case_ref_requester"));
}

}  // namespace

std::optional<ShownRecord> show_record(store::View& view, store::LeafIndex idx) {
  const auto info = view.record(idx);
  const auto item = view.item(idx);
  if (!info || !item) return std::nullopt;
  const exchange::ItemView parts = exchange::parse_item(*item);
  auto manifest = exchange::parse_manifest(parts.manifest);
  if (!manifest) return std::nullopt;
  ShownRecord out{std::move(*manifest), std::nullopt, *info};
  for (const exchange::ApprovalView& approval : parts.approvals)  // checked before it was stored
    if (const auto officer = exchange::read_certificate(as_text(approval.certificate)))
      out.released_by.push_back(officer->role);
  auto checked =
      record::parse_checked(parts.body, out.manifest.kind, out.manifest.from, out.manifest.to);
  if (checked) out.record = std::move(*checked);
  return out;
}

std::string release_words(const ShownRecord& shown) {
  std::string out;
  for (const std::string& role : shown.released_by)
    out.append(out.empty() ? "released by " : " and ").append(role);
  return out.empty() ? out : ", " + out + " at " + shown.manifest.from;
}

std::optional<ShownRecord> root_record(store::View& view, const store::CaseRow& row) {
  const auto info = view.find(row.root);
  return info ? show_record(view, info->idx) : std::nullopt;
}

std::vector<ShownRecord> taken_records(store::View& view, const node::OpenedCase& opened,
                                       std::string_view kind) {
  std::map<Hash32, store::LeafIndex> places;
  for (const auto& event : view.case_events(opened.row.id))
    if (kind.empty() || event.kind == kind) places[event.ref.rid] = event.idx;
  std::vector<ShownRecord> out;
  for (const auto& effect : opened.fold.effects) {
    const auto place = places.find(effect.rid);
    if (effect.effect != casework::Effect::kTaken || place == places.end()) continue;
    auto shown = show_record(view, place->second);
    if (shown && shown->record) out.push_back(std::move(*shown));
  }
  return out;
}

std::string responders_reference(store::View& view, const node::OpenedCase& opened) {
  std::string out;
  for (const ShownRecord& taken : taken_records(view, opened)) {
    if (taken.manifest.from != opened.fold.responder) continue;
    auto said = kind_text_of(taken.record->message(), "case_ref_requested");
    if (!said.empty()) out = std::move(said);
  }
  return out;
}

std::string_view state_list_of(const store::CaseRow& row) {
  return casework::state_list(
      row.kind, row.ours ? casework::Side::kRequester : casework::Side::kResponder);
}

void fill_case(node::Node& node, const node::OpenedCase& opened, std::uint64_t now_ms,
               v1::TraceCase* out) {
  fill_case_short(node, opened, now_ms, out);
  (opened.row.ours ? out->mutable_their_ref() : out->mutable_our_ref())
      ->assign(responders_reference(node.core().view(), opened));
}

void fill_case_short(node::Node& node, const node::OpenedCase& opened, std::uint64_t now_ms,
                     v1::TraceCase* out) {
  const store::CaseRow& row = opened.row;
  const casework::Case& fold = opened.fold;
  out->set_case_number(case_number(row.id));
  out->set_party(row.peer);
  out->set_party_name(std::string(record::party_name(row.peer, "en").value_or("")));
  out->set_role(row.ours ? "REQUESTER" : "RESPONDER");
  out->set_state(row.state);
  out->set_state_text(code_text(state_list_of(row), row.state));
  if (opened.request_failed()) out->add_flags(std::string(failed_flag(opened.request_status)));
  if (fold.reopened) out->add_flags("REOPENED");
  if (fold.crossed_with_withdrawal) out->add_flags("CROSSED_WITH_WITHDRAWAL");
  if (fold.clock_paused) out->add_flags("CLOCK_PAUSED");
  if (has_disputed(node, row)) out->add_flags(std::string(kDisputed));
  out->set_opened_at(time_text(row.opened_ms));
  fill_clocks(clocks_of(node.core().view(), node.config(), opened, now_ms), node.config().clocks,
              now_ms, out);
  if (fold.expected_by_ms != 0) {
    // Kept as the end of the day named, which is midnight of the next one.
    out->set_expected_by(format_date(fold.expected_by_ms - 1));
  }
  out->set_needs_action(row.needs_action);
  out->set_turn(turn_of(row, fold));
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
  fill_request(node.core().view(), opened, out);
}

Result<store::CaseRow> find_case(node::Node& node, std::string_view text) {
  FOCAL_ASSIGN(const store::CaseId id, parse_case_number(text));
  auto row = node.core().view().case_by_id(id);
  if (!row)
    return fail(ErrorCode::kNotFound, "there is no case " + case_number(id),
                "'focal trace list' shows the cases of this node.", "case_number");
  return std::move(*row);
}

}  // namespace focal::desk

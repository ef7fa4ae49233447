// Tracing cases as they are shown: list, one whole, and the inbox.
#include <algorithm>
#include <map>

#include "node/desk/desk.h"
#include "node/desk/views.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

constexpr std::uint32_t kDefaultLimit = 100;
constexpr std::uint32_t kMaxLimit = 1000;
constexpr std::size_t kAllCases = 100'000;

std::uint32_t limit_of(std::uint32_t asked) {
  return asked == 0 ? kDefaultLimit : std::min(asked, kMaxLimit);
}

// Overdue first, then by what is due next; what is not due at all last.
void sort_by_due(std::vector<store::CaseRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    const auto due = [](const store::CaseRow& row) {
      const std::uint64_t at = due_of(row).at_ms;
      return at == 0 ? ~std::uint64_t{0} : at;
    };
    return std::pair(!a.needs_action, due(a)) < std::pair(!b.needs_action, due(b));
  });
}

bool is_overdue(const store::CaseRow& row, std::uint64_t now_ms) {
  const Due due = due_of(row);
  return due.at_ms != 0 && due.at_ms < now_ms;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

std::string label_line(const record::Label& label) {
  std::string out = "TLP:" + label.tlp;
  if (!label.h_codes.empty()) out += " · " + join(label.h_codes);
  out += " · onward " + label.onward + " · use " + label.use + " · keep until " +
         label.retain_until + " · from " + label.provider;
  return out;
}

std::string item_line(const pb::WeaponItem& item) {
  std::vector<std::string> parts;
  for (const std::string& part : {item.make(), item.model(), item.calibre_raw(),
                                  code_text("weapon_type", item.type())})
    if (!part.empty()) parts.push_back(part);
  return join(parts);
}

constexpr std::size_t kMaxReasonInLine = 60;  // bytes of a reason in a one-line summary

// Text cut to a line, at a character's end.
std::string shortened(const std::string& text) {
  if (text.size() <= kMaxReasonInLine) return text;
  std::size_t end = kMaxReasonInLine;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

// The one line an officer wants of a record.
std::string summary_of(const pb::Record& record) {
  switch (record.kind_case()) {
    case pb::Record::kTraceRequest:
      return "request " + record.trace_request().case_ref_requester() + " about " +
             std::to_string(record.trace_request().items_size()) + " weapon(s)";
    case pb::Record::kTraceAck:
      return "reference " + record.trace_ack().case_ref_requested() + ", answer expected by " +
             record.trace_ack().expected_by();
    case pb::Record::kTraceResponse: {
      std::vector<std::string> results;
      for (const auto& result : record.trace_response().results())
        results.push_back("item " + std::to_string(result.item_no()) + " " + result.result() +
                          (result.completeness() == "FULL" ? "" : " (" + result.completeness() + ")"));
      return join(results);
    }
    case pb::Record::kTraceRefusal:
      return code_text("ground", record.trace_refusal().ground()) + ": " +
             shortened(record.trace_refusal().reason_text());
    case pb::Record::kTraceDelay:
      return code_text("ground", record.trace_delay().ground()) + ", until " +
             record.trace_delay().expected_by() + ": " +
             shortened(record.trace_delay().reason_text());
    default:
      return record.header().subject();
  }
}

std::string effect_words(const std::string& code) {
  if (code == "TAKES_EFFECT") return "takes effect";
  if (code == "WAITING_FOR_PARENT") return "waits for the record it replies to";
  if (code == casework::kNotAllowedInState) return "no effect: the case did not allow it";
  if (code == casework::kWrongParty) return "no effect: not for this side to say";
  if (code == casework::kDuplicateAnswer) return "no effect: answered already";
  if (code == casework::kCrossedWithAnswer) return "no effect: it crossed with the answer";
  return "no effect: " + code;
}

std::map<Hash32, std::string> effects_of(const casework::Case& fold) {
  std::map<Hash32, std::string> out;
  for (const auto& effect : fold.effects)
    out[effect.rid] = effect.effect == casework::Effect::kTaken ? "TAKES_EFFECT"
                      : effect.effect == casework::Effect::kWaitingForParent
                          ? "WAITING_FOR_PARENT"
                          : effect.code;
  return out;
}

void fill_delivery(node::Node& node, const ShownRecord& shown, v1::TimelineEntry* out) {
  for (const std::string& party : shown.manifest.to) {
    const auto row = node.core().view().outbox(shown.info.batch, party);
    if (!row) continue;
    v1::OutboxEntry entry;
    fill_outbox(node, *row, &entry);
    auto* delivery = out->add_delivery();
    delivery->set_party(party);
    delivery->set_outbox_id(entry.id());
    const std::uint32_t status = shown.info.position < row->item_status.size()
                                     ? row->item_status[shown.info.position] : 0;
    for (const auto& item : entry.items())
      if (item.rid() == hex(shown.manifest.rid)) delivery->set_code(item.code());
    if (store::is_accepted(status)) {
      delivery->set_state("STORED");
      delivery->set_text("stored at " + party);
    } else if (status != 0 && status < store::kItemExpired) {
      delivery->set_state("REJECTED");
      delivery->set_text("refused by " + party + ": " + delivery->code());
    } else {
      const bool sent = entry.state() == "INFLIGHT";
      delivery->set_state(sent ? "SENT" : entry.state() == "READY" ? "QUEUED" : entry.state());
      delivery->set_text(entry.state_text());
      if (!entry.reason().empty()) delivery->set_text(entry.state_text() + " — " + entry.reason());
    }
  }
}

void fill_timeline(node::Node& node, const node::OpenedCase& opened, bool with_records,
                   v1::TraceShowResponse* out) {
  store::View& view = node.core().view();
  const auto effects = effects_of(opened.fold);
  auto rows = view.case_events(opened.row.id);
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.ref.created_ms, a.idx) < std::tie(b.ref.created_ms, b.idx);
  });
  for (const auto& row : rows) {
    const auto shown = show_record(view, row.idx);
    auto* entry = out->add_timeline();
    entry->set_at(time_text(row.ref.created_ms));
    entry->set_from(row.from);
    entry->set_kind(row.kind);
    entry->set_kind_text(kind_text(row.kind));
    entry->set_rid(hex(row.ref.rid));
    entry->set_leaf_index(static_cast<std::uint64_t>(row.idx));
    if (row.reply_to) entry->set_reply_to(hex(row.reply_to->rid));
    const auto effect = effects.find(row.ref.rid);
    entry->set_effect(effect == effects.end() ? "WAITING_FOR_PARENT" : effect->second);
    entry->set_effect_text(effect_words(entry->effect()));
    if (!shown) {
      entry->set_summary("its content can no longer be read here");
      continue;
    }
    if (shown->record) {
      entry->set_summary(summary_of(shown->record->message()));
      entry->set_newer_fields(shown->record->newer_fields());
      if (with_records) {
        const Status copied = json::to_struct(shown->record->message(), *entry->mutable_record());
        if (!copied) entry->clear_record();
      }
    }
    if (shown->info.sent)
      fill_delivery(node, *shown, entry);
    else
      entry->set_received_at(time_text(shown->info.at_ms));
  }
}

const pb::ItemResult* result_for(const pb::Record& record, std::uint32_t item_no) {
  if (!record.has_trace_response()) return nullptr;
  for (const auto& result : record.trace_response().results())
    if (result.item_no() == item_no) return &result;
  return nullptr;
}

// Items of the request with what was answered, and the ground in force.
void fill_items(node::Node& node, const node::OpenedCase& opened, v1::TraceShowResponse* out) {
  store::View& view = node.core().view();
  const auto root = root_record(view, opened.row);
  if (!root || !root->record) return;
  const auto effects = effects_of(opened.fold);
  for (const auto& item : root->record->message().trace_request().items()) {
    auto* shown = out->add_items();
    shown->set_item_no(item.item_no());
    shown->set_description(item_line(item));
    shown->set_serial(item.serial_raw());
  }
  if (root->record->header().label) out->set_label(label_line(*root->record->header().label));
  const auto ground = [&](const std::string& code, const std::string& reason) {
    out->set_ground(code);
    out->set_ground_text(code_text("ground", code));
    out->set_reason(reason);
  };
  for (const auto& row : view.case_events(opened.row.id)) {
    const auto effect = effects.find(row.ref.rid);
    if (effect == effects.end() || effect->second != "TAKES_EFFECT") continue;
    const auto shown = show_record(view, row.idx);
    if (!shown || !shown->record) continue;
    const pb::Record& record = shown->record->message();
    if (record.has_trace_refusal())
      ground(record.trace_refusal().ground(), record.trace_refusal().reason_text());
    if (record.has_trace_delay())
      ground(record.trace_delay().ground(), record.trace_delay().reason_text());
    for (auto& item : *out->mutable_items()) {
      const auto* result = result_for(record, item.item_no());
      if (result == nullptr) continue;
      item.set_result(result->result());
      item.set_result_text(code_text("result_per_item", result->result()));
      item.set_completeness(result->completeness());
      item.set_note(result->note());
      if (!result->ground().empty()) ground(result->ground(), result->reason_text());
    }
  }
}

void fill_next(const node::OpenedCase& opened, v1::TraceShowResponse* out) {
  struct Act { const char* kind; const char* act; const char* text; const char* options; };
  static constexpr Act kActs[] = {
      {"trace.ack", "ack", "acknowledge the request", " --ref YOUR-REFERENCE --expected-by DATE"},
      {"trace.response", "answer", "answer it", " --from FILE"},
      {"trace.refusal", "refuse", "refuse it", " --ground GROUND --reason 'TEXT'"},
  };
  const auto& kinds = opened.row.ours ? opened.fold.requester_next : opened.fold.responder_next;
  for (const Act& act : kActs) {
    if (std::find(kinds.begin(), kinds.end(), act.kind) == kinds.end()) continue;
    auto* next = out->add_next_acts();
    next->set_act(act.act);
    next->set_kind(act.kind);
    next->set_text(act.text);
    next->set_command("focal trace " + std::string(act.act) + " " + case_number(opened.row.id) +
                      act.options);
  }
}

}  // namespace

Result<v1::TraceListResponse> Desk::trace_list(const v1::TraceListRequest& request) {
  v1::TraceListResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    store::View& view = node_.core().view();
    auto rows = view.cases({request.open_only(), request.party(), kAllCases});
    std::erase_if(rows, [&](const store::CaseRow& row) {
      return (!request.state().empty() && row.state != request.state()) ||
             (!request.role().empty() && request.role() != (row.ours ? "REQUESTER" : "RESPONDER"));
    });
    sort_by_due(rows);
    out.set_total(static_cast<std::uint32_t>(rows.size()));
    if (rows.size() > limit_of(request.limit())) rows.resize(limit_of(request.limit()));
    for (const auto& row : rows)
      fill_case(node_, node::open_case(view, row), now.wall_ms, out.add_traces());
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::TraceShowResponse> Desk::trace_show(const v1::TraceShowRequest& request) {
  v1::TraceShowResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    FOCAL_ASSIGN(const auto row, find_case(node_, request.case_number()));
    const auto opened = node::open_case(node_.core().view(), row);
    fill_case(node_, opened, now.wall_ms, out.mutable_trace());
    fill_items(node_, opened, &out);
    fill_timeline(node_, opened, request.with_records(), &out);
    fill_next(opened, &out);
    return {};
  }); !done)
    return done.error();
  return out;
}

Result<v1::InboxResponse> Desk::inbox(const v1::InboxRequest& request) {
  v1::InboxResponse out;
  if (auto done = node_.perform([&](const Now& now) -> Status {
    store::View& view = node_.core().view();
    auto rows = view.cases({false, "", kAllCases});
    auto* counts = out.mutable_counts();
    for (const auto& row : rows) {
      counts->set_cases(counts->cases() + 1);
      if (row.needs_action) counts->set_needs_action(counts->needs_action() + 1);
      if (is_overdue(row, now.wall_ms)) counts->set_overdue(counts->overdue() + 1);
    }
    std::erase_if(rows, [&](const store::CaseRow& row) {
      return (request.needs_action() && !row.needs_action) ||
             (request.overdue() && !is_overdue(row, now.wall_ms)) ||
             (!request.party().empty() && row.peer != request.party());
    });
    sort_by_due(rows);
    out.set_total(static_cast<std::uint32_t>(rows.size()));
    if (rows.size() > limit_of(request.limit())) rows.resize(limit_of(request.limit()));
    for (const auto& row : rows) {
      v1::TraceCase shown;
      fill_case(node_, node::open_case(view, row), now.wall_ms, &shown);
      auto* entry = out.add_entries();
      entry->set_needs_action(row.needs_action);
      entry->set_overdue(shown.overdue());
      entry->set_due_at(shown.due_at());
      entry->set_due_act(due_of(row).act);
      entry->set_party(shown.party());
      entry->set_case_number(shown.case_number());
      entry->set_subject(shown.subject());
      entry->set_state(shown.state());
      entry->set_state_text(shown.state_text());
      entry->set_role(shown.role());
      entry->set_priority(shown.priority());
      entry->set_last_kind(shown.last_kind());
      entry->set_last_at(shown.last_at());
    }
    return {};
  }); !done)
    return done.error();
  return out;
}

}  // namespace focal::desk

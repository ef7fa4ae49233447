// One case whole: timeline, results, what can be done next.
#include <algorithm>
#include <map>

#include "node/desk/case_views.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

namespace pb = focal::v1;

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
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

void fill_delivery(node::Node& node, const ShownRecord& shown, const Now& now,
                   v1::TimelineEntry* out) {
  for (const std::string& party : shown.manifest.to) {
    const auto row = node.core().view().outbox(shown.info.batch, party);
    if (!row) continue;
    v1::OutboxEntry entry;
    fill_outbox(node, *row, now, &entry);
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
                   const Now& now, v1::TraceShowResponse* out) {
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
      fill_delivery(node, *shown, now, entry);
    else
      entry->set_received_at(time_text(shown->info.at_ms));
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

Status show_case(node::Node& node, const v1::TraceShowRequest& request, const Now& now,
                 v1::TraceShowResponse* out) {
  FOCAL_ASSIGN(const auto row, find_case(node, request.case_number()));
  const auto opened = node::open_case(node.core().view(), row);
  fill_case(node, opened, now.wall_ms, out->mutable_trace());
  fill_results(node, opened, out);
  fill_timeline(node, opened, request.with_records(), now, out);
  fill_next(opened, out);
  return {};
}

}  // namespace focal::desk

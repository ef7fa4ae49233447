// One case whole: timeline, results, what can be done next.
#include <algorithm>
#include <map>

#include "node/desk/act_table.h"
#include "node/desk/case_views.h"
#include "node/desk/disputed_words.h"
#include "node/desk/erase.h"
#include "node/desk/evidence.h"
#include "node/desk/follow_up.h"
#include "node/desk/links.h"
#include "node/desk/threads.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

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
  const auto root = root_record(view, opened.row);
  const auto* request = root && root->record && root->record->message().has_trace_request()
                            ? &root->record->message().trace_request()
                            : nullptr;
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
      if (const std::string words = erased_words(node, row.idx); !words.empty()) {
        entry->set_summary(words);
        entry->set_effect(std::string(kErasedEffect));
        entry->set_effect_text("erased");
      }
      continue;
    }
    if (shown->record) {
      entry->set_summary(summary_of(shown->record->message(), request) + release_words(*shown));
      entry->set_newer_fields(shown->record->newer_fields());
      if (with_records) {
        const Status copied = json::to_struct(shown->record->message(), *entry->mutable_record());
        if (!copied) entry->clear_record();
      }
    }
    if (std::string words = disputed_words(node, shown->info); !words.empty()) {
      entry->set_summary(entry->summary() + " (" + words + ")");
      entry->set_remark(std::move(words));
    }
    if (shown->info.sent)
      fill_delivery(node, *shown, now, entry);
    else
      entry->set_received_at(time_text(shown->info.at_ms));
    fill_evidence(node, *shown, entry);
  }
}

// The other threads of the same case.
void fill_threads(node::Node& node, const Threads& threads, const store::CaseRow& row,
                  const Now& now, v1::TraceShowResponse* out) {
  store::View& view = node.core().view();
  if (threads.all.size() < 2) return;
  out->mutable_trace()->set_case_base(threads.base);
  for (const Thread& each : threads.all) {
    if (each.row.id == row.id) continue;
    v1::TraceCase* shown = out->add_threads();
    fill_case(node, node::open_case(view, each.row), now.wall_ms, shown);
    shown->set_case_base(threads.base);
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
  out->set_erased(erased_words(node, opened));
  const Threads threads = threads_of(node.core().view(), row);
  fill_threads(node, threads, row, now, out);
  fill_links(node, opened, threads, request.all(), out);
  fill_next(node.core().view(), opened, out);
  fill_follow_ups(node, opened, out);
  return {};
}

}  // namespace focal::desk

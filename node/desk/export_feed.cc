#include "node/desk/export_feed.h"

#include <algorithm>
#include <map>
#include <set>

#include "node/desk/views.h"
#include "node/node/cases.h"
#include "node/record/record.h"
#include "node/store/leaf.h"
#include "proto/json.h"
#include "proto/record.pb.h"

namespace focal::desk {
namespace {

using Rids = std::set<Hash32>;

using Placed = PlacedEvent;

// Nothing: records of the case were erased.
std::vector<Placed> events_of(store::View& view, const store::CaseRow& row) {
  const node::OpenedCase opened = node::open_case(view, row);
  if (!opened.erased.empty()) return {};
  std::map<Hash32, store::LeafIndex> places;
  for (const store::CaseEventRow& each : view.case_events(row.id)) places[each.ref.rid] = each.idx;
  std::vector<Placed> out;
  for (const casework::Event& event : opened.events)
    if (const auto place = places.find(event.rid); place != places.end())
      out.push_back({event, place->second});
  return out;
}

// The case as it was when the log ended before that leaf.
casework::Case fold_before(const std::vector<Placed>& all, const Hash32& root,
                           store::LeafIndex end) {
  std::vector<casework::Event> events;
  for (const Placed& each : all)
    if (each.idx < end) events.push_back(each.event);
  return casework::fold(events, root);
}

Rids taken_in(const casework::Case& the_case) {
  Rids out;
  for (const casework::EventEffect& each : the_case.effects)
    if (each.effect == casework::Effect::kTaken) out.insert(each.rid);
  return out;
}

// … already, when the log ended anywhere between that event and `before`?
bool had_effect(const std::vector<Placed>& all, const Hash32& root, const Placed& one,
                store::LeafIndex before) {
  return std::any_of(all.begin(), all.end(), [&](const Placed& each) {
    return each.idx >= one.idx && each.idx < before &&
           taken_in(fold_before(all, root, each.idx + 1)).contains(one.event.rid);
  });
}

ExportEntry entry_of(store::View& view, const store::CaseRow& row, const Placed& one,
                     store::LeafIndex leaf, bool content) {
  ExportEntry out;
  out.leaf = leaf;
  const auto info = view.record(one.idx);
  out.notice = "{\"rid\":\"" + hex(one.event.rid) + "\",\"kind\":\"" + one.event.kind +
               "\",\"case_number\":\"" + case_number(row.id) + "\",\"party\":\"" + one.event.from +
               "\",\"at\":\"" + time_text(info ? info->at_ms : 0) + "\"}\n";
  if (!content) return out;
  const auto shown = show_record(view, one.idx);
  if (shown && shown->record) out.content = json::write_set(shown->record->message(), true) + "\n";
  return out;
}

bool is_of_ledger(store::View& view, const ExportPosition& position) {
  if (position.next > view.log_size()) return false;
  if (!position.last || position.next == 0) return true;
  const auto leaf = view.leaf(position.next - 1);
  return leaf && store::leaf_hash(*leaf) == *position.last;
}

ExportPosition position_at(store::View& view, store::LeafIndex next) {
  ExportPosition out{next, {}};
  if (next == 0) return out;
  if (const auto leaf = view.leaf(next - 1)) out.last = store::leaf_hash(*leaf);
  return out;
}

}  // namespace

std::vector<PlacedEvent> first_effects(const std::vector<PlacedEvent>& all, const Hash32& root,
                                       store::LeafIndex idx) {
  const Rids before = taken_in(fold_before(all, root, idx));
  std::vector<PlacedEvent> out;
  for (const casework::EventEffect& effect : fold_before(all, root, idx + 1).effects) {
    if (effect.effect != casework::Effect::kTaken || before.contains(effect.rid)) continue;
    const auto one = std::find_if(all.begin(), all.end(), [&](const Placed& each) {
      return each.event.rid == effect.rid;
    });
    if (one->idx == idx || !had_effect(all, root, *one, idx)) out.push_back(*one);
  }
  return out;
}

std::vector<ExportEntry> effects_of(store::View& view, store::LeafIndex idx, bool content) {
  const auto case_id = view.case_of(idx);
  const auto row = case_id ? view.case_by_id(*case_id) : std::nullopt;
  if (!row) return {};
  std::vector<ExportEntry> out;
  for (const PlacedEvent& each : first_effects(events_of(view, *row), row->root.rid, idx)) {
    out.push_back(entry_of(view, *row, each, idx, content));
    out.back().number = static_cast<unsigned>(out.size() - 1);
  }
  return out;
}

ExportPosition end_of_log(store::View& view) { return position_at(view, view.log_size()); }

Result<ExportSlice> read_slice(store::View& view, const ExportPosition& from, bool content) {
  if (!is_of_ledger(view, from))
    return fail(ErrorCode::kState, "the export folder belongs to another ledger than this one",
                "Name an empty folder in [export]; what was written stays in the old one.");
  ExportSlice out;
  std::size_t records = 0, bytes = 0;
  store::LeafIndex idx = from.next;
  const store::LeafIndex size = view.log_size();
  const store::LeafIndex end = std::min(size, from.next + kExportLeaves);
  for (; idx < end && records < kExportRecords && bytes < kExportBytes; ++idx) {
    const auto leaf = view.leaf(idx);
    if (!leaf || (leaf->type != store::LeafType::kSent && leaf->type != store::LeafType::kReceived))
      continue;
    ++records;
    for (ExportEntry& entry : effects_of(view, idx, content)) {
      bytes += entry.content.size();
      out.entries.push_back(std::move(entry));
    }
  }
  out.after = position_at(view, idx);
  out.behind = size - idx;
  return out;
}

}  // namespace focal::desk

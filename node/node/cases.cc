#include "node/node/cases.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "node/exchange/inner.h"
#include "node/record/record.h"

namespace focal::node {
namespace {

using Events = std::vector<casework::Event>;

std::optional<Hash32> rid_of(const std::optional<store::RecordRef>& ref) {
  if (!ref) return std::nullopt;
  return ref->rid;
}

std::optional<casework::Event> event_of_item(ByteView item) {
  const exchange::ItemView view = exchange::parse_item(item);
  const auto manifest = exchange::parse_manifest(view.manifest);
  if (!manifest) return std::nullopt;
  const auto record =
      record::parse_checked(view.body, manifest->kind, manifest->from, manifest->to);
  if (!record) return std::nullopt;
  return casework::event_of(*record, manifest->rid, rid_of(manifest->reply_to),
                            manifest->created_ms);
}

Events read_events(store::View& view, store::CaseId id) {
  Events events;
  for (const auto& row : view.case_events(id)) {
    const auto item = view.item(row.idx);
    auto event = item ? event_of_item(*item) : std::nullopt;
    if (event)
      events.push_back(std::move(*event));
    else
      log::warn("casework", "a record of a case cannot be read", {{"rid", hex(row.ref.rid)}});
  }
  return events;
}

// Case, its events so far and those of this group.
struct Touched {
  store::CaseRow row;
  Events events;
  std::vector<store::CaseEventRow> added;
};

std::optional<casework::Event> event_of_fresh(const exchange::Machine::Fresh& fresh) {
  const exchange::Manifest& m = fresh.manifest;
  if (fresh.record != nullptr)
    return casework::event_of(*fresh.record, m.rid, rid_of(m.reply_to), m.created_ms);
  const auto own = record::parse_checked(fresh.body, m.kind, m.from, m.to);
  if (!own) return std::nullopt;
  return casework::event_of(*own, m.rid, rid_of(m.reply_to), m.created_ms);
}

void settle(Touched& touched, const std::string& own_party, std::uint64_t now_ms) {
  store::CaseRow& row = touched.row;
  const casework::Case folded = casework::fold(touched.events, row.root.rid);
  row.ours = folded.started && folded.requester == own_party;
  const auto side = row.ours ? casework::Side::kRequester : casework::Side::kResponder;
  row.state = casework::shown_state(folded, side, {});
  row.ack_due_ms = folded.ack_due_ms;
  row.answer_due_ms = folded.answer_due_ms;
  row.updated_ms = now_ms;
  row.closed = folded.requester_state == "CLOSED" || folded.requester_state == "WITHDRAWN";
  const auto last = std::max_element(
      touched.events.begin(), touched.events.end(), [](const auto& a, const auto& b) {
        return std::tie(a.created_ms, a.rid) < std::tie(b.created_ms, b.rid);
      });
  const bool they_spoke_last = last != touched.events.end() && last->from != own_party;
  row.needs_action = folded.started && (they_spoke_last || (!row.ours && folded.open));
}

}  // namespace

store::RecordRef thread_root(const exchange::Manifest& m) {
  return m.thread ? *m.thread : store::RecordRef{m.rid, m.created_ms};
}

OpenedCase open_case(store::View& view, const store::CaseRow& row) {
  OpenedCase out;
  out.row = row;
  out.events = read_events(view, row.id);
  out.fold = casework::fold(out.events, row.root.rid);
  return out;
}

std::vector<store::Op> case_writes(store::View& view, const std::string& own_party,
                                   const std::vector<exchange::Machine::Fresh>& fresh,
                                   std::uint64_t now_ms) {
  std::map<Hash32, Touched> touched;
  store::CaseId next_id = view.next_case_id();
  for (const auto& record : fresh) {
    const record::KindInfo* kind = record::find_kind(record.manifest.kind);
    if (kind == nullptr || !kind->is_case_event) continue;
    auto event = event_of_fresh(record);
    if (!event) continue;
    const store::RecordRef root = thread_root(record.manifest);
    auto [it, is_new] = touched.try_emplace(root.rid);
    Touched& t = it->second;
    if (is_new) {
      if (auto known = view.case_by_root(root)) {
        t.row = std::move(*known);
        t.events = read_events(view, t.row.id);
      } else {
        t.row.id = next_id++;
        t.row.root = root;
        t.row.opened_ms = now_ms;
      }
    }
    const exchange::Manifest& m = record.manifest;
    if (root.rid == m.rid) t.row.kind = m.kind;
    if (t.row.peer.empty()) t.row.peer = m.from == own_party ? m.to.front() : m.from;
    store::CaseEventRow row;
    row.case_id = t.row.id;
    row.ref = record.ref;
    row.reply_to = m.reply_to;
    row.kind = m.kind;
    row.from = m.from;
    t.added.push_back(std::move(row));
    t.events.push_back(std::move(*event));
  }
  std::vector<store::Op> ops;
  for (auto& [root, t] : touched) {
    settle(t, own_party, now_ms);
    ops.push_back(store::PutCase{t.row});
    for (auto& row : t.added) ops.push_back(store::PutCaseEvent{std::move(row)});
  }
  return ops;
}

}  // namespace focal::node

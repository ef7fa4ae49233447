#include "node/node/cases.h"

#include <algorithm>

#include "base/defect.h"
#include "base/log.h"
#include "node/exchange/inner.h"
#include "node/record/record.h"

namespace focal::node {
namespace {

using Events = std::vector<casework::Event>;

constexpr std::string_view kSent = "SENT";  // the requester's state before anything came back

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

struct Records {
  Events events;
  std::vector<store::RecordInfo> erased;
};

Records read_events(store::View& view, store::CaseId id) {
  Records out;
  for (const auto& row : view.case_events(id)) {
    const auto item = view.item(row.idx);
    auto event = item ? event_of_item(*item) : std::nullopt;
    if (event) {
      out.events.push_back(std::move(*event));
    } else if (!item && item.error().code == ErrorCode::kErased) {
      if (auto info = view.record(row.idx)) out.erased.push_back(std::move(*info));
    } else {
      log::warn("casework", "a record of a case cannot be read", {{"rid", hex(row.ref.rid)}});
    }
  }
  return out;
}

// Case, its events so far and those of this group.
struct Touched {
  store::CaseRow row;
  Events events;
  std::vector<store::CaseEventRow> added;
  bool has_gap = false;  // records of it were erased
};

std::optional<casework::Event> event_of_fresh(const exchange::Machine::Fresh& fresh) {
  const exchange::Manifest& m = fresh.manifest;
  if (fresh.record != nullptr)
    return casework::event_of(*fresh.record, m.rid, rid_of(m.reply_to), m.created_ms);
  const auto own = record::parse_checked(fresh.body, m.kind, m.from, m.to);
  if (!own) return std::nullopt;
  return casework::event_of(*own, m.rid, rid_of(m.reply_to), m.created_ms);
}

// Status of our request's item in the outbox; 0 while it is open.
std::uint32_t request_status(store::View& view, const store::CaseRow& row) {
  const auto info = view.find(row.root);
  if (!info || !info->sent) return 0;
  const auto sending = view.outbox(info->batch, row.peer);
  return sending && info->position < sending->item_status.size()
             ? sending->item_status[info->position]
             : 0;
}

void settle(Touched& touched, const std::string& own_party, std::uint64_t now_ms) {
  store::CaseRow& row = touched.row;
  if (touched.has_gap) {
    row.updated_ms = now_ms;
    row.needs_action = std::any_of(touched.added.begin(), touched.added.end(),
                                   [&](const auto& event) { return event.from != own_party; }) ||
                       row.needs_action;
    return;
  }
  const casework::Case folded = casework::fold(touched.events, row.root.rid);
  row.ours = folded.started && folded.requester == own_party;
  const auto side = row.ours ? casework::Side::kRequester : casework::Side::kResponder;
  row.state = casework::shown_state(folded, side, {});
  row.ack_due_ms = folded.ack_due_ms;
  row.answer_due_ms = folded.answer_due_ms;
  row.updated_ms = now_ms;
  row.closed = folded.started && !folded.turn;
  row.needs_action = folded.turn == side && !planted(Defect::kTurnNotWritten);
}

}  // namespace

store::RecordRef thread_root(const exchange::Manifest& m) {
  return m.thread ? *m.thread : store::RecordRef{m.rid, m.created_ms};
}

ShownCase shown_case(store::View& view, store::CaseRow row) {
  ShownCase out{std::move(row), 0};
  if (!out.row.ours || out.row.state != kSent) return out;  // any answer proves delivery
  out.request_status = request_status(view, out.row);
  casework::LocalMarks marks;
  marks.delivered = store::is_accepted(out.request_status);
  out.row.state = casework::shown_state(out.row.state, casework::Side::kRequester, marks);
  out.row.needs_action = out.request_failed();
  return out;
}

OpenedCase open_case(store::View& view, const store::CaseRow& row, const Group& group) {
  OpenedCase out;
  static_cast<ShownCase&>(out) = shown_case(view, row);
  Records records = read_events(view, row.id);
  out.events = std::move(records.events);
  out.erased = std::move(records.erased);
  for (const auto& fresh : group)
    if (thread_root(fresh.manifest) == row.root && !planted(Defect::kGroupNotSeen))
      if (auto event = event_of_fresh(fresh)) out.events.push_back(std::move(*event));
  if (out.erased.empty()) out.fold = casework::fold(out.events, row.root.rid);
  return out;
}

std::vector<store::Op> case_writes(store::View& view, const std::string& own_party,
                                   const Group& group, std::uint64_t now_ms) {
  std::map<Hash32, Touched> touched;
  store::CaseId next_id = view.next_case_id();
  for (const auto& record : group) {
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
        Records records = read_events(view, t.row.id);
        t.has_gap = !records.erased.empty();
        t.events = std::move(records.events);
      } else {
        t.row.id = next_id++;
        t.row.root = root;
        t.row.opened_ms = now_ms;
      }
    }
    const exchange::Manifest& m = record.manifest;
    // The root says whose case it is; a record that came before it may be an outsider's.
    if (root.rid == m.rid) t.row.kind = m.kind;
    if (root.rid == m.rid || t.row.peer.empty())
      t.row.peer = m.from == own_party ? m.to.front() : m.from;
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

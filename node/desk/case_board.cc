// What the board holds, and how it follows the ledger. (Its pages: case_pages.cc.)
#include "node/desk/case_board.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "node/desk/clocks.h"
#include "node/desk/disputed_words.h"
#include "node/desk/views.h"
#include "node/node/cases.h"
#include "node/record/text_fold.h"

namespace focal::desk {
namespace {

constexpr std::string_view kSent = "SENT";  // a request of ours without an answer: node/node/cases.cc

}  // namespace

// Versions of an earlier start are below, if the clock did not go back.
CaseBoard::CaseBoard(node::Node& node)
    : node_(node), cases_(1), first_version_(node.started_ms() + 1), version_(first_version_) {}

CaseKey CaseBoard::key_of(store::CaseId id, const Entry& entry) {
  CaseKey out;
  out.closed = entry.closed;
  if (entry.due_ms != 0) out.due_ms = entry.due_ms;
  out.waits = !entry.needs_action;
  out.age = ~entry.updated_ms;
  out.number = ~static_cast<std::uint64_t>(id);
  return out;
}

std::uint16_t CaseBoard::name(const std::string& text) {
  const auto [at, is_new] = numbers_.try_emplace(text, static_cast<std::uint16_t>(names_.size()));
  if (is_new) names_.push_back(text);
  return at->second;
}

std::size_t CaseBoard::find_name(const std::string& text) const {
  const auto found = numbers_.find(text);
  return found == numbers_.end() ? names_.size() : found->second;
}

// A case that was never looked at comes with its number.
void CaseBoard::mark(store::CaseId id) {
  if (id <= 0 || static_cast<std::size_t>(id) >= cases_.size() || entry(id).dirty) return;
  entry(id).dirty = true;
  dirty_.push_back(id);
}

void CaseBoard::mark_record(const store::RecordRef& ref) {
  store::View& view = node_.core().view();
  const auto info = view.find(ref);
  if (const auto id = info ? view.case_of(info->idx) : std::nullopt) mark(*id);
}

void CaseBoard::mark_batch(store::BatchId batch) {
  const auto found = awaited_.find(batch);
  if (found == awaited_.end()) return;
  for (const store::CaseId id : found->second) mark(id);
  awaited_.erase(found);  // what still waits is noted again as it is read
}

void CaseBoard::committed(const store::Txn& txn) {
  for (const store::Op& op : txn.ops) {
    if (const auto* put = std::get_if<store::PutCase>(&op)) mark(put->row.id);
    else if (const auto* event = std::get_if<store::PutCaseEvent>(&op)) mark(event->row.case_id);
    else if (const auto* set = std::get_if<store::SetOutbox>(&op)) mark_batch(set->batch);
    else if (const auto* again = std::get_if<store::ReopenItems>(&op)) mark_batch(again->batch);
    else if (const auto* shred = std::get_if<store::PutShred>(&op)) mark_record(shred->ref);
    else if (const auto* body = std::get_if<store::PutBody>(&op)) mark_record(body->ref);
    else if (const auto* in = std::get_if<store::PutReceiptsIn>(&op))
      for (const store::ItemOutcome& each : in->outcomes) mark_batch(each.batch);
  }
}

void CaseBoard::tally(const Entry& of, int by) {
  if (!of.known || of.closed) return;
  const auto add = [&](auto& number) {
    using Number = std::remove_reference_t<decltype(number)>;
    number = by > 0 ? number + 1 : static_cast<Number>(number - 1);
  };
  add(open_);
  add(open_of_[of.peer]);
  if (of.needs_action) add(needs_action_);
}

void CaseBoard::drop_content(Entry& of) {
  if (of.content == 0) return;
  store_[of.content - 1] = {};
  free_.push_back(of.content);
  of.content = 0;
  --contents_;
}

void CaseBoard::place(store::CaseId id) {
  if (entry(id).moving) return;
  entry(id).moving = true;
  moved_.push_back(static_cast<std::uint32_t>(id));
}

// Whether our request has its receipt changes with its sending, not with its case.
void CaseBoard::await_receipt(const store::CaseRow& row) {
  if (!row.ours || row.state != kSent) return;
  const auto info = node_.core().view().find(row.root);
  if (!info || !info->sent) return;
  auto& waiting = awaited_[info->batch];
  if (std::find(waiting.begin(), waiting.end(), row.id) == waiting.end()) waiting.push_back(row.id);
}

void CaseBoard::read_row(store::CaseId id, const Now& now) {
  store::View& view = node_.core().view();
  ++changes_;
  Entry& of = entry(id);
  const bool was_known = of.known;
  const CaseKey before = key_of(id, of);
  tally(of, -1);
  drop_content(of);
  of.known = false;
  auto row = view.case_by_id(id);
  if (row) {
    await_receipt(*row);
    const store::CaseRow shown = node::shown_case(view, std::move(*row)).row;
    of.known = true;
    of.ours = shown.ours;
    of.closed = shown.closed;
    of.needs_action = shown.needs_action;
    of.updated_ms = shown.updated_ms;
    of.peer = name(shown.peer);
    of.state = name(shown.state);
    // What the row leaves open stays as it was, until the records are read.
    const std::uint64_t old_due_ms = was_known && !shown.closed ? of.due_ms : 0;
    of.due_ms = row_says_clocks(shown)
                    ? clocks_of_row(view, node_.config(), shown, now.wall_ms).running().at_ms
                    : old_due_ms;
    if (!of.closed && !of.queued) {
      of.queued = true;
      queue_.push_back(id);
    }
  }
  tally(of, +1);
  if (of.known != was_known || key_of(id, of) != before) place(id);
}

void CaseBoard::read_content(store::CaseId id, const Now& now) {
  store::View& view = node_.core().view();
  Entry& of = entry(id);
  if (!of.known || of.closed || of.content != 0) return;
  const auto row = view.case_by_id(id);
  if (!row) return;
  ++changes_;
  const node::OpenedCase opened = node::open_case(view, *row);
  v1::TraceCase shown;
  fill_case_short(node_, opened, now.wall_ms, &shown);
  v1::InboxEntry entry;
  fill_entry(shown, &entry);
  Content content;
  const Target target = clocks_of(view, node_.config(), opened, now.wall_ms).running();
  content.since_ms = target.since_ms;
  content.priority = name(entry.priority());
  content.text = record::fold_text(entry.subject());
  for (const casework::Event& event : opened.events)
    content.last_ms = std::max(content.last_ms, event.created_ms);
  if (!row_says_clocks(opened.row) && target.at_ms != of.due_ms) {
    of.due_ms = target.at_ms;
    place(id);
  }
  entry.clear_overdue();
  entry.clear_reminder();
  entry.clear_reminders();
  auto* flags = entry.mutable_flags();
  flags->erase(std::remove(flags->begin(), flags->end(), std::string(kDisputed)), flags->end());
  content.shown = entry.SerializeAsString();
  if (free_.empty()) {
    store_.emplace_back();
    free_.push_back(static_cast<std::uint32_t>(store_.size()));
  }
  of.content = free_.back();
  free_.pop_back();
  store_[of.content - 1] = std::move(content);
  ++contents_;
}

bool CaseBoard::catch_up(std::size_t rows, std::size_t contents, const Now& now) {
  const auto all = static_cast<std::size_t>(node_.core().view().next_case_id());
  const std::size_t end = all - cases_.size() > rows ? cases_.size() + rows : all;
  for (std::size_t id = cases_.size(); id < end; ++id) {
    cases_.emplace_back();
    read_row(static_cast<store::CaseId>(id), now);
  }
  for (const store::CaseId id : std::exchange(dirty_, {})) {
    entry(id).dirty = false;
    read_row(id, now);
  }
  for (; contents > 0 && !queue_.empty() && contents_ < kMostContent; --contents) {
    const store::CaseId id = queue_.back();
    queue_.pop_back();
    entry(id).queued = false;
    read_content(id, now);
  }
  settle_order();
  return end < all || (!queue_.empty() && contents_ < kMostContent);
}

// Takes out what moved and merges it in again: linear in the list, whatever moved.
void CaseBoard::settle_order() {
  if (moved_.empty()) return;
  ++version_;
  std::erase_if(order_, [&](std::uint32_t id) { return cases_[id].moving; });
  std::erase_if(moved_, [&](std::uint32_t id) {
    cases_[id].moving = false;
    cases_[id].moved = version_;
    return !cases_[id].known;
  });
  const auto less = [&](std::uint32_t a, std::uint32_t b) {
    return key_of(a, cases_[a]) < key_of(b, cases_[b]);
  };
  std::sort(moved_.begin(), moved_.end(), less);
  const auto middle = static_cast<std::ptrdiff_t>(order_.size());
  order_.insert(order_.end(), moved_.begin(), moved_.end());
  std::inplace_merge(order_.begin(), order_.begin() + middle, order_.end(), less);
  moved_.clear();
}

void CaseBoard::fill(store::CaseId id, const Now& now, v1::InboxEntry* out) {
  const Entry& of = entry(id);
  if (of.content == 0) read_content(id, now);
  if (of.content == 0) return;
  const Content& content = store_[of.content - 1];
  out->ParseFromString(content.shown);
  store::CaseRow row;
  row.id = id;
  row.peer = names_[of.peer];
  if (has_disputed(node_, row)) out->add_flags(std::string(kDisputed));
  // Of a case with erased records the row alone says a target, and none is shown.
  const Target target{out->due_at().empty() ? 0 : of.due_ms, content.since_ms, out->own_target()};
  fill_standing(target, node_.config().clocks, now.wall_ms, out);
}

std::size_t CaseBoard::bytes() const {
  std::size_t out = cases_.capacity() * sizeof(Entry) + store_.capacity() * sizeof(Content) +
                    (order_.capacity() + free_.capacity()) * sizeof(std::uint32_t) +
                    queue_.capacity() * sizeof(store::CaseId);
  for (const Content& each : store_) out += each.shown.capacity() + each.text.capacity();
  return out;
}

}  // namespace focal::desk

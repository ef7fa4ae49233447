// Goal: a case says what the records that took effect say, and nothing else: outcomes item by item,
// times and the pauses between them, and its flags.
// Method: random graphs of events; the records that took effect, in that order, are read once more
// by a second reader, written by hand from docs/protocol.md, "The steps of a tracing request".
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

#include "tests/unit/casework/any_events.h"

namespace focal::casework::test {
namespace {

// What is read of the events that took effect.
struct Reading {
  std::map<std::uint32_t, ItemOutcome> items = {{1, {1, "", ""}}, {2, {2, "", ""}}};
  std::uint64_t due = 0;
  std::uint64_t expected = 0;
  std::uint64_t paused_at = 0;
  std::uint64_t paused_due = 0;
  std::uint64_t pauses = 0;
  bool paused = false;
  bool withdrawn = false;
  bool crossed = false;
  bool reopened = false;

  void time(const Event& e) {
    if (paused) {
      const std::uint64_t pause = e.created_ms > paused_at ? e.created_ms - paused_at : 0;
      pauses += pause;
      due = paused_due == 0 ? 0 : paused_due + pause;
      paused_at = paused_due = 0;
    }
    paused = e.kind == "trace.info_request";
    if (paused) {
      paused_at = e.created_ms;
      paused_due = due;
      due = 0;
    }
    if (e.kind == "trace.delay") due = e.due_ms;
    if (e.kind == "trace.ack" || e.kind == "trace.delay" || e.kind == "trace.interim")
      expected = e.due_ms;
  }

  void take(const Event& e) {
    time(e);
    for (const ItemOutcome& item : e.items) items[item.item_no] = item;
    const bool answer = e.kind == "trace.response" || e.kind == "trace.refusal";
    const bool ends = answer || e.kind == "trace.withdraw" ||
                      (e.kind == "trace.clarify_reply" && !e.items.empty());
    if (ends) due = expected = 0;
    crossed = crossed || (answer && withdrawn);
    withdrawn = e.kind == "trace.withdraw";
    reopened = reopened || e.kind == "trace.reopen";
    if (e.kind == "trace.reopen") pauses = 0;  // its time begins anew
  }
};

RC_GTEST_PROP(ContentProperty, TheCaseSaysWhatTheRecordsThatTookEffectSay, ()) {
  const std::vector<Event> events = any_events();
  const Case c = fold(events, id(1));
  Reading read;
  read.due = events.front().due_ms;
  std::size_t taken = 0;
  for (const EventEffect& effect : c.effects) {
    read.crossed = read.crossed || effect.code == kCrossedWithAnswer;
    if (effect.effect != Effect::kTaken || effect.rid == id(1)) continue;
    const auto event = std::find_if(events.begin(), events.end(),
                                    [&](const Event& e) { return e.rid == effect.rid; });
    read.take(*event);
    ++taken;
  }
  for (const ItemOutcome& item : c.items) RC_ASSERT(item == read.items.at(item.item_no));
  RC_ASSERT(c.items.size() == read.items.size());
  RC_ASSERT(c.answer_due_ms == read.due);
  RC_ASSERT(c.expected_by_ms == read.expected);
  RC_ASSERT(c.ack_due_ms == (taken == 0 ? events.front().ack_due_ms : 0));
  RC_ASSERT(c.clock_paused == read.paused);
  RC_ASSERT(c.paused_since_ms == read.paused_at);
  RC_ASSERT(c.paused_due_ms == read.paused_due);
  RC_ASSERT(c.paused_ms == read.pauses);
  RC_ASSERT(c.reopened == read.reopened);
  RC_ASSERT(c.crossed_with_withdrawal == read.crossed);
  RC_CLASSIFY(read.pauses != 0, "a pause");
  RC_CLASSIFY(read.crossed, "crossed");
  RC_CLASSIFY(read.reopened, "reopened");
}

}  // namespace
}  // namespace focal::casework::test

// Test help: any graph of events that begins with a tracing request, hostile ones included.
#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

#include "node/record/kinds.h"
#include "tests/unit/casework/story.h"

namespace focal::casework::test {

inline std::vector<std::string> all_kinds() {
  std::vector<std::string> out = {"alert.unheard_of"};
  for (const record::KindInfo& kind : record::kinds()) out.push_back(kind.name);
  return out;
}

// Some items answered: the two of the request, sometimes one that it has not.
inline std::vector<ItemOutcome> any_outcomes() {
  std::vector<ItemOutcome> out;
  const std::uint32_t last = *rc::gen::inRange(0, 8) == 0 ? 3 : 2;
  for (std::uint32_t item = 1; item <= last; ++item)
    if (out.empty() || *rc::gen::inRange(0, 2) == 0)
      out.push_back({item, *rc::gen::element<std::string>("EXPORTED", "NO_RECORD", "REFERRED"),
                     *rc::gen::element<std::string>("FULL", "FULL", "INTERIM", "RESTRICTED")});
  return out;
}

// What a record of its kind may say: outcomes of items, times. Some say nothing of it.
inline void say_anything(Event& e) {
  if (e.kind == "trace.response" || e.kind == "trace.interim" || e.kind == "trace.correction")
    e.items = any_outcomes();
  if (e.kind == "trace.clarify_reply" && *rc::gen::inRange(0, 2) == 0) e.items = any_outcomes();
  if (e.kind == "trace.request") e.ack_due_ms = *rc::gen::inRange<std::uint64_t>(0, 30);
  if (e.kind == "trace.request" || e.kind == "trace.ack" || e.kind == "trace.delay" ||
      e.kind == "trace.interim")
    e.due_ms = *rc::gen::inRange<std::uint64_t>(0, 60);
}

// What a side may send now, in answer to the last record that took effect; nothing if it may not.
inline bool add_likely(Story& story, std::uint8_t n) {
  const Case now = fold(story.events, id(1));
  const bool by_requester = *rc::gen::arbitrary<bool>();
  const auto& next = by_requester ? now.requester_next : now.responder_next;
  if (next.empty()) return false;
  Event& e = story.add(n, *rc::gen::elementOf(next), 1,
                       now.head_created_ms + *rc::gen::inRange<std::uint64_t>(0, 4));
  e.reply_to = now.head;
  e.from = by_requester ? kRequester : kResponder;
  e.to = by_requester ? kResponder : kRequester;
  if (e.kind == "trace.correction") e.supersedes = story.last_answer();
  say_anything(e);
  return true;
}

// Any graph: half of it a likely story, half of it anything: parents that are missing, later, the
// event itself; any party.
inline std::vector<Event> any_events() {
  static const std::vector<std::string> kinds = all_kinds();
  static const std::vector<std::string> parties = {"XA", "XB", "XB", "XA", "XC"};
  Story story;
  say_anything(story.add(1, "trace.request", 0, *rc::gen::inRange<std::uint64_t>(1, 20)));
  const int count = *rc::gen::inRange(0, 14);
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::uint8_t>(i + 2);
    if (*rc::gen::arbitrary<bool>() && add_likely(story, n)) continue;
    Event& e = story.add(n, *rc::gen::elementOf(kinds),
                         static_cast<std::uint8_t>(*rc::gen::inRange(0, count + 3)),
                         *rc::gen::inRange<std::uint64_t>(1, 20));
    if (*rc::gen::inRange(0, 6) == 0) {
      e.from = *rc::gen::elementOf(parties);
      e.to = *rc::gen::elementOf(parties);
    }
    if (e.kind == "trace.correction")
      e.supersedes = id(static_cast<std::uint8_t>(*rc::gen::inRange(1, count + 3)));
    say_anything(e);
  }
  return story.events;
}

}  // namespace focal::casework::test

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

// Any graph: parents that are missing, later, the event itself; any party.
inline std::vector<Event> any_events() {
  static const std::vector<std::string> kinds = all_kinds();
  static const std::vector<std::string> parties = {"XA", "XB", "XB", "XA", "XC"};
  Story story;
  story.add(1, "trace.request", 0, *rc::gen::inRange<std::uint64_t>(1, 20));
  const int count = *rc::gen::inRange(0, 14);
  for (int i = 0; i < count; ++i) {
    const auto n = static_cast<std::uint8_t>(i + 2);
    Event& e = story.add(n, *rc::gen::elementOf(kinds),
                         static_cast<std::uint8_t>(*rc::gen::inRange(0, count + 3)),
                         *rc::gen::inRange<std::uint64_t>(1, 20));
    if (*rc::gen::inRange(0, 6) == 0) {
      e.from = *rc::gen::elementOf(parties);
      e.to = *rc::gen::elementOf(parties);
    }
    if (e.kind == "trace.correction")
      e.supersedes = id(static_cast<std::uint8_t>(*rc::gen::inRange(1, count + 3)));
    if (*rc::gen::inRange(0, 5) == 0)
      e.items = {{static_cast<std::uint32_t>(*rc::gen::inRange(1, 4)), "NO_RECORD", "FULL"}};
  }
  return story.events;
}

}  // namespace focal::casework::test

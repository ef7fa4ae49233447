// Test help: a tracing case told event by event between XA (asks) and XB.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "node/casework/fold.h"

namespace focal::casework::test {

inline Hash32 id(std::uint8_t n) {
  Hash32 rid{};
  rid.fill(n);
  return rid;
}

inline const std::string kRequester = "XA";
inline const std::string kResponder = "XB";

// The side that sends a kind; trace.reopen: the requester.
inline bool by_responder(const std::string& kind) {
  for (const char* each :
       {"trace.ack", "trace.info_request", "trace.delay", "trace.interim", "trace.response",
        "trace.refusal", "trace.clarify_reply", "trace.correction"})
    if (kind == each) return true;
  return false;
}

class Story {
 public:
  // Event n of kind, in answer to event parent (0: the root has none).
  Event& add(std::uint8_t n, const std::string& kind, std::uint8_t parent,
             std::uint64_t created_ms = 0) {
    Event e;
    e.rid = id(n);
    if (parent != 0) e.reply_to = id(parent);
    e.kind = kind;
    e.from = by_responder(kind) ? kResponder : kRequester;
    e.to = by_responder(kind) ? kRequester : kResponder;
    e.created_ms = created_ms != 0 ? created_ms : 1000u * n;
    if (kind == "trace.request") e.items = {{1, "", ""}, {2, "", ""}};
    if (kind == "trace.response") e.items = {{1, "EXPORTED", "FULL"}, {2, "EXPORTED", "FULL"}};
    if (kind == "trace.interim") e.items = {{1, "EXPORTED", "FULL"}};
    if (kind == "trace.correction") e.items = {{1, "STATE_HOLDING", "FULL"}};
    events.push_back(e);
    return events.back();
  }
  // Kinds one after the other, each in answer to the one before; from number 1.
  Story& line(const std::vector<std::string>& kinds) {
    for (const std::string& kind : kinds) {
      const auto n = static_cast<std::uint8_t>(events.size() + 1);
      Event& e = add(n, kind, static_cast<std::uint8_t>(n - 1));
      if (kind == "trace.correction") e.supersedes = last_answer();
    }
    return *this;
  }
  Hash32 last_answer() const {
    Hash32 rid{};
    for (const Event& e : events)
      if (e.kind == "trace.response" || e.kind == "trace.interim") rid = e.rid;
    return rid;
  }
  Case told() const { return fold(events, id(1)); }

  std::vector<Event> events;
};

// "TAKEN", or the effect and its code.
inline std::string effect_of(const Case& c, std::uint8_t n) {
  for (const EventEffect& e : c.effects)
    if (e.rid == id(n))
      return e.code.empty() ? std::string(effect_name(e.effect))
                            : std::string(effect_name(e.effect)) + " " + e.code;
  return "absent";
}

}  // namespace focal::casework::test

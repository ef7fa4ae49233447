#include "tests/sim/story.h"

namespace focal::sim {
namespace {

constexpr std::size_t kXA = 0, kXB = 1, kXC = 2;
constexpr Moves kNone = 0;

// clang-format off

// The maker answers, the requester follows the weapon to where it was imported, and it ends
// where the weapon left lawful custody.
Story three_states() {
  return {"three-states", "a trace across three States to the point of diversion", 3,
    {{kXA, kXB}, {kXA, kXC}},
    {
      {kXA, 0, "trace.request"},
      {kXB, 0, "trace.ack",           move(0)},
      {kXB, 0, "trace.info_request",  move(1)},
      {kXA, 0, "trace.info_supply",   move(2)},
      {kXB, 0, "trace.response",      move(3), kNone, kNobody, false, "EXPORTED"},
      {kXA, 0, "trace.close",         move(4)},
      {kXA, 1, "trace.request",       move(4)},  // by the answer
      {kXC, 1, "trace.delay",         move(6), kNone, kNobody, false, {}, "ONGOING_INVESTIGATION"},
      {kXA, 1, "trace.clarify",       move(7)},
      {kXC, 1, "trace.clarify_reply", move(8)},
      {kXC, 1, "trace.response",      move(9), kNone, kNobody, false, "REPORTED_STOLEN"},
      {kXA, 1, "trace.close",         move(10)},
    },
    {
      {0, kNone, kNone, "CLOSED", "EXPORTED"},
      {1, kNone, kNone, "CLOSED", "REPORTED_STOLEN"},
    }};
}

// The first request guarantees nothing, the second confidentiality in full.
Story no_guarantee() {
  constexpr std::string_view ground = "NO_CONFIDENTIALITY_GUARANTEE";
  constexpr std::string_view result = "MADE_HERE_DOMESTIC";
  return {"no-guarantee", "a requester that cannot guarantee confidentiality", 2,
    {{kXA, kXB}, {kXA, kXB}},
    {
      {kXA, 0, "trace.request",       kNone,   kNone, kNobody, false, {}, ground},
      {kXB, 0, "trace.refusal",       move(0), kNone, kNobody, false, {}, ground},
      {kXA, 0, "trace.clarify",       move(1)},
      {kXB, 0, "trace.clarify_reply", move(2), kNone, kNobody, false, result, ground},
      {kXA, 0, "trace.close",         move(3)},
      {kXA, 1, "trace.request",       move(4)},
      {kXB, 1, "trace.response",      move(5), kNone, kNobody, false, result},
      {kXA, 1, "trace.close",         move(6)},
    },
    {
      {0, kNone, kNone, "CLOSED", result},
      {1, kNone, kNone, "CLOSED", result},
    }};
}

// In the second thread the correction meets a reopening. Made first, it stands; else the
// responder answers once more.
Story corrected() {
  return {"corrected", "a correction after closing, and one that meets a reopening", 2,
    {{kXA, kXB}, {kXA, kXB}},
    {
      {kXA, 0, "trace.request"},
      {kXB, 0, "trace.response",   move(0), kNone, kNobody, false, "EXPORTED"},
      {kXA, 0, "trace.close",      move(1)},
      {kXB, 0, "trace.correction", move(2), kNone, kNobody, false, "REPORTED_LOST"},
      {kXA, 1, "trace.request"},
      {kXB, 1, "trace.response",   move(4), kNone, kNobody, false, "EXPORTED"},
      {kXA, 1, "trace.close",      move(5)},
      {kXB, 1, "trace.correction", move(6), move(8), 8, false, "REPORTED_LOST"},
      {kXA, 1, "trace.reopen",     move(6), move(7), 7},
      {kXB, 1, "trace.response",   move(6), kNone, kNobody, true, "REPORTED_LOST"},
    },
    {
      {0, kNone,   kNone,   "ANSWERED", "REPORTED_LOST"},
      {1, move(9), kNone,   "ANSWERED", "REPORTED_LOST", false, true},
      {1, kNone,   move(9), "ANSWERED", "REPORTED_LOST"},
    }};
}

// Two officers of one desk; then two desks, neither of which can know of the other.
Story at_once() {
  return {"at-once", "two officers who answer at once, at one desk and at two", 2,
    {{kXA, kXB}, {kXA, kXB}, {kXA, kXB}},
    {
      {kXA, 0, "trace.request"},
      {kXB, 0, "trace.response", move(0), move(2), kNobody, false, "EXPORTED"},
      {kXB, 0, "trace.refusal",  move(0), move(1), kNobody, false, {}, "NATIONAL_SECURITY"},
      {kXA, 0, "trace.close",    move(0)},
      {kXA, 1, "trace.request"},
      {kXB, 1, "trace.response", move(4), move(6), 6, false, "EXPORTED"},
      {kXA, 1, "trace.withdraw", move(4), move(5), 5},
      {kXA, 2, "trace.request"},
      {kXB, 2, "trace.response", move(7), kNone, kNobody, false, "EXPORTED"},
      {kXA, 2, "trace.close",    move(8)},
      {kXA, 2, "trace.reopen",   move(9), move(11), 11},
      {kXB, 2, "trace.reopen",   move(9), move(10), 10},
      {kXB, 2, "trace.response", move(9), kNone, kNobody, false, "REPORTED_LOST"},
    },
    {
      {0, kNone,             kNone,   "CLOSED"},
      {1, move(5) | move(6), kNone,   "ANSWERED", "EXPORTED", true},
      {1, move(5),           move(6), "ANSWERED", "EXPORTED"},
      {1, move(6),           move(5), "WITHDRAWN"},
      {2, kNone,             kNone,   "ANSWERED", "REPORTED_LOST", false, true},
    }};
}

// clang-format on

}  // namespace

const std::vector<Story>& stories() {
  static const std::vector<Story> all = {three_states(), no_guarantee(), corrected(), at_once()};
  return all;
}

}  // namespace focal::sim

// What must hold when a story has been told.
#include <algorithm>

#include "tests/sim/telling.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

std::vector<casework::Event> by_rid(std::vector<casework::Event> events) {
  std::sort(events.begin(), events.end(),
            [](const auto& a, const auto& b) { return a.rid < b.rid; });
  return events;
}

std::string yes_no(bool truth) { return truth ? "yes" : "no"; }

}  // namespace

void Telling::fail(const std::string& words, std::size_t thread) const {
  const Thread& ends = story_.threads[thread];
  throw Violation("story",
                  std::string(story_.name) + ", thread " + std::to_string(thread) + ": " + words,
                  {nodes_[ends.asks]->name(), nodes_[ends.asked]->name()});
}

void Telling::at_end() {
  check_once();
  const Moves all = made();
  for (std::size_t n = 0; n < story_.moves.size(); ++n) {
    const Move& move = story_.moves[n];
    const bool was_made = (all & sim::move(n)) != 0;
    if (!was_made && !any_stored(*nodes_[move.who], move.instead) && !move.if_possible)
      fail("nothing fails any more, but move " + std::to_string(n) + ", " +
               std::string(move.kind) + " by " + nodes_[move.who]->name() + ", was not made",
           move.thread);
    if (was_made && move.meets < n && (all & sim::move(move.meets)) != 0) ++counts_.met;
  }
  for (std::size_t thread = 0; thread < story_.threads.size(); ++thread) check_ends(thread, all);
  ++counts_.stories;
}

void Telling::check_once() {
  for (std::size_t n = 0; n < story_.moves.size(); ++n) {
    const Move& move = story_.moves[n];
    Node& at = *nodes_[move.who];
    std::size_t copies = 0;
    for (const store::RecordRef& ref : tried_[n]) copies += at.store().find(ref) ? 1 : 0;
    if (copies > 1) fail("move " + std::to_string(n) + " was made twice", move.thread);
    for (std::size_t other = 0; other < n; ++other)
      if ((move.instead & sim::move(other)) != 0 && story_.moves[other].who == move.who &&
          copies != 0 && stored(at, other))
        fail("two officers of " + at.name() + " both acted: moves " + std::to_string(other) +
                 " and " + std::to_string(n),
             move.thread);
  }
}

// Both ends have the same records of the thread, and read the same in them.
void Telling::check_ends(std::size_t thread, Moves made) {
  const Thread& ends = story_.threads[thread];
  const auto here = open(*nodes_[ends.asks], thread);
  const auto there = open(*nodes_[ends.asked], thread);
  if (!here || !there) fail("an end has no case", thread);
  std::size_t count = 0;
  for (std::size_t n = 0; n < story_.moves.size(); ++n) {
    const Move& move = story_.moves[n];
    if (move.thread != thread || (made & sim::move(n)) == 0) continue;
    ++count;
    const auto ref = stored(*nodes_[move.who], n);
    const bool decides = move.kind == "trace.refusal" || move.kind == "trace.delay";
    for (const auto* end : {&*here, &*there})
      for (const auto& event : end->events)
        if (event.rid == ref->rid && decides && event.outcome != move.ground)
          fail("the ground of move " + std::to_string(n) + " is not what was sent", thread);
  }
  if (here->events.size() != count || by_rid(here->events) != by_rid(there->events))
    fail(std::to_string(count) + " moves were made; the ends hold " +
             std::to_string(here->events.size()) + " and " + std::to_string(there->events.size()) +
             " records, or read them differently",
         thread);
  if (!(here->fold == there->fold))
    fail("it is " + here->fold.requester_state + " at one end and " +
             there->fold.requester_state + " at the other",
         thread);
  for (const auto& node : nodes_)
    if (node->number() != ends.asks && node->number() != ends.asked &&
        node->store().case_by_root(here->row.root))
      fail(node->name() + " has a case that is not its own", thread);
  check_ending(thread, made, here->fold);
}

void Telling::check_ending(std::size_t thread, Moves made, const casework::Case& fold) {
  for (const Ending& ending : story_.endings) {
    if (ending.thread != thread || (made & ending.made) != ending.made ||
        (made & ending.not_made) != 0)
      continue;
    const std::string& result = fold.items.front().result;
    if (fold.requester_state == ending.state && fold.crossed_with_withdrawal == ending.crossed &&
        fold.reopened == ending.reopened && (ending.result.empty() || result == ending.result))
      return;
    fail("it ends as " + fold.requester_state + ", result " + result + ", crossed " +
             yes_no(fold.crossed_with_withdrawal) + ", reopened " + yes_no(fold.reopened) +
             "; the story says " + std::string(ending.state) + ", " + std::string(ending.result) +
             ", " + yes_no(ending.crossed) + ", " + yes_no(ending.reopened),
         thread);
  }
  fail("no ending of the story fits the moves that were made", thread);
}

}  // namespace focal::sim

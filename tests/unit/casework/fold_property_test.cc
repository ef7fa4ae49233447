// Goal: a case depends on the set of its events alone: any order, copies, and loss with later
// recovery give the same case at both ends, its refusals with the same codes; what was refused
// keeps its code whatever follows. No final answer is lost to a withdrawal.
// Method: random event graphs, hostile ones included, folded in every order that chance gives,
// at two ends that lose different records; and a simulation of two nodes that build only what
// their own view allows while records are under way.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "node/record/codes.h"
#include "tests/unit/casework/any_events.h"

namespace focal::casework::test {
namespace {

std::vector<Event> shuffled(std::vector<Event> events) {
  for (std::size_t i = events.size(); i > 1; --i)
    std::swap(events[i - 1], events[*rc::gen::inRange<std::size_t>(0, i)]);
  return events;
}

RC_GTEST_PROP(FoldProperty, OrderCopiesAndLateArrivalChangeNothing, ()) {
  const std::vector<Event> events = any_events();
  const Case whole = fold(events, id(1));

  std::vector<Event> other = events;
  const auto copies = *rc::gen::inRange<std::size_t>(0, 5);
  for (std::size_t i = 0; i < copies; ++i)
    other.push_back(events[*rc::gen::inRange<std::size_t>(0, events.size())]);
  other = shuffled(other);
  RC_ASSERT(fold(other, id(1)) == whole);

  // Arriving one by one, with a fold at each step as a node does it.
  std::vector<Event> arrived;
  Case last;
  for (const Event& e : other) {
    arrived.push_back(e);
    last = fold(arrived, id(1));
  }
  RC_ASSERT(last == whole);
}

// One end of a connection that brings things in any order, twice, and some only after a while.
class End {
 public:
  explicit End(const std::vector<Event>& events) {
    for (const Event& e : shuffled(events)) {
      const int luck = *rc::gen::inRange(0, 6);
      (luck < 2 ? lost_ : comes_).push_back(e);
      if (luck == 5) comes_.push_back(e);
    }
    comes_ = shuffled(comes_);
  }
  // What arrives, with a fold after each as a node does it.
  Case hear() {
    for (const Event& e : comes_) {
      here_.push_back(e);
      last_ = fold(here_, id(1));
    }
    comes_.clear();
    return last_;
  }
  Case recover() {
    comes_ = shuffled(lost_);
    lost_.clear();
    return hear();
  }
  const std::vector<Event>& here() const { return here_; }

 private:
  std::vector<Event> comes_;
  std::vector<Event> lost_;
  std::vector<Event> here_;
  Case last_ = fold({}, id(1));
};

std::map<Hash32, std::string> codes_of(const Case& c) {
  std::map<Hash32, std::string> out;
  for (const EventEffect& effect : c.effects)
    out[effect.rid] = std::string(effect_name(effect.effect)) + " " + effect.code;
  return out;
}

RC_GTEST_PROP(FoldProperty, LossWithRecoveryGivesTheSameCaseAndTheSameCodesAtBothEnds, ()) {
  const std::vector<Event> events = any_events();
  const Case whole = fold(events, id(1));
  End a(events);
  End b(events);
  const Case partly = a.hear();
  b.hear();
  RC_ASSERT(partly == fold(shuffled(a.here()), id(1)));
  RC_CLASSIFY(codes_of(partly) != codes_of(whole), "a loss that shows");
  const Case at_a = a.recover();
  const Case at_b = b.recover();
  RC_ASSERT(at_a == at_b);
  RC_ASSERT(at_a == whole);
  RC_ASSERT(codes_of(at_a) == codes_of(whole));
}

// A later record that answers the last word of the case turns no earlier refusal.
RC_GTEST_PROP(FoldProperty, ARefusalKeepsItsCodeWhateverFollows, ()) {
  std::vector<Event> events = any_events();
  Case before = fold(events, id(1));
  for (std::uint8_t n = 240; n < 244; ++n) {
    Story story;
    Event& e = story.add(n, *rc::gen::elementOf(all_kinds()), 1, 1'000u + n);
    e.reply_to = before.head;
    e.supersedes = before.head;
    say_anything(e);
    events.push_back(e);
    const Case after = fold(events, id(1));
    auto codes = codes_of(after);
    RC_ASSERT(codes.erase(e.rid) == 1u);
    RC_ASSERT(codes == codes_of(before));
    before = after;
  }
}

RC_GTEST_PROP(FoldProperty, EveryEventHasOneEffectAndTheStateIsACode, ()) {
  const std::vector<Event> events = any_events();
  const Case c = fold(events, id(1));
  std::set<Hash32> rids;
  for (const EventEffect& effect : c.effects) {
    RC_ASSERT(rids.insert(effect.rid).second);
    RC_ASSERT(effect.code.empty() == (effect.effect != Effect::kNoEffect));
  }
  RC_ASSERT(rids.size() == events.size());
  RC_ASSERT(c.started);
  RC_ASSERT(record::is_code("trace_requester_state", c.requester_state));
  RC_ASSERT(record::is_code("trace_responder_state", c.responder_state));
  RC_ASSERT(c.items.size() == 2u);
  RC_ASSERT(c.open || c.answer_due_ms == 0);
  RC_ASSERT(c.clock_paused || (c.paused_since_ms == 0 && c.paused_due_ms == 0));
  RC_ASSERT(!c.open || may_owe_answer(c.responder_state));
}

// Events without effect, taken out, leave the same case (but for the flag and
// the list of effects): they really have none.
RC_GTEST_PROP(FoldProperty, NoEffectMeansNoEffect, ()) {
  const std::vector<Event> events = any_events();
  Case c = fold(events, id(1));
  std::set<Hash32> parents;
  for (const Event& e : events) {
    if (e.reply_to) parents.insert(*e.reply_to);
    if (e.supersedes) parents.insert(*e.supersedes);
  }
  std::vector<Event> fewer;
  for (const Event& e : events) {
    const auto found = std::find_if(c.effects.begin(), c.effects.end(), [&](const auto& effect) {
      return effect.rid == e.rid && effect.effect != Effect::kTaken;
    });
    if (found == c.effects.end() || parents.count(e.rid) != 0) fewer.push_back(e);
  }
  Case without = fold(fewer, id(1));
  c.effects.clear();
  without.effects.clear();
  without.crossed_with_withdrawal = c.crossed_with_withdrawal;
  RC_ASSERT(c == without);
}

// Two nodes; each builds only what check_next allows in its own view.
class Two {
 public:
  Two() { send(0, "trace.request"); }

  void act() {
    const std::size_t me = *rc::gen::inRange<std::size_t>(0, 2);
    if (*rc::gen::inRange(0, 3) == 0) return hear(me);
    const Case view = fold(heard_[me], id(1));
    const auto& next = me == 0 ? view.requester_next : view.responder_next;
    if (!view.started || next.empty()) return hear(me);
    const std::string kind = *rc::gen::elementOf(next);
    if (kind == "trace.withdraw" && *rc::gen::inRange(0, 6) != 0) return;  // else it ends most
    send(me, kind);
  }

  // One record that the other end has sent arrives, in any order; sometimes it will arrive
  // again, sometimes it is lost on its way until hear_all() brings it back.
  void hear(std::size_t me) {
    if (under_way_[me].empty()) return;
    const auto at = *rc::gen::inRange<std::size_t>(0, under_way_[me].size());
    const Event event = under_way_[me][at];
    const int luck = *rc::gen::inRange(0, 6);
    if (luck != 5) under_way_[me].erase(under_way_[me].begin() + static_cast<std::ptrdiff_t>(at));
    if (luck == 4) lost_[me].push_back(event);
    else heard_[me].push_back(event);
  }

  // Everything that is still to come, and what was lost once more.
  void hear_all() {
    for (const std::size_t me : {0u, 1u}) {
      under_way_[me].insert(under_way_[me].end(), lost_[me].begin(), lost_[me].end());
      lost_[me].clear();
      while (!under_way_[me].empty()) {
        const auto at = *rc::gen::inRange<std::size_t>(0, under_way_[me].size());
        heard_[me].push_back(under_way_[me][at]);
        under_way_[me].erase(under_way_[me].begin() + static_cast<std::ptrdiff_t>(at));
      }
    }
  }

  Case view(std::size_t me) const { return fold(heard_[me], id(1)); }
  const std::vector<Event>& all() const { return all_; }
  bool answered() const { return answered_; }

 private:
  void send(std::size_t me, const std::string& kind) {
    if (all_.size() > 200) return;
    const Case now = fold(heard_[me], id(1));
    Story story;
    Event& e = story.add(static_cast<std::uint8_t>(all_.size() + 1), kind, 1);
    e.reply_to = all_.empty() ? std::optional<Hash32>() : now.head;
    e.from = me == 0 ? kRequester : kResponder;
    e.to = me == 0 ? kResponder : kRequester;
    clock_[me] += *rc::gen::inRange<std::uint64_t>(0, 3);  // the clocks differ
    e.created_ms = 1 + clock_[me];
    say_anything(e);
    if (kind == "trace.correction") {
      for (const Event& old : heard_[me])
        if (!old.items.empty() && old.rid != id(1)) e.supersedes = old.rid;
    }
    if (!check_adding(heard_[me], id(1), e).has_value()) return;
    answered_ = answered_ || kind == "trace.response" || kind == "trace.refusal";
    all_.push_back(e);
    heard_[me].push_back(e);
    under_way_[1 - me].push_back(e);
  }

  std::vector<Event> heard_[2];
  std::vector<Event> under_way_[2];
  std::vector<Event> lost_[2];
  std::vector<Event> all_;
  std::uint64_t clock_[2] = {0, 5};
  bool answered_ = false;
};

RC_GTEST_PROP(FoldProperty, TwoHonestNodesAgreeAndNoAnswerIsLost, ()) {
  Two two;
  const int acts = *rc::gen::inRange(8, 60);
  for (int i = 0; i < acts; ++i) two.act();
  two.hear_all();
  const Case at_requester = two.view(0);
  const Case at_responder = two.view(1);
  RC_ASSERT(at_requester == at_responder);
  for (const EventEffect& effect : at_requester.effects)
    RC_ASSERT(effect.effect != Effect::kWaitingForParent);
  // An answer ends in WITHDRAWN only by way of a reopened case.
  if (two.answered() && !at_requester.reopened)
    RC_ASSERT(at_requester.requester_state != "WITHDRAWN");
  RC_TAG(at_requester.requester_state);
}

// In lockstep (everything heard at once) whatever may be built is taken.
RC_GTEST_PROP(FoldProperty, InLockstepEverythingAllowedIsTaken, ()) {
  Two two;
  const int acts = *rc::gen::inRange(0, 25);
  for (int i = 0; i < acts; ++i) {
    two.act();
    two.hear_all();
  }
  const Case c = two.view(0);
  for (const EventEffect& effect : c.effects) RC_ASSERT(effect.effect == Effect::kTaken);
  RC_ASSERT(c.effects.size() == two.all().size());
}

}  // namespace
}  // namespace focal::casework::test

// Goal: no sequence of records that are accepted leads outside the table of the life, and what a
// side is offered is exactly what takes effect when it is sent. A refusal has the code that its
// reason has in docs/protocol.md, "The walk".
// Method: random graphs of events against a second table, written by hand from
// docs/protocol.md, "Cases", and never read by the fold.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "tests/unit/casework/any_events.h"

namespace focal::casework::test {
namespace {

using Set = std::set<std::string>;

const Set kOpenActs = {"trace.delay", "trace.interim", "trace.response", "trace.refusal",
                       "trace.withdraw"};
const Set kByItems = {"ANSWERED", "RESTRICTED", "NO_RECORD"};

Set with(Set set, const Set& more) {
  set.insert(more.begin(), more.end());
  return set;
}

// By the requester's state: what may take effect in it.
const std::map<std::string, Set>& allowed() {
  static const std::map<std::string, Set> table = {
      {"SENT", with(kOpenActs, {"trace.ack"})},
      {"ACKNOWLEDGED", with(kOpenActs, {"trace.info_request"})},
      {"IN_PROGRESS", with(kOpenActs, {"trace.info_request"})},
      {"INTERIM", with(kOpenActs, {"trace.info_request"})},
      {"INFO_REQUESTED", with(kOpenActs, {"trace.info_supply"})},
      {"DELAYED", with(kOpenActs, {"trace.info_request", "trace.clarify"})},
      {"ANSWERED", {"trace.close", "trace.correction"}},
      {"NO_RECORD", {"trace.close", "trace.correction"}},
      {"RESTRICTED", {"trace.close", "trace.correction", "trace.clarify"}},
      {"REFUSED", {"trace.close", "trace.clarify"}},
      {"CLARIFICATION_SOUGHT", {"trace.clarify_reply"}},  // of a delay: the open acts too
      {"CLOSED", {"trace.reopen", "trace.correction"}},
      {"WITHDRAWN", {}},  // but for an answer that crossed it
  };
  return table;
}

// Where a kind leads; empty: to an earlier state.
const std::map<std::string, Set>& targets() {
  static const std::map<std::string, Set> table = {
      {"trace.ack", {"ACKNOWLEDGED"}},
      {"trace.info_request", {"INFO_REQUESTED"}},
      {"trace.info_supply", {"ACKNOWLEDGED", "IN_PROGRESS", "DELAYED", "INTERIM"}},
      {"trace.delay", {"DELAYED"}},
      {"trace.interim", {"INTERIM"}},
      {"trace.response", kByItems},
      {"trace.refusal", {"REFUSED"}},
      {"trace.clarify", {"CLARIFICATION_SOUGHT"}},
      {"trace.clarify_reply", with(kByItems, {"DELAYED", "REFUSED"})},
      {"trace.withdraw", {"WITHDRAWN"}},
      {"trace.close", {"CLOSED"}},
      {"trace.reopen", {"IN_PROGRESS"}},
      {"trace.correction", kByItems},
  };
  return table;
}

// A reply that brings no items leaves the answer asked about as it stands.
Set targets_of(const Event& e) {
  if (e.kind == "trace.clarify_reply" && e.items.empty()) return {"DELAYED", "RESTRICTED", "REFUSED"};
  return targets().at(e.kind);
}

// What it supersedes is here, took effect, and said something of the items.
bool corrects_an_answer(const Case& whole, const std::vector<Event>& events, const Event& e) {
  return std::any_of(events.begin(), events.end(), [&](const Event& old) {
    return old.rid == e.supersedes && old.rid != id(1) && !old.items.empty() &&
           std::any_of(whole.effects.begin(), whole.effects.end(), [&](const EventEffect& effect) {
             return effect.rid == old.rid && effect.effect == Effect::kTaken;
           });
  });
}

bool is_allowed(const Case& before, const std::string& kind) {
  const bool of_a_delay = before.requester_state == "CLARIFICATION_SOUGHT" && before.open;
  return allowed().at(before.requester_state).count(kind) == 1u ||
         (of_a_delay && kOpenActs.count(kind) == 1u);
}

// The code that a refusal of the event must have, by what was there before it. A withdrawal after
// an answer has one of two: it depends on whether its sender knew of the answer.
Set codes_for(const Case& before, const Event& e) {
  const std::string not_allowed(kNotAllowedInState);
  if (e.kind == "trace.request") return {not_allowed};
  if (targets().count(e.kind) == 0) return {std::string(kNotACaseKind)};
  if (!e.reply_to) return {std::string(kNoReplyTo)};
  const bool from_requester = e.from == kRequester && e.to == kResponder;
  const bool from_responder = e.from == kResponder && e.to == kRequester;
  const bool its_side = e.kind == "trace.reopen" || by_responder(e.kind) == from_responder;
  if ((!from_requester && !from_responder) || !its_side) return {std::string(kWrongParty)};
  const bool is_answer = e.kind == "trace.response" || e.kind == "trace.refusal";
  const bool withdrawn = before.requester_state == "WITHDRAWN";
  Set out;
  if (is_allowed(before, e.kind) || (withdrawn && is_answer)) {
    const bool asked = std::all_of(e.items.begin(), e.items.end(),
                                   [](const ItemOutcome& item) { return item.item_no <= 2; });
    if (!asked) out.insert(std::string(kNoSuchItem));
    if (e.kind == "trace.correction") out.insert(std::string(kSupersedesNoAnswer));
    if (withdrawn) out.insert(not_allowed);  // its sender knew of the withdrawal
    return out;
  }
  const bool ended = !before.open && !withdrawn;
  if (ended && is_answer) return {std::string(kDuplicateAnswer)};
  if (ended && e.kind == "trace.withdraw") return {std::string(kCrossedWithAnswer), not_allowed};
  return {not_allowed};
}

RC_GTEST_PROP(TableProperty, NoAcceptedSequenceLeadsOutsideTheTable, ()) {
  const std::vector<Event> events = any_events();
  const Case whole = fold(events, id(1));
  std::vector<Event> walked;
  Case before;
  for (const EventEffect& effect : whole.effects) {
    if (effect.effect == Effect::kWaitingForParent) break;  // they come last
    const auto event = std::find_if(events.begin(), events.end(),
                                    [&](const Event& e) { return e.rid == effect.rid; });
    walked.push_back(*event);
    const Case after = fold(walked, id(1));
    if (event->rid == id(1)) {
      RC_ASSERT(after.requester_state == "SENT");
    } else if (effect.effect == Effect::kNoEffect) {
      RC_ASSERT(after.requester_state == before.requester_state);
      RC_ASSERT(after.items == before.items);
      RC_ASSERT(codes_for(before, *event).count(effect.code) == 1u);
      RC_TAG(effect.code);
    } else if (before.requester_state == "WITHDRAWN") {
      RC_ASSERT(event->kind == "trace.response" || event->kind == "trace.refusal");
      RC_ASSERT(after.crossed_with_withdrawal);
    } else {
      RC_ASSERT(is_allowed(before, event->kind));
      const std::string sender = by_responder(event->kind) ? kResponder : kRequester;
      RC_ASSERT(event->from == sender || event->kind == "trace.reopen");
    }
    if (effect.effect == Effect::kTaken && event->rid != id(1)) {
      RC_ASSERT(targets_of(*event).count(after.requester_state) == 1u);
      RC_ASSERT(event->kind != "trace.correction" || corrects_an_answer(whole, events, *event));
      RC_TAG(event->kind);
    }
    before = after;
  }
}

// An event that `by` sends next, knowing all that is here.
Event next_event(const Case& c, const std::vector<Event>& events, const std::string& kind,
                 const std::string& by) {
  Story story;
  Event& e = story.add(250, kind, 1, 1'000'000);
  e.reply_to = c.head;
  e.from = by;
  e.to = by == kRequester ? kResponder : kRequester;
  for (const Event& old : events)
    for (const EventEffect& effect : c.effects)
      if (effect.rid == old.rid && effect.effect == Effect::kTaken && !old.items.empty() &&
          old.rid != id(1))
        e.supersedes = old.rid;
  return e;
}

RC_GTEST_PROP(TableProperty, WhatIsOfferedTakesEffectAndNothingElseDoes, ()) {
  static const Set kCodes = {std::string(kNotAllowedInState), std::string(kWrongParty),
                             std::string(kDuplicateAnswer),   std::string(kCrossedWithAnswer),
                             std::string(kNoSuchItem),        std::string(kSupersedesNoAnswer),
                             std::string(kNotACaseKind),      std::string(kNoReplyTo)};
  const std::vector<Event> events = any_events();
  const Case c = fold(events, id(1));
  for (const std::string& by : {kRequester, kResponder})
    for (const auto& [kind, to] : targets()) {
      const auto& next = by == kRequester ? c.requester_next : c.responder_next;
      const bool offered = std::find(next.begin(), next.end(), kind) != next.end();
      const Event e = next_event(c, events, kind, by);
      if (kind == "trace.correction" && !e.supersedes) continue;  // nothing to correct
      std::vector<Event> all = events;
      all.push_back(e);
      const Case after = fold(all, id(1));
      const std::string effect = effect_of(after, 250);
      RC_ASSERT((effect == "TAKEN") == offered);
      RC_ASSERT(check_next(c, by, kind).has_value() == offered);
      RC_ASSERT(check_adding(events, id(1), e).has_value() == offered);
      if (offered) continue;
      const std::string prefix = "NO_EFFECT ";
      RC_ASSERT(effect.rfind(prefix, 0) == 0u);
      RC_ASSERT(kCodes.count(effect.substr(prefix.size())) == 1u);
      RC_ASSERT(after.requester_state == c.requester_state);
    }
}

}  // namespace
}  // namespace focal::casework::test

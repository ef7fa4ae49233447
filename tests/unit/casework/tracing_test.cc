// Goal: the life of a tracing request is the one described, step by step, with
// the state each side shows and what each may do next.
// Method: lines of events, each answering the one before; every state is reached
// and every kind tried in it against a table written by hand.
#include "node/casework/tracing.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "node/record/codes.h"
#include "node/record/kinds.h"
#include "tests/unit/casework/story.h"

namespace focal::casework::test {
namespace {

struct Told {
  std::vector<std::string> kinds;  // after trace.request
  std::string requester_state;
  std::string responder_state;
  std::set<std::string> requester_next;
  std::set<std::string> responder_next;
};

using Set = std::set<std::string>;
const Set kOpenAnswers = {"trace.delay", "trace.interim", "trace.response", "trace.refusal"};

Set with(Set set, const Set& more) {
  set.insert(more.begin(), more.end());
  return set;
}

const std::vector<Told>& table() {
  static const std::vector<Told> all = {
      {{}, "SENT", "RECEIVED", {"trace.withdraw"}, with(kOpenAnswers, {"trace.ack"})},
      {{"trace.ack"},
       "ACKNOWLEDGED",
       "ACKNOWLEDGED",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.ack", "trace.info_request"},
       "INFO_REQUESTED",
       "AWAITING_INFO",
       {"trace.info_supply", "trace.withdraw"},
       kOpenAnswers},
      {{"trace.ack", "trace.info_request", "trace.info_supply"},
       "ACKNOWLEDGED",
       "ACKNOWLEDGED",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.ack", "trace.delay"},
       "DELAYED",
       "DELAYED",
       {"trace.clarify", "trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.delay", "trace.clarify"},
       "CLARIFICATION_SOUGHT",
       "CLARIFYING",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.clarify_reply"})},
      {{"trace.delay", "trace.clarify", "trace.clarify_reply"},
       "DELAYED",
       "DELAYED",
       {"trace.clarify", "trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.ack", "trace.interim"},
       "INTERIM",
       "INTERIM",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.ack", "trace.interim", "trace.info_request", "trace.info_supply"},
       "INTERIM",
       "INTERIM",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.ack", "trace.response"},
       "ANSWERED",
       "ANSWERED",
       {"trace.close"},
       {"trace.correction"}},
      {{"trace.refusal"}, "REFUSED", "REFUSED", {"trace.clarify", "trace.close"}, {}},
      {{"trace.refusal", "trace.clarify"},
       "CLARIFICATION_SOUGHT",
       "CLARIFYING",
       {},
       {"trace.clarify_reply"}},
      {{"trace.refusal", "trace.clarify", "trace.clarify_reply"},
       "REFUSED",
       "REFUSED",
       {"trace.clarify", "trace.close"},
       {}},
      {{"trace.response", "trace.close"},
       "CLOSED",
       "CLOSED",
       {"trace.reopen"},
       {"trace.correction", "trace.reopen"}},
      {{"trace.response", "trace.correction"},
       "ANSWERED",
       "ANSWERED",
       {"trace.close"},
       {"trace.correction"}},
      {{"trace.response", "trace.close", "trace.correction"},
       "ANSWERED",
       "ANSWERED",
       {"trace.close"},
       {"trace.correction"}},
      {{"trace.response", "trace.close", "trace.reopen"},
       "IN_PROGRESS",
       "IN_PROGRESS",
       {"trace.withdraw"},
       with(kOpenAnswers, {"trace.info_request"})},
      {{"trace.withdraw"}, "WITHDRAWN", "WITHDRAWN", {}, {}},
  };
  return all;
}

Story story_of(const Told& told) {
  Story story;
  std::vector<std::string> kinds = {"trace.request"};
  kinds.insert(kinds.end(), told.kinds.begin(), told.kinds.end());
  return story.line(kinds);
}

TEST(Tracing, StatesAndWhatIsPossible) {
  for (const Told& told : table()) {
    const Case c = story_of(told).told();
    const std::string where = told.kinds.empty() ? "request" : told.kinds.back();
    for (const EventEffect& effect : c.effects) EXPECT_EQ(effect.effect, Effect::kTaken) << where;
    EXPECT_EQ(c.requester_state, told.requester_state) << where;
    EXPECT_EQ(c.responder_state, told.responder_state) << where;
    EXPECT_EQ(Set(c.requester_next.begin(), c.requester_next.end()), told.requester_next) << where;
    EXPECT_EQ(Set(c.responder_next.begin(), c.responder_next.end()), told.responder_next) << where;
    EXPECT_EQ(c.requester, kRequester);
    EXPECT_EQ(c.responder, kResponder);
  }
}

// The fold and check_next agree: what is possible is TAKEN, all else is refused
// when built and has NO_EFFECT when received.
TEST(Tracing, EveryKindInEveryState) {
  for (const Told& told : table()) {
    const Story story = story_of(told);
    const Case before = story.told();
    for (const record::KindInfo& kind : record::kinds()) {
      if (kind.life != "tracing") continue;
      for (const std::string& party : {kRequester, kResponder}) {
        Story longer = story;
        const auto n = static_cast<std::uint8_t>(story.events.size() + 1);
        Event& e = longer.add(n, kind.name, static_cast<std::uint8_t>(n - 1));
        e.from = party;
        e.to = party == kRequester ? kResponder : kRequester;
        e.supersedes = story.last_answer();
        const Case after = longer.told();
        const bool possible = check_next(before, party, kind.name).has_value();
        const Set& next = party == kRequester ? told.requester_next : told.responder_next;
        EXPECT_EQ(possible, next.count(kind.name) != 0) << kind.name;
        EXPECT_EQ(effect_of(after, n) == "TAKEN", possible)
            << kind.name << " by " << party << " in " << before.requester_state << ": "
            << effect_of(after, n);
        if (!possible) {
          EXPECT_EQ(after.requester_state, before.requester_state);
          EXPECT_EQ(after.head, before.head);
        }
      }
    }
  }
}

TEST(Tracing, EveryStateIsReached) {
  std::set<std::string> requester;
  for (const PhaseNames& names : tracing_life().phases)
    requester.insert(std::string(names.requester));
  std::set<std::string> reached = {"RESTRICTED", "NO_RECORD"};  // Tracing.OutcomeOfTheItems
  for (const Told& told : table()) reached.insert(told.requester_state);
  EXPECT_EQ(reached, requester);
}

TEST(Tracing, OutcomeOfTheItems) {
  const auto state = [](std::vector<ItemOutcome> items) {
    Story story;
    story.line({"trace.request", "trace.ack", "trace.response"});
    story.events.back().items = std::move(items);
    return story.told().requester_state;
  };
  EXPECT_EQ(state({{1, "EXPORTED", "FULL"}, {2, "NO_RECORD", "FULL"}}), "ANSWERED");
  EXPECT_EQ(state({{1, "NO_RECORD", "FULL"}, {2, "NO_RECORD", "FULL"}}), "NO_RECORD");
  EXPECT_EQ(state({{1, "EXPORTED", "FULL"}, {2, "EXPORTED", "RESTRICTED"}}), "RESTRICTED");
  EXPECT_EQ(state({{1, "NO_RECORD", "FULL"}}), "NO_RECORD");
  EXPECT_EQ(outcome_of(tracing_life(), {{1, "", ""}}), "");
}

TEST(Tracing, AnImprovedAnswerAfterClarification) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response"});
  story.events.back().items = {{1, "EXPORTED", "FULL"}, {2, "EXPORTED", "RESTRICTED"}};
  EXPECT_EQ(story.told().requester_state, "RESTRICTED");
  story.line({"trace.clarify", "trace.clarify_reply"});
  EXPECT_EQ(story.told().requester_state, "RESTRICTED");
  story.line({"trace.clarify", "trace.clarify_reply"});
  story.events.back().items = {{2, "STATE_HOLDING", "FULL"}};
  const Case c = story.told();
  EXPECT_EQ(c.requester_state, "ANSWERED");
  EXPECT_EQ(c.items,
            (std::vector<ItemOutcome>{{1, "EXPORTED", "FULL"}, {2, "STATE_HOLDING", "FULL"}}));
}

TEST(Tracing, ReopenedFlagAndASecondAnswer) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response", "trace.close"});
  EXPECT_FALSE(story.told().reopened);
  story.line({"trace.reopen"});
  story.events.back().from = kResponder;  // either side may
  story.events.back().to = kRequester;
  EXPECT_TRUE(story.told().reopened);
  EXPECT_TRUE(story.told().open);
  story.line({"trace.refusal"});
  EXPECT_EQ(story.told().requester_state, "REFUSED");
  EXPECT_TRUE(story.told().reopened);
}

TEST(Tracing, Clocks) {
  Story story;
  Event& root = story.add(1, "trace.request", 0, 1'000);
  root.ack_due_ms = 50'000;
  root.due_ms = 90'000;
  EXPECT_EQ(story.told().ack_due_ms, 50'000u);
  EXPECT_EQ(story.told().answer_due_ms, 90'000u);
  story.add(2, "trace.ack", 1, 2'000).due_ms = 70'000;
  EXPECT_EQ(story.told().ack_due_ms, 0u);
  EXPECT_EQ(story.told().expected_by_ms, 70'000u);
  EXPECT_EQ(story.told().answer_due_ms, 90'000u);
  story.add(3, "trace.info_request", 2, 10'000);
  EXPECT_TRUE(story.told().clock_paused);
  EXPECT_EQ(story.told().answer_due_ms, 0u);
  EXPECT_EQ(story.told().paused_since_ms, 10'000u);
  EXPECT_EQ(story.told().paused_due_ms, 90'000u);
  EXPECT_EQ(story.told().answer_since_ms, 1'000u);
  story.add(4, "trace.info_supply", 3, 25'000);
  EXPECT_FALSE(story.told().clock_paused);
  EXPECT_EQ(story.told().answer_due_ms, 105'000u) << "the pause of 15 s is added";
  EXPECT_EQ(story.told().answer_since_ms, 16'000u);
  EXPECT_EQ(story.told().paused_ms, 15'000u);
  EXPECT_EQ(story.told().paused_since_ms, 0u);
  story.add(5, "trace.delay", 4, 30'000).due_ms = 500'000;
  EXPECT_EQ(story.told().answer_due_ms, 500'000u);
  EXPECT_EQ(story.told().answer_since_ms, 30'000u) << "the delay begins another time";
  story.add(6, "trace.response", 5, 40'000);
  EXPECT_EQ(story.told().answer_due_ms, 0u);
  EXPECT_EQ(story.told().expected_by_ms, 0u);
  EXPECT_FALSE(story.told().open);
}

TEST(Tracing, AClockThatRunsBackwardsAddsNothing) {
  Story story;
  story.add(1, "trace.request", 0, 1'000).due_ms = 90'000;
  story.add(2, "trace.ack", 1, 2'000);
  story.add(3, "trace.info_request", 2, 10'000);
  story.add(4, "trace.info_supply", 3, 9'000);
  EXPECT_EQ(story.told().answer_due_ms, 90'000u);
}

TEST(Tracing, StatesInWhichAnAnswerCanBeDue) {
  for (const char* state : {"RECEIVED", "ACKNOWLEDGED", "IN_PROGRESS", "AWAITING_INFO", "DELAYED",
                            "INTERIM", "CLARIFYING"})
    EXPECT_TRUE(may_owe_answer(state)) << state;
  for (const char* state : {"ANSWERED", "RESTRICTED", "REFUSED", "NO_RECORD", "CLOSED",
                            "WITHDRAWN", "", "SENT"})
    EXPECT_FALSE(may_owe_answer(state)) << state;
}

TEST(Tracing, HintSaysWhatIsPossible) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response"});
  const Case c = story.told();
  const Status refused = check_next(c, kResponder, "trace.ack");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kCase);
  EXPECT_NE(refused.error().message.find("ANSWERED"), std::string::npos);
  EXPECT_EQ(refused.error().hint, "possible now: trace.correction");
  EXPECT_FALSE(check_next(c, "XC", "trace.close").has_value());
  EXPECT_FALSE(check_next(c, kRequester, "trace.request").has_value());
  EXPECT_FALSE(check_next(c, kRequester, "peer.ping").has_value());
  EXPECT_TRUE(check_next(Case{}, kRequester, "trace.request").has_value());
  EXPECT_FALSE(check_next(Case{}, kResponder, "trace.ack").has_value());
}

TEST(Tracing, TheTurnIsOfWhoHasToActAndNotOfWhoSpokeLast) {
  const auto turn = [](const std::vector<std::string>& kinds) {
    Story story;
    story.line(kinds);
    return story.told().turn;
  };
  constexpr auto kAsker = Side::kRequester;
  constexpr auto kAsked = Side::kResponder;
  EXPECT_EQ(turn({"trace.request"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.ack"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.ack", "trace.info_request"}), kAsker);
  EXPECT_EQ(turn({"trace.request", "trace.ack", "trace.info_request", "trace.info_supply"}),
            kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.delay"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.delay", "trace.clarify"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.interim"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.response"}), kAsker);
  EXPECT_EQ(turn({"trace.request", "trace.refusal"}), kAsker);
  EXPECT_EQ(turn({"trace.request", "trace.refusal", "trace.clarify"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.response", "trace.close"}), std::nullopt);
  EXPECT_EQ(turn({"trace.request", "trace.response", "trace.close", "trace.reopen"}), kAsked);
  EXPECT_EQ(turn({"trace.request", "trace.withdraw"}), std::nullopt);
  EXPECT_EQ(turn({}), std::nullopt);
}

TEST(Tracing, ShownStateAddsWhatOnlyThisNodeKnows) {
  Story story;
  story.line({"trace.request"});
  LocalMarks marks;
  const auto shown = [&](Side side) { return shown_state(story.told(), side, marks); };
  EXPECT_EQ(shown(Side::kRequester), "SENT");
  marks.delivered = true;
  EXPECT_EQ(shown(Side::kRequester), "DELIVERED");
  EXPECT_EQ(shown(Side::kResponder), "RECEIVED");
  marks.lapsed = true;
  EXPECT_EQ(shown(Side::kRequester), "LAPSED");
  story.line({"trace.ack"});
  EXPECT_EQ(shown(Side::kRequester), "ACKNOWLEDGED") << "LAPSED is reversible";
  marks.assigned = true;
  EXPECT_EQ(shown(Side::kResponder), "ASSIGNED");
}

}  // namespace
}  // namespace focal::casework::test

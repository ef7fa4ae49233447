// Goal: the fold's rules for what is missing, doubled, crossed or out of place.
// Method: small stories, told with and without single events.
#include "node/casework/fold.h"

#include <gtest/gtest.h>

#include "tests/unit/casework/story.h"

namespace focal::casework::test {
namespace {

TEST(Fold, NothingWithoutTheRoot) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response"});
  story.events.erase(story.events.begin());
  const Case c = story.told();
  EXPECT_FALSE(c.started);
  EXPECT_EQ(c.requester_state, "");
  EXPECT_EQ(effect_of(c, 2), "WAITING_FOR_PARENT");
  EXPECT_EQ(effect_of(c, 3), "WAITING_FOR_PARENT");
  EXPECT_FALSE(fold({}, id(1)).started);
}

TEST(Fold, AMissingParentMakesItsLineWaitAndThenCount) {
  Story story;
  story.line(
      {"trace.request", "trace.ack", "trace.info_request", "trace.info_supply", "trace.response"});
  const Case whole = story.told();
  EXPECT_EQ(whole.requester_state, "ANSWERED");
  Story lost = story;
  lost.events.erase(lost.events.begin() + 2);
  const Case c = lost.told();
  EXPECT_EQ(c.requester_state, "ACKNOWLEDGED");
  EXPECT_EQ(effect_of(c, 4), "WAITING_FOR_PARENT");
  EXPECT_EQ(effect_of(c, 5), "WAITING_FOR_PARENT");
  lost.events.push_back(story.events[2]);  // it arrives last
  EXPECT_EQ(lost.told(), whole);
}

TEST(Fold, CopiesCountOnce) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response"});
  Story twice = story;
  twice.events.insert(twice.events.end(), story.events.begin(), story.events.end());
  EXPECT_EQ(twice.told(), story.told());
}

TEST(Fold, TiesGoByRecordId) {
  Story story;
  story.line({"trace.request", "trace.ack"});
  story.add(9, "trace.delay", 2, 5'000);
  story.add(8, "trace.info_request", 2, 5'000);
  const Case c = story.told();  // 8 first, then 9
  EXPECT_EQ(c.requester_state, "DELAYED");
  ASSERT_EQ(c.effects.size(), 4u);
  EXPECT_EQ(c.effects[2].rid, id(8));
  EXPECT_EQ(c.effects[3].rid, id(9));
}

TEST(Fold, AChildNeverGoesBeforeItsParentWhateverTheClocks) {
  Story story;
  story.add(1, "trace.request", 0, 9'000);
  story.add(2, "trace.ack", 1, 8'000);
  story.add(3, "trace.response", 2, 1'000);
  EXPECT_EQ(story.told().requester_state, "ANSWERED");
}

// Withdrawal and answer cross on the wire: the answer wins, either way round.
TEST(Fold, CrossedWithdrawal) {
  for (const char* answer : {"trace.response", "trace.refusal"})
    for (const std::uint64_t withdrawn_at : {3'000u, 9'000u}) {
      Story story;
      story.line({"trace.request", "trace.ack"});
      story.add(3, "trace.withdraw", 2, withdrawn_at);
      EXPECT_EQ(story.told().requester_state, "WITHDRAWN");
      EXPECT_FALSE(story.told().crossed_with_withdrawal);
      story.add(4, answer, 2, 6'000);
      const Case c = story.told();
      EXPECT_EQ(c.requester_state, answer == std::string("trace.refusal") ? "REFUSED" : "ANSWERED");
      EXPECT_TRUE(c.crossed_with_withdrawal);
      EXPECT_EQ(effect_of(c, 4), "TAKEN");
      EXPECT_EQ(effect_of(c, 3), withdrawn_at < 6'000 ? "TAKEN" : "NO_EFFECT CROSSED_WITH_ANSWER");
      EXPECT_FALSE(check_next(c, kRequester, "trace.withdraw").has_value());
      EXPECT_TRUE(check_next(c, kRequester, "trace.close").has_value());
    }
}

TEST(Fold, WithdrawalThatKnewTheAnswerAndAnswerThatKnewTheWithdrawal) {
  Story knew_answer;
  knew_answer.line({"trace.request", "trace.response", "trace.withdraw"});
  EXPECT_EQ(effect_of(knew_answer.told(), 3), "NO_EFFECT NOT_ALLOWED_IN_STATE");
  EXPECT_FALSE(knew_answer.told().crossed_with_withdrawal);
  Story knew_withdrawal;
  knew_withdrawal.line({"trace.request", "trace.withdraw", "trace.response"});
  EXPECT_EQ(effect_of(knew_withdrawal.told(), 3), "NO_EFFECT NOT_ALLOWED_IN_STATE");
  EXPECT_EQ(knew_withdrawal.told().requester_state, "WITHDRAWN");
}

TEST(Fold, OtherEventsDoNotBeatAWithdrawal) {
  Story story;
  story.line({"trace.request", "trace.ack"});
  story.add(3, "trace.withdraw", 2, 3'000);
  story.add(4, "trace.interim", 2, 4'000);
  EXPECT_EQ(story.told().requester_state, "WITHDRAWN");
  EXPECT_EQ(effect_of(story.told(), 4), "NO_EFFECT NOT_ALLOWED_IN_STATE");
}

TEST(Fold, SecondAnswerIsADuplicate) {
  Story story;
  story.line({"trace.request", "trace.response", "trace.refusal"});
  EXPECT_EQ(effect_of(story.told(), 3), "NO_EFFECT DUPLICATE_ANSWER");
  EXPECT_EQ(story.told().requester_state, "ANSWERED");
}

TEST(Fold, WrongPartyHasNoEffect) {
  const auto effect = [](const std::string& from, const std::string& to) {
    Story story;
    story.line({"trace.request", "trace.ack"});
    story.events.back().from = from;
    story.events.back().to = to;
    EXPECT_EQ(story.told().requester_state,
              from == kResponder && to == kRequester ? "ACKNOWLEDGED" : "SENT");
    return effect_of(story.told(), 2);
  };
  EXPECT_EQ(effect(kResponder, kRequester), "TAKEN");
  EXPECT_EQ(effect(kRequester, kResponder), "NO_EFFECT WRONG_PARTY");
  EXPECT_EQ(effect("XC", kRequester), "NO_EFFECT WRONG_PARTY");
  EXPECT_EQ(effect(kResponder, "XC"), "NO_EFFECT WRONG_PARTY");
  EXPECT_EQ(effect(kResponder, kResponder), "NO_EFFECT WRONG_PARTY");
}

TEST(Fold, ItemsThatWereNotAskedAbout) {
  Story story;
  story.line({"trace.request", "trace.response"});
  story.events.back().items = {{1, "EXPORTED", "FULL"}, {3, "EXPORTED", "FULL"}};
  EXPECT_EQ(effect_of(story.told(), 2), "NO_EFFECT NO_SUCH_ITEM");
  EXPECT_EQ(story.told().items[0].result, "") << "nothing of it counts";
}

TEST(Fold, CorrectionNeedsAnAnswerOfThisCase) {
  Story story;
  story.line({"trace.request", "trace.ack", "trace.response", "trace.correction"});
  EXPECT_EQ(effect_of(story.told(), 4), "TAKEN");
  EXPECT_EQ(story.told().items[0].result, "STATE_HOLDING");
  story.events[3].supersedes = id(2);
  EXPECT_EQ(effect_of(story.told(), 4), "NO_EFFECT SUPERSEDES_NO_ANSWER");
  story.events[3].supersedes.reset();
  EXPECT_EQ(effect_of(story.told(), 4), "NO_EFFECT SUPERSEDES_NO_ANSWER");
  story.events[3].supersedes = id(77);  // not here yet
  EXPECT_EQ(effect_of(story.told(), 4), "WAITING_FOR_PARENT");
  story.events[3].supersedes = id(4);  // itself: nobody can make such a record
  EXPECT_EQ(effect_of(story.told(), 4), "WAITING_FOR_PARENT");
}

TEST(Fold, StrangersInTheThread) {
  Story story;
  story.line({"trace.request", "trace.ack"});
  story.add(3, "peer.ping", 2);
  story.add(4, "alert.unheard_of", 2);
  story.add(5, "trace.request", 2);
  story.add(6, "trace.request", 0);
  story.add(7, "trace.response", 0);
  const Case c = story.told();
  EXPECT_EQ(effect_of(c, 3), "NO_EFFECT NOT_A_CASE_KIND");
  EXPECT_EQ(effect_of(c, 4), "NO_EFFECT NOT_A_CASE_KIND");
  EXPECT_EQ(effect_of(c, 5), "NO_EFFECT NOT_ALLOWED_IN_STATE");
  EXPECT_EQ(effect_of(c, 6), "NO_EFFECT NOT_ALLOWED_IN_STATE");
  EXPECT_EQ(effect_of(c, 7), "NO_EFFECT NO_REPLY_TO");
  EXPECT_EQ(c.requester_state, "ACKNOWLEDGED");
}

TEST(Fold, ARootOfAnotherKindBeginsNoCase) {
  Story story;
  story.line({"peer.ping", "trace.ack"});
  EXPECT_FALSE(story.told().started);
  EXPECT_EQ(effect_of(story.told(), 1), "NO_EFFECT NOT_A_CASE_KIND");
  EXPECT_EQ(effect_of(story.told(), 2), "NO_EFFECT NOT_A_CASE_KIND");
  Story reply;
  reply.add(1, "trace.request", 9);
  EXPECT_FALSE(reply.told().started);
}

TEST(Fold, HeadIsTheLastEventTaken) {
  Story story;
  story.line({"trace.request", "trace.ack"});
  story.add(3, "trace.close", 2);
  EXPECT_EQ(story.told().head, id(2));
  EXPECT_EQ(story.told().head_created_ms, 2'000u);
}

TEST(Fold, CheckAddingSeesWhatCheckNextCannot) {
  Story story;
  story.line({"trace.request", "trace.ack"});
  Story longer = story;
  Event next = longer.add(3, "trace.response", 2);
  EXPECT_TRUE(check_adding(story.events, id(1), next).has_value());
  next.items = {{3, "EXPORTED", "FULL"}};
  const Status wrong_item = check_adding(story.events, id(1), next);
  ASSERT_FALSE(wrong_item.has_value());
  EXPECT_NE(wrong_item.error().message.find("NO_SUCH_ITEM"), std::string::npos);
  next = longer.events.back();
  next.reply_to = id(50);
  EXPECT_FALSE(check_adding(story.events, id(1), next).has_value());
  next = longer.events.back();
  next.kind = "trace.close";
  EXPECT_EQ(check_adding(story.events, id(1), next).error().code, ErrorCode::kCase);
}

TEST(Fold, ManyEventsInReasonableTime) {
  Story story;
  story.add(1, "trace.request", 0, 1);
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    Event e = story.events.front();
    e.kind = i % 2 == 0 ? "trace.delay" : "trace.withdraw";
    e.from = i % 2 == 0 ? kResponder : kRequester;
    e.to = i % 2 == 0 ? kRequester : kResponder;
    e.reply_to = story.events.back().rid;
    e.rid = id(2);
    for (int b = 0; b < 4; ++b)
      e.rid[static_cast<std::size_t>(b)] = static_cast<std::uint8_t>(i >> (8 * b));
    e.created_ms = i + 2;
    story.events.push_back(e);
  }
  EXPECT_EQ(story.told().effects.size(), 20'001u);
}

}  // namespace
}  // namespace focal::casework::test

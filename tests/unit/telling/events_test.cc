// Goal: whoever listens hears of every topic that changed, in order, once, however often it changed
// meanwhile and however slow he is; nobody who publishes ever waits; what changed follows from the
// operations that were committed.
// Method: a hub and subscribers on threads of their own; for operations a table by hand.
#include "node/desk/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace focal::desk {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kFirst = 1000;

Clock::time_point at_once() { return Clock::now(); }
Clock::time_point soon() { return Clock::now() + std::chrono::seconds(20); }

TEST(Events, AreHeardInTheirOrderAndOnce) {
  EventHub hub(kFirst);
  auto heard = hub.subscribe();
  EXPECT_THAT(heard.wait(at_once()).events, IsEmpty());
  hub.publish(topics(Topic::kOutbox, Topic::kLedger));
  hub.publish(topics(Topic::kCases));
  const auto woken = heard.wait(soon());
  EXPECT_FALSE(woken.closed);
  EXPECT_THAT(woken.events, ElementsAre(Event{Topic::kOutbox, kFirst + 1}, Event{Topic::kLedger, kFirst + 1},
                                        Event{Topic::kCases, kFirst + 2}));
  EXPECT_EQ(heard.heard(), kFirst + 2);
  EXPECT_THAT(heard.wait(at_once()).events, IsEmpty());
}

TEST(Events, OneWhoIsSlowHearsTheNewestOfEachTopic) {
  EventHub hub(kFirst);
  auto heard = hub.subscribe();
  for (int i = 0; i < 100'000; ++i) hub.publish(topics(Topic::kLedger));
  hub.publish(topics(Topic::kPeers));
  EXPECT_THAT(heard.wait(soon()).events, ElementsAre(Event{Topic::kLedger, kFirst + 100'000},
                                                     Event{Topic::kPeers, kFirst + 100'001}));
}

TEST(Events, SubscribersDoNotTakeThemFromEachOther) {
  EventHub hub(kFirst);
  auto one = hub.subscribe();
  auto other = hub.subscribe();
  hub.publish(topics(Topic::kStatus));
  EXPECT_EQ(one.wait(soon()).events.size(), 1u);
  EXPECT_EQ(other.wait(soon()).events.size(), 1u);
}

TEST(Events, WhoComesBackHearsWhatHeMissed) {
  EventHub hub(kFirst);
  hub.publish(topics(Topic::kCases));   // 1001
  hub.publish(topics(Topic::kOutbox));  // 1002
  EXPECT_THAT(hub.subscribe(kFirst + 1).wait(at_once()).events,
              ElementsAre(Event{Topic::kOutbox, kFirst + 2}));
  EXPECT_THAT(hub.subscribe(kFirst + 2).wait(at_once()).events, IsEmpty());
  // Of an earlier start, and never given: all is to be read again.
  for (const std::uint64_t seq : {std::uint64_t{0}, kFirst - 1, kFirst + 3})
    EXPECT_EQ(hub.subscribe(seq).wait(at_once()).events.size(), kTopics) << seq;
}

TEST(Events, AWaitEndsWithTheNewsTheTimeOrTheHub) {
  auto hub = std::make_unique<EventHub>(kFirst);
  auto heard = hub->subscribe();
  const auto began = Clock::now();
  EXPECT_THAT(heard.wait(began + std::chrono::milliseconds(30)).events, IsEmpty());
  EXPECT_GE(Clock::now() - began, std::chrono::milliseconds(30));

  std::thread teller([&] { hub->publish(topics(Topic::kCases)); });
  EXPECT_EQ(heard.wait(soon()).events.size(), 1u);
  teller.join();

  std::thread ender([&] { hub.reset(); });
  const auto woken = heard.wait(soon());
  ender.join();
  EXPECT_TRUE(woken.closed);
  EXPECT_TRUE(heard.wait(soon()).closed) << "and it stays so, without the hub";
}

TEST(Events, ManyThreadsTellAndListen) {
  EventHub hub(kFirst);
  constexpr int kEach = 5000;
  std::vector<std::thread> tellers;
  auto heard = hub.subscribe();
  for (int t = 0; t < 4; ++t)
    tellers.emplace_back([&hub, t] {
      for (int i = 0; i < kEach; ++i) hub.publish(Topics(1u << static_cast<unsigned>(t)));
    });
  std::uint64_t last = kFirst;
  while (last < kFirst + 4 * kEach) {
    const auto woken = heard.wait(soon());
    ASSERT_FALSE(woken.events.empty()) << "something was not told: " << last;
    ASSERT_LE(woken.events.size(), 4u);
    for (const Event& each : woken.events) {
      ASSERT_GT(each.seq, last);
      last = each.seq;
    }
  }
  for (std::thread& each : tellers) each.join();
}

Topics of(store::Op op) {
  store::Txn txn;
  txn.ops.push_back(std::move(op));
  return topics_of(txn);
}

TEST(Events, FollowFromWhatWasCommitted) {
  EXPECT_EQ(topics_of(store::Txn{}), Topics());
  EXPECT_EQ(of(store::PutCase{}), topics(Topic::kCases));
  EXPECT_EQ(of(store::PutSentBatch{}), topics(Topic::kOutbox, Topic::kLedger));
  EXPECT_EQ(of(store::PutReceiptsIn{}), topics(Topic::kOutbox, Topic::kCases, Topic::kLedger))
      << "a request is SENT until it has its receipt";
  EXPECT_EQ(of(store::PutDesk{store::DeskTable::kRelease, 1, true, {}, {}}),
            topics(Topic::kReleases, Topic::kLedger));
  EXPECT_EQ(of(store::PutDesk{store::DeskTable::kPerson, 1, true, {}, {}}),
            topics(Topic::kStatus, Topic::kLedger));
  EXPECT_EQ(of(store::SetTrust{}), topics(Topic::kPeers, Topic::kLedger));
  EXPECT_EQ(of(store::PutShred{}), topics(Topic::kCases, Topic::kOutbox, Topic::kLedger));
  EXPECT_EQ(of(store::PutSafeTime{}), Topics()) << "nobody is woken by the clock";
  store::Txn both;
  both.ops.emplace_back(store::PutHeldCard{});
  both.ops.emplace_back(store::PutPublished{});
  EXPECT_EQ(topics_of(both), topics(Topic::kPeers, Topic::kStatus, Topic::kLedger));
  EXPECT_EQ(topics_of(node::Watch::Moved::kLinks), topics(Topic::kPeers));
  EXPECT_EQ(topics_of(node::Watch::Moved::kState), topics(Topic::kStatus));
  EXPECT_EQ(topics_of(node::Watch::Moved::kLog), topics(Topic::kLedger));
}

TEST(Events, TopicsHaveTheirNames) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kTopics; ++i) names.insert(topic_name(static_cast<Topic>(i)));
  EXPECT_EQ(names, (std::set<std::string_view>{"cases", "outbox", "peers", "releases", "status",
                                               "ledger"}));
}

}  // namespace
}  // namespace focal::desk

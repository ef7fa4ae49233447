// Goal: no note that a party may publish by itself stops a node at its next start: a stored
// schedule that does not fit, or no longer parses, counts as none, and somebody is told.
// Method: a card that takes a suite back from under its schedule; rows as another program left them.
#include <gtest/gtest.h>

#include "tests/support/two_machines.h"
#include "tests/unit/exchange/book_world.h"

namespace focal::exchange {
namespace {

using test::BookWorld;
using test::TestParty;

// With keys of suite 1 and of suite 2, which this program does not have.
std::string both_suites(const TestParty& party) {
  ScheduleFields f = party.schedule_fields(2);
  for (std::uint8_t week = 0; week < 2; ++week)
    f.keys.push_back(make_seal_key(Bytes(40, static_cast<std::uint8_t>(week + 1)),
                                   f.keys[week].not_before_ms, 2));
  return TestParty::must(make_schedule(f, party.sign));
}

TEST(StoredSchedule, ACardThatTakesASuiteBackTakesTheScheduleWithIt) {
  BookWorld w;
  CardFields first = w.xb.fields();
  first.suites = {1, 2};
  const Card card = test::made_card(first, w.xb.keys());
  w.pin(card, store::PeerLevel::kVerified, both_suites(w.xb));
  ASSERT_TRUE(w.peer().schedule.has_value());
  CardFields next = w.xb.fields_after(card);
  next.suites = {1};
  const Card successor = test::made_card(next, w.xb.keys());
  EXPECT_EQ(w.taken(successor.note, test::kByOwn), NoteTaken::kStored);  // compares with the ledger
  EXPECT_FALSE(w.peer().schedule.has_value());
  EXPECT_EQ(w.peer().row.schedule_note, "");
  w.restart();
  EXPECT_TRUE(w.peer().schedule_trouble.empty()) << "nothing was left to trip over";
  EXPECT_EQ(w.taken(w.xb.schedule_note(), test::kByOwn), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().schedule.has_value());
}

TEST(StoredSchedule, ACardThatKeepsItsSuitesKeepsTheSchedule) {
  BookWorld w;
  const Card card = w.xb.card();
  w.pin(card, store::PeerLevel::kVerified, w.xb.schedule_note());
  const Card successor = test::made_card(w.xb.fields_after(card), w.xb.keys());
  EXPECT_EQ(w.taken(successor.note, test::kByOwn), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().schedule.has_value());
}

TEST(StoredSchedule, OneThatIsOfNoUseIsAnAlarmAndGivesWayToTheNext) {
  crypto::init();
  const TestParty xa("XA", 1), xb("XB", 51);
  test::MachineEnd end(xa, xa.fields(), xa.schedule_fields(), MachineSettings{}, 3);
  store::PeerRow row;
  row.party = "XB";
  row.level = store::PeerLevel::kVerified;
  row.card_note = xb.card_note();
  row.schedule_note = both_suites(xb);  // the card lists suite 1 only
  ASSERT_TRUE(end.peers.load({row}).has_value()) << "the node starts";
  const Now now{1'000'000, test::kIssuedMs + kHourMs};
  ASSERT_TRUE(end.machine->load(now).has_value());
  const auto& alarms = end.machine->book().alarms();
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_EQ(alarms[0].party, "XB");
  EXPECT_NE(alarms[0].words.find("suite 2"), std::string::npos) << alarms[0].words;
  const auto taken = end.machine->book().take(xb.schedule_note(), test::kByOwn,
                                              end.machine->book_time(now));
  ASSERT_TRUE(taken.has_value()) << taken.error().message;
  EXPECT_EQ(*taken, NoteTaken::kStored) << "any schedule that fits is newer than none";
  end.finish(now);
  EXPECT_TRUE(end.peers.find("XB")->schedule.has_value());
  EXPECT_EQ(end.peers.find("XB")->schedule_trouble, "");
}

}  // namespace
}  // namespace focal::exchange

// Goal: introducers may shorten the way back of a party, by their number and after 72 hours, and
// never replace a pinned root. Method: recoveries and directories against one book.
#include "tests/unit/exchange/hold_fixture.h"

namespace focal::exchange {
namespace {

// Recovery with two of three introducers.
class Recovering : public Hold {
 protected:
  Recovering() : Hold({2, {"UNODA", "OSCE", "ECOWAS"}}) {
    w.pin(unoda.card());
    w.pin(osce.card());
  }
  void list(const TestParty& introducer, std::uint64_t serial, const crypto::PublicKey& root) {
    EXPECT_EQ(w.taken(test::directory_of(introducer, serial, {{w.xb, root}}), kByOfficer),
              NoteTaken::kStored);
  }
  TestParty unoda{"UNODA", 151};
  TestParty osce{"OSCE", 161};
};

TEST_F(Recovering, N018_IntroducersAndSeventyTwoHoursTogetherAccept) {
  const Card recovery = test::recovery_of(w.xb, first);
  list(unoda, 1, w.xb.next_root.pk);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  w.pass(2 * kHoldMs);
  EXPECT_EQ(w.pinned(), first.note) << "one introducer is not two";
  list(osce, 1, w.xb.next_root.pk);
  w.tick();
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_EQ(suspended(), Suspension::kNone);
}

TEST_F(Recovering, N018_IntroducersAloneDoNotShortenTheHold) {
  const Card recovery = test::recovery_of(w.xb, first);
  list(unoda, 1, w.xb.next_root.pk);
  list(osce, 1, w.xb.next_root.pk);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  w.pass(kHoldMs - 1);
  EXPECT_EQ(w.pinned(), first.note);
  w.pass(1);
  EXPECT_EQ(w.pinned(), recovery.note);
}

TEST_F(Recovering, N023_IntroducersNeverReplaceAPinnedRoot) {
  const TestParty rogue("XB", 201);
  list(unoda, 1, rogue.root.pk);
  list(osce, 1, rogue.root.pk);
  w.tick();
  EXPECT_EQ(w.taken(first.note, kByOther), NoteTaken::kNothing);
  CardFields f = rogue.fields();
  f.serial = 2;
  f.prev = first.card_id;
  EXPECT_EQ(w.refused(test::made_card(f, rogue.keys()).note, kByOther), ErrorCode::kCardChain);
  w.pass(60 * kDayMs);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_EQ(w.peer().row.level, PeerLevel::kVerified);
  EXPECT_FALSE(w.peer().standing.suspended);
  ASSERT_FALSE(w.book.alarms().empty());
  EXPECT_EQ(w.book.alarms().back().party, "OSCE") << "but an operator hears of it";
}

}  // namespace
}  // namespace focal::exchange

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
  // Of the new root nobody here compared the number, whatever was said of the one before.
  void is_introduced_only() {
    for (int round = 0; round < 2; ++round) {
      const store::PeerRow& row = w.peer().row;
      EXPECT_EQ(row.level, PeerLevel::kIntroduced);
      EXPECT_EQ(row.introduced_by, (std::vector<std::string>{"UNODA", "OSCE"}));
      EXPECT_EQ(row.verified_how, "");
      EXPECT_EQ(row.verified_ms, 0u);
      w.restart();
    }
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
  is_introduced_only();
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
  is_introduced_only();
}

TEST_F(Recovering, N018_AnOfficersSuspensionOutlivesWhatIntroducersSay) {
  ASSERT_TRUE(w.book.set_standing("XB", {PeerLevel::kVerified, Suspension::kOperator}, "",
                                  "jo: they do not answer", w.time()));
  w.commit();
  const Card recovery = test::recovery_of(w.xb, first);
  list(unoda, 1, w.xb.next_root.pk);
  list(osce, 1, w.xb.next_root.pk);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  w.pass(kHoldMs);
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_EQ(suspended(), Suspension::kOperator);
  is_introduced_only();
}

// Its word counts no more than that of any party whose number nobody compared.
TEST_F(Recovering, N018_AnIntroducerThatOthersLetBackInDoesNotCount) {
  const TestParty ecowas("ECOWAS", 171);
  w.pin(ecowas.card());
  const Card recovery = test::recovery_of(ecowas, ecowas.card());
  for (const TestParty* by : {&unoda, &osce})
    EXPECT_EQ(w.taken(test::directory_of(*by, 1, {{ecowas, ecowas.next_root.pk}}), kByOfficer),
              NoteTaken::kStored);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  w.pass(kHoldMs);
  ASSERT_EQ(w.pinned("ECOWAS"), recovery.note);
  EXPECT_EQ(w.peer("ECOWAS").row.level, PeerLevel::kIntroduced);
  const TestParty xd("XD", 201);
  const auto counts = [&](const TestParty& each) {
    return w.book.counted().contains(each.party);
  };
  EXPECT_TRUE(counts(unoda));
  EXPECT_FALSE(counts(ecowas));
}

// What nobody here had confirmed stays for an officer, or for the same introducers, to raise.
TEST_F(Recovering, N018_APartyAtNoneIsNoMoreThanIntroduced) {
  w.pin(first, PeerLevel::kNone);
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  list(unoda, 1, w.xb.next_root.pk);
  list(osce, 1, w.xb.next_root.pk);
  w.pass(kHoldMs);
  w.tick();
  EXPECT_EQ(w.pinned(), recovery.note);
  is_introduced_only();
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

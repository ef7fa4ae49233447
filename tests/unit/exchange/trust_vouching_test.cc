// Goal: directories let strangers in when enough introducers agree, and do nothing else.
// Method: honest and lying introducers against one book.
#include "node/exchange/disputed.h"
#include "tests/unit/exchange/notes_fixture.h"

namespace focal::exchange {
namespace {

class Vouching : public Notes {
 protected:
  Vouching() : Notes({2, {"UNODA", "OSCE", "ECOWAS"}}) {
    w.pin(unoda.card());
    w.pin(osce.card());
  }
  void list(const TestParty& introducer, std::uint64_t serial, const std::vector<test::Listed>& entries) {
    EXPECT_EQ(w.taken(test::directory_of(introducer, serial, entries), kByOfficer), NoteTaken::kStored);
  }
  TestParty unoda{"UNODA", 151};
  TestParty osce{"OSCE", 161};
  TestParty xd{"XD", 201};
};

TEST_F(Vouching, AStrangerThatEnoughIntroducersListIsLetIn) {
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing);
  list(unoda, 1, {{xd, xd.root.pk}});
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing) << "one of two";
  list(osce, 1, {{xd, xd.root.pk}});
  const TestParty rogue("XD", 231);
  EXPECT_EQ(w.taken(rogue.card().note, kByOther), NoteTaken::kNothing) << "another root";
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kIntroduced) << "and no more";
  EXPECT_EQ(w.peer("XD").row.introduced_by, (std::vector<std::string>{"UNODA", "OSCE"}));
  EXPECT_EQ(w.last_detail(), "INTRODUCED by UNODA, OSCE");
  w.restart();
  w.pass(60 * kDayMs);
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kIntroduced);
}

TEST_F(Vouching, OfAChainTheNewestCardIsPinned) {
  list(unoda, 1, {{xd, xd.root.pk, 2}});
  list(osce, 1, {{xd, xd.root.pk, 3}});
  const Card one = xd.card();
  const Card two = test::update_of(xd, one), three = test::update_of(xd, two);
  EXPECT_EQ(w.taken(one.note, kByOther), NoteTaken::kNothing) << "two introducers know a newer one";
  ASSERT_TRUE(w.book.take_all(std::vector<std::string>{one.note, two.note, three.note}, kByOther,
                              w.time())
                  .has_value());
  w.commit();
  EXPECT_EQ(w.pinned("XD"), three.note);
  EXPECT_TRUE(w.peer("XD").row.held.empty());
}

TEST_F(Vouching, APinnedPartyAtNoneIsRaisedByItsRootAndNoOther) {
  w.pin(xd.card(), PeerLevel::kNone);
  list(unoda, 1, {{xd, test::signing_key(9).pk}});
  list(osce, 1, {{xd, test::signing_key(9).pk}});
  w.tick();
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kNone) << "they list another root";
  list(unoda, 2, {{xd, xd.root.pk}});
  list(osce, 2, {{xd, xd.root.pk}});
  w.tick();
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kIntroduced);
  // VERIFIED stays the officers' work, and what they did stays.
  ASSERT_TRUE(w.book.set_standing("XD", {PeerLevel::kVerified, Suspension::kNone}, "PHONE", "jo",
                                  w.time()));
  w.commit();
  list(unoda, 3, {});
  w.tick();
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kVerified);
}

TEST_F(Vouching, OnlyVerifiedIntroducersCount) {
  list(unoda, 1, {{xd, xd.root.pk}});
  list(osce, 1, {{xd, xd.root.pk}});
  ASSERT_TRUE(w.book.set_standing("OSCE", {PeerLevel::kIntroduced, Suspension::kNone}, "", "jo", w.time()));
  w.commit();
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing);
  ASSERT_TRUE(w.book.set_standing("OSCE", {PeerLevel::kVerified, Suspension::kOperator}, "", "jo", w.time()));
  w.commit();
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing);
  ASSERT_TRUE(w.book.set_standing("OSCE", {PeerLevel::kVerified, Suspension::kNone}, "", "jo", w.time()));
  w.commit();
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kStored);
}

TEST_F(Vouching, AnIntroducedCardWithKeysOfAnotherPartyIsRefused) {
  list(unoda, 1, {{xd, xd.root.pk}});
  list(osce, 1, {{xd, xd.root.pk}});
  CardFields f = xd.fields();
  f.transport = w.xc.transport.pk;
  EXPECT_EQ(w.refused(test::made_card(f, xd.keys()).note, kByOther), ErrorCode::kCardKey);
  EXPECT_EQ(w.peers.find("XD"), nullptr);
}

TEST_F(Vouching, N023_AnIntroducerCannotChangeAPinnedRoot) {
  const TestParty rogue("XB", 231);
  list(unoda, 1, {{rogue, rogue.root.pk}});
  list(osce, 1, {{rogue, rogue.root.pk}});
  CardFields f = rogue.fields_after(first);
  EXPECT_EQ(w.refused(test::made_card(f, rogue.keys()).note, kByOther), ErrorCode::kCardChain);
  w.pass(30 * kDayMs);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_EQ(w.peer().row.level, PeerLevel::kVerified);
}

TEST_F(Vouching, N024_TwoDirectoriesOfOneSerialAreAProof) {
  list(unoda, 1, {});
  list(unoda, 2, {{xd, xd.root.pk}});
  EXPECT_EQ(w.taken(test::directory_of(unoda, 2, {}), kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_FALSE(w.peer("UNODA").standing.suspended) << "people decide";
  EXPECT_NE(w.book.directories().at("UNODA").find("XD"), nullptr) << "the held one stays";
  // Also of an older serial, which the ledger still has.
  EXPECT_EQ(w.taken(test::directory_of(unoda, 1, {{xd, xd.root.pk}}), kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.proofs(), 2u);
  EXPECT_EQ(w.taken(test::directory_of(unoda, 1, {}), kByOther), NoteTaken::kNothing);
}

// Its root was stolen, and the thief made the last list there can be.
TEST_F(Vouching, ARecoveredIntroducerIsHeardAndTheThiefsListForgotten) {
  constexpr std::uint64_t kLast = (std::uint64_t{1} << 63) - 1;
  w.book.set_policy({1, {"UNODA"}});
  list(unoda, kLast, {{xd, xd.root.pk}});
  ASSERT_EQ(w.book.counted().size(), 1u);
  const Card recovery = test::recovery_of(unoda, unoda.card());
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  ASSERT_TRUE(w.book.confirm("UNODA", recovery.card_id, "jo", w.time()));
  w.commit();
  ASSERT_EQ(w.peer("UNODA").row.level, PeerLevel::kVerified);
  for (int round = 0; round < 2; ++round) {
    EXPECT_TRUE(w.book.counted().empty());
    EXPECT_TRUE(w.book.directories().empty()) << "nor is it asked or told by its serial";
    EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing);
    w.restart();
  }
  TestParty recovered("UNODA", 151);
  recovered.root = crypto::signing_key_from_seed(unoda.next_root.seed.clone());
  w.pass(kDirectoryEveryMs);
  const TestParty xe("XE", 221);
  EXPECT_EQ(w.taken(test::directory_of(recovered, 1, {{xe, xe.root.pk}}), kByOther), NoteTaken::kStored);
  w.restart();
  EXPECT_EQ(w.book.directories().at("UNODA").serial, 1u);
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kNothing);
  EXPECT_EQ(w.taken(xe.card().note, kByOther), NoteTaken::kStored);
  // Also where the serial was used before.
  w.pass(kDirectoryEveryMs);
  EXPECT_EQ(w.taken(test::directory_of(recovered, kLast, {}), kByOther), NoteTaken::kStored);
  w.restart();
  EXPECT_EQ(w.book.directories().at("UNODA").entries.size(), 0u);
}

TEST_F(Vouching, ARotationKeepsTheList) {
  w.book.set_policy({1, {"UNODA"}});
  list(unoda, 5, {{xd, xd.root.pk}});
  EXPECT_EQ(w.taken(test::recovery_of(unoda, unoda.card(), &unoda.root).note, kByOther),
            NoteTaken::kStored);
  w.restart();
  EXPECT_EQ(w.book.directories().at("UNODA").serial, 5u);
  EXPECT_EQ(w.taken(xd.card().note, kByOther), NoteTaken::kStored);
}

TEST_F(Vouching, DirectoriesComeOnlyFromTheirIntroducersRootAndNotTooOften) {
  EXPECT_EQ(w.refused(test::directory_of(TestParty("UNODA", 231), 1, {}), kByOther),
            ErrorCode::kSignature);
  EXPECT_EQ(w.taken(test::directory_of(unoda, 1, {}), kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.refused(test::directory_of(unoda, 2, {}), kByOther), ErrorCode::kLimit);
  w.pass(kDirectoryEveryMs);
  EXPECT_EQ(w.taken(test::directory_of(unoda, 2, {}), kByOther), NoteTaken::kStored);
  w.restart();
  EXPECT_EQ(w.book.directories().at("UNODA").serial, 2u);
}

}  // namespace
}  // namespace focal::exchange

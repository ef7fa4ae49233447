// Goal: a card that did not come over the party's own link, or comes by the next root alone,
// takes effect when it may and never before; the owner always has a way back.
// Method: chains of cards by the party and by a thief of its keys, on an injected clock.
#include "tests/unit/exchange/hold_fixture.h"

namespace focal::exchange {
namespace {

TEST_F(Hold, N016b_AnUpdateFromElsewhereTakesEffectAfterSeventyTwoHoursOnly) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_EQ(w.peer().find_card(second.card_id), nullptr) << "records under it wait for a card";
  w.pass(kHoldMs - 1);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld) << "the time it came first counts";
  w.restart();
  w.pass(1);
  EXPECT_EQ(w.pinned(), second.note);
  EXPECT_EQ(w.peer().row.level, PeerLevel::kVerified) << "the root is the same";
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(suspended(), Suspension::kNone);
}

TEST_F(Hold, N016b_AClockThatJumpsDoesNotEndIt) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  BookTime jumped = w.time();
  jumped.now.wall_ms += 60 * kDayMs;  // safe_ms stands still
  w.book.tick(jumped);
  w.commit();
  EXPECT_EQ(w.pinned(), first.note);
}

TEST_F(Hold, AnOfficerOrTheOwnLinkEndsItAtOnce) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  confirm(second);
  EXPECT_EQ(w.pinned(), second.note);
  EXPECT_EQ(w.last_detail(), "card 2 of XB confirmed by jo");
  EXPECT_EQ(w.taken(third.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(third.note, kByOwn), NoteTaken::kStored);
  EXPECT_EQ(w.pinned(), third.note);
  EXPECT_TRUE(held().empty());
}

TEST_F(Hold, N012_AChainIsTakenStepByStep) {
  EXPECT_EQ(w.taken(third.note, kByOther), NoteTaken::kAskChain) << "the card between is missing";
  std::vector<NoteTaken> taken;
  const std::vector<std::string> chain{second.note, third.note};
  ASSERT_TRUE(w.book.take_all(chain, kByOther, w.time(), &taken).has_value());
  w.commit();
  EXPECT_EQ(taken, (std::vector{NoteTaken::kHeld, NoteTaken::kHeld}));
  EXPECT_EQ(held(), (std::vector{HoldWhy::kElsewhere, HoldWhy::kBehind}));
  w.restart();
  w.pass(kHoldMs);
  EXPECT_EQ(w.pinned(), third.note) << "each was held for 72 hours";
  EXPECT_EQ(w.peer().row.old_cards, (std::vector<std::string>{second.note, first.note}));
}

TEST_F(Hold, TheRestOfAChainWaitsItsOwnTime) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  w.pass(kHoldMs - kHourMs);
  EXPECT_EQ(w.taken(third.note, kByOther), NoteTaken::kHeld);
  w.pass(kHourMs);
  EXPECT_EQ(w.pinned(), second.note);
  EXPECT_EQ(held(), std::vector{HoldWhy::kElsewhere});
  w.pass(kHoldMs - kHourMs);
  EXPECT_EQ(w.pinned(), third.note);
}

TEST_F(Hold, AnOwnChainIsAcceptedInOrderAndAConfirmationTakesWhatItBuildsOn) {
  const std::vector<std::string> chain{second.note, third.note};
  ASSERT_TRUE(w.book.take_all(chain, kByOwn, w.time()).has_value());
  w.commit();
  EXPECT_EQ(w.pinned(), third.note);
  const Card fourth = test::update_of(w.xb, third, "fourth");
  const Card fifth = test::update_of(w.xb, fourth, "fifth");
  ASSERT_TRUE(w.book.take_all(std::vector<std::string>{fourth.note, fifth.note}, kByOther, w.time())
                  .has_value());
  w.commit();
  confirm(fifth);
  EXPECT_EQ(w.pinned(), fifth.note);
  EXPECT_TRUE(held().empty());
}

TEST_F(Hold, ARefusedCardIsNotTakenAgainExceptByAnOfficer) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  refuse(second);
  EXPECT_EQ(w.last_detail(), "card 2 of XB refused by jo");
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  w.restart();
  w.pass(2 * kHoldMs);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_EQ(held(), std::vector{HoldWhy::kRefused});
  EXPECT_EQ(w.taken(second.note, kByOfficer), NoteTaken::kStored);
  EXPECT_EQ(w.pinned(), second.note);
  EXPECT_EQ(w.book.confirm("XB", third.card_id, "jo", w.time()).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(w.book.refuse("XQ", third.card_id, "jo", w.time()).error().code, ErrorCode::kNotFound);
}

// A thief of the root alone: he cannot speak over the pinned link.
TEST_F(Hold, TwoHeldCardsOfOneSerialAreAForkToo) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(test::update_of(w.xb, first, "thief").note, kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_EQ(suspended(), Suspension::kTwoCards);
  EXPECT_EQ(held().size(), 1u) << "the first stays held";
}

TEST_F(Hold, AnAcceptedCardShowsThatTheHeldOneWasAFork) {
  EXPECT_EQ(w.taken(test::update_of(w.xb, first, "thief").note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kStored);
  EXPECT_EQ(w.pinned(), second.note);
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_EQ(suspended(), Suspension::kTwoCards);
  EXPECT_TRUE(held().empty());
}

TEST_F(Hold, N018_ARecoveryIsNotAcceptedBeforeAnOfficerConfirms) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOwn), NoteTaken::kHeld);
  EXPECT_EQ(suspended(), Suspension::kRecovery);
  EXPECT_EQ(w.pinned(), first.note);
  w.restart();
  w.pass(60 * kDayMs);
  EXPECT_EQ(w.pinned(), first.note) << "time alone does nothing";
  confirm(recovery);
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_EQ(suspended(), Suspension::kNone);
  EXPECT_EQ(w.peer().row.level, PeerLevel::kVerified);
}

TEST_F(Hold, ARecoveryThatIsRefusedEndsTheSuspension) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  refuse(recovery);
  EXPECT_EQ(suspended(), Suspension::kNone);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(suspended(), Suspension::kNone) << "not again";
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kStored);
}

TEST_F(Hold, AnOperatorsSuspensionStaysHis) {
  ASSERT_TRUE(w.book.set_standing("XB", {PeerLevel::kVerified, Suspension::kOperator}, "",
                                  "jo: they do not answer", w.time()));
  w.commit();
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  confirm(recovery);
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_EQ(suspended(), Suspension::kOperator);
}

// While a recovery is undecided, the old root changes nothing, not even over the own link.
TEST_F(Hold, NothingPassesARecovery) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(third.note, kByOwn), NoteTaken::kHeld);
  EXPECT_EQ(held(), (std::vector{HoldWhy::kRecovery, HoldWhy::kBehind, HoldWhy::kBehind}));
  w.pass(2 * kHoldMs);
  EXPECT_EQ(w.pinned(), first.note);
  confirm(recovery);
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_TRUE(held().empty()) << "the old root is nobody now";
  EXPECT_EQ(w.proofs(), 1u) << "it had made another card of that serial";
}

TEST_F(Hold, AfterARefusedRecoveryTheRestIsJudgedAgain) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  refuse(recovery);
  EXPECT_EQ(held(), (std::vector{HoldWhy::kRefused, HoldWhy::kElsewhere}));
  w.pass(kHoldMs);
  EXPECT_EQ(w.pinned(), second.note);
}

// Root and node stolen: the thief's cards are accepted over the own link until the owner
// recovers from the last card that was his.
TEST_F(Hold, AnHonestPartyGetsItsNameBackWhateverTheThiefDid) {
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kStored) << "the owner's";
  Card thief = test::update_of(w.xb, second, "thief");
  EXPECT_EQ(w.taken(thief.note, kByOwn), NoteTaken::kStored);
  thief = test::update_of(w.xb, thief, "thief again");
  EXPECT_EQ(w.taken(thief.note, kByOwn), NoteTaken::kStored);
  CardFields f = w.xb.fields_after(thief);
  f.next = next_root_hash(test::signing_key(240).pk);  // his own way back, which would shut the owner's
  EXPECT_EQ(w.taken(test::made_card(f, w.xb.keys()).note, kByOwn), NoteTaken::kHeld);
  EXPECT_EQ(held(), std::vector{HoldWhy::kNewNext});
  w.pass(2 * kHoldMs);
  EXPECT_EQ(w.pinned(), thief.note) << "never by itself";

  const Card recovery = test::recovery_of(w.xb, second);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(suspended(), Suspension::kRecovery);
  EXPECT_EQ(w.proofs(), 1u);
  confirm(recovery);
  EXPECT_EQ(w.pinned(), recovery.note);
  EXPECT_EQ(suspended(), Suspension::kNone);
  EXPECT_TRUE(held().empty());
  // The thief is out: his root speaks for nobody.
  EXPECT_EQ(w.refused(test::update_of(w.xb, recovery, "once more").note, kByOwn),
            ErrorCode::kCardChain);
  EXPECT_EQ(w.taken(thief.note, kByOther), NoteTaken::kNothing);
  // Nor do the cards he made, whose sign key speaks no more; the owner's still stand.
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(w.peer().revoked_since(thief, RevocationScope::kSign), thief.issued_ms);
    EXPECT_FALSE(w.peer().revoked_since(second, RevocationScope::kSign));
    EXPECT_FALSE(w.peer().revoked_since(first, RevocationScope::kSign));
    EXPECT_FALSE(w.peer().revoked_since(recovery, RevocationScope::kSign));
    w.restart();
  }
  EXPECT_EQ(w.pinned(), recovery.note);
}

// The thief of the old root answers a recovery with a revocation of the very card that
// replaces it.
TEST_F(Hold, AnOldRootCannotRevokeTheRecovery) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  const std::string revocation = test::revocation_of(recovery, w.xb.root);
  EXPECT_EQ(w.refused(revocation, kByOther), ErrorCode::kCardKey);
  confirm(recovery);
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_FALSE(w.peer().is_root_revoked());
}

TEST_F(Hold, AnOldRootCannotRevokeARecoveryThatIsNotHereYet) {
  const Card recovery = test::recovery_of(w.xb, first);
  EXPECT_EQ(w.taken(test::revocation_of(recovery, w.xb.root), kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.taken(recovery.note, kByOther), NoteTaken::kHeld);
  confirm(recovery);
  w.restart();
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_FALSE(w.peer().link_revoked);
  EXPECT_FALSE(w.peer().revoked_since(recovery, RevocationScope::kSign));
  CardFields f = w.xb.fields_after(recovery);
  f.next = recovery.next;
  const Card next =
      test::made_card(f, {w.xb.next_root, w.xb.sign, w.xb.log, w.xb.witness});
  EXPECT_EQ(w.taken(next.note, kByOwn), NoteTaken::kStored);
  // The keys of an old card may be taken away by every root that followed.
  EXPECT_EQ(w.taken(test::revocation_of(first, test::third_root(), RevocationScope::kSign), kByOther),
            NoteTaken::kStored);
  EXPECT_TRUE(w.peer().revoked_since(first, RevocationScope::kSign));
}

// Whoever carries a rotation may leave out the line of the old root.
class Stripped : public Hold {
 protected:
  const Card rotation = test::recovery_of(w.xb, first, &w.xb.root);
  const std::string less = test::stripped(rotation.note, w.xb.root.pk, root_name("XB"));
};

TEST_F(Stripped, ARotationThatLostALineIsARotationWhenTheWholeComes) {
  ASSERT_NE(less, rotation.note);
  EXPECT_EQ(w.taken(less, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(suspended(), Suspension::kRecovery) << "what it looks like";
  EXPECT_EQ(w.taken(rotation.note, kByOwn), NoteTaken::kStored);
  EXPECT_EQ(w.pinned(), rotation.note);
  EXPECT_EQ(suspended(), Suspension::kNone);
  EXPECT_TRUE(held().empty());
  EXPECT_EQ(w.taken(less, kByOther), NoteTaken::kNothing);
  EXPECT_EQ(suspended(), Suspension::kNone);
}

TEST_F(Stripped, OfTwoHeldCopiesTheWholeOneIsKeptAndConfirmed) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  const Card later = test::recovery_of(w.xb, second, &w.xb.root);  // builds on what is held
  EXPECT_EQ(w.taken(test::stripped(later.note, w.xb.root.pk, root_name("XB")), kByOther),
            NoteTaken::kHeld);
  EXPECT_EQ(w.taken(later.note, kByOther), NoteTaken::kHeld);
  w.restart();
  confirm(later);
  EXPECT_EQ(w.pinned(), later.note);
  EXPECT_EQ(suspended(), Suspension::kNone);
}

TEST_F(Stripped, ARefusedCardStaysRefusedOverTheOwnLinkToo) {
  EXPECT_EQ(w.taken(second.note, kByOther), NoteTaken::kHeld);
  refuse(second);
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kHeld);
  EXPECT_EQ(w.pinned(), first.note);
}

// Nobody proves that a transport key is his: a copy must not stand in its owner's way.
TEST_F(Hold, ACopiedKeyAsTransportKeyShutsNobodyOut) {
  const TestParty xd("XD", 151);
  const auto copy = [&](const Hash32& key) {
    CardFields f = w.xc.fields_after(w.peer("XC").card);
    f.transport = key;
    const Card card = test::made_card(f, w.xc.keys());
    EXPECT_EQ(w.taken(card.note, kByOther), NoteTaken::kStored);  // XC's own link
  };
  copy(xd.root.pk);
  EXPECT_TRUE(w.book.add(Introduction{xd.card(), {}}, "jo", w.time()).has_value());
  w.commit();
  EXPECT_FALSE(w.peer("XD").standing.suspended);

  const TestParty fresh("XB", 181);
  CardFields f = w.xb.fields_after(first);
  f.sign = f.log = f.witness = {};
  const Card next = test::made_card(f, {w.xb.root, fresh.sign, fresh.log, fresh.witness});
  EXPECT_EQ(w.taken(next.note, kByOther), NoteTaken::kHeld);
  copy(next.sign);
  confirm(next);
  EXPECT_EQ(w.pinned(), next.note);
}

TEST_F(Hold, ATransportKeyOfAnOldCardIsFreeAgainAndOneInUseIsForPeopleToDecide) {
  const TestParty xd("XD", 151);
  CardFields f = w.xc.fields_after(w.xc.card());
  f.transport = xd.transport.pk;
  Card copier = test::made_card(f, w.xc.keys());
  EXPECT_EQ(w.taken(copier.note, kByOther), NoteTaken::kStored);
  ASSERT_TRUE(w.book.add(Introduction{xd.card(), {}}, "jo", w.time()).has_value());
  w.commit();
  EXPECT_EQ(w.peer("XD").row.suspended, Suspension::kOperator) << "both claim it";
  EXPECT_TRUE(w.peers.may_link(w.peer("XC"))) << "a file alone ends no link";
  EXPECT_FALSE(w.peers.may_link(w.peer("XD")));
  EXPECT_NE(w.last_detail().find("transport key is that of XC"), std::string::npos);
  // People found out whose it is.
  for (const auto& [party, why] : {std::pair("XC", Suspension::kOperator),
                                   std::pair("XD", Suspension::kNone)})
    ASSERT_TRUE(w.book.set_standing(party, {PeerLevel::kNone, why}, "", "jo", w.time()));
  w.commit();
  EXPECT_TRUE(w.peers.may_link(w.peer("XD")));
  EXPECT_EQ(w.taken(test::update_of(xd, xd.card()).note, NoteOrigin{"XD", {}}), NoteTaken::kStored)
      << "the one that is suspended does not stand in its way";
  // A third party may have the key that XC had before.
  const TestParty xe("XE", 201);
  CardFields g = xe.fields();
  g.transport = w.xc.transport.pk;
  ASSERT_TRUE(w.book.add(Introduction{test::made_card(g, xe.keys()), {}}, "jo", w.time()).has_value());
  w.commit();
  EXPECT_EQ(w.peer("XE").row.suspended, Suspension::kNone);
}

// A party may sign as many cards as it likes, and each is kept for ever.
TEST_F(Hold, CardsThatComeOverLinksAreTakenSoManyAtOnceAndTheOthersLater) {
  std::vector<Card> chain{first};
  for (int i = 0; i < 200; ++i) {
    chain.push_back(test::update_of(w.xb, chain.back(), "office " + std::to_string(i)));
    static_cast<void>(w.take(chain.back().note, kByOwn));  // refused when nothing has room
    w.commit();
    if (i % 8 == 0) w.pass(2 * kMinuteMs);
  }
  EXPECT_EQ(w.peer().card.serial, 1 + kCardsAtOnce) << "who was away for months is not kept back";
  EXPECT_EQ(w.peer().held.size(), kMaxHeldCards);
  EXPECT_EQ(w.peer().old_cards.size(), kCardsAtOnce);
  // It is not lost: the next one is taken when there is room, over the own link …
  w.pass(kCardEveryMs);
  EXPECT_EQ(w.taken(chain[kCardsAtOnce + 1].note, kByOwn), NoteTaken::kStored);
  EXPECT_EQ(w.peer().card.serial, 2 + kCardsAtOnce);
  // … and those that are held when their time is over.
  w.pass(kHoldMs);
  EXPECT_EQ(w.peer().card.serial, 1 + kCardsAtOnce + kMaxHeldCards);
  // An officer is not kept waiting.
  EXPECT_EQ(w.taken(chain[w.peer().card.serial].note, kByOfficer), NoteTaken::kStored);
}

TEST_F(Hold, WhatTimeAloneDoesNotEndCostsNothing) {
  for (int i = 0; i < 6; ++i) {
    CardFields f = w.xb.fields_after(first);
    f.next = next_root_hash(test::signing_key(static_cast<std::uint8_t>(220 + i)).pk);
    static_cast<void>(w.take(test::made_card(f, w.xb.keys()).note, kByOwn));
    w.commit();
  }
  EXPECT_EQ(held(), std::vector{HoldWhy::kNewNext}) << "a second one is a fork";
  ASSERT_TRUE(w.book.set_standing("XB", {PeerLevel::kVerified, Suspension::kNone}, "", "jo", w.time()));
  w.commit();
  Card card = w.peer().held[0];
  for (std::size_t i = 1; i < kMaxHeldCards; ++i) {
    CardFields f = w.xb.fields_after(card);
    f.next = card.next;
    card = test::made_card(f, w.xb.keys());
    EXPECT_EQ(w.taken(card.note, kByOwn), NoteTaken::kHeld);
  }
  ASSERT_EQ(held().size(), kMaxHeldCards);
  w.pass(kHoldMs);
  const std::uint64_t judged = w.book.holds_judged();
  for (int i = 0; i < 100; ++i) w.pass(kSecondMs);
  EXPECT_EQ(w.book.holds_judged(), judged);
  EXPECT_EQ(judged, 0u);
}

TEST_F(Hold, WhatWaitsForSomethingElseIsLookedAtOnceAMinute) {
  EXPECT_EQ(w.taken(test::recovery_of(w.xb, first).note, kByOther), NoteTaken::kHeld);
  w.pass(kHoldMs);
  const std::uint64_t judged = w.book.holds_judged();
  EXPECT_GT(judged, 0u) << "introducers might list it";
  for (int i = 0; i < 120; ++i) w.pass(kSecondMs);
  EXPECT_LE(w.book.holds_judged(), judged + 3);
}

TEST_F(Hold, ACopiedTransportKeyWaitsForAnOfficerWhoDecidesWhoseItIs) {
  CardFields f = w.xb.fields_after(first);
  f.transport = w.xc.transport.pk;
  const Card copied = test::made_card(f, w.xb.keys());
  EXPECT_EQ(w.taken(copied.note, kByOwn), NoteTaken::kHeld);
  w.pass(60 * kDayMs);
  EXPECT_EQ(w.pinned(), first.note);
  EXPECT_TRUE(w.peers.may_link(w.peer("XC")));
  confirm(copied);
  EXPECT_EQ(w.pinned(), copied.note);
  EXPECT_EQ(w.peer("XC").row.suspended, Suspension::kOperator);
  EXPECT_TRUE(w.peers.may_link(w.peer("XB")));
  EXPECT_FALSE(w.peers.may_link(w.peer("XC"))) << "one key, one party";
}

TEST_F(Hold, ThereIsRoomForARecoveryWhateverAThiefFillsItWith) {
  Card card = first;
  for (std::size_t i = 0; i < kMaxHeldCards + 3; ++i) {
    card = test::update_of(w.xb, card, "thief " + std::to_string(i));
    static_cast<void>(w.take(card.note, kByOther));  // refused when there is no room any more
    w.commit();
  }
  EXPECT_EQ(w.peer().held.size(), kMaxHeldCards);
  EXPECT_EQ(w.taken(test::recovery_of(w.xb, first).note, kByOther), NoteTaken::kHeld);
  EXPECT_EQ(suspended(), Suspension::kRecovery);
}

TEST_F(Hold, AGroupThatIsNotStoredLeavesNothing) {
  ASSERT_TRUE(w.take(second.note, kByOwn).has_value());
  EXPECT_EQ(w.book.find("XB")->card.card_id, second.card_id) << "the group sees its own changes";
  EXPECT_EQ(w.pinned(), first.note) << "others do not";
  w.book.abandon();
  EXPECT_EQ(w.book.find("XB")->card.card_id, first.card_id);
  EXPECT_TRUE(w.book.take_ops().empty());
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kStored);
}

TEST_F(Hold, AFileOfAStrangerIsPinnedAndTrustedWithNothing) {
  const TestParty xd("XD", 151);
  const auto add = [&](const Card& card) {
    return w.book.add(Introduction{card, TestParty::must(parse_schedule(xd.schedule_note()))}, "jo",
                      w.time());
  };
  ASSERT_TRUE(add(xd.card()).has_value());
  w.commit();
  EXPECT_EQ(w.peer("XD").row.level, PeerLevel::kNone);
  EXPECT_TRUE(w.peer("XD").schedule.has_value());
  EXPECT_EQ(*add(xd.card()), NoteTaken::kNothing);
  EXPECT_EQ(*add(test::update_of(xd, xd.card())), NoteTaken::kStored);
  w.commit();
  EXPECT_EQ(w.peer("XD").card.serial, 2u);
  EXPECT_EQ(add(xd.card()).error().code, ErrorCode::kCardChain) << "an older file";
  w.commit();
  const auto own = w.book.add(Introduction{w.own.card(), {}}, "jo", w.time());
  EXPECT_EQ(own.error().code, ErrorCode::kInvalid);
  CardFields copied = TestParty("XE", 200).fields();
  copied.transport = w.own.transport.pk;  // nobody can link with this node by its own key
  EXPECT_EQ(w.book.add(Introduction{test::made_card(copied, TestParty("XE", 200).keys()), {}}, "jo",
                       w.time())
                .error()
                .code,
            ErrorCode::kCardKey);
}

}  // namespace
}  // namespace focal::exchange

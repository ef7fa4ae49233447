// Goal: an officer reads how a party stands, by whom, since when and why, what follows and what
// to do, without knowing a key from a note. Method: facts in, whole sentences out.
#include "node/desk/trust_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"

namespace focal::desk {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::uint64_t kMonday = 1795428000000;  // 2026-11-23T10:00:00Z

TrustFacts xb(store::PeerLevel level = store::PeerLevel::kVerified) {
  TrustFacts facts;
  facts.party = "XB";
  facts.level = level;
  facts.verified_ms = level == store::PeerLevel::kVerified ? kMonday : 0;
  facts.verified_how = level == store::PeerLevel::kVerified ? "PHONE" : "";
  facts.verified_by = "jo (uid 1000)";
  return facts;
}

TEST(TrustWords, NotMet) {
  TrustFacts facts = xb(store::PeerLevel::kNone);
  facts.waiting = 1;
  EXPECT_EQ(trust_words(facts),
            "Not met: a card of XB is stored here, but nobody has confirmed that it is theirs.");
  EXPECT_EQ(passes_words(facts),
            "Only cards and keys pass: nothing is sent to XB, and its records wait unread. "
            "Records from XB that wait unread: 1.");
  EXPECT_EQ(next_step(facts).command, "focal peer verify XB");
}

TEST(TrustWords, IntroducedByWhomAndHowManyOfHowMany) {
  TrustFacts facts = xb(store::PeerLevel::kIntroduced);
  facts.introduced_by = {"ECOWAS", "UNODA"};
  facts.introducers_needed = 2;
  facts.introducers_named = 3;
  EXPECT_EQ(trust_words(facts),
            "Introduced by ECOWAS and UNODA: their directories list this key of XB. "
            "Introducers that list it: 2 of 3; needed: 2. Nobody here has compared the safety "
            "number with XB yet.");
  EXPECT_THAT(passes_words(facts), HasSubstr("Tracing requests do not"));
  EXPECT_EQ(next_step(facts).command, "focal peer verify XB");
}

TEST(TrustWords, VerifiedHowWhenAndByWhom) {
  TrustFacts facts = xb();
  EXPECT_EQ(trust_words(facts), "Verified by telephone on 2026-11-23 by jo (uid 1000).");
  EXPECT_EQ(passes_words(facts), "Every kind of record passes.");
  EXPECT_EQ(next_step(facts).command, "");
  EXPECT_EQ(next_step(facts).text(), "");
  facts.verified_how = "IN_PERSON";
  facts.verified_by.clear();  // the detail can no longer be read
  EXPECT_EQ(trust_words(facts), "Verified in person on 2026-11-23.");
  facts.card_expired_ms = kMonday;
  facts.sendings = 2;
  EXPECT_EQ(passes_words(facts),
            "Its card expired on 2026-11-23: nothing is sent to XB until its next card is here. "
            "What comes from there is still taken. Sendings that wait here to go there: 2.");
  EXPECT_EQ(next_step(facts).command, "focal notes add FILE");
}

TEST(TrustWords, SuspendedByAnOfficerByTwoCardsByARecovery) {
  TrustFacts facts = xb();
  facts.suspended = store::Suspension::kOperator;
  facts.suspended_ms = kMonday;
  facts.suspended_by = "ann (uid 1001)";
  facts.suspended_reason = "their server was stolen";
  facts.sendings = 1;
  facts.waiting = 3;
  EXPECT_EQ(trust_words(facts),
            "Suspended on 2026-11-23 by ann (uid 1001): their server was stolen.");
  EXPECT_EQ(passes_words(facts),
            "Nothing is sent to XB, and its records wait unread. Receipts still count. "
            "Sendings that wait here to go there: 1. Records from XB that wait unread: 3.");
  EXPECT_EQ(next_step(facts).command, "focal peer resume XB --reason TEXT");
  facts.suspended_by.clear();
  facts.suspended_reason.clear();
  EXPECT_EQ(trust_words(facts), "Suspended on 2026-11-23 by an officer here.");

  facts.suspended = store::Suspension::kTwoCards;
  EXPECT_THAT(trust_words(facts), HasSubstr("two different cards of XB with one serial number"));
  EXPECT_THAT(next_step(facts).text(), HasSubstr("focal peer show XB --proof"));

  facts.suspended = store::Suspension::kRecovery;
  facts.introducers_needed = 2;
  facts.held = {{store::HoldWhy::kRecovery, 4, kMonday, kMonday + 3 * kDayMs, "XC", true, ""}};
  EXPECT_THAT(trust_words(facts), HasSubstr("may have lost its root key"));
  EXPECT_THAT(trust_words(facts), HasSubstr("it takes effect on 2026-11-26T10:00:00Z, provided that "
                                            "introducers list the new key by then (needed: 2)."));
  EXPECT_EQ(next_step(facts).command, "focal peer confirm XB --how phone");
}

TEST(TrustWords, RevokedSinceWhenByWhichKeyAndWhy) {
  TrustFacts facts = xb();
  facts.suspended = store::Suspension::kOperator;  // hidden: revoked is worse
  facts.revoked = RevokedFacts{2, kMonday, kMonday + kDayMs, false, "all", "server stolen"};
  EXPECT_EQ(trust_words(facts),
            "Revoked: the root key of XB withdrew its card 2 with effect from 2026-11-23, because: "
            "server stolen. This node learned of it on 2026-11-24.");
  EXPECT_THAT(passes_words(facts), HasSubstr("there is no connection"));
  EXPECT_EQ(next_step(facts).command, "focal notes add FILE");
  facts.revoked->by_next_root = true;
  EXPECT_THAT(trust_words(facts), HasSubstr("the announced next root key of XB withdrew"));

  facts.revoked.reset();
  facts.suspended = store::Suspension::kNone;
  facts.keys_revoked = {{2, kMonday, kMonday, false, "transport", ""}};
  EXPECT_EQ(trust_words(facts),
            "Verified by telephone on 2026-11-23 by jo (uid 1000). With effect from 2026-11-23 XB "
            "withdrew the key of its connection.");
}

TEST(TrustWords, ACardOnHoldSaysFromWhereUntilWhenAndWhatToDo) {
  TrustFacts facts = xb();
  HoldFacts held{store::HoldWhy::kElsewhere, 3, kMonday, kMonday + 3 * kDayMs, "XC", false, ""};
  EXPECT_EQ(hold_words(facts, held),
            "Card 3 of XB came on 2026-11-23 from XC and is on hold: it did not come from XB itself, "
            "so it could be a thief's. If nobody here decides, it takes effect on "
            "2026-11-26T10:00:00Z.");
  held.from.clear();
  held.why = store::HoldWhy::kTransportKey;
  held.transport_owner = "XD";
  held.until_ms = 0;
  EXPECT_EQ(hold_words(facts, held),
            "Card 3 of XB came on 2026-11-23 from a file added here and is on hold: the key of its "
            "connection is also that of XD: one of the two cards is a copy. It waits until an "
            "officer here decides.");
  facts.held = {held};
  EXPECT_THAT(next_step(facts).text(), HasSubstr("Call XB and XD on a number you know"));
  EXPECT_THAT(next_step(facts).text(), HasSubstr("focal peer reject XB"));
  for (const auto why : {store::HoldWhy::kNewNext, store::HoldWhy::kBehind}) {
    held.why = why;
    EXPECT_THAT(hold_words(facts, held), HasSubstr("Card 3 of XB")) << static_cast<int>(why);
  }
  facts.held = {held};  // what is behind another card is not for an officer yet
  EXPECT_EQ(next_step(facts).command, "");
}

// What nobody here decided is told until somebody has looked; what was compared is told as what
// it was, for ever.
TEST(TrustWords, ACardThatTookEffectByItselfSaysHowAndThatNobodyLooked) {
  TrustFacts facts = xb();
  NewCardFacts card{17, 3, kMonday + kDayMs, false, "XB", false, false};
  EXPECT_EQ(new_card_words(facts, card),
            "Card 3 of XB took effect on 2026-11-24: it came over its own connection.");
  facts.new_cards = {card};
  EXPECT_EQ(trust_words(facts),
            "Verified by telephone on 2026-11-23 by jo (uid 1000). Card 3 of XB took effect on "
            "2026-11-24: it came over its own connection. No officer here has looked at that yet.");
  EXPECT_EQ(next_step(facts).command, "focal peer seen XB");
  EXPECT_THAT(next_step(facts).text(), HasSubstr("If you expected card 3 of XB"));
  facts.new_cards.push_back(card);
  EXPECT_THAT(trust_words(facts), HasSubstr(" Cards before it that did so too: 1. No officer"));

  card.after_hold = true;
  card.from = "XC";
  EXPECT_EQ(new_card_words(facts, card),
            "Card 3 of XB took effect on 2026-11-24: it came over the connection of XC, and nobody "
            "here decided for 72 hours.");
  card.from.clear();
  EXPECT_THAT(new_card_words(facts, card), HasSubstr("it came from a file added here, and nobody"));
}

TEST(TrustWords, ARotationSaysThatTheNumberComparedIsThatOfTheOldKey) {
  TrustFacts facts = xb();
  facts.root_changed_ms = kMonday + kDayMs;
  facts.root_signed_by_both = true;
  facts.new_cards = {{17, 3, kMonday + kDayMs, false, "XC", true, true}};
  EXPECT_EQ(trust_words(facts),
            "Verified by telephone on 2026-11-23 by jo (uid 1000). Its root key changed on "
            "2026-11-24, signed by the old and the new one; the safety number that was compared is "
            "that of the old one. Card 3 of XB took effect on 2026-11-24: it came over the connection "
            "of XC; its root key is a new one, signed by the old and the new one. No officer here has "
            "looked at that yet.");
  EXPECT_EQ(next_step(facts).command, "focal peer verify XB");
  facts.new_cards.clear();  // somebody looked, and did not compare
  EXPECT_THAT(trust_words(facts), HasSubstr("compared is that of the old one."));
  EXPECT_EQ(next_step(facts).command, "");
  facts.new_cards = {{17, 3, kMonday + kDayMs, true, "XC", true, false}};
  EXPECT_THAT(trust_words(facts), HasSubstr("a new one, which the old one has not signed."));
}

// Words of keys, notes and bits have no place in what officers read.
TEST(TrustWords, NoJargon) {
  TrustFacts facts = xb();
  facts.held = {{store::HoldWhy::kElsewhere, 3, kMonday, kMonday, "XC", false, ""}};
  facts.keys_revoked = {{2, kMonday, kMonday, false, "sign", ""}};
  facts.root_changed_ms = kMonday;
  facts.new_cards = {{17, 3, kMonday, true, "XC", true, true}};
  for (const auto suspended : {store::Suspension::kNone, store::Suspension::kOperator,
                               store::Suspension::kTwoCards, store::Suspension::kRecovery}) {
    facts.suspended = suspended;
    const std::string all = trust_words(facts) + passes_words(facts) + next_step(facts).text();
    for (const char* word : {"pinned", "serial=", "hash", "signature", "scope", "peer's", "SUSPENDED"})
      EXPECT_THAT(all, Not(HasSubstr(word)));
  }
}

}  // namespace
}  // namespace focal::desk

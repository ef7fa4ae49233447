// Goal: what an officer decides about a party takes effect, is kept with name and reason, and is
// refused with a hint where it makes no sense. Method: a whole node; cards of others made here.
#include "node/exchange/card_rules.h"
#include "tests/unit/desk/trust_fixture.h"

namespace focal::desk {
namespace {

class PeerDecisions : public TrustDesk {
 protected:
  void SetUp() override {
    TrustDesk::SetUp();
    know(xb);
  }
  Status suspend(const std::string& reason) {
    v1::PeerSuspendRequest request;
    request.set_party("XB");
    request.set_reason(reason);
    const Status done = suspend_peer(node(), request, jo(), w.now());
    w.run();
    return done;
  }
  Status resume(const std::string& reason = "") {
    v1::PeerResumeRequest request;
    request.set_party("XB");
    request.set_reason(reason);
    const Status done = resume_peer(node(), request, jo(), w.now());
    w.run();
    return done;
  }
  Status confirm(const std::string& number, const std::string& how = "PHONE",
                 const std::string& card_id = "") {
    v1::PeerConfirmRequest request;
    request.set_party("XB");
    request.set_number(number);
    request.set_how(how);
    request.set_card_id(card_id);
    By by = jo();
    const Status done = confirm_card(node(), request, by, w.now());
    w.run();
    return done;
  }
  Status reject(const std::string& reason) {
    v1::PeerRejectRequest request;
    request.set_party("XB");
    request.set_reason(reason);
    const Status done = reject_card(node(), request, jo(), w.now());
    w.run();
    return done;
  }
  static void expect(const Status& refused, ErrorCode code) {
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, code) << refused.error().message;
    EXPECT_FALSE(refused.error().hint.empty()) << refused.error().message;
  }

  const TestParty xb{"XB", 51};
};

TEST_F(PeerDecisions, SuspendingNeedsAReasonAndIsShownWithNameAndReason) {
  expect(resume(), ErrorCode::kState);
  expect(suspend(""), ErrorCode::kInvalid);
  expect(suspend(std::string(1001, 'x')), ErrorCode::kInvalid);
  ASSERT_TRUE(suspend("their server was stolen").has_value());
  const auto shown = trust("XB");
  EXPECT_EQ(shown.level(), "SUSPENDED");
  EXPECT_EQ(shown.suspended_why(), "OFFICER");
  EXPECT_EQ(shown.suspended_by(), "jo (uid 1000, OFFICER)");
  EXPECT_EQ(shown.suspended_reason(), "their server was stolen");
  EXPECT_THAT(shown.words(), HasSubstr("by jo (uid 1000, OFFICER): their server was stolen."));
  EXPECT_EQ(shown.verified_by(), "jo (uid 1000, OFFICER)");
  expect(suspend("again"), ErrorCode::kState);
  ASSERT_TRUE(resume().has_value());
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
  EXPECT_EQ(trust("XB").suspended_by(), "") << "of a suspension that stands only";
  EXPECT_THAT(trust("XB").words(), HasSubstr("Verified in person on "));
}

TEST_F(PeerDecisions, WhatIsDecidedSurvivesARestart) {
  ASSERT_TRUE(suspend("for now").has_value());
  w.crash("XA");
  EXPECT_EQ(trust("XB").level(), "SUSPENDED");
  EXPECT_EQ(trust("XB").suspended_reason(), "for now");
}

TEST_F(PeerDecisions, ARecoveryIsConfirmedByTheNewNumberOnly) {
  ASSERT_EQ(notes(recovery_of(xb, xb.card()).note).notes(0).result(), "SUSPENDED");
  const auto held = trust("XB");
  ASSERT_EQ(held.held_cards_size(), 1);
  EXPECT_TRUE(held.held_cards(0).new_root());
  EXPECT_EQ(held.held_cards(0).until_at(), "") << "nobody introduces: only a person ends it";
  EXPECT_EQ(held.suspended_why(), "RECOVERY");
  expect(resume("r"), ErrorCode::kState);
  expect(confirm("", "PHONE"), ErrorCode::kInvalid);
  expect(confirm(number_of(xb, xb.root.pk)), ErrorCode::kInvalid);
  expect(confirm(number_of(xb, xb.next_root.pk), "MAIL"), ErrorCode::kInvalid);
  expect(confirm(number_of(xb, xb.next_root.pk), "PHONE", "00"), ErrorCode::kNotFound);
  EXPECT_EQ(peer("XB")->card.root, xb.root.pk);
  ASSERT_TRUE(confirm(number_of(xb, xb.next_root.pk)).has_value());
  EXPECT_EQ(peer("XB")->card.root, xb.next_root.pk);
  const auto after = trust("XB");
  EXPECT_EQ(after.level(), "VERIFIED");
  EXPECT_THAT(after.words(), HasSubstr("Verified by telephone on ")) << "by the new number";
  EXPECT_EQ(after.held_cards_size(), 0);
  expect(confirm(number_of(xb, xb.next_root.pk)), ErrorCode::kNotFound);
}

TEST_F(PeerDecisions, ARefusedCardIsKeptAndNotTakenAgain) {
  const std::string note = recovery_of(xb, xb.card()).note;
  notes(note);
  expect(reject(""), ErrorCode::kInvalid);
  ASSERT_TRUE(reject("not theirs").has_value());
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
  EXPECT_EQ(trust("XB").held_cards_size(), 0);
  expect(reject("again"), ErrorCode::kNotFound);
  v1::PeerDetailsResponse details;
  fill_proof(node(), *peer("XB"), &details);
  bool kept = false, said = false;
  for (const auto& proof : details.proofs())
    kept = kept || (proof.what() == "REFUSED_CARD" && proof.note() == note);
  for (const auto& act : details.acts())
    said = said || act.text().find("refused by jo (uid 1000, OFFICER): not theirs") != std::string::npos;
  EXPECT_TRUE(kept);
  EXPECT_TRUE(said);
}

TEST_F(PeerDecisions, TwoCardsAreEndedWithAReason) {
  const exchange::Card one = update_of(xb, xb.card(), "One");
  const auto added = notes(one.note + update_of(xb, xb.card(), "Two").note);
  ASSERT_EQ(added.notes_size(), 2);
  EXPECT_EQ(added.notes(0).result(), "TAKEN");
  EXPECT_EQ(added.notes(1).result(), "FORK");
  EXPECT_FALSE(added.notes(1).hint().empty());
  EXPECT_EQ(trust("XB").suspended_why(), "TWO_CARDS");
  EXPECT_EQ(trust("XB").fork_proofs(), 1u);
  const auto alarms = trust_alarms(node(), w.now());
  ASSERT_EQ(alarms.size(), 2u);
  EXPECT_THAT(alarms[0], HasSubstr("XB: Suspended on "));
  EXPECT_THAT(alarms[1], HasSubstr("XB has contradicted itself"));
  v1::PeerDetailsResponse details;
  fill_proof(node(), *peer("XB"), &details);
  EXPECT_EQ(std::count_if(details.proofs().begin(), details.proofs().end(),
                          [](const auto& proof) { return proof.what() == "FORK"; }),
            2);
  expect(resume(), ErrorCode::kInvalid);
  ASSERT_TRUE(resume("called them").has_value());
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
}

TEST_F(PeerDecisions, ARevokedPartyIsSaidToBeAndTheNextCardRestoresIt) {
  const std::uint64_t since = xb.card().issued_ms + kDayMs;
  const std::string note =
      revocation_of(xb.card(), xb.root, exchange::RevocationScope::kAll, since);
  const auto added = notes(note);
  EXPECT_EQ(added.notes(0).result(), "REVOKED");
  const auto shown = trust("XB");
  EXPECT_EQ(shown.level(), "REVOKED");
  EXPECT_EQ(shown.revoked().since_at(), format_utc(since));
  EXPECT_EQ(shown.revoked().signed_by(), "ROOT");
  EXPECT_EQ(shown.revoked().scope(), "ALL");
  EXPECT_EQ(shown.revoked().reason(), "The server was stolen");
  expect(suspend("r"), ErrorCode::kState);
  expect(resume("r"), ErrorCode::kState);
  EXPECT_EQ(notes(note).notes(0).result(), "KNOWN");

  TestParty renewed("XB", 51);
  renewed.sign = test::signing_key(180);
  renewed.log = test::signing_key(181);
  renewed.witness = test::signing_key(182);
  renewed.transport = test::dh_key(183);
  EXPECT_EQ(notes(update_of(renewed, xb.card(), "New server").note).notes(0).result(), "TAKEN");
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
  EXPECT_FALSE(trust("XB").has_revoked());
}

// A card that nobody here decided on is told until an officer has looked: in the words of the
// party, in JSON and in `focal status`.
class NewCards : public PeerDecisions {
 protected:
  // Over a link, whose is said.
  exchange::NoteTaken comes(const std::string& note, const std::string& link_party) {
    const auto taken = book_of(node()).take(note, {link_party, {}}, book_time(node(), w.now()));
    EXPECT_TRUE(taken.has_value()) << taken.error().message;
    w.run();
    return taken.value_or(exchange::NoteTaken::kNothing);
  }
  Status seen(std::uint64_t leaf) {
    v1::PeerSeenRequest request;
    request.set_party("XB");
    request.set_leaf_index(leaf);
    const Status done = seen_peer(node(), request, jo(), w.now());
    w.run();
    return done;
  }
  // What `focal status` says of XB.
  std::string warned() {
    std::string out;
    for (const std::string& line : trust_alarms(node(), w.now()))
      if (line.starts_with("XB")) out += line;
    return out;
  }
};

TEST_F(NewCards, AnUpdateOverItsOwnConnectionIsToldUntilAnOfficerLooked) {
  EXPECT_EQ(warned(), "");
  w.advance(kDayMs);
  const auto second = update_of(xb, xb.card());
  ASSERT_EQ(comes(second.note, "XB"), exchange::NoteTaken::kStored);
  auto shown = trust("XB");
  ASSERT_EQ(shown.new_cards_size(), 1);
  EXPECT_EQ(shown.new_cards(0).way(), "OWN_LINK");
  EXPECT_EQ(shown.new_cards(0).serial(), 2u);
  EXPECT_FALSE(shown.new_cards(0).new_root());
  EXPECT_EQ(shown.root_changed_at(), "");
  EXPECT_THAT(warned(), HasSubstr("Card 2 of XB took effect on 2026-11-24: it came over its own"));
  EXPECT_EQ(shown.command(), "focal peer seen XB");
  const std::uint64_t first_leaf = shown.new_cards(0).leaf_index();
  w.crash("XA");
  EXPECT_NE(warned(), "") << "a new process has not looked";

  // One that comes while the officer reads is not among what he looked at.
  ASSERT_EQ(comes(update_of(xb, second).note, "XB"), exchange::NoteTaken::kStored);
  ASSERT_EQ(trust("XB").new_cards_size(), 2);
  expect(seen(first_leaf + 1000), ErrorCode::kState);
  ASSERT_TRUE(seen(first_leaf).has_value());
  ASSERT_EQ(trust("XB").new_cards_size(), 1);
  EXPECT_EQ(trust("XB").new_cards(0).serial(), 3u);
  expect(seen(first_leaf), ErrorCode::kState);
  ASSERT_TRUE(seen(trust("XB").new_cards(0).leaf_index()).has_value());
  w.crash("XA");
  EXPECT_EQ(warned(), "");
  EXPECT_EQ(trust("XB").command(), "");
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
}

TEST_F(NewCards, ARotationIsToldAndTheNumberComparedIsThatOfTheOldKey) {
  w.advance(kDayMs);
  const auto rotation = recovery_of(xb, xb.card(), &xb.root);
  ASSERT_EQ(comes(rotation.note, "XC"), exchange::NoteTaken::kStored);
  auto shown = trust("XB");
  ASSERT_EQ(shown.new_cards_size(), 1);
  EXPECT_EQ(shown.new_cards(0).way(), "LINK");
  EXPECT_EQ(shown.new_cards(0).from(), "XC");
  EXPECT_TRUE(shown.new_cards(0).new_root());
  EXPECT_EQ(shown.root_changed_at(), "2026-11-24T10:00:00Z");
  EXPECT_THAT(shown.words(), HasSubstr("Its root key changed on 2026-11-24, signed by the old and "
                                       "the new one; the safety number that was compared"));
  EXPECT_THAT(warned(), HasSubstr("the connection of XC; its root key is a new one"));
  EXPECT_EQ(shown.command(), "focal peer verify XB");
  // Looking ends the warning, and compares nothing.
  ASSERT_TRUE(seen(shown.new_cards(0).leaf_index()).has_value());
  EXPECT_EQ(warned(), "");
  EXPECT_THAT(trust("XB").words(), HasSubstr("compared is that of the old one."));
  w.advance(kDayMs);
  v1::PeerVerifyRequest request;
  request.set_party("XB");
  request.set_how("PHONE");
  request.set_number(number_of(xb, xb.next_root.pk));
  ASSERT_TRUE(verify_peer(node(), request, jo(), w.now()).has_value());
  w.run();
  EXPECT_EQ(trust("XB").root_changed_at(), "");
  EXPECT_THAT(trust("XB").words(), Not(HasSubstr("root key changed")));
}

TEST_F(NewCards, AHoldThatRanOutIsTold) {
  ASSERT_EQ(comes(update_of(xb, xb.card()).note, "XC"), exchange::NoteTaken::kHeld);
  EXPECT_EQ(trust("XB").new_cards_size(), 0) << "on hold it has no effect";
  auto time = book_time(node(), w.now());
  time.safe_ms = time.latest_ms + exchange::kHoldMs + kHourMs;
  book_of(node()).tick(time);
  w.run();
  const auto shown = trust("XB");
  ASSERT_EQ(shown.new_cards_size(), 1);
  EXPECT_EQ(shown.new_cards(0).way(), "HOLD");
  EXPECT_EQ(shown.new_cards(0).from(), "XC");
  EXPECT_THAT(warned(), HasSubstr("over the connection of XC, and nobody here decided for 72 hours."));
}

// What an officer added or confirmed he knows of.
TEST_F(NewCards, WhatAnOfficerDecidedIsNoNews) {
  ASSERT_EQ(notes(update_of(xb, xb.card()).note).notes(0).result(), "TAKEN");
  EXPECT_EQ(trust("XB").new_cards_size(), 0);
  ASSERT_EQ(comes(recovery_of(xb, peer("XB")->card).note, "XC"), exchange::NoteTaken::kHeld);
  ASSERT_TRUE(confirm(number_of(xb, xb.next_root.pk)).has_value());
  EXPECT_EQ(trust("XB").new_cards_size(), 0);
  EXPECT_EQ(trust("XB").root_changed_at(), "") << "compared with the card";
  EXPECT_EQ(warned(), "");
}

}  // namespace
}  // namespace focal::desk

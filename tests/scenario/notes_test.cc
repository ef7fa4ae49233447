// Goal: cards, schedules, directories and proofs spread between nodes, are asked for where they
// are missing, and nothing is asked or told in a loop; what a party is to this node decides what
// it is told. Method: whole nodes in one process, every frame looked at.
#include "tests/scenario/noted.h"

namespace focal::test {
namespace {

using exchange::GossipFrame;
using exchange::HelloFrame;
using exchange::NotesFrame;
using exchange::NotesWantFrame;
using store::OutboxState;
using store::PeerLevel;
using store::Suspension;

class Spread : public Noted {
 protected:
  // XA knows XB and XC; they are no link to each other.
  void SetUp() override { make({"XA", "XB", "XC"}); }
  NotesWantFrame last_want(const std::string& from) {
    for (auto it = said.rbegin(); it != said.rend(); ++it)
      if (it->from == from && std::holds_alternative<NotesWantFrame>(it->frame))
        return std::get<NotesWantFrame>(it->frame);
    ADD_FAILURE() << from << " asked for nothing";
    return {};
  }
};

TEST_F(Spread, HeadsTellWhatIsHeldOfOthersToThoseWhoAreVouchedFor) {
  w.add("XD");
  w.pin("XA", "XD", PeerLevel::kNone);
  w.pin("XD", "XA", PeerLevel::kVerified);
  w.connect("XA", "XC");
  w.connect("XA", "XD");
  for (const Said& one : said) {
    const auto* hello = std::get_if<HelloFrame>(&one.frame);
    if (hello == nullptr || one.from != "XA") continue;
    if (one.to == "XD") {
      EXPECT_TRUE(hello->cards.empty()) << "nothing of others to a stranger";
      continue;
    }
    ASSERT_EQ(hello->cards.size(), 2u) << "not of the peer itself";
    EXPECT_EQ(hello->cards[0].party, "XB");
    EXPECT_EQ(hello->cards[0].card_serial, 1u);
    EXPECT_EQ(hello->cards[0].seal_serial, w.core("XB").self().schedule_serial);
    EXPECT_EQ(hello->cards[0].tag, exchange::card_tag(card("XB").card_id));
    EXPECT_EQ(hello->cards[1].party, "XD");
  }
}

TEST_F(Spread, ACardAddedByHandReachesOthersAndIsHeldThere) {
  const Successor next = successor("XB", card("XB"));
  add("XC", next.card.note);
  ASSERT_EQ(peer("XC", "XB").card.serial, 2u);
  w.connect("XA", "XC");
  EXPECT_EQ(last_want("XA").have.at(0).party, "XB");
  EXPECT_EQ(last_want("XA").have.at(0).card_serial, 1u) << "what is newer than this";
  ASSERT_EQ(peer("XA", "XB").row.held.size(), 1u);
  EXPECT_EQ(peer("XA", "XB").row.held[0].from, "XC");
  EXPECT_EQ(peer("XA", "XB").card.serial, 1u);
  w.advance(exchange::kHoldMs);
  EXPECT_EQ(peer("XA", "XB").card.serial, 2u);
  EXPECT_TRUE(w.core("XA").machine().take_reach_changed()) << "with its transport key";
}

TEST_F(Spread, RecordsUnderAHeldCardWaitForIt) {
  const auto ab = w.connect("XA", "XB");
  Successor next = successor("XB", card("XB"));
  add("XC", next.card.note);
  w.connect("XA", "XC");
  take_over("XB", std::move(next));
  const auto ref = ping("XB", "XA");
  EXPECT_FALSE(w.has("XA", ref));
  ASSERT_EQ(w.view("XA").waiting().size(), 1u);
  EXPECT_EQ(w.view("XA").waiting()[0].reason, store::WaitReason::kNeedCard);
  static_cast<void>(ab);
  w.advance(exchange::kHoldMs);
  w.advance(kMinuteMs);
  EXPECT_TRUE(w.has("XA", ref));
}

TEST_F(Spread, AChainIsAskedForAndTakenInOrder) {
  const Successor two = successor("XB", card("XB"));
  const Successor three = successor("XB", two.card);
  const auto ab = w.connect("XA", "XB");
  w.core("XB").self().old_cards = {two.card, card("XB")};
  const exchange::Card first = card("XB");
  w.core("XB").self().card = three.card;
  bring(ab, "XB", {three.card.note});
  EXPECT_EQ(last_want("XA").have.at(0).card_serial, first.serial);
  EXPECT_EQ(peer("XA", "XB").card.card_id, three.card.card_id) << "over its own link, at once";
  EXPECT_EQ(peer("XA", "XB").row.old_cards.size(), 2u);
}

TEST_F(Spread, NothingIsAskedTwiceWithinAMinute) {
  const Successor two = successor("XB", card("XB"));
  const Successor three = successor("XB", two.card);  // the card between is nowhere
  const auto ac = w.connect("XA", "XC");
  said.clear();
  for (int i = 0; i < 5; ++i) bring(ac, "XC", {three.card.note});
  EXPECT_EQ(count<NotesWantFrame>("XA", "XC"), 1u);
  w.advance(kMinuteMs);
  bring(ac, "XC", {three.card.note});
  EXPECT_EQ(count<NotesWantFrame>("XA", "XC"), 2u);
}

TEST_F(Spread, OnceAnHourOneLinkInTurnIsAskedWhatIsNewer) {
  w.connect("XA", "XC");
  const Successor next = successor("XB", card("XB"));
  add("XC", next.card.note);  // the link has stood for a while: no HELLO says it
  EXPECT_TRUE(peer("XA", "XB").row.held.empty());
  w.advance(kHourMs);
  w.advance(kSecondMs);
  EXPECT_EQ(peer("XA", "XB").row.held.size(), 1u);
  said.clear();
  w.advance(10 * kMinuteMs);
  EXPECT_EQ(count<NotesWantFrame>("XA", "XC"), 0u) << "a quiet network stays quiet";
}

// After a theft of root and node the thief's card is pinned here and the true one has the same
// serial: "what is newer" would never name it.
TEST_F(Spread, OfAPartyInDoubtTheWholeChainIsAskedFor) {
  const Successor false_card = successor("XB", card("XB"));
  const Successor true_card = successor("XB", card("XB"), true);
  w.connect("XA", "XC");
  add("XA", false_card.card.note);
  ASSERT_EQ(peer("XA", "XB").card.card_id, false_card.card.card_id);
  add("XC", true_card.card.note);
  auto& xc = w.core("XC").machine();
  ASSERT_TRUE(xc.book().confirm("XB", true_card.card.card_id, "jo", xc.book_time(w.now())));
  add("XA", *[&] {
    exchange::RevocationFields f;
    f.party = "XB";
    f.card_id = false_card.card.card_id;
    f.since_ms = kStartMs;
    f.reason = "It is not ours";
    return exchange::make_revocation(f, w.root_key("XB", true));
  }());
  ASSERT_EQ(peer("XC", "XB").card.card_id, true_card.card.card_id);
  ASSERT_TRUE(peer("XA", "XB").standing.revoked);
  w.advance(kHourMs);
  w.advance(kSecondMs);
  ASSERT_EQ(peer("XA", "XB").row.held.size(), 1u);
  EXPECT_EQ(peer("XA", "XB").row.held[0].card_id, true_card.card.card_id);
}

// Its safe time stands still until two parties were heard, and then goes on by months.
TEST_F(Spread, N016b_OfANodeThatWasAwayAHoldBeginsAtTheRightTime) {
  w.add("XD");
  w.verify_both("XA", "XD");
  const auto ab = w.connect("XA", "XB");
  w.connect("XA", "XC");
  w.stop("XA");
  static_cast<void>(ab);
  w.advance(60 * kDayMs);
  const Successor next = successor("XB", card("XB"));
  add("XC", next.card.note);
  w.start("XA");
  w.connect("XA", "XC");
  ASSERT_EQ(peer("XA", "XB").row.held.size(), 1u);
  w.connect("XA", "XD");  // the second party that says what time it is
  w.advance(kMinuteMs);
  EXPECT_EQ(peer("XA", "XB").card.serial, 1u);
  w.advance(exchange::kHoldMs - kHourMs);
  EXPECT_EQ(peer("XA", "XB").card.serial, 1u);
  w.advance(kHourMs);
  EXPECT_EQ(peer("XA", "XB").card.serial, 2u);
}

TEST_F(Spread, AnAskerGetsSoMuchAMinute) {
  const auto ac = w.connect("XA", "XC");
  said.clear();
  NotesWantFrame want;
  want.have.assign(exchange::kMaxCardHeads, {"XB", 0, 0, {}});
  for (std::uint32_t i = 0; i < exchange::kWantsPerMinute + 5; ++i) {
    w.inject(ac, "XC", exchange::encode_frame(want));
    w.run();
  }
  EXPECT_LE(count<NotesFrame>("XA", "XC"), exchange::kNotesSentPerMinute);
  EXPECT_GT(count<NotesFrame>("XA", "XC"), 0u);
  EXPECT_TRUE(is_up("XA", "XC"));
  w.advance(kMinuteMs);
  said.clear();
  w.inject(ac, "XC", exchange::encode_frame(NotesWantFrame{{{"XB", 0, 0, {}}}, {}}));
  w.run();
  ASSERT_EQ(count<NotesFrame>("XA", "XC"), 1u);
}

TEST_F(Spread, AStrangerIsAnsweredWithOurOwnNotesOnly) {
  w.add("XD");
  w.pin("XA", "XD", PeerLevel::kNone);
  w.pin("XD", "XA", PeerLevel::kVerified);
  const auto ad = w.connect("XA", "XD");
  said.clear();
  w.inject(ad, "XD", exchange::encode_frame(NotesWantFrame{{{"XB", 0, 0, {}}, {"XA", 0, 0, {}}}, {}}));
  w.run();
  ASSERT_EQ(count<NotesFrame>("XA", "XD"), 1u);
  for (const Said& one : said) {
    const auto* notes = std::get_if<NotesFrame>(&one.frame);
    if (notes == nullptr || one.from != "XA") continue;
    for (const std::string& note : notes->notes) {
      EXPECT_NE(note.find("\nparty XA\n"), std::string::npos);
    }
  }
}

TEST_F(Spread, NotesOfOthersAreTakenFromAnyLinkButMoreThanAMinuteHoldsEndsIt) {
  const auto ac = w.connect("XA", "XC");
  for (std::uint32_t i = 0; i <= exchange::kNotesPerMinute; ++i)
    w.inject(ac, "XC", exchange::encode_frame(NotesFrame{{}}));
  w.run();
  EXPECT_FALSE(is_up("XA", "XC"));
}

TEST_F(Spread, ASchedulesOfOthersIsCarriedToo) {
  const auto ac = w.connect("XA", "XC");
  exchange::ScheduleFields f = *exchange::parse_schedule(w.core("XB").self().schedule_note);
  f.serial += 7;
  const std::string newer = *exchange::make_schedule(f, w.keys("XB").sign);
  bring(ac, "XC", {newer});
  EXPECT_EQ(peer("XA", "XB").row.schedule_note, newer) << "only XB's sign key can have made it";
  f.serial += 1;
  bring(ac, "XC", {*exchange::make_schedule(f, w.keys("XC").sign)});
  EXPECT_EQ(peer("XA", "XB").row.schedule_note, newer);
}

TEST_F(Spread, N014_AForkIsToldToOthersWhoCheckIt) {
  w.add("XD");
  for (const char* party : {"XA", "XB", "XC"}) w.verify_both(party, "XD");
  const auto ac = w.connect("XA", "XC");
  w.connect("XA", "XD");
  const exchange::Card one = successor("XB", card("XB")).card, two = successor("XB", card("XB")).card;
  std::string forged = two.note;
  forged[forged.find("\nauthority ") + 12] ^= 1;
  w.inject(ac, "XC", exchange::encode_frame(GossipFrame{{{one.note, forged}}}));
  w.run();
  EXPECT_TRUE(w.view("XA").fork_proofs(9).empty()) << "the signature is checked";
  const auto held = ping("XA", "XB");
  w.inject(ac, "XC", exchange::encode_frame(GossipFrame{{{one.note, two.note}}}));
  w.run();
  for (const char* at : {"XA", "XD"}) {
    EXPECT_EQ(w.view(at).fork_proofs(9).size(), 1u) << at;
    EXPECT_EQ(w.leaves(at, store::LeafType::kForkProof), 1u) << at;
    EXPECT_EQ(peer(at, "XB").row.suspended, Suspension::kTwoCards) << at;
  }
  EXPECT_EQ(row("XA", held, "XB").state, OutboxState::kHeld);
  const std::size_t told = count<GossipFrame>("XD", "XA");
  w.advance(kHourMs);
  EXPECT_EQ(count<GossipFrame>("XD", "XA"), told) << "no loop";
  // Who was away is told at the next link.
  w.add("XE");
  for (const char* party : {"XA", "XB"}) w.verify_both(party, "XE");
  w.connect("XA", "XE");
  EXPECT_EQ(w.view("XE").fork_proofs(9).size(), 1u);
}

TEST_F(Spread, ASuspendedPartyIsSentNothingItsRecordsWaitAndItsReceiptsCount) {
  const auto ab = w.connect("XA", "XB");
  w.on_frame = nullptr;
  const auto sent = w.send("XA", "XB", "peer.ping", ping_body());
  exchange::Machine& machine = w.core("XA").machine();
  ASSERT_TRUE(machine.book().set_standing("XB", {PeerLevel::kVerified, Suspension::kOperator}, "",
                                          "jo: asked them", machine.book_time(w.now())));
  w.run();  // the record had left; its receipt comes now
  EXPECT_EQ(w.status_of("XA", sent, "XB"), 1u);
  const auto held = ping("XA", "XB");
  EXPECT_EQ(row("XA", held, "XB").state, OutboxState::kHeld);
  EXPECT_EQ(row("XA", held, "XB").reason, "the party is suspended here");
  const auto in = ping("XB", "XA");
  EXPECT_FALSE(w.has("XA", in));
  EXPECT_EQ(w.view("XA").waiting().size(), 1u);
  w.advance(40 * kDayMs);
  EXPECT_EQ(w.view("XA").waiting().size(), 1u) << "without an end after thirty days";
  ASSERT_TRUE(machine.book().set_standing("XB", {PeerLevel::kVerified, Suspension::kNone}, "",
                                          "jo: it is fine", machine.book_time(w.now())));
  w.run();
  static_cast<void>(ab);
  EXPECT_TRUE(w.has("XA", in));
}

TEST_F(Spread, N018_ARecoverySuspendsAtOnceAndTakesOverWhenConfirmed) {
  const auto ab = w.connect("XA", "XB");
  const auto ac = w.connect("XA", "XC");
  Successor recovery = successor("XB", card("XB"), true);
  bring(ac, "XC", {recovery.card.note});
  EXPECT_EQ(peer("XA", "XB").row.suspended, Suspension::kRecovery);
  const auto held = ping("XA", "XB");
  EXPECT_EQ(row("XA", held, "XB").state, OutboxState::kHeld);
  exchange::Machine& machine = w.core("XA").machine();
  ASSERT_TRUE(machine.book().confirm("XB", recovery.card.card_id, "jo", machine.book_time(w.now())));
  w.run();
  EXPECT_FALSE(is_up("XA", "XB")) << "the old transport key is nobody's now";
  static_cast<void>(ab);
  take_over("XB", std::move(recovery));
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", held, "XB"), 1u);
}

// Two introducers, a State that XA has never met, and XC that has.
class Introduced : public Noted {
 protected:
  void SetUp() override {
    make({"XA", "XC", "UNODA", "OSCE"});
    w.add("XD");
    w.verify_both("XC", "XD");
    w.core("XA").machine().book().set_policy({2, {"UNODA", "OSCE"}});
  }
  std::string list(const std::string& introducer, std::uint64_t serial, const std::string& party) {
    exchange::DirectoryFields f;
    f.introducer = introducer;
    f.serial = serial;
    if (serial > 1) f.prev = Hash32{1};
    f.entries = {{party, card(party).root, card(party).serial}};
    return *exchange::make_directory(f, w.root_key(introducer));
  }
};

TEST_F(Introduced, AStateThatTwoIntroducersListIsFoundAndLetIn) {
  add("XA", list("UNODA", 1, "XD"));
  w.connect("XA", "XC");
  EXPECT_EQ(w.core("XA").peers().find("XD"), nullptr) << "one of two";
  w.core("OSCE").self().notes = {list("OSCE", 1, "XD")};  // what its own node tells
  w.connect("XA", "OSCE");
  EXPECT_EQ(w.core("XA").machine().book().directories().size(), 2u);
  w.advance(kHourMs);
  w.advance(kSecondMs);
  w.advance(kHourMs);
  w.advance(kSecondMs);
  ASSERT_NE(w.core("XA").peers().find("XD"), nullptr) << "XC was asked for it";
  EXPECT_EQ(peer("XA", "XD").row.level, PeerLevel::kIntroduced);
  EXPECT_TRUE(peer("XA", "XD").schedule.has_value()) << "and can be reached";
  w.verify_both("XA", "XD");
}

TEST_F(Introduced, DirectoriesAreTold) {
  add("XC", list("UNODA", 3, "XD"));
  w.connect("XA", "XC");
  ASSERT_EQ(w.core("XA").machine().book().directories().size(), 1u);
  EXPECT_EQ(w.core("XA").machine().book().directories().at("UNODA").serial, 3u);
  w.crash("XA");
  EXPECT_EQ(w.core("XA").machine().book().directories().at("UNODA").serial, 3u);
}

TEST_F(Introduced, N024_TwoDirectoriesOfOneSerialAreFoundByTheirHeads) {
  add("XC", list("UNODA", 1, "XD"));
  add("XA", list("UNODA", 1, "XC"));
  w.connect("XA", "XC");
  for (const char* at : {"XA", "XC"}) {
    ASSERT_EQ(w.view(at).fork_proofs(9).size(), 1u) << at;
    EXPECT_EQ(w.view(at).fork_proofs(9)[0].party, "UNODA");
    EXPECT_FALSE(peer(at, "UNODA").standing.suspended) << at;
  }
}

}  // namespace
}  // namespace focal::test

// Goal: a revocation bites at once: on a live link, in the queue, on what comes in and on
// receipts; nothing is deleted, and a new card brings everything back.
// Method: whole nodes in one process; revocations and cards signed with the parties' root keys.
#include "node/exchange/disputed.h"
#include "tests/scenario/noted.h"

namespace focal::test {
namespace {

using exchange::RevocationScope;
using store::OutboxState;

class Revoked : public Noted {
 protected:
  void SetUp() override {
    make({"XA", "XB", "XC"});
    ab_ = w.connect("XA", "XB");
    ac_ = w.connect("XA", "XC");
  }
  exchange::LinkId ab_ = 0, ac_ = 0;
  // After the schedules were published: what was published before a theft is still used.
  static constexpr std::uint64_t kLater = kStartMs + kSecondMs;
};

TEST_F(Revoked, N085_TheLinkEndsAtOnceAndNothingPassesAnyMore) {
  const auto before = ping("XB", "XA");
  ASSERT_TRUE(w.has("XA", before));
  bring(ac_, "XC", {revocation("XB")});
  EXPECT_FALSE(is_up("XA", "XB"));
  EXPECT_TRUE(w.core("XA").machine().take_reach_changed()) << "the gate's list is another one";
  EXPECT_TRUE(w.has("XA", before)) << "nothing is deleted";
  // A link that was made before its party lost it, and records over it.
  w.connect("XA", "XB");
  EXPECT_FALSE(is_up("XA", "XB"));
  const auto after = ping("XB", "XA");
  EXPECT_FALSE(w.has("XA", after));
  w.crash("XA");
  w.connect("XA", "XB");
  EXPECT_FALSE(is_up("XA", "XB"));
  EXPECT_TRUE(peer("XA", "XB").standing.revoked);
}

// Frames that came in the same turn as the revocation meet it.
TEST_F(Revoked, N085_WhatComesBehindARevocationIsOfTheNextGroup) {
  exchange::Machine& machine = w.core("XA").machine();
  machine.frame(w.now(), ac_, exchange::encode_frame(exchange::NotesFrame{{revocation("XB")}}));
  EXPECT_TRUE(machine.group_is_full());
}

TEST_F(Revoked, RowsAreHeldWithTheReasonAndGoOnUnderTheNextCard) {
  w.cut(ab_);
  const auto waiting = ping("XA", "XB");
  bring(ac_, "XC", {revocation("XB")});
  EXPECT_EQ(row("XA", waiting, "XB").state, OutboxState::kHeld);
  EXPECT_EQ(row("XA", waiting, "XB").reason, "the party's card is revoked");
  const auto later = ping("XA", "XB");
  EXPECT_EQ(row("XA", later, "XB").state, OutboxState::kHeld) << "also what is released now";
  w.crash("XA");
  EXPECT_EQ(row("XA", later, "XB").state, OutboxState::kHeld);

  Successor next = successor("XB", card("XB"));
  add("XA", next.card.note);
  EXPECT_FALSE(peer("XA", "XB").standing.revoked);
  EXPECT_EQ(row("XA", waiting, "XB").state, OutboxState::kReady);
  add("XB", revocation("XB"));  // the owner's own node hears of it too
  take_over("XB", std::move(next));
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", waiting, "XB"), 1u);
  EXPECT_EQ(w.status_of("XA", later, "XB"), 1u);
}

// A recovery that is held, and then the revocation of the stolen card: what the owner wrote
// under the next one still waits for the officer's word.
TEST_F(Revoked, WhatWaitsForTheNextCardIsNotRefusedWithTheOldOne) {
  Successor next = successor("XB", card("XB"), true);
  const std::string recovery = next.card.note, revoked = revocation("XB");
  const Hash32 card_id = next.card.card_id;
  take_over("XB", std::move(next));
  const auto ref = ping("XB", "XA");
  ASSERT_EQ(w.core("XA").machine().waiting().size(), 1u);
  bring(ac_, "XC", {recovery});
  bring(ac_, "XC", {revoked});
  ASSERT_TRUE(peer("XA", "XB").standing.revoked);
  EXPECT_EQ(w.core("XA").machine().waiting().size(), 1u);
  EXPECT_FALSE(w.has("XA", ref));
  exchange::Machine& machine = w.core("XA").machine();
  ASSERT_TRUE(machine.book().confirm("XB", card_id, "jo", machine.book_time(w.now())));
  w.run();
  EXPECT_TRUE(w.has("XA", ref));
  EXPECT_EQ(w.core("XA").machine().waiting().size(), 0u);
}

TEST_F(Revoked, ARevocationIsForwardedAndReachesThoseWhoWereAway) {
  w.add("XD");
  for (const char* party : {"XA", "XB", "XC"}) w.verify_both(party, "XD");
  const auto ad = w.connect("XA", "XD");
  bring(ac_, "XC", {revocation("XB")});
  EXPECT_TRUE(peer("XD", "XB").standing.revoked) << "at once";
  const std::size_t notes = count<exchange::NotesFrame>("XA", "XC");
  bring(ad, "XD", {revocation("XB")});
  EXPECT_EQ(count<exchange::NotesFrame>("XA", "XC"), notes) << "no echo";
  w.add("XE");
  for (const char* party : {"XA", "XB"}) w.verify_both(party, "XE");
  EXPECT_FALSE(peer("XE", "XB").standing.revoked);
  w.connect("XA", "XE");
  EXPECT_TRUE(peer("XE", "XB").standing.revoked) << "at the next link";
}

TEST_F(Revoked, N022_ARevocationByTheOnlineKeysIsNothing) {
  exchange::RevocationFields f;
  f.party = "XB";
  f.card_id = card("XB").card_id;
  f.since_ms = kStartMs;
  f.reason = "a thief's idea";
  bring(ac_, "XC", {*exchange::make_revocation(f, w.keys("XB").sign)});
  EXPECT_TRUE(is_up("XA", "XB"));
  EXPECT_FALSE(peer("XA", "XB").standing.revoked);
  const auto ref = ping("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(Revoked, N042_RecordsUnderARevokedSignKeyAreSilent) {
  const auto known = ping("XB", "XA");
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, kLater)});
  EXPECT_TRUE(is_up("XA", "XB")) << "the link is another key's";
  const auto leaves = w.view("XA").log_size();
  const auto ref = ping("XB", "XA");
  EXPECT_FALSE(w.has("XA", ref));
  EXPECT_EQ(w.view("XA").log_size(), leaves) << "no leaf";
  EXPECT_GT(w.core("XA").machine().counters().silent.at(5), 0u);
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 0u) << "no receipt";
  EXPECT_EQ(row("XB", ref, "XA").state, OutboxState::kHeld) << "bounced: the sender sees it";
  // What was here before is answered as ever.
  EXPECT_TRUE(w.has("XA", known));
}

TEST_F(Revoked, WhatWasCommittedBeforeIsAnsweredAgain) {
  bool lose = true;
  w.on_frame = [&](const std::string& from, const std::string& to, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    return !(lose && from == "XA" && to == "XB" && parsed &&
             std::holds_alternative<exchange::DataFrame>(*parsed));
  };
  const auto ref = ping("XB", "XA");  // its receipt is lost with the link
  ASSERT_TRUE(w.has("XA", ref));
  ASSERT_EQ(w.status_of("XB", ref, "XA"), 0u);
  lose = false;
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, kLater)});
  w.crash("XB");  // it has forgotten what is under way
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 0u) << "sealed to nothing that a thief may have published";
  Successor next = successor("XB", card("XB"));
  add("XA", next.card.note);
  take_over("XB", std::move(next));
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XB", ref, "XA"), 1u);
}

TEST_F(Revoked, AReceiptUnderARevokedKeyEndsNothing) {
  bool lose = true;
  w.on_frame = [&](const std::string& from, const std::string& to, const Bytes& frame) {
    const auto parsed = exchange::parse_frame(frame);
    return !(lose && from == "XB" && to == "XA" && parsed &&
             std::holds_alternative<exchange::DataFrame>(*parsed));
  };
  const auto ref = ping("XA", "XB");  // its receipt is lost with the link
  ASSERT_TRUE(w.has("XB", ref));
  lose = false;
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, kLater)});
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u) << "a thief's word does not end it";
  EXPECT_EQ(w.leaves("XA", store::LeafType::kReceiptIn), 0u);
  // Under the next card the same item is answered again.
  Successor next = successor("XB", card("XB"));
  add("XA", next.card.note);
  take_over("XB", std::move(next));
  w.crash("XA");
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(Revoked, ScopeTransportEndsTheLinkAndNothingElse) {
  bring(ac_, "XC", {revocation("XB", RevocationScope::kTransport)});
  EXPECT_FALSE(is_up("XA", "XB"));
  EXPECT_FALSE(w.core("XA").peers().may_link(peer("XA", "XB")));
  EXPECT_FALSE(peer("XA", "XB").standing.revoked);
  const auto ref = ping("XA", "XB");
  EXPECT_EQ(row("XA", ref, "XB").state, OutboxState::kReady) << "it goes by the next link";
}

TEST_F(Revoked, ScopeSealWaitsForNewKeys) {
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSeal, w.now().wall_ms)});
  EXPECT_TRUE(is_up("XA", "XB"));
  const auto ref = ping("XA", "XB");
  EXPECT_EQ(row("XA", ref, "XB").state, OutboxState::kWaitSchedule);
  EXPECT_FALSE(w.has("XB", ref));
}

// The sealing keys that were published may be the thief's, whatever their serial says.
TEST_F(Revoked, ScopeSignSealsNothingToWhatThatKeyPublished) {
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, kLater)});
  const auto ref = ping("XA", "XB");
  EXPECT_EQ(row("XA", ref, "XB").state, OutboxState::kWaitSchedule);
  EXPECT_FALSE(w.has("XB", ref));
  Successor next = successor("XB", card("XB"));
  add("XA", next.card.note);
  take_over("XB", std::move(next));
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

// Root and node were stolen, and the owner's next root led back to the card before the thief's.
TEST_F(Revoked, CardsThatARecoveryThrewAwaySpeakNoMore) {
  const exchange::Card mine = card("XB");
  Successor thief = successor("XB", mine);
  const Successor recovery = successor("XB", mine, true);
  add("XA", thief.card.note);
  take_over("XB", std::move(thief));
  w.connect("XA", "XB");
  w.run();
  const auto before = ping("XB", "XA");
  ASSERT_TRUE(w.has("XA", before)) << "so far he is XB";
  const auto sent = [&] {
    bool lose = true;
    w.on_frame = [&lose](const std::string& from, const std::string& to, const Bytes& frame) {
      const auto parsed = exchange::parse_frame(frame);
      return !(lose && from == "XB" && to == "XA" && parsed &&
               std::holds_alternative<exchange::DataFrame>(*parsed));
    };
    const auto ref = ping("XA", "XB");
    w.on_frame = nullptr;
    return ref;
  }();
  add("XA", recovery.card.note);
  exchange::Machine& machine = w.core("XA").machine();
  ASSERT_TRUE(machine.book().confirm("XB", recovery.card.card_id, "jo", machine.book_time(w.now())));
  w.run();
  ASSERT_EQ(peer("XA", "XB").card.card_id, recovery.card.card_id);
  w.connect("XA", "XB");  // what he still has on his way
  w.run();
  EXPECT_FALSE(w.has("XA", ping("XB", "XA")));
  EXPECT_EQ(w.status_of("XA", sent, "XB"), 0u) << "nor does his receipt end anything";
  EXPECT_EQ(exchange::dispute_of(w.view("XA"), w.core("XA").peers(), *w.view("XA").find(before)).provenance,
            exchange::Provenance::kDisputed);
}

TEST_F(Revoked, RecordsAfterTheTheftAreDisputed) {
  const auto sound = ping("XB", "XA");
  w.advance(kHourMs);
  const std::uint64_t theft = w.now().wall_ms;
  const auto doubtful = ping("XB", "XA");
  const auto provenance = [&](const store::RecordRef& ref) {
    return exchange::dispute_of(w.view("XA"), w.core("XA").peers(), *w.view("XA").find(ref)).provenance;
  };
  EXPECT_EQ(provenance(sound), exchange::Provenance::kSound);
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, theft)});
  EXPECT_EQ(provenance(sound), exchange::Provenance::kRevokedLater);
  EXPECT_EQ(provenance(doubtful), exchange::Provenance::kDisputed);
  EXPECT_EQ(provenance(ping("XA", "XB")), exchange::Provenance::kSound) << "our own";
}

TEST_F(Revoked, WhatWaitsUnderARevokedKeyIsDropped) {
  w.pin("XA", "XB", store::PeerLevel::kNone);
  w.send("XB", "XA", "future.kind", to_bytes("x"));
  w.run();
  ASSERT_EQ(w.core("XA").machine().waiting().size(), 1u);
  bring(ac_, "XC", {revocation("XB", RevocationScope::kSign, kLater)});
  w.advance(kMinuteMs);
  EXPECT_EQ(w.core("XA").machine().waiting().size(), 0u);
  EXPECT_TRUE(w.view("XA").waiting().empty());
}

}  // namespace
}  // namespace focal::test

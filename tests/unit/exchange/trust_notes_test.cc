// Goal: revocations bite at once and by what they say, directories introduce and do nothing
// else, proofs are kept once, and no peer can fill the ledger with any of them.
// Method: honest and hostile notes against one book; what it holds is compared with the ledger.
#include "node/exchange/disputed.h"
#include "tests/unit/exchange/notes_fixture.h"

namespace focal::exchange {
namespace {

using test::revocation_of;
using Scope = RevocationScope;

TEST_F(Notes, ARevocationCountsAtOnceAndASuccessorEndsIt) {
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root), kByOther), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().standing.revoked);
  EXPECT_FALSE(w.peers.may_link(w.peer()));
  EXPECT_EQ(w.last_detail(), "REVOKED all since 2026-11-23T10:00:00Z, came over the link of XC");
  ASSERT_EQ(w.book.alarms().size(), 1u);
  w.restart();
  EXPECT_TRUE(w.peer().standing.revoked);
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root), kByOther), NoteTaken::kNothing);
  CardFields f = w.xb.fields_after(first);
  f.sign = f.log = f.witness = {};
  const TestParty fresh("XB", 151);
  f.transport = fresh.transport.pk;
  const Card next = test::made_card(f, {w.xb.root, fresh.sign, fresh.log, fresh.witness});
  EXPECT_EQ(w.taken(next.note, kByOfficer), NoteTaken::kStored);
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_EQ(w.peer().row.level, PeerLevel::kVerified) << "the former level";
  EXPECT_TRUE(w.peers.may_link(w.peer()));
}

TEST_F(Notes, TheEffectsOfARevocationAreTold) {
  ASSERT_TRUE(w.take(revocation_of(first, w.xb.next_root), kByOther).has_value());
  EXPECT_TRUE(w.book.standing_changes()) << "the group ends here";
  const auto effects = w.commit();
  ASSERT_EQ(effects.changed.size(), 1u);
  EXPECT_TRUE(effects.changed[0].standing);
  EXPECT_FALSE(effects.changed[0].transport) << "the same key, which may not link any more";
  ASSERT_EQ(effects.forward.size(), 1u);
  EXPECT_EQ(effects.forward[0].from, "XC");
  EXPECT_FALSE(w.book.standing_changes());
}

TEST_F(Notes, N022_ARevocationByTheSignKeyIsRefused) {
  EXPECT_EQ(w.refused(revocation_of(first, w.xb.sign), kByOwn), ErrorCode::kCardKey);
  EXPECT_EQ(w.refused(revocation_of(first, w.xc.root), kByOther), ErrorCode::kCardKey);
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_TRUE(w.peer().revocations.empty());
  std::string forged = revocation_of(first, w.xb.root);
  forged[forged.find("stolen")] = 'S';
  EXPECT_EQ(w.refused(forged, kByOfficer), ErrorCode::kSignature);
}

TEST_F(Notes, ARootThatWasRotatedAwayRevokesNothingMore) {
  const Card rotated = test::recovery_of(w.xb, first, &w.xb.root);
  EXPECT_EQ(w.taken(rotated.note, kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.refused(revocation_of(first, w.xb.root), kByOther), ErrorCode::kCardKey);
  EXPECT_EQ(w.taken(revocation_of(rotated, test::third_root()), kByOther), NoteTaken::kStored);
}

// A thief's card is revoked by the owner before this node has seen it.
TEST_F(Notes, ARevocationMayComeBeforeItsCard) {
  const Card thief = test::update_of(w.xb, first, "thief");
  EXPECT_EQ(w.taken(revocation_of(thief, w.xb.next_root), kByOther), NoteTaken::kStored);
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_EQ(w.taken(thief.note, kByOwn), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().standing.revoked);
  EXPECT_TRUE(w.peer().is_root_revoked());
  EXPECT_EQ(w.refused(test::update_of(w.xb, thief, "again").note, kByOfficer), ErrorCode::kCardChain)
      << "the owner has said that the root is in other hands";
}

TEST_F(Notes, EachScopeTakesItsKeysAndNoOther) {
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kTransport), kByOther), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().link_revoked);
  EXPECT_FALSE(w.peers.may_link(w.peer()));
  EXPECT_FALSE(w.peer().standing.revoked);
  EXPECT_FALSE(w.peer().revoked_since(first, Scope::kSign));
  EXPECT_NE(w.peer().key_for(w.now.wall_ms), nullptr);
  // A card that goes on with the revoked key has it revoked too.
  EXPECT_EQ(w.taken(test::update_of(w.xb, first).note, kByOfficer), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().link_revoked);
}

TEST_F(Notes, SealedIsNothingToKeysThatAreRevoked) {
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kSeal, w.now.wall_ms), kByOther),
            NoteTaken::kStored);
  EXPECT_EQ(w.peer().key_for(w.now.wall_ms), nullptr);
  EXPECT_EQ(w.peer().row.dead_kids.size(), kPublishedWeeks);
  EXPECT_TRUE(w.peers.may_link(w.peer()));
  w.restart();
  // A newer schedule with the old keys changes nothing, one with new keys does.
  const std::uint64_t later = serial_at(w.now.wall_ms) + 60;
  EXPECT_EQ(w.taken(schedule(later), kByOwn), NoteTaken::kStored);
  EXPECT_EQ(w.peer().key_for(w.now.wall_ms), nullptr);
  EXPECT_EQ(w.taken(schedule(later + 1, 3, 100), kByOwn), NoteTaken::kStored);
  ASSERT_NE(w.peer().key_for(w.now.wall_ms), nullptr);
  EXPECT_EQ(w.peer().key_for(w.now.wall_ms)->pk, to_bytes(ByteView(test::dh_key(100).pk)));
}

TEST_F(Notes, KeysPublishedBeforeTheTheftAreDeadWhereverTheyComeFrom) {
  BookWorld other;
  other.pin(first);  // no schedule here yet
  EXPECT_EQ(other.taken(revocation_of(first, w.xb.root, Scope::kSeal, w.now.wall_ms), kByOther),
            NoteTaken::kStored);
  EXPECT_EQ(other.taken(schedule(serial_at(w.now.wall_ms)), kByOther), NoteTaken::kStored);
  EXPECT_EQ(other.peer().key_for(w.now.wall_ms), nullptr);
}

TEST_F(Notes, ASignKeyThatIsRevokedPublishesNothing) {
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kSign, w.now.wall_ms), kByOther),
            NoteTaken::kStored);
  EXPECT_EQ(w.peer().key_for(w.now.wall_ms), nullptr)
      << "that the held one is older than the theft, only the stolen key says";
  EXPECT_EQ(w.refused(schedule(serial_at(w.now.wall_ms) + 60), kByOwn), ErrorCode::kCardKey);
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kSign, test::kIssuedMs - kDayMs), kByOther),
            NoteTaken::kStored)
      << "an earlier date adds something";
}

TEST_F(Notes, ASerialFromTheFarFutureIsNotTakenForAnOldOne) {
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kSeal, w.now.wall_ms), kByOther),
            NoteTaken::kStored);
  // In milliseconds it would be 384.
  EXPECT_EQ(w.taken(schedule(18'446'744'073'709'552u, 3, 100), kByOwn), NoteTaken::kStored);
  EXPECT_NE(w.peer().key_for(w.now.wall_ms), nullptr);
}

TEST_F(Notes, RevocationsOverLinksComeSoManyAMinuteButTheOneThatStopsTheParty) {
  std::size_t stored = 0;
  const auto bring = [&](std::uint64_t days, const crypto::SigningKey& key) {
    const auto taken = w.take(revocation_of(first, key, Scope::kSeal, test::kIssuedMs - days * kDayMs),
                              kByOther);
    stored += taken && *taken == NoteTaken::kStored ? 1 : 0;
    w.commit();
  };
  for (std::uint64_t i = 1; i <= 8; ++i) bring(i, w.xb.root);
  EXPECT_EQ(stored, kRevocationsPerMinute);
  bring(1, w.xb.next_root);
  EXPECT_EQ(stored, kRevocationsPerMinute + 1) << "one key does not stand in the other's way";
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root), kByOther), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().standing.revoked);
  w.pass(kMinuteMs);
  bring(8, w.xb.root);
  EXPECT_EQ(stored, kRevocationsPerMinute + 2) << "what was left out is taken when it comes again";
}

TEST_F(Notes, WhatWasHereBeforeTheTheftStands) {
  const std::uint64_t theft = w.now.wall_ms;
  EXPECT_EQ(judge_provenance(w.peer(), first, theft).provenance, Provenance::kSound);
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kSeal, theft), kByOther), NoteTaken::kStored);
  EXPECT_EQ(judge_provenance(w.peer(), first, theft + 5).provenance, Provenance::kSound);
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.root, Scope::kAll, theft), kByOther), NoteTaken::kStored);
  EXPECT_EQ(judge_provenance(w.peer(), first, theft - 1).provenance, Provenance::kRevokedLater);
  const Dispute after = judge_provenance(w.peer(), first, theft);
  EXPECT_EQ(after.provenance, Provenance::kDisputed);
  EXPECT_EQ(after.since_ms, theft / kSecondMs * kSecondMs);
  EXPECT_EQ(judge_provenance(w.peer(), first, theft + kDayMs, theft - 1).provenance,
            Provenance::kRevokedLater)
      << "a cosigned checkpoint had it before";
  EXPECT_EQ(judge_provenance(w.peer(), first, theft + kDayMs, theft).provenance, Provenance::kDisputed);
}

TEST_F(Notes, AThiefOfOneKeyLeavesRoomForTheOther) {
  std::size_t stored = 0;
  for (int i = 0; i < 20; ++i) {
    const Card invented = test::update_of(w.xb, first, "invented " + std::to_string(i));
    const auto taken = w.take(revocation_of(invented, w.xb.root), kByOther);
    stored += taken && *taken == NoteTaken::kStored ? 1 : 0;
    w.commit();
    w.pass(kMinuteMs);
  }
  EXPECT_EQ(stored, kMaxRevocations);
  EXPECT_EQ(w.taken(revocation_of(first, w.xb.next_root), kByOther), NoteTaken::kStored);
  EXPECT_TRUE(w.peer().standing.revoked);
}

TEST_F(Notes, RevocationsOfOneselfAreAnAlarm) {
  EXPECT_EQ(w.taken(revocation_of(w.own.card(), w.own.sign), kByOther), NoteTaken::kNothing);
  EXPECT_TRUE(w.book.alarms().empty());
  EXPECT_EQ(w.taken(revocation_of(w.own.card(), w.own.next_root), kByOther), NoteTaken::kNothing);
  ASSERT_EQ(w.book.alarms().size(), 1u);
  EXPECT_EQ(w.book.alarms()[0].party, "XA");
  EXPECT_EQ(w.taken(test::update_of(w.own, w.own.card()).note, kByOther), NoteTaken::kNothing);
  EXPECT_EQ(w.book.alarms().size(), 2u) << "a card of ours that we do not know";
}

TEST_F(Notes, AlarmsAreBoundedAndRepeatsAreOne) {
  for (int i = 0; i < 300; ++i)
    w.book.raise_alarm("XB", "alarm " + std::to_string(i % 150), w.time());
  EXPECT_EQ(w.book.alarms().size(), kMaxAlarms);
  w.book.raise_alarm("XB", "alarm 149", w.time());
  EXPECT_EQ(w.book.alarms().size(), kMaxAlarms);
}

TEST_F(Notes, N021_ASchedulesOfTheWrongKeyIsRefused) {
  ScheduleFields f = w.xb.schedule_fields();
  f.serial += 9;
  EXPECT_EQ(w.refused(TestParty::must(make_schedule(f, w.xc.sign)), kByOwn), ErrorCode::kCardKey);
  f.party = "XQ";
  EXPECT_EQ(w.taken(TestParty::must(make_schedule(f, w.xb.sign)), kByOther), NoteTaken::kNothing);
}

TEST_F(Notes, ASchedulesForkIsAProofAndSuspendsNobody) {
  const std::uint64_t serial = w.peer().schedule->serial;
  EXPECT_EQ(w.taken(schedule(serial, 4), kByOther), NoteTaken::kStored);
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_FALSE(w.peer().standing.suspended);
  EXPECT_EQ(w.peer().schedule->keys.size(), kPublishedWeeks) << "the held one stays";
  EXPECT_EQ(w.taken(schedule(serial, 5), kByOther), NoteTaken::kNothing) << "one proof is enough";
}

TEST_F(Notes, N014_AProofIsCheckedStoredOnceAndToldToOthers) {
  const Card one = test::update_of(w.xb, first, "one"), two = test::update_of(w.xb, first, "two");
  const auto forged = w.book.take_fork_proof(first.note, one.note, kByOther, w.time());
  EXPECT_EQ(forged.error().code, ErrorCode::kInvalid);
  ASSERT_TRUE(*w.book.take_fork_proof(one.note, two.note, kByOther, w.time()));
  const auto effects = w.commit();
  EXPECT_EQ(effects.forward.size(), 1u);
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_EQ(w.peer().row.suspended, Suspension::kTwoCards);
  EXPECT_NE(w.last_detail().find("SUSPENDED"), std::string::npos);
  w.restart();
  EXPECT_FALSE(*w.book.take_fork_proof(two.note, one.note, kByOther, w.time())) << "known";
  // Lifted by an operator it stays lifted: the same proof is no news.
  ASSERT_TRUE(w.book.set_standing("XB", {PeerLevel::kVerified, Suspension::kNone}, "", "jo", w.time()));
  w.commit();
  EXPECT_FALSE(*w.book.take_fork_proof(one.note, two.note, kByOther, w.time()));
  EXPECT_EQ(w.peer().row.suspended, Suspension::kNone);
  const TestParty stranger("XQ", 201);
  EXPECT_FALSE(*w.book.take_fork_proof(test::update_of(stranger, stranger.card(), "a").note,
                                       test::update_of(stranger, stranger.card(), "b").note, kByOther,
                                       w.time()))
      << "of nobody known here";
}

TEST_F(Notes, N015_AProofAboutAnOldSerialIsKeptAndSuspendsNobody) {
  const Card second = test::update_of(w.xb, first, "second");
  EXPECT_EQ(w.taken(second.note, kByOwn), NoteTaken::kStored);
  CardFields f = w.xb.fields();
  f.authority = {"another first card"};
  ASSERT_TRUE(*w.book.take_fork_proof(first.note, test::made_card(f, w.xb.keys()).note, kByOther,
                                      w.time()));
  w.commit();
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_EQ(w.peer().row.suspended, Suspension::kNone);
}

TEST_F(Notes, AThiefOfASignKeyCannotFillTheLedgerWithProofs) {
  std::size_t stored = 0;
  for (std::uint64_t serial = 1; serial < 30; ++serial) {
    const auto proof =
        w.book.take_fork_proof(schedule(serial, 3), schedule(serial, 4), kByOther, w.time());
    ASSERT_TRUE(proof.has_value()) << proof.error().message;
    stored += *proof ? 1 : 0;
  }
  w.commit();
  EXPECT_EQ(stored, kMaxForkProofs);
}

class Forked : public Notes {
 protected:
  // Two cards of that serial by that root.
  std::pair<Card, Card> twins(std::uint64_t serial, const crypto::SigningKey& root) {
    CardFields f = w.xb.fields_after(first);
    f.serial = serial;
    if (root.pk == w.xb.next_root.pk) f.next = next_root_hash(test::third_root().pk);
    const CardKeys keys{root, w.xb.sign, w.xb.log, w.xb.witness};
    f.authority = {"one"};
    const Card one = test::made_card(f, keys);
    f.authority = {"two"};
    return {one, test::made_card(f, keys)};
  }
  bool prove(std::uint64_t serial, const crypto::SigningKey& root) {
    const auto [one, two] = twins(serial, root);
    const auto taken = w.book.take_fork_proof(one.note, two.note, kByOther, w.time());
    EXPECT_TRUE(taken.has_value()) << taken.error().message;
    w.commit();
    return taken.value_or(false);
  }
  void resume() {
    ASSERT_TRUE(w.book.set_standing("XB", {PeerLevel::kVerified, Suspension::kNone}, "", "jo", w.time()));
    w.commit();
  }
  Suspension suspended() { return w.peer().row.suspended; }
};

// A retired root, stolen perhaps, must not take the place of a proof against the one of today.
TEST_F(Forked, ARetiredRootDoesNotUseUpTheProofsOfTodaysRoot) {
  EXPECT_EQ(w.taken(test::recovery_of(w.xb, first, &w.xb.root).note, kByOther), NoteTaken::kStored);
  for (std::uint64_t serial = 3; serial < 3 + kMaxForkProofs; ++serial)
    EXPECT_TRUE(prove(serial, w.xb.root));
  EXPECT_FALSE(prove(90, w.xb.root)) << "no place";
  EXPECT_EQ(suspended(), Suspension::kNone);
  EXPECT_EQ(w.proofs(), kMaxForkProofs);
  w.restart();
  EXPECT_TRUE(prove(3, w.xb.next_root));
  EXPECT_EQ(suspended(), Suspension::kTwoCards);
  EXPECT_EQ(w.proofs(), kMaxForkProofs + 1);
}

TEST_F(Forked, AProofWithoutAPlaceSuspendsAllTheSameAndOnce) {
  for (std::uint64_t serial = 2; serial < 2 + kMaxForkProofs; ++serial)
    EXPECT_TRUE(prove(serial, w.xb.root));
  resume();
  EXPECT_FALSE(prove(50, w.xb.root));
  EXPECT_EQ(suspended(), Suspension::kTwoCards);
  EXPECT_EQ(w.proofs(), kMaxForkProofs);
  resume();
  EXPECT_FALSE(prove(50, w.xb.root));
  EXPECT_EQ(suspended(), Suspension::kNone) << "it was decided";
}

TEST_F(Notes, WhatIsNoNoteIsRefused) {
  EXPECT_EQ(w.refused("hello\n", kByOther), ErrorCode::kNote);
  EXPECT_EQ(w.refused("", kByOther), ErrorCode::kNote);
  EXPECT_EQ(w.refused("focal-card/v1\nparty XB\n", kByOther), ErrorCode::kNote);
  EXPECT_EQ(w.refused(test::directory_of(TestParty("XQ", 201), 1, {}), kByOfficer), ErrorCode::kNotFound);
  EXPECT_EQ(w.taken(test::directory_of(TestParty("XQ", 201), 1, {}), kByOther), NoteTaken::kNothing);
}

}  // namespace
}  // namespace focal::exchange

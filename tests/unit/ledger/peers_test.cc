// Goal: pinned parties, trust, schedules, operators' acts and waiting envelopes
// are kept as given, and every one that must leave a leaf leaves one.
// Method: round trips, restarts, undone groups.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger_world.h"

namespace focal::ledger {
namespace {

class Peers : public testing::Test {
 protected:
  void SetUp() override { world.create(); }
  store::PeerRow row(const std::string& party, const std::string& card = "card one") {
    store::PeerRow out;
    out.party = party;
    out.card_note = card;
    out.schedule_note = "schedule of " + party;
    out.added_ms = world.now;
    return out;
  }
  store::PutPeer put(const store::PeerRow& peer) {
    return {peer, crypto::sha256(std::string_view(peer.card_note))};
  }
  store::PeerRow only() {
    const auto all = world->peers();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? store::PeerRow{} : all[0];
  }
  World world;
};

TEST_F(Peers, PinningLeavesALeafAndEverythingComesBack) {
  auto peer = row("XB");
  peer.level = store::PeerLevel::kIntroduced;
  peer.suspended = store::Suspension::kTwoCards;
  peer.suspended_ms = 4;
  peer.introduced_by = {"UNODA", "OSCE"};
  peer.dead_kids = {Id16{1, 2}, Id16{3}};
  peer.verified_ms = 5;
  peer.verified_how = "PHONE";
  world.commit({put(peer)});
  EXPECT_EQ(world->leaf(0)->type, store::LeafType::kPeerCard);
  EXPECT_EQ(world->leaf(0)->ref, crypto::sha256(std::string_view("card one")));
  EXPECT_EQ(world->tail(1)[0].peer, "XB");
  ASSERT_TRUE(world.open());
  const auto back = only();
  EXPECT_EQ(back.party, "XB");
  EXPECT_EQ(back.level, store::PeerLevel::kIntroduced);
  EXPECT_EQ(back.suspended, store::Suspension::kTwoCards);
  EXPECT_EQ(back.suspended_ms, 4u);
  EXPECT_EQ(back.dead_kids, peer.dead_kids);
  EXPECT_EQ(back.introduced_by, (std::vector<std::string>{"UNODA", "OSCE"}));
  EXPECT_EQ(back.card_note, "card one");
  EXPECT_EQ(back.schedule_note, "schedule of XB");
  EXPECT_TRUE(back.old_cards.empty());
  EXPECT_EQ(back.added_ms, world.now);
  EXPECT_EQ(back.verified_ms, 5u);
  EXPECT_EQ(back.verified_how, "PHONE");
}

TEST_F(Peers, ANewCardMovesTheOldOnesToHistory) {
  world.commit({put(row("XB", "one")), put(row("XC", "other"))});
  world.commit({put(row("XB", "two")), put(row("XB", "two")), put(row("XB", "three"))});
  EXPECT_EQ(world->log_size(), 4);  // the same card again leaves no leaf
  ASSERT_TRUE(world.open());
  const auto peers = world->peers();
  ASSERT_EQ(peers.size(), 2u);
  EXPECT_EQ(peers[0].card_note, "three");
  EXPECT_EQ(peers[0].old_cards, (std::vector<std::string>{"two", "one"}));
  EXPECT_TRUE(peers[1].old_cards.empty());
}

TEST_F(Peers, TrustIsLoggedWithASealedDetail) {
  world.commit({put(row("XB"))});
  const Hash32 card = world.rng.array<32>();
  world.now += 1000;
  world.commit({store::SetTrust{"XB", card, store::PeerLevel::kVerified, store::Suspension::kNone, "PHONE",
                                "officer 7 read the number to Mr B"}});
  EXPECT_EQ(only().level, store::PeerLevel::kVerified);
  EXPECT_EQ(only().verified_how, "PHONE");
  EXPECT_EQ(only().verified_ms, world.now);
  EXPECT_EQ(only().card_note, "card one");
  const auto leaf = world->leaf(1);
  EXPECT_EQ(leaf->type, store::LeafType::kPeerVerified);
  EXPECT_EQ(leaf->ref, card);
  EXPECT_NE(leaf->detail, Hash32{});
  EXPECT_EQ(world->tail(1)[0].peer, "XB");
  EXPECT_EQ(world->detail(1).value(), "officer 7 read the number to Mr B");
  // Suspended keeps how it was verified; back to NONE forgets it.
  world.commit({store::SetTrust{"XB", card, store::PeerLevel::kVerified, store::Suspension::kOperator, "", "suspended"}});
  EXPECT_EQ(only().suspended, store::Suspension::kOperator);
  EXPECT_EQ(only().suspended_ms, world.now);
  EXPECT_EQ(only().verified_how, "PHONE");
  world.commit({store::SetTrust{"XB", card, store::PeerLevel::kNone, store::Suspension::kNone, "", "mistake"}});
  EXPECT_EQ(only().verified_ms, 0u);
  EXPECT_EQ(only().suspended, store::Suspension::kNone);
  EXPECT_EQ(only().suspended_ms, 0u);
  EXPECT_EQ(world
                .try_commit(
                    {store::SetTrust{"XQ", card, store::PeerLevel::kVerified, store::Suspension::kNone, "PHONE", ""}})
                .error()
                .code,
            ErrorCode::kState);
}

TEST_F(Peers, AnActorStandsAtTheLeafOfACard) {
  auto pinned = put(row("XB"));
  pinned.detail = "added by jo";
  world.commit({pinned});
  EXPECT_EQ(world->detail(0).value(), "added by jo");
  EXPECT_EQ(world->tail(1)[0].type, "PEER_CARD");
  EXPECT_EQ(world->tail(1)[0].peer, "XB");
}

TEST_F(Peers, IntroducersAreRememberedUntilNothingIsTrusted) {
  world.commit({put(row("XB"))});
  const Hash32 card = world.rng.array<32>();
  const auto set = [&](store::PeerLevel level, std::vector<std::string> by) {
    world.commit({store::SetTrust{"XB", card, level, store::Suspension::kNone, "", "why", std::move(by)}});
  };
  set(store::PeerLevel::kIntroduced, {"UNODA", "OSCE"});
  EXPECT_EQ(only().introduced_by, (std::vector<std::string>{"UNODA", "OSCE"}));
  set(store::PeerLevel::kVerified, {});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(only().introduced_by, (std::vector<std::string>{"UNODA", "OSCE"}));
  world.commit({store::SetTrust{"XB", card, store::PeerLevel::kVerified, store::Suspension::kNone, "PHONE", "why"}});
  set(store::PeerLevel::kIntroduced, {"UNODA"});
  EXPECT_EQ(only().verified_how, "") << "below VERIFIED nothing is left of it";
  EXPECT_EQ(only().verified_ms, 0u);
  set(store::PeerLevel::kNone, {});
  EXPECT_TRUE(only().introduced_by.empty());
}

TEST_F(Peers, SchedulesOfPeersAndOurOwn) {
  world.commit({put(row("XB"))});
  EXPECT_EQ(world->own_schedule(), "");
  world.commit({store::PutSchedule{"XB", "newer"}, store::PutSchedule{kParty, "own one"}});
  EXPECT_EQ(only().schedule_note, "newer");
  EXPECT_EQ(world->own_schedule(), "own one");
  EXPECT_EQ(world->leaf(1)->type, store::LeafType::kKeyEpoch);
  EXPECT_EQ(world->leaf(1)->ref, crypto::sha256(std::string_view("own one")));
  world.commit({store::PutSchedule{kParty, "own two"}});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->own_schedule(), "own two");
  EXPECT_EQ(world.try_commit({store::PutSchedule{"XQ", "note"}}).error().code, ErrorCode::kState);
}

TEST_F(Peers, AnUndoneGroupLeavesThePeersAsTheyWere) {
  world.commit({put(row("XB"))});
  EXPECT_EQ(only().card_note, "card one");
  EXPECT_FALSE(world.try_commit(
      {put(row("XB", "card two")), put(row("XC")), store::PutSchedule{"XQ", "fails"}}));
  EXPECT_EQ(only().card_note, "card one");
}

TEST_F(Peers, NoMoreThanTheLimit) {
  std::vector<store::Op> ops;
  for (std::size_t i = 0; i < kMaxPeers; ++i)
    ops.push_back(put(row("X" + std::to_string(100 + i))));
  world.commit(ops);
  EXPECT_EQ(world.try_commit({put(row("XTOOMANY"))}).error().code, ErrorCode::kLimit);
  EXPECT_TRUE(world.try_commit({put(row("X100", "new card"))}));
}

TEST_F(Peers, AdminDetailIsSealedCommittedAndReadBack) {
  const Hash32 ref = world.rng.array<32>();
  world.commit({store::PutAdmin{ref, "operator jo cancelled batch 7"}});
  EXPECT_EQ(world->leaf(0)->type, store::LeafType::kAdmin);
  EXPECT_EQ(world->leaf(0)->ref, ref);
  EXPECT_EQ(world->detail(0).value(), "operator jo cancelled batch 7");
  EXPECT_EQ(world->detail(1).error().code, ErrorCode::kNotFound);
  world.keks.keys.begin()->second[0] ^= 1;
  EXPECT_EQ(world->detail(0).error().code, ErrorCode::kCorrupt);
  world.keks.keys.begin()->second[0] ^= 1;
  world.close();
  world.check();
}

TEST_F(Peers, ADetailMovedToAnotherLeafShows) {
  const Hash32 ref = world.rng.array<32>();  // the same ref, so that only the commitment differs
  world.commit({store::PutAdmin{ref, "allowed"}, store::PutAdmin{ref, "refused"}});
  world.close();
  tamper(world.folder.ledger(),
         "UPDATE detail SET (kek,wrapped,ct)=(SELECT kek,wrapped,ct FROM detail WHERE idx=1) "
         "WHERE idx=0;");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->detail(0).error().code, ErrorCode::kCorrupt);
}

store::PutWaiting waiting(World& world, const std::string& inner) {
  store::PutWaiting op;
  op.head.inner_hash = crypto::sha256(std::string_view(inner));
  op.head.link_peer = "XB";
  op.head.reason = store::WaitReason::kClock;
  op.head.since_ms = world.now;
  op.head.env_id = world.rng.array<32>();
  op.head.size = inner.size();
  op.inner = to_bytes(inner);
  return op;
}

TEST_F(Peers, WaitingEnvelopesAreUniqueReadOneByOneAndDropped) {
  const auto one = waiting(world, "inner one");
  auto two = waiting(world, "inner two is longer");
  two.head.link_peer = "XC";
  world.commit({one, two, one});
  world.commit({one});
  EXPECT_EQ(world->log_size(), 0);  // no leaf: nothing is promised
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->waiting(), (std::vector{one.head, two.head}));
  EXPECT_EQ(world->waiting_inner(one.head.inner_hash).value(), one.inner);
  EXPECT_EQ(world->waiting_inner(two.head.inner_hash).value(), two.inner);
  world.commit({store::DropWaiting{one.head.inner_hash}, store::DropWaiting{one.head.inner_hash}});
  EXPECT_EQ(world->waiting(), std::vector{two.head});
  EXPECT_EQ(world->waiting_inner(one.head.inner_hash).error().code, ErrorCode::kNotFound);
  world.keks.keys.clear();
  EXPECT_EQ(world->waiting_inner(two.head.inner_hash).error().code, ErrorCode::kCorrupt);
}

// The seal is bound to H(Inner), part 3, and to nothing else (docs/protocol.md, "At rest").
TEST_F(Peers, AWaitingEnvelopeIsSealedUnderTheHashOfItsText) {
  const auto row = waiting(world, "inner one");
  world.commit({row});
  static constexpr char kSealed[] = "SELECT kek,wrapped,ct FROM waiting";
  {
    Query query(world->driver(), kSealed);
    ASSERT_TRUE(query.row());
    const auto key = world.keks.find(query.number<KekId>(0));
    ASSERT_TRUE(key);
    const auto opened = crypto::open_at_rest(*key, row.head.inner_hash, crypto::RestPart::kWaiting,
                                             query.blob(1), query.blob(2));
    ASSERT_TRUE(opened);
    EXPECT_EQ(*opened, row.inner);
    EXPECT_FALSE(crypto::open_at_rest(*key, row.head.env_id, crypto::RestPart::kWaiting, query.blob(1),
                                      query.blob(2)));
  }
  world.close();
  tamper(world.folder.ledger(), "UPDATE waiting SET inner_hash=zeroblob(32);");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->waiting_inner(Hash32{}).error().code, ErrorCode::kCorrupt);  // not as another one
}

}  // namespace
}  // namespace focal::ledger

// Goal: what stands in memory about a party is what its stored notes prove; a note
// that was damaged in the ledger is found at start. Method: rows with real notes, then
// each note damaged or of somebody else.
#include "node/exchange/peers.h"

#include <gtest/gtest.h>

#include "tests/unit/exchange/samples.h"

namespace focal::exchange {
namespace {

using test::TestParty;

struct PeersTest : ::testing::Test {
  TestParty party{"XB", 51};
  Peers peers;

  store::PeerRow row() const {
    store::PeerRow r;
    r.party = "XB";
    r.level = store::PeerLevel::kVerified;
    r.card_note = party.card_note();
    r.schedule_note = party.schedule_note();
    return r;
  }
  void expect_corrupt(const store::PeerRow& r) {
    const Status status = peers.put(r);
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(status.error().message.find("XB"), std::string::npos) << "says whose notes";
    EXPECT_FALSE(status.error().hint.empty());
    EXPECT_EQ(peers.find("XB"), nullptr) << "nothing half loaded";
  }
  // Whoever may publish the next schedule must not be able to stop the node with this one.
  void expect_no_schedule(const store::PeerRow& r) {
    ASSERT_TRUE(peers.put(r).has_value());
    const Peer* peer = peers.find("XB");
    ASSERT_NE(peer, nullptr);
    EXPECT_FALSE(peer->schedule.has_value());
    EXPECT_FALSE(peer->schedule_trouble.empty());
    EXPECT_EQ(peer->row.schedule_note, "") << "it is handed on to nobody";
    EXPECT_EQ(peer->key_for(test::kIssuedMs), nullptr);
  }
};

TEST_F(PeersTest, LoadsWhatTheNotesProve) {
  ASSERT_TRUE(peers.load({row()}).has_value());
  const Peer* peer = peers.find("XB");
  ASSERT_NE(peer, nullptr);
  EXPECT_EQ(peer->card.card_id, party.card().card_id);
  ASSERT_TRUE(peer->schedule.has_value());
  EXPECT_EQ(peer->standing.level, TrustLevel::kVerified);
  EXPECT_FALSE(peer->standing.suspended);
  EXPECT_EQ(peers.find("XC"), nullptr);
  EXPECT_EQ(peers.all().size(), 1u);
}

TEST_F(PeersTest, N041_ASupersededCardIsOutOfUseAfter400Days) {
  Peer peer;
  const auto made = [](std::uint8_t id, std::uint64_t issued_ms) {
    Card card;
    card.card_id[0] = id;
    card.issued_ms = issued_ms;
    return card;
  };
  peer.card = made(3, 3000 * kDayMs);
  peer.old_cards = {made(2, 2000 * kDayMs), made(1, 1000 * kDayMs)};
  const auto out = [&](std::uint8_t id, std::uint64_t day) {
    return peer.is_out_of_use(*peer.find_card(made(id, 0).card_id), day * kDayMs);
  };
  EXPECT_FALSE(out(2, 3400));
  EXPECT_TRUE(out(2, 3401)) << "its successor is of day 3000";
  EXPECT_FALSE(out(1, 2400));
  EXPECT_TRUE(out(1, 2401));
  EXPECT_FALSE(out(3, 100'000)) << "the pinned card is not superseded";
}

TEST_F(PeersTest, StandingComesFromTheRow) {
  store::PeerRow r = row();
  r.level = store::PeerLevel::kNone;
  r.suspended = store::Suspension::kOperator;
  ASSERT_TRUE(peers.put(r).has_value());
  EXPECT_EQ(peers.find("XB")->standing.level, TrustLevel::kNone);
  EXPECT_TRUE(peers.find("XB")->standing.suspended);
  ASSERT_TRUE(peers.load({}).has_value());
  EXPECT_TRUE(peers.all().empty());
}

TEST_F(PeersTest, ScheduleMayBeMissing) {
  store::PeerRow r = row();
  r.schedule_note.clear();
  ASSERT_TRUE(peers.put(r).has_value());
  EXPECT_FALSE(peers.find("XB")->schedule.has_value());
}

TEST_F(PeersTest, DamagedCardIsCorrupt) {
  const std::string good = row().card_note;
  for (std::size_t i = 0; i < good.size(); i += 41) {
    store::PeerRow r = row();
    r.card_note[i] = static_cast<char>(r.card_note[i] ^ 1);
    expect_corrupt(r);
  }
  store::PeerRow empty = row();
  empty.card_note.clear();
  expect_corrupt(empty);
}

TEST_F(PeersTest, AScheduleThatNoLongerParsesCountsAsNone) {
  store::PeerRow r = row();
  r.schedule_note[r.schedule_note.size() / 2] ^= 1;
  expect_no_schedule(r);
}

TEST_F(PeersTest, AScheduleThatDoesNotFitTheCardCountsAsNone) {
  store::PeerRow r = row();
  r.schedule_note = TestParty("XB", 61).schedule_note();  // same name, another sign key
  expect_no_schedule(r);
  r.schedule_note = TestParty("XC", 51).schedule_note();  // same key, another name
  expect_no_schedule(r);
  ScheduleFields f = party.schedule_fields(2);
  for (int week = 0; week < 2; ++week)
    f.keys.push_back(make_seal_key(Bytes(40, static_cast<std::uint8_t>(week + 1)),
                                   f.keys[static_cast<std::size_t>(week)].not_before_ms, 2));
  r.schedule_note = TestParty::must(make_schedule(f, party.sign));  // a suite the card has not
  expect_no_schedule(r);
}

TEST_F(PeersTest, DamagedOldCardIsCorrupt) {
  store::PeerRow r = row();
  r.old_cards = {r.card_note};
  r.old_cards[0][100] ^= 1;
  expect_corrupt(r);
}

TEST_F(PeersTest, SupersededCardsAreFoundById) {
  const Card first = party.card();
  const std::string second_note =
      TestParty::must(make_card(party.fields_after(first), party.keys()));
  const Card second = TestParty::must(parse_card(second_note));
  store::PeerRow r = row();
  r.card_note = second_note;
  r.old_cards = {first.note};
  ASSERT_TRUE(peers.put(r).has_value());
  const Peer* peer = peers.find("XB");
  EXPECT_EQ(peer->card.card_id, second.card_id);
  ASSERT_NE(peer->find_card(first.card_id), nullptr);
  EXPECT_EQ(peer->find_card(first.card_id)->serial, 1u);
  EXPECT_EQ(peer->find_card(second.card_id), &peer->card);
  EXPECT_EQ(peer->find_card(Hash32{1}), nullptr);
}

TEST_F(PeersTest, N020_PinnedKeysHoldOldAndNewCards) {
  store::PeerRow r = row();
  ASSERT_TRUE(peers.put(r).has_value());
  const PinnedKeys keys = peers.pinned_keys();
  for (const auto& key : {party.root.pk, party.sign.pk, party.log.pk, party.witness.pk})
    EXPECT_EQ(keys.proven.at(key), "XB");
  EXPECT_EQ(keys.transport.at(party.transport.pk), "XB");
  EXPECT_FALSE(keys.proven.contains(party.transport.pk)) << "nobody has shown that he holds it";
  TestParty thief("XC", 81);
  thief.sign = crypto::signing_key_from_seed(party.sign.seed.clone());
  EXPECT_EQ(check_keys_unpinned(thief.card(), keys).error().code, ErrorCode::kCardKey);
  EXPECT_TRUE(check_keys_unpinned(TestParty("XC", 81).card(), keys).has_value());
}

}  // namespace
}  // namespace focal::exchange

// Goal: held cards, revocations, directories and fork proofs are kept as given, once, and
// what was decided leaves a leaf with its actor.
// Method: round trips through a restart, repeats, unknown parties, undone groups.
#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "ledger_world.h"

namespace focal::ledger {
namespace {

class PeerNotes : public testing::Test {
 protected:
  void SetUp() override {
    world.create();
    world.add_signer("XB");
    world.add_signer("UNODA");
    world.commit({world.pin("XB"), world.pin("UNODA")});
  }
  store::PeerRow xb() {
    for (const auto& row : world->peers())
      if (row.party == "XB") return row;
    ADD_FAILURE() << "XB is gone";
    return {};
  }
  store::HeldCard held(std::uint8_t name, const std::string& from) {
    store::HeldCard card;
    card.card_id[0] = name;
    card.why = store::HoldWhy::kRecovery;
    card.since_ms = world.now + name;
    card.from = from;
    card.note = "held card " + std::to_string(name);
    return card;
  }
  World world;
};

TEST_F(PeerNotes, AHeldCardIsKeptWithoutALeafUntilItIsDropped) {
  const auto leaves = world->log_size();
  auto one = held(1, "XC");
  const auto two = held(2, "");
  world.commit({store::PutHeldCard{"XB", one}, store::PutHeldCard{"XB", two}});
  EXPECT_EQ(world->log_size(), leaves);
  ASSERT_TRUE(world.open());
  EXPECT_EQ(xb().held, (std::vector{one, two}));
  one.why = store::HoldWhy::kBehind;
  world.commit({store::PutHeldCard{"XB", one}, world.pin("XB")});  // a row put does not lose it
  EXPECT_EQ(xb().held, (std::vector{one, two}));
  world.commit({store::DropHeldCard{"XB", one.card_id}, store::DropHeldCard{"XB", one.card_id}});
  EXPECT_EQ(xb().held, std::vector{two});
  EXPECT_EQ(world.try_commit({store::PutHeldCard{"XQ", one}}).error().code, ErrorCode::kState);
  EXPECT_FALSE(world.try_commit({store::DropHeldCard{"XB", two.card_id},
                                 store::PutHeldCard{"XQ", one}}));
  EXPECT_EQ(xb().held, std::vector{two});
}

TEST_F(PeerNotes, ARevocationLeavesALeafOnce) {
  const Hash32 id = crypto::sha256(std::string_view("text"));
  const store::PutRevocation op{"XB", "the note", id, "came from XC"};
  const auto leaves = world->log_size();
  world.commit({op, op});
  world.commit({op});
  EXPECT_EQ(world->log_size(), leaves + 1);
  EXPECT_EQ(world->leaf(leaves)->type, store::LeafType::kPeerCard);
  EXPECT_EQ(world->leaf(leaves)->ref, id);
  EXPECT_EQ(world->detail(leaves).value(), "came from XC");
  EXPECT_EQ(world->tail(1)[0].peer, "XB");
  world.now += 9;
  world.commit({store::PutRevocation{"XB", "another", crypto::sha256(std::string_view("2")), ""}});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(xb().revocations,
            (std::vector<store::RevocationRow>{{leaves + 1, world.now, "another"},
                                               {leaves, world.now - 9, "the note"}}));
  EXPECT_EQ(world.try_commit({store::PutRevocation{"XQ", "n", world.rng.array<32>(), ""}})
                .error().code,
            ErrorCode::kState);
}

// After a recovery the serials of an introducer begin anew: the newest is what came last.
TEST_F(PeerNotes, DirectoriesAreReadByIntroducerAndSerial) {
  const auto put = [&](std::uint64_t serial, const std::string& note) {
    world.commit({store::PutDirectory{"UNODA", serial, note,
                                      crypto::sha256(std::string_view(note)), "by jo"}});
  };
  put(7, "seven");
  put(99, "ninety-nine");
  put(9, "another nine");
  put(9, "nine");
  put(9, "another nine");
  ASSERT_TRUE(world.open());
  ASSERT_EQ(world->directories().size(), 1u);
  const auto newest = world->directories()[0];
  EXPECT_EQ(newest.introducer, "UNODA");
  EXPECT_EQ(newest.serial, 9u);
  EXPECT_EQ(newest.note, "nine");
  EXPECT_EQ(newest.at_ms, world.now);
  EXPECT_EQ(world->directory("UNODA", 7)->note, "seven");
  EXPECT_FALSE(world->directory("UNODA", 6));
  EXPECT_FALSE(world->directory("XB", 7));
  EXPECT_EQ(world->tail(1)[0].type, "PEER_CARD");
  EXPECT_EQ(world.try_commit({store::PutDirectory{"XQ", 1, "n", world.rng.array<32>(), ""}})
                .error().code,
            ErrorCode::kState);
}

TEST_F(PeerNotes, AForkProofIsKeptOnceAlsoOfAStranger) {
  const Hash32 id = store::fork_proof_ref(crypto::sha256(std::string_view("a")),
                                          crypto::sha256(std::string_view("b")));
  const store::PutForkProof op{"XZ", "note a", "note b", id, "came from XC"};
  const auto leaves = world->log_size();
  world.commit({op, op});
  world.commit({store::PutForkProof{"XB", "c", "d", world.rng.array<32>(), ""}, op});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->log_size(), leaves + 2);
  EXPECT_EQ(world->leaf(leaves)->type, store::LeafType::kForkProof);
  EXPECT_EQ(world->leaf(leaves)->ref, id);
  EXPECT_EQ(world->tail(2)[0].peer, "XZ");
  const auto proofs = world->fork_proofs(9);
  ASSERT_EQ(proofs.size(), 2u);
  EXPECT_EQ(proofs[0].party, "XB");
  EXPECT_EQ(proofs[1].a, "note a");
  EXPECT_EQ(proofs[1].b, "note b");
  EXPECT_EQ(proofs[1].at_ms, world.now);
  EXPECT_EQ(world->fork_proofs(1).size(), 1u);
}

TEST_F(PeerNotes, WhatIsSaidOfAPartyIsFoundByItNewestFirst) {
  const auto before = world->peer_acts("XB", 9).size();
  world.commit({store::SetTrust{"XB", {}, store::PeerLevel::kVerified, store::Suspension::kNone,
                                "PHONE", "VERIFIED PHONE by jo"}});
  world.now += 5;
  world.commit({store::PutRevocation{"XB", "n", world.rng.array<32>(), "came from XC"},
                store::PutForkProof{"UNODA", "a", "b", world.rng.array<32>(), "of another"}});
  ASSERT_TRUE(world.open());
  const auto acts = world->peer_acts("XB", 9);
  ASSERT_EQ(acts.size(), before + 2);
  EXPECT_EQ(acts[0].type, "PEER_CARD");
  EXPECT_EQ(acts[0].detail, "came from XC");
  EXPECT_EQ(acts[0].at_ms, world.now);
  EXPECT_EQ(acts[1].type, "PEER_VERIFIED");
  EXPECT_EQ(acts[1].detail, "VERIFIED PHONE by jo");
  EXPECT_EQ(world->leaf(acts[1].idx)->type, store::LeafType::kPeerVerified);
  EXPECT_EQ(world->peer_acts("XB", 1).size(), 1u);
  EXPECT_EQ(world->peer_acts("UNODA", 9)[0].type, "FORK_PROOF");
  EXPECT_TRUE(world->peer_acts("XQ", 9).empty());
}

}  // namespace
}  // namespace focal::ledger

// Goal: a card of our own is in the ledger whole or not at all; a new log key continues
// the log under a new name; a log whose name changed still verifies, each checkpoint and
// each statement under the keys of its time, and a change to any of it is found.
// Method: round trips and undone groups, then one change to a closed file at a time.
#include <gtest/gtest.h>

#include <fstream>

#include "crypto/hash.h"
#include "ledger_world.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

// A card of this node for tests: generation, keys, predecessor; not the real format.
struct Own {
  std::string note;
  Hash32 id{};
  std::string origin;
  crypto::SigningKey sign, log;
  std::optional<Hash32> prev;
};

class OwnCards : public testing::Test {
 protected:
  void SetUp() override {
    world.create();
    world.add_signer("XB");
  }
  // Generation 0: as the one before.
  Own& add(unsigned generation, bool new_keys = true) {
    Own own;
    const Own* before = cards.empty() ? nullptr : &cards.back();
    own.sign = keys(before != nullptr && !new_keys ? &before->sign : nullptr);
    own.log = keys(before != nullptr && !new_keys ? &before->log : nullptr);
    own.origin = "focal/XA/log/" + std::to_string(generation);
    if (before != nullptr) own.prev = before->id;
    own.note = "own card " + std::to_string(cards.size() + 1);
    own.id = crypto::sha256(std::string_view(own.note));
    cards.push_back(std::move(own));
    return cards.back();
  }
  crypto::SigningKey keys(const crypto::SigningKey* same) {
    return same == nullptr ? crypto::make_signing_key(world.rng)
                           : crypto::signing_key_from_seed(same->seed.clone());
  }
  static store::PutOwnCard put(const Own& own) { return {own.note, own.id, own.origin, "by jo"}; }
  void in_force(const Own& own) {
    world.commit({put(own)});
    world.signers[kParty] = {crypto::signing_key_from_seed(own.sign.seed.clone()), own.note, own.id};
  }
  void checkpoint() {
    world.now += store::kCheckpointEveryMs;
    const auto made = world->make_checkpoint(world.now, cards.back().log);
    ASSERT_TRUE(made) << made.error().message;
  }
  VerifyOptions options() {
    VerifyOptions out = world.keys();
    out.log_key = cards.back().log.pk;
    out.own_card = cards.back().id;
    out.read_own_card = [this](const std::string& note) -> Result<OwnCard> {
      for (const Own& own : cards)
        if (own.note == note)
          return OwnCard{{kParty, own.id, own.sign.pk}, own.origin, own.log.pk, own.prev};
      return fail(ErrorCode::kCard, "no card");
    };
    return out;
  }
  // Three generations, statements and checkpoints under each; closed.
  void live_through_three() {
    for (const unsigned generation : {1u, 2u, 3u}) {
      in_force(add(generation));
      world.commit({world.sent(2, {"XB"})});
      if (generation == 1) world.commit({world.pin("XB")});
      if (generation != 3) checkpoint();
    }
    in_force(add(3, false));  // renewed: same keys
    const std::string own = "focal-revoke/v1\nparty XA\nold ones are void";
    world.commit({store::PutOwnRevocation{own, crypto::sha256(std::string_view(own)), "stolen"}});
    checkpoint();
    world.close();
    whole = read_file(world.folder.ledger());
  }
  VerifyReport look() {
    const auto report = verify(world.folder.ledger(), options());
    EXPECT_TRUE(report) << report.error().message;
    return report ? *report : VerifyReport{};
  }
  static std::string problems(const VerifyReport& report) {
    std::string all;
    for (const std::string& found : report.problems) all.append(found).append("\n");
    return all;
  }
  void expect(const std::string& sql, const std::string& problem) {
    tamper(world.folder.ledger(), sql);
    const VerifyReport report = look();
    EXPECT_NE(problems(report).find(problem), std::string::npos) << sql << "\n" << problems(report);
    std::ofstream(world.folder.ledger(), std::ios::binary | std::ios::trunc) << whole;
  }
  std::vector<store::LeafType> types() {
    std::vector<store::LeafType> out;
    for (store::LeafIndex i = 0; i < world->log_size(); ++i) out.push_back(world->leaf(i)->type);
    return out;
  }

  World world;
  std::vector<Own> cards;
  std::string whole;
};

TEST_F(OwnCards, TheFirstOneAndARenewalLeaveALeafEach) {
  EXPECT_TRUE(world->own_cards().empty());
  const store::PutOwnCard first = put(add(1));
  world.commit({first});
  world.commit({first});  // the same again: nothing
  world.commit({put(add(1, false))});
  EXPECT_EQ(types(), (std::vector{store::LeafType::kPeerCard, store::LeafType::kPeerCard}));
  EXPECT_EQ(world->leaf(1)->ref, cards[1].id);
  EXPECT_EQ(world->detail(1).value_or(""), "by jo");
  ASSERT_TRUE(world.open());
  const auto own = world->own_cards();
  ASSERT_EQ(own.size(), 2u);
  EXPECT_EQ(own[0], (store::OwnCardRow{0, "focal/XA/log/1", cards[0].note}));
  EXPECT_EQ(own[1], (store::OwnCardRow{1, "focal/XA/log/1", cards[1].note}));
  EXPECT_EQ(world->origin(), "focal/XA/log/1");
}

TEST_F(OwnCards, ANewLogNameContinuesTheLogFromItsNewestCheckpoint) {
  in_force(add(1));
  checkpoint();
  const auto last = *world->last_checkpoint();
  in_force(add(2));
  const auto size = world->log_size();
  EXPECT_EQ(world->leaf(size - 2)->type, store::LeafType::kContinuation);
  EXPECT_EQ(world->leaf(size - 2)->ref, crypto::sha256(std::string_view(last.note)));
  EXPECT_EQ(world->leaf(size - 1)->type, store::LeafType::kPeerCard);
  ASSERT_TRUE(world.open()) << "the newest checkpoint still carries the old name";
  EXPECT_EQ(world->origin(), "focal/XA/log/2");
  checkpoint();
  EXPECT_GT(world->last_checkpoint()->size, last.size);
  EXPECT_EQ(world->last_checkpoint()->note.substr(0, 15), "focal/XA/log/2\n");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->origin(), "focal/XA/log/2");
}

TEST_F(OwnCards, WithoutACheckpointTheContinuationNamesNone) {
  in_force(add(1));
  in_force(add(2));
  EXPECT_EQ(world->leaf(1)->type, store::LeafType::kContinuation);
  EXPECT_EQ(world->leaf(1)->ref, Hash32{});
}

TEST_F(OwnCards, AGroupThatFailsLeavesTheOldCardAndTheOldName) {
  in_force(add(1));
  const Own& next = add(2);
  EXPECT_FALSE(world.try_commit({put(next), store::PutSchedule{"XQ", "fails"}}));
  EXPECT_EQ(world->origin(), "focal/XA/log/1");
  EXPECT_EQ(world->own_cards().size(), 1u);
  world.now += store::kCheckpointEveryMs;
  const auto made = world->make_checkpoint(world.now, cards[0].log);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->note.substr(0, 15), "focal/XA/log/1\n");
  ASSERT_TRUE(world->probe({world.now, {put(next)}}));
  EXPECT_EQ(world->origin(), "focal/XA/log/1");
}

TEST_F(OwnCards, ALogNeverTakesANameItHadBefore) {
  in_force(add(1));
  in_force(add(2));
  EXPECT_EQ(world.try_commit({put(add(1))}).error().code, ErrorCode::kState);
  EXPECT_EQ(world->origin(), "focal/XA/log/2");
}

TEST_F(OwnCards, RevocationsAreKeptOnce) {
  const store::PutOwnRevocation op{"note", crypto::sha256(std::string_view("note")), "stolen"};
  world.commit({op, op});
  EXPECT_EQ(types(), (std::vector{store::LeafType::kPeerCard}));
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->own_revocations(), (std::vector<std::string>{"note"}));
}

TEST_F(OwnCards, ALogOfThreeGenerationsVerifies) {
  live_through_three();
  const VerifyReport report = look();
  EXPECT_TRUE(report.ok()) << problems(report);
  EXPECT_EQ(report.origin, "focal/XA/log/3");
  EXPECT_EQ(report.checkpoints, 3u);
  EXPECT_EQ(report.signatures, 3u);
  EXPECT_EQ(report.notes, 6u);  // four own cards, one revocation, XB's card
}

TEST_F(OwnCards, EachStatementAndCheckpointNeedsTheKeyOfItsTime) {
  live_through_three();
  std::swap(cards[0].log, cards[1].log);
  EXPECT_NE(problems(look()).find("checkpoint of 64 leaves"), std::string::npos);
  std::swap(cards[0].log, cards[1].log);
  std::swap(cards[0].sign, cards[1].sign);
  EXPECT_NE(problems(look()).find("has a signature that does not verify"), std::string::npos);
}

TEST_F(OwnCards, WhatIsChangedInTheFileIsFound) {
  live_through_three();
  const auto at = [this](std::size_t i) {
    const auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    Query query(**db, "SELECT idx FROM own_card ORDER BY idx");
    for (std::size_t n = 0; n <= i; ++n) EXPECT_TRUE(query.row());
    return std::to_string(query.integer(0));
  };
  expect("DELETE FROM own_card WHERE idx=" + at(1) + ";", "does not follow from the one before it");
  expect("DELETE FROM own_card;", "has a continuation without an own card");
  expect("DELETE FROM own_card WHERE idx=" + at(3) + ";", "is not the card in force");
  expect("UPDATE own_card SET note='" + cards[0].note + "' WHERE idx=" + at(1) + ";",
         "is not the one of its leaf");
  expect("UPDATE own_card SET origin='focal/XA/log/1' WHERE idx=" + at(1) + ";",
         "is no card of this node, or names another log");
  expect("INSERT INTO own_card VALUES(500,'focal/XA/log/9','x');", "a note has no leaf");
  expect("UPDATE meta SET v='focal/XA/log/1' WHERE k='origin';",
         "has another name than its newest own card says");
  expect("DELETE FROM own_revocation;", "has leaves of cards, revocations or directories");
  expect("UPDATE own_revocation SET note='nothing is void';", "own revocation at leaf");
  expect("DELETE FROM checkpoint WHERE size=64;", "does not name the checkpoint before it");
}

}  // namespace
}  // namespace focal::ledger

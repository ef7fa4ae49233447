// Goal: a log that says different things to different parties is found out wherever both meet, and
// an honest one never looks like one.
// Method: checkpoints of an honest log and of a fork of it arrive from several parties, in any
// order; the owner answers honestly, with each tree in turn, or not at all.
#include "node/exchange/log_watch.h"

#include <gtest/gtest.h>

#include "tests/unit/exchange/witness_world.h"

namespace focal::exchange {
namespace {

using test::TestLog;

class LogWatchTest : public ::testing::Test {
 protected:
  void saw(const std::string& note, const std::string& from = "XC") {
    const Status seen = w.book.saw_checkpoint(note, from, w.time());
    ASSERT_TRUE(seen.has_value()) << seen.error().message;
    ASSERT_TRUE(w.commit().has_value());
  }
  std::optional<std::string> demand() {
    for (const Frame& frame : w.book.due_for("XB", w.time()))
      if (const auto* cosig = std::get_if<CosigFrame>(&frame)) return cosig->conflict;
    return std::nullopt;
  }
  // XB answers each demand by that log, whose newest checkpoint has that size.
  std::size_t answered_by(const TestLog& shown, std::uint64_t newest, int rounds = 10) {
    std::size_t demands = 0;
    for (int i = 0; i < rounds; ++i) {
      w.pass(11 * kSecondMs);
      const auto asked = demand();
      if (!asked) continue;
      ++demands;
      const std::uint64_t old_size = store::parse_checkpoint(*asked)->size;
      static_cast<void>(w.book.take_ckpt("XB", shown.ckpt(old_size, newest), w.time()));
      EXPECT_TRUE(w.commit().has_value());
    }
    return demands;
  }
  std::size_t open() {
    std::size_t n = 0;
    for (const auto& row : w.store().peer_checkpoints(log.origin(), 99)) n += row.demanded_ms != 0 ? 1 : 0;
    return n;
  }

  test::WitnessWorld w;
  TestLog log{w.xb}, fork{w.xb, "fork", 64};
};

TEST_F(LogWatchTest, TwoRootsOfOneSizeAreAForkProofFromWhereverTheyCome) {
  saw(log.note(128), "XC");
  saw(log.note(128), "XD");
  EXPECT_EQ(w.proofs(), 0u);
  saw(fork.note(128), "XD");
  EXPECT_EQ(w.proofs(), 1u);
  EXPECT_EQ(w.trust.alarms().back().party, "XB");
  saw(fork.note(128), "XC");
  EXPECT_EQ(w.proofs(), 1u);
}

TEST_F(LogWatchTest, AForkOfWhatWasCosignedIsFoundToo) {
  static_cast<void>(w.book.take_ckpt("XB", log.ckpt(0, 128), w.time()));
  ASSERT_TRUE(w.commit().has_value());
  w.restart();
  saw(fork.note(128));
  EXPECT_EQ(w.proofs(), 1u);
}

TEST_F(LogWatchTest, AnHonestLogIsLedToOneCheckpoint) {
  saw(log.note(64));
  EXPECT_FALSE(demand().has_value()) << "one alone contradicts nothing";
  saw(log.note(192));
  EXPECT_EQ(open(), 1u);
  EXPECT_EQ(answered_by(log, 192), 1u) << "the smaller one leads to the other: one question";
  EXPECT_EQ(open(), 0u);
  saw(log.note(128));  // late, from somebody who was away
  saw(log.note(320));
  EXPECT_LE(answered_by(log, 384), 3u);
  EXPECT_EQ(open(), 0u);
  w.restart();
  EXPECT_FALSE(demand().has_value());
  w.pass(30 * kDayMs);
  w.book.tick(w.time());
  EXPECT_TRUE(w.trust.alarms().empty());
  EXPECT_EQ(w.proofs(), 0u);
}

TEST_F(LogWatchTest, WhatTheOwnerShowsByItselfAsksForNothing) {
  std::uint64_t before = 0;
  for (std::uint64_t size = 64; size < 1000; size += 64) {
    static_cast<void>(w.book.take_ckpt("XB", log.ckpt(before, size), w.time()));
    ASSERT_TRUE(w.commit().has_value());
    EXPECT_FALSE(demand().has_value());
    w.pass(kDayMs);
    before = size;
  }
  saw(log.note(before));
  EXPECT_FALSE(demand().has_value());
  EXPECT_EQ(open(), 0u);
}

TEST_F(LogWatchTest, WithEachTreeInTurnItNeverSettlesAndRaisesAnAlarm) {
  saw(log.note(128));
  saw(fork.note(192));
  for (int day = 0; day < 8; ++day) {
    answered_by(log, 256 + 64 * static_cast<std::uint64_t>(day) * 2, 3);
    answered_by(fork, 320 + 64 * static_cast<std::uint64_t>(day) * 2, 3);
    w.pass(kDayMs - 66 * kSecondMs);
    EXPECT_GT(open(), 0u);
    static_cast<void>(demand());
    w.book.tick(w.time());
  }
  ASSERT_FALSE(w.trust.alarms().empty());
  EXPECT_EQ(w.trust.alarms().back().party, "XB");
}

TEST_F(LogWatchTest, UnansweredAWeekRaisesAnAlarmUnlessNobodyCouldAnswer) {
  saw(log.note(128));
  saw(fork.note(192));
  w.pass(8 * kDayMs);
  w.book.tick(w.time());
  EXPECT_TRUE(w.trust.alarms().empty()) << "no link, nothing was asked";
  for (int hour = 0; hour < 8 * 24; ++hour) {
    static_cast<void>(demand());
    w.pass(kHourMs);
  }
  w.book.tick(w.time());
  ASSERT_EQ(w.trust.alarms().size(), 1u);
  w.book.tick(w.time());
  EXPECT_EQ(w.trust.alarms().size(), 1u);
  EXPECT_EQ(w.proofs(), 0u) << "two sizes prove nothing to others";
  EXPECT_FALSE(w.peers.find("XB")->standing.suspended);
}

TEST_F(LogWatchTest, AWeekIsAWeekAlsoOverARestart) {
  saw(log.note(128));
  saw(fork.note(192));
  for (int day = 0; day < 6; ++day) {
    EXPECT_TRUE(demand().has_value()) << day;
    w.pass(kDayMs);
    w.restart();
  }
  w.book.tick(w.time());
  EXPECT_TRUE(w.trust.alarms().empty());
  w.pass(kDayMs + 1);
  EXPECT_TRUE(demand().has_value());
  w.book.tick(w.time());
  EXPECT_EQ(w.trust.alarms().size(), 1u);
}

TEST_F(LogWatchTest, WhatNobodySignedIsNotLookedAt) {
  for (const std::string& note :
       {log.note(64, &w.xc.log), log.note(64, &w.xb.sign), TestLog{w.xb, {}, 0, 2}.note(64),
        TestLog{w.own}.note(64), std::string("hello\n"), w.xb.card_note()})
    EXPECT_FALSE(w.book.saw_checkpoint(note, "XC", w.time()).has_value());
  EXPECT_TRUE(w.book.take_ops().empty());
}

TEST_F(LogWatchTest, TheLogOfAnEarlierCardIsRememberedAndNotAskedAbout) {
  saw(log.note(64));
  CardFields next = w.xb.fields_after(w.xb.card());
  next.log_generation = 2;
  const std::string card = test::TestParty::must(make_card(next, w.xb.keys()));
  store::PeerRow row = w.peers.find("XB")->row;
  row.card_note = card;
  w.write({store::PutPeer{row, test::TestParty::must(parse_card(card)).card_id, "fixture"}});
  saw(log.note(128));
  EXPECT_FALSE(demand().has_value());
  saw(fork.note(128));
  EXPECT_EQ(w.proofs(), 1u) << "a fork of it still is one";
  saw(TestLog{w.xb, {}, 0, 2}.note(192));
  EXPECT_FALSE(demand().has_value()) << "another log";
}

TEST_F(LogWatchTest, ItIsBounded) {
  for (std::uint64_t i = 1; i <= 40; ++i) saw(log.note(8 * i));
  EXPECT_LE(open(), kMaxOpenCheckpoints);
  EXPECT_LE(w.store().peer_checkpoints(log.origin(), 99).size(), kMaxOpenCheckpoints + 1);
  EXPECT_LE(answered_by(log, 512, 30), 8u);
  EXPECT_EQ(open(), 0u);
}

TEST_F(LogWatchTest, GossipIsOfThirdPartiesAndBounded) {
  crypto::SeededRng rng(3);
  saw(log.note(64));
  saw(TestLog{w.xc}.note(64), "XB");
  EXPECT_EQ(w.book.gossip("XB", rng), std::vector<std::string>{TestLog{w.xc}.note(64)});
  EXPECT_EQ(w.book.gossip("XD", rng).size(), 2u);
  std::vector<test::TestParty> many;
  for (char c = 'A'; c < 'A' + 12; ++c)
    many.emplace_back(std::string("Y") + c, static_cast<std::uint8_t>(10 + c));
  for (const auto& party : many) {
    w.pin(party, store::PeerLevel::kVerified);
    saw(TestLog{party}.note(64), "XB");
  }
  std::set<std::string> told;
  for (int i = 0; i < 20; ++i) {
    const auto some = w.book.gossip("XD", rng);
    EXPECT_EQ(some.size(), kMaxGossipCheckpoints);
    told.insert(some.begin(), some.end());
  }
  EXPECT_EQ(told.size(), 14u) << "in time all of them";
}

}  // namespace
}  // namespace focal::exchange

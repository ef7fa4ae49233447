// Goal: a witness cosigns only what continues what it holds, and what it holds never goes back.
// Method: an honest log beside one that forked, step by step and in one group; each refusal
// followed by a look at what is stored.
#include "node/exchange/witness.h"

#include <gtest/gtest.h>

#include "tests/unit/exchange/witness_world.h"

namespace focal::exchange {
namespace {

using test::TestLog;
using test::TestParty;

class WitnessTest : public ::testing::Test {
 protected:
  WitnessBook::Said take(const CkptFrame& frame, const std::string& from = "XB") {
    return w.book.take_ckpt(from, frame, w.time());
  }
  void commit() {
    const Status done = w.commit();
    ASSERT_TRUE(done.has_value()) << done.error().message;
    w.pass(11 * kSecondMs);
  }
  std::uint64_t held() {
    const auto rows = w.store().witness_states();
    return rows.empty() ? 0 : rows.front().size;
  }
  // The answer is a line of ours over that note.
  void is_cosigned(const WitnessBook::Said& said, const std::string& note) {
    ASSERT_TRUE(said.answer.has_value()) << said.refused;
    EXPECT_TRUE(said.answer->conflict.empty());
    EXPECT_EQ(said.answer->checkpoint, note);
    const auto whole = crypto::parse_note(note + said.answer->lines);
    ASSERT_TRUE(whole.has_value());
    EXPECT_TRUE(crypto::check_note(*whole, {{"focal/XA/witness", w.own.witness.pk,
                                             crypto::NoteKeyType::kCosignature}}));
  }
  void is_conflict(const WitnessBook::Said& said, const std::string& note) {
    ASSERT_TRUE(said.answer.has_value()) << said.refused;
    EXPECT_EQ(said.answer->conflict, note);
    EXPECT_TRUE(said.answer->lines.empty());
  }
  void is_ignored(const WitnessBook::Said& said) {
    EXPECT_FALSE(said.answer.has_value());
    EXPECT_FALSE(said.refused.empty());
  }

  test::WitnessWorld w;
  TestLog log{w.xb}, fork{w.xb, "fork", 64};
};

TEST_F(WitnessTest, AHonestLogIsCosignedStepByStep) {
  std::uint64_t before = 0;
  for (const std::uint64_t size : {64u, 128u, 192u, 1024u}) {
    is_cosigned(take(log.ckpt(before, size)), log.note(size));
    EXPECT_EQ(held(), before) << "nothing is stored before the commit";
    commit();
    EXPECT_EQ(held(), size);
    const auto row = w.store().witness_states().front();
    EXPECT_EQ(row.origin, "focal/XB/log/1");
    EXPECT_EQ(row.party, "XB");
    EXPECT_EQ(row.root, log.root(size));
    before = size;
  }
  EXPECT_EQ(w.book.counters().cosigned, 4u);
  EXPECT_EQ(w.proofs(), 0u);
  w.restart();
  is_cosigned(take(log.ckpt(1024, 1088)), log.note(1088));
}

TEST_F(WitnessTest, ALostAnswerIsGivenAgainWithoutAWrite) {
  const auto first = take(log.ckpt(0, 64));
  commit();
  const auto again = take(log.ckpt(64, 64));
  is_cosigned(again, log.note(64));
  EXPECT_EQ(again.answer->lines, first.answer->lines);
  for (const store::Op& op : w.book.take_ops())
    EXPECT_FALSE(std::holds_alternative<store::PutWitnessState>(op));
}

TEST_F(WitnessTest, N094_AnotherRootOfTheSameSizeIsAForkProof) {
  take(log.ckpt(0, 128));
  commit();
  is_ignored(take(fork.ckpt(128, 128)));
  commit();
  EXPECT_EQ(w.store().witness_states().front().root, log.root(128));
  ASSERT_EQ(w.proofs(), 1u);
  const auto proof = w.store().fork_proofs(1).front();
  EXPECT_EQ(proof.party, "XB");
  const auto checked = check_fork_proof(proof.a, proof.b, w.xb.card(), {});
  ASSERT_TRUE(checked.has_value()) << "anybody can check it";
  EXPECT_EQ(checked->kind, ForkKind::kCheckpoint);
  EXPECT_EQ(checked->serial, 128u);
  EXPECT_FALSE(w.trust.alarms().empty());
  EXPECT_FALSE(w.peers.find("XB")->standing.suspended) << "a fork of the log suspends nobody";
  // Whatever `old` it says.
  is_conflict(take(fork.ckpt(0, 128)), log.note(128));
  commit();
  EXPECT_EQ(w.proofs(), 1u);
}

TEST_F(WitnessTest, N095_AProofThatDoesNotVerifyIsRefused) {
  take(log.ckpt(0, 100));
  commit();
  const CkptFrame good = log.ckpt(100, 192);
  std::vector<CkptFrame> bad{fork.ckpt(100, 192), good, good, good, good};
  bad[1].proof.clear();
  bad[2].proof.pop_back();
  bad[3].proof.push_back({});
  bad[4].proof.front()[0] ^= 1;
  for (const CkptFrame& frame : bad) {
    is_ignored(take(frame));
    commit();
    EXPECT_EQ(held(), 100u);
  }
  EXPECT_FALSE(w.trust.alarms().empty());
  w.pass(kMinuteMs);
  is_cosigned(take(good), log.note(192));
}

TEST_F(WitnessTest, N096_AnotherOldIsAnsweredWithTheNoteThatIsHeld) {
  is_ignored(take(log.ckpt(64, 128)));  // nothing is held that could be shown
  is_cosigned(take(log.ckpt(0, 128)), log.note(128));
  commit();
  for (const std::uint64_t old_size : {0u, 64u, 192u}) is_conflict(take(log.ckpt(old_size, 256)), log.note(128));
  commit();
  EXPECT_EQ(held(), 128u);
}

TEST_F(WitnessTest, N097_TwoOfOneGroupAreJudgedOneAfterTheOther) {
  take(log.ckpt(0, 64));
  commit();
  is_cosigned(take(log.ckpt(64, 256)), log.note(256));
  is_conflict(take(log.ckpt(64, 128)), log.note(256));
  is_conflict(take(fork.ckpt(64, 192)), log.note(256));
  commit();
  EXPECT_EQ(held(), 256u);
  is_conflict(take(fork.ckpt(64, 512)), log.note(256));
}

TEST_F(WitnessTest, N097_WhatWasNotCommittedIsNotHeld) {
  take(log.ckpt(0, 64));
  commit();
  take(log.ckpt(64, 128));
  w.lose_group();
  EXPECT_EQ(held(), 64u);
  is_cosigned(take(fork.ckpt(64, 128)), fork.note(128));  // no line over the other one ever left
  commit();
  EXPECT_EQ(held(), 128u);
  // The ledger compares too: what memory took for held does not pass.
  w.write({store::PutWitnessState{{log.origin(), "XB", 192, fork.root(192), fork.note(192), "l\n", 1}, 128}});
  is_cosigned(take(fork.ckpt(128, 256)), fork.note(256));
  EXPECT_FALSE(w.commit().has_value());
  EXPECT_EQ(held(), 192u);
}

TEST_F(WitnessTest, NothingIsWitnessedOfWhoIsNotVerified) {
  const TestLog of_xe{w.xe};
  is_ignored(take(of_xe.ckpt(0, 64), "XE"));
  is_ignored(take(TestLog{TestParty("XZ", 11)}.ckpt(0, 64), "XZ"));
  w.suspend(w.xb);
  is_ignored(take(log.ckpt(0, 64)));
  EXPECT_EQ(held(), 0u);
  EXPECT_EQ(w.book.counters().ignored, 3u);
}

TEST_F(WitnessTest, OnlyTheLogOfTheCardIsWitnessedAndOnlyUnderItsKey) {
  const TestLog of_xc{w.xc};
  is_ignored(take(of_xc.ckpt(0, 64), "XB"));  // somebody else's
  is_ignored(take(TestLog{w.xb, {}, 0, 2}.ckpt(0, 64)));  // a log that no card names
  is_ignored(take({0, {}, log.note(64, &w.xb.sign)}));
  is_ignored(take({0, {}, log.note(64, &w.xc.log)}));
  std::string changed = log.note(64);
  changed.replace(changed.find("\n64\n"), 4, "\n65\n");
  is_ignored(take({0, {}, changed}));
  is_ignored(take({0, {}, log.note(0)}));
  EXPECT_EQ(held(), 0u);
}

TEST_F(WitnessTest, LinesOfOthersAreCutOff) {
  const std::string more = log.note(64) + test::cosignature_of(log.note(64), w.xc, 7);
  is_cosigned(take({0, {}, more}), log.note(64));
}

TEST_F(WitnessTest, AFloodIsNotLookedAt) {
  for (std::uint64_t i = 0; i < 6; ++i) EXPECT_TRUE(take(log.ckpt(64 * i, 64 * (i + 1))).answer) << i;
  is_ignored(take(log.ckpt(384, 448)));
  EXPECT_TRUE(take(TestLog{w.xc}.ckpt(0, 64), "XC").answer) << "others are not in its way";
  w.pass(kMinuteMs);
  EXPECT_TRUE(take(log.ckpt(384, 448)).answer);
}

TEST_F(WitnessTest, ItsLineGoesWithReceiptsAndGossip) {
  EXPECT_TRUE(w.book.line_for("XB").empty());
  const auto said = take(log.ckpt(0, 64));
  commit();
  EXPECT_EQ(w.book.line_for("XB"), log.note(64) + said.answer->lines);
  EXPECT_TRUE(w.book.line_for("XC").empty());
  crypto::SeededRng rng(1);
  EXPECT_EQ(w.book.gossip("XC", rng), std::vector<std::string>{log.note(64) + said.answer->lines});
  EXPECT_TRUE(w.book.gossip("XB", rng).empty()) << "of third parties";
  HelloFrame hello;
  w.book.put_claims("XB", hello);
  EXPECT_EQ(hello.your_note, log.note(64));
}

}  // namespace
}  // namespace focal::exchange

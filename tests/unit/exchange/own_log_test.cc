// Goal: an own checkpoint is published by a quorum of the witnesses that count for it and by nothing
// else; the list changes only through a checkpoint that the old one has published.
// Method: whole groups on a ledger in memory, lines right and wrong, every stage also after a
// restart.
#include "node/exchange/own_log.h"

#include <gtest/gtest.h>

#include "tests/unit/exchange/witness_world.h"

namespace focal::exchange {
namespace {

using test::TestLog;

class OwnLogTest : public ::testing::Test {
 protected:
  // XB, XC, XD are witnesses, two of them a quorum; the checkpoint after that is returned.
  store::CheckpointRow with_witnesses() {
    w.set_policy({"XD", "XB", "XC"}, 2);
    const auto first = w.own_checkpoint();
    EXPECT_EQ(w.published(), first.size) << "contains the leaf: the list before (none) counts";
    return w.own_checkpoint();
  }
  std::optional<CkptFrame> ckpt_for(const std::string& peer) {
    for (const Frame& frame : w.book.due_for(peer, w.time()))
      if (const auto* ckpt = std::get_if<CkptFrame>(&frame)) return *ckpt;
    return std::nullopt;
  }
  void is_refused(const Status& status, ErrorCode code = ErrorCode::kWitness) {
    ASSERT_FALSE(status.has_value());
    EXPECT_EQ(status.error().code, code) << status.error().message;
  }

  test::WitnessWorld w;
};

TEST_F(OwnLogTest, WithoutWitnessesACheckpointIsPublishedAtOnceAndSaysSo) {
  EXPECT_EQ(w.book.own().coverage().words,
            "UNWITNESSED: no other party vouches for this log; name witnesses with "
            "'focal witness set'");
  const auto row = w.own_checkpoint();
  EXPECT_EQ(w.published(), row.size);
  EXPECT_EQ(w.book.published_note(), row.note);
  EXPECT_EQ(w.book.own().coverage().witnessed, 0u);
  EXPECT_FALSE(ckpt_for("XB").has_value()) << "nobody is asked";
  EXPECT_TRUE(w.book.own().coverage().words.starts_with("UNWITNESSED: no other party"));
}

TEST_F(OwnLogTest, AQuorumOfTheListPublishes) {
  const auto row = with_witnesses();
  const std::uint64_t before = w.published();
  EXPECT_LT(before, row.size);
  EXPECT_EQ(w.book.own().coverage().words,
            "UNWITNESSED: 2 of XB, XC, XD have to cosign a checkpoint, and have not yet");
  ASSERT_TRUE(w.cosign(w.xb, row).has_value());
  ASSERT_TRUE(w.cosign(w.xb, row).has_value()) << "again changes nothing";
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), before) << "one is no quorum";
  w.restart();
  ASSERT_TRUE(w.cosign(w.xc, row).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), row.size);
  EXPECT_EQ(w.store().cosigs(row.size).size(), 2u);
  const Coverage coverage = w.book.own().coverage();
  EXPECT_EQ(coverage.witnessed, row.size);
  EXPECT_EQ(coverage.words, std::to_string(row.size) + " of " + std::to_string(row.size) +
                                " leaves witnessed by XB, XC (2 of 3)");
  // A third line comes late and is kept.
  ASSERT_TRUE(w.cosign(w.xd, row).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.store().cosigs(row.size).size(), 3u);
  const auto whole = crypto::parse_note(w.book.published_note());
  ASSERT_TRUE(whole.has_value());
  EXPECT_EQ(whole->signatures.size(), 4u) << "the log's and three witnesses'";
}

TEST_F(OwnLogTest, BothLinesInOneGroup) {
  const auto row = with_witnesses();
  ASSERT_TRUE(w.cosign(w.xb, row).has_value());
  ASSERT_TRUE(w.cosign(w.xc, row).has_value());
  w.lose_group();
  EXPECT_LT(w.published(), row.size);
  EXPECT_TRUE(w.store().cosigs(row.size).empty());
  ASSERT_TRUE(w.cosign(w.xc, row).has_value());
  ASSERT_TRUE(w.cosign(w.xd, row).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), row.size);
}

TEST_F(OwnLogTest, OnlyALineOfAWitnessOverThisCheckpointCounts) {
  w.set_policy({"XB", "XC"}, 2);
  w.own_checkpoint();
  const auto row = w.own_checkpoint();
  const std::string line = test::cosignature_of(row.note, w.xb, w.now.wall_ms / 1000);
  const auto takes = [&](const std::string& from, const std::string& note, const std::string& lines) {
    return w.book.take_cosig(from, {note, lines, {}}, w.time());
  };
  is_refused(w.cosign(w.xd, row));                                   // no witness
  is_refused(w.cosign(w.xe, row), ErrorCode::kTrust);
  is_refused(takes("XC", row.note, line), ErrorCode::kSignature);    // another's line
  is_refused(takes("XB", row.note, line + line), ErrorCode::kSignature);
  const TestLog theirs{w.xb};
  is_refused(takes("XB", theirs.note(64), test::cosignature_of(theirs.note(64), w.xb, 7)));
  const TestLog forged{w.own};
  is_refused(takes("XB", forged.note(64), test::cosignature_of(forged.note(64), w.xb, w.now.wall_ms / 1000)));
  is_refused(takes("XB", row.note, test::cosignature_of(forged.note(64), w.xb, w.now.wall_ms / 1000)),
             ErrorCode::kSignature);
  crypto::Note by_log = *crypto::parse_note(row.note);  // a signature that is no cosignature
  by_log.signatures.clear();
  crypto::sign_note(by_log, witness_name("XB"), w.xb.witness);
  is_refused(takes("XB", row.note, crypto::format_note(by_log).substr(by_log.text.size() + 1)),
             ErrorCode::kSignature);
  is_refused(w.cosign(w.xb, row, 1));                                // 1970
  is_refused(w.cosign(w.xb, row, 4'102'444'800));                    // 2100
  is_refused(w.cosign(w.xb, row, ~std::uint64_t{0} >> 1));
  EXPECT_TRUE(w.book.take_ops().empty());
  EXPECT_TRUE(takes("XB", row.note, line).has_value());
}

TEST_F(OwnLogTest, AChangeOfTheListCountsAfterTheOldListHasPublishedIt) {
  const auto row = with_witnesses();
  ASSERT_TRUE(w.cosign(w.xb, row).has_value());
  ASSERT_TRUE(w.cosign(w.xc, row).has_value());
  ASSERT_TRUE(w.commit().has_value());
  w.pass(kSecondMs);
  w.set_policy({"XD"}, 1);
  const auto change = w.own_checkpoint();
  ASSERT_TRUE(w.cosign(w.xd, change).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_LT(w.published(), change.size) << "it needs the quorum of the list before";
  EXPECT_EQ(w.book.own().list_for(change.size).quorum, 2u);
  ASSERT_TRUE(w.cosign(w.xb, change).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), change.size);
  const auto next = w.own_checkpoint();
  EXPECT_EQ(w.book.own().list_for(next.size).witnesses, std::vector<std::string>{"XD"});
  EXPECT_EQ(w.book.own().list_for(change.size).witnesses.size(), 3u) << "what counted stays";
  w.restart();
  EXPECT_EQ(w.book.own().list_for(next.size).quorum, 1u);
  ASSERT_TRUE(w.cosign(w.xd, next).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), next.size);
}

TEST_F(OwnLogTest, AnEarlierCheckpointIsNotPublishedAfterALaterOne) {
  const auto one = with_witnesses();
  const auto two = w.own_checkpoint();
  for (const auto* party : {&w.xb, &w.xc}) ASSERT_TRUE(w.cosign(*party, two).has_value());
  for (const auto* party : {&w.xb, &w.xc}) ASSERT_TRUE(w.cosign(*party, one).has_value());
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.published(), two.size);
  EXPECT_FALSE(w.store().first_published(one.size)->checkpoint.size == one.size);
  EXPECT_EQ(w.store().cosigs(one.size).size(), 2u) << "the lines are kept";
}

TEST_F(OwnLogTest, WhoMayBeNamed) {
  const auto refuses = [&](std::vector<std::string> parties, std::uint32_t q, ErrorCode code) {
    const auto put = w.book.own().set_policy(std::move(parties), q, w.time());
    ASSERT_FALSE(put.has_value());
    EXPECT_EQ(put.error().code, code) << put.error().message;
  };
  refuses({"XA"}, 1, ErrorCode::kInvalid);
  refuses({"XB", "XB"}, 2, ErrorCode::kInvalid);
  refuses({"XB", "XC"}, 1, ErrorCode::kInvalid);
  refuses({"XB", "XC"}, 3, ErrorCode::kInvalid);
  refuses({}, 1, ErrorCode::kInvalid);
  refuses({"XE"}, 1, ErrorCode::kTrust);
  refuses({"XZ"}, 1, ErrorCode::kTrust);
  refuses(std::vector<std::string>(17, "XB"), 9, ErrorCode::kInvalid);
  w.suspend(w.xb);
  refuses({"XB"}, 1, ErrorCode::kTrust);
  w.set_policy({"XC"}, 1);
  const auto first = w.book.own().newest_policy()->serial;
  w.set_policy({}, 0);
  EXPECT_GT(w.book.own().newest_policy()->serial, first) << "also within one second";
  EXPECT_TRUE(parse_witness_policy(w.book.own().policy_note(), w.own.log.pk).has_value());
}

TEST_F(OwnLogTest, AWitnessIsSentWhatItLacksAndNobodyElse) {
  const auto row = with_witnesses();
  const auto ckpt = ckpt_for("XB");
  ASSERT_TRUE(ckpt.has_value());
  EXPECT_EQ(ckpt->note, row.note);
  EXPECT_EQ(ckpt->old_size, 0u);
  EXPECT_TRUE(parse_ckpt(encode_ckpt(*ckpt)).has_value());
  EXPECT_FALSE(ckpt_for("XE").has_value());
  EXPECT_FALSE(ckpt_for("XB").has_value()) << "one in ten seconds";
  w.pass(kCkptEveryMs);
  EXPECT_TRUE(ckpt_for("XB").has_value());
  ASSERT_TRUE(w.cosign(w.xb, row).has_value());
  ASSERT_TRUE(w.commit().has_value());
  w.pass(kHourMs);
  EXPECT_FALSE(ckpt_for("XB").has_value());
  const auto next = w.own_checkpoint();
  const auto led = ckpt_for("XB");
  ASSERT_TRUE(led.has_value());
  EXPECT_EQ(led->old_size, row.size);
  EXPECT_TRUE(crypto::verify_consistency(row.size, row.root, next.size, next.root, led->proof));
  w.pass(kCkptEveryMs);
  EXPECT_EQ(ckpt_for("XB")->old_size, 0u) << "they may have lost it";
}

TEST_F(OwnLogTest, TriesBecomeRareAndANewLinkBeginsAnew) {
  with_witnesses();
  int tries = 0;
  for (int i = 0; i < 24 * 360; ++i) {
    tries += ckpt_for("XB").has_value() ? 1 : 0;
    w.pass(kCkptEveryMs);
  }
  EXPECT_GE(tries, 24);
  EXPECT_LE(tries, 40);
  w.book.link_up("XB");
  EXPECT_TRUE(ckpt_for("XB").has_value());
}

TEST_F(OwnLogTest, AConflictIsAnsweredWithWhatLeadsOnFromIt) {
  const auto one = with_witnesses();
  const auto two = w.own_checkpoint();
  ckpt_for("XB");
  ASSERT_TRUE(w.book.take_cosig("XB", {{}, {}, one.note}, w.time()).has_value());
  w.pass(kCkptEveryMs);
  const auto led = ckpt_for("XB");
  ASSERT_TRUE(led.has_value());
  EXPECT_EQ(led->old_size, one.size);
  EXPECT_EQ(led->note, two.note);
  EXPECT_TRUE(crypto::verify_consistency(one.size, one.root, two.size, two.root, led->proof));
  // Who is no witness is led to what is published.
  w.set_policy({"XB"}, 1);
  ASSERT_TRUE(w.cosign(w.xb, two).has_value());
  ASSERT_TRUE(w.cosign(w.xc, two).has_value());
  ASSERT_TRUE(w.commit().has_value());
  const auto three = w.own_checkpoint();
  ASSERT_TRUE(w.book.take_cosig("XE", {{}, {}, one.note}, w.time()).error().code == ErrorCode::kTrust);
  w.pin(w.xe, store::PeerLevel::kVerified);
  ASSERT_TRUE(w.book.take_cosig("XE", {{}, {}, one.note}, w.time()).has_value());
  EXPECT_EQ(ckpt_for("XE")->note, two.note);
  ASSERT_TRUE(w.book.take_cosig("XE", {{}, {}, three.note}, w.time()).has_value());
  w.pass(kCkptEveryMs);
  EXPECT_FALSE(ckpt_for("XE").has_value()) << "the unpublished one is for the witnesses alone";
}

TEST_F(OwnLogTest, ACheckpointThatIsNotHereIsNoConflict) {
  const auto row = with_witnesses();
  const TestLog other{w.own, "older copy"};
  is_refused(w.book.take_cosig("XB", {{}, {}, other.note(row.size)}, w.time()));
  is_refused(w.book.take_cosig("XB", {{}, {}, other.note(1 << 12)}, w.time()));
  is_refused(w.book.take_cosig("XB", {{}, {}, other.note(64, &w.xb.log)}, w.time()), ErrorCode::kSignature);
  is_refused(w.book.take_cosig("XB", {{}, {}, TestLog{w.xb}.note(64)}, w.time()));
}

TEST_F(OwnLogTest, APolicyOfAPeerIsKeptIfItIsItsOwnAndNewer) {
  const auto note = [&](std::uint64_t serial, const test::TestParty& by, const std::string& party = "XB") {
    return test::TestParty::must(make_witness_policy(
        {party, "focal/" + party + "/log/1", serial, 1, {"XA"}}, by.log)).note;
  };
  const auto take = [&](const std::string& policy) { return w.book.take_policy("XB", policy, w.time()); };
  EXPECT_TRUE(*take(note(7, w.xb)));
  ASSERT_TRUE(w.commit().has_value());
  EXPECT_EQ(w.store().peer_policy("XB"), note(7, w.xb));
  EXPECT_FALSE(*take(note(7, w.xb)));
  w.restart();
  EXPECT_FALSE(*take(note(6, w.xb)));
  EXPECT_TRUE(*take(note(8, w.xb)));
  EXPECT_FALSE(take(note(9, w.xc)).has_value());
  EXPECT_FALSE(take(note(9, w.xc, "XC")).has_value());
  EXPECT_FALSE(take(w.xb.card_note()).has_value());
}

}  // namespace
}  // namespace focal::exchange

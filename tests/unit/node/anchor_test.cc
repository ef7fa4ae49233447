// Goal: the anchor tells an older ledger from the newest, and is whole after a kill at any moment.
// Method: a ledger in memory beside anchors of every kind: older, newer, forged, of another
// generation, of another branch; a child that writes anchors is killed again and again.
#include "node/node/anchor.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "node/store/checkpoint.h"
#include "tests/sim/memory_store.h"
#include "tests/support/party_fixture.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {

namespace fs = std::filesystem;
using exchange::AnchorState;
using test::TestParty;

std::string checkpoint(const crypto::SigningKey& key, const std::string& origin,
                       std::uint64_t size, const Hash32& root) {
  crypto::Note note;
  note.text = store::checkpoint_text(origin, size, root);
  crypto::sign_note(note, origin, key);
  return crypto::format_note(note);
}

struct Judged {
  Judged() : rng((crypto::init(), 3)), store("XA", "focal/XA/log/1", rng) { self.card = xa.card(); }
  void grow(int leaves = 3) {
    for (int i = 0; i < leaves; ++i)
      ASSERT_TRUE(store.commit({test::kIssuedMs, {store::PutAdmin{{}, "act"}}}).has_value());
  }
  store::CheckpointRow sign() { return TestParty::must(store.make_checkpoint(test::kIssuedMs, xa.log)); }
  AnchorState judge(const std::optional<std::string>& note) {
    return judge_anchor(note, self, store, [&](std::uint64_t size) { return store.root(size); });
  }
  // The card that goes on under the name of the next log.
  exchange::Card continued() {
    auto fields = xa.fields_after(self.card);
    fields.log_generation = 2;
    return TestParty::must(exchange::parse_card(TestParty::must(
        exchange::make_card(fields, {xa.root, later.sign, later.log, later.witness}))));
  }
  void go_on() {
    const auto card = continued();
    ASSERT_TRUE(store.commit({test::kIssuedMs, {store::PutOwnCard{self.card.note, self.card.card_id,
                                                                  self.card.log_name, "first"}}})
                    .has_value());
    ASSERT_TRUE(store.commit({test::kIssuedMs,
                              {store::PutOwnCard{card.note, card.card_id, card.log_name, "next"}}})
                    .has_value());
    self.old_cards = {self.card};
    self.card = card;
  }

  TestParty xa, later{"XA", 91}, xb{"XB", 31};
  exchange::Identity self;
  crypto::SeededRng rng;
  sim::MemoryStore store;
};

TEST(JudgeAnchor, AnOlderOneIsEqual) {
  Judged j;
  EXPECT_EQ(j.judge(empty_checkpoint("focal/XA/log/1", j.xa.log)), AnchorState::kEqual);
  j.grow();
  const auto first = j.sign();
  EXPECT_EQ(j.judge(first.note), AnchorState::kEqual);
  j.grow();
  const auto second = j.sign();
  EXPECT_EQ(j.judge(first.note), AnchorState::kEqual) << "a crash between COMMIT and the anchor";
  EXPECT_EQ(j.judge(second.note), AnchorState::kEqual);
  EXPECT_EQ(j.judge(empty_checkpoint("focal/XA/log/1", j.xa.log)), AnchorState::kEqual);
}

TEST(JudgeAnchor, N098_ANewerOneOrAnotherHistoryIsHigher) {
  Judged j;
  j.grow();
  j.store.put_copy_aside();
  j.grow(70);
  const auto newer = j.sign();
  ASSERT_TRUE(j.store.restore_copy());
  EXPECT_EQ(j.judge(newer.note), AnchorState::kHigher);
  j.grow(200);  // as many leaves again, and others
  EXPECT_EQ(j.judge(newer.note), AnchorState::kHigher) << "of the same size, another root";
  const Hash32 none = crypto::merkle_root({});
  EXPECT_EQ(j.judge(checkpoint(j.later.log, "focal/XA/log/2", 0, none)), AnchorState::kHigher)
      << "a log that the ledger does not know";
  EXPECT_EQ(j.judge(checkpoint(j.xa.log, "focal/XA/log/1", 0, Hash32{1})), AnchorState::kHigher);
}

TEST(JudgeAnchor, WhatIsNoAnchorIsMissing) {
  Judged j;
  j.grow();
  const auto newest = j.sign();
  EXPECT_EQ(j.judge({}), AnchorState::kMissing);
  EXPECT_EQ(j.judge(""), AnchorState::kMissing);
  EXPECT_EQ(j.judge(newest.note.substr(0, newest.note.size() - 1)), AnchorState::kMissing);
  EXPECT_EQ(j.judge(j.xa.card_note()), AnchorState::kMissing);
  const std::string forged = checkpoint(j.xb.log, "focal/XA/log/1", newest.size, newest.root);
  EXPECT_EQ(j.judge(forged), AnchorState::kMissing);
  std::string bent = newest.note;
  const std::string size = "\n" + std::to_string(newest.size) + "\n";
  bent.replace(bent.find(size), size.size(), "\n64000\n");
  EXPECT_EQ(j.judge(bent), AnchorState::kMissing);
}

TEST(JudgeAnchor, AContinuationTakesOverFromTheAnchorOfTheLogBefore) {
  Judged j;
  j.grow();
  const auto old = j.sign();
  // Rolled back: the anchor is higher. The card that goes on was committed, then the end came.
  const std::string higher = checkpoint(j.xa.log, "focal/XA/log/1", 6400, Hash32{1});
  EXPECT_EQ(j.judge(higher), AnchorState::kHigher);
  j.go_on();
  EXPECT_EQ(j.judge(higher), AnchorState::kEqual);
  EXPECT_EQ(j.judge(old.note), AnchorState::kEqual);
  EXPECT_EQ(j.judge(checkpoint(j.xb.log, "focal/XA/log/1", 64, Hash32{1})), AnchorState::kMissing);
  const auto first = TestParty::must(j.store.make_checkpoint(test::kIssuedMs, j.later.log));
  EXPECT_EQ(j.judge(first.note), AnchorState::kEqual);
  EXPECT_EQ(j.judge(old.note), AnchorState::kMissing) << "somebody put an old one back";
}

TEST(JudgeAnchor, WhatStandsBesideItCountsForTheNextLogAlone) {
  Judged j;
  j.grow();
  const std::string next = empty_checkpoint("focal/XA/log/2", j.later.log);
  const auto judge = [&](const std::optional<std::string>& note) {
    return judge_anchor(note, j.self, j.store, [&](std::uint64_t size) { return j.store.root(size); },
                        next);
  };
  EXPECT_EQ(judge({}), AnchorState::kMissing) << "the card is not committed";
  EXPECT_EQ(judge(checkpoint(j.xa.log, "focal/XA/log/1", 6400, Hash32{1})), AnchorState::kHigher);
  j.go_on();
  EXPECT_EQ(judge({}), AnchorState::kEqual);
  EXPECT_EQ(judge(checkpoint(j.later.log, "focal/XA/log/2", 6400, Hash32{1})), AnchorState::kHigher);
  EXPECT_EQ(judge_anchor({}, j.self, j.store, {}, checkpoint(j.xb.log, "focal/XA/log/2", 0, {})),
            AnchorState::kMissing);
}

struct AnchorFile : ::testing::Test {
  AnchorFile() { crypto::init(); }
  test::TempFolder temp;
  TestParty xa;
  std::string note(std::uint64_t size) const {
    return checkpoint(xa.log, "focal/XA/log/1", size, Hash32{1});
  }
};

TEST_F(AnchorFile, IsReplacedWholeAndPrivate) {
  Anchor anchor(temp / "anchor.note");
  const auto nothing = anchor.read();
  ASSERT_TRUE(nothing.has_value());
  EXPECT_FALSE(nothing->has_value());
  EXPECT_FALSE(anchor.holds(""));
  ASSERT_TRUE(anchor.write(note(64)).has_value());
  EXPECT_TRUE(anchor.holds(note(64)));
  ASSERT_TRUE(anchor.write(note(128)).has_value());
  EXPECT_FALSE(anchor.holds(note(64)));
  EXPECT_EQ(**Anchor(temp / "anchor.note").read(), note(128));
  struct stat info {};
  ASSERT_EQ(::stat((temp / "anchor.note").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  EXPECT_TRUE(anchor.same_volume_as(temp.path()));
  ASSERT_TRUE(anchor.write_next(note(0)).has_value());
  EXPECT_EQ(anchor.read_next(), note(0));
  ASSERT_TRUE(anchor.write(note(192)).has_value());
  EXPECT_FALSE(anchor.read_next().has_value()) << "its time is over";
  EXPECT_TRUE(Anchor("/no/such/folder/anchor.note").same_volume_as(temp.path()));
}

TEST_F(AnchorFile, CannotBeWrittenWhereThereIsNoFolder) {
  Anchor anchor(temp.path() / "not mounted" / "anchor.note");
  const auto read = anchor.read();
  ASSERT_TRUE(read.has_value());
  EXPECT_FALSE(read->has_value());
  EXPECT_FALSE(anchor.write(note(64)).has_value());
  EXPECT_FALSE(anchor.holds(note(64)));
}

TEST_F(AnchorFile, WhatCannotBeReadIsAnError) {
  fs::create_directory(temp / "anchor.note");
  EXPECT_FALSE(Anchor(temp / "anchor.note").read().has_value());
  std::ofstream(temp / "large.note") << std::string(kMaxAnchorSize + 1, 'x');
  ASSERT_EQ(::chmod((temp / "large.note").c_str(), 0600), 0);
  EXPECT_EQ(Anchor(temp / "large.note").read().error().code, ErrorCode::kLimit);
}

TEST_F(AnchorFile, AClosedLogStaysClosedAndAnotherIsNot) {
  Anchor anchor(temp / "anchor.note");
  EXPECT_EQ(anchor.closed_by("focal/XA/log/1"), "");
  ASSERT_TRUE(anchor.close("focal/XA/log/1", "XB shows a statement\nof two lines").has_value());
  EXPECT_EQ(Anchor(temp / "anchor.note").closed_by("focal/XA/log/1"),
            "XB shows a statement\nof two lines");
  EXPECT_EQ(anchor.closed_by("focal/XA/log/2"), "");
  const fs::path file = (temp / "anchor.note").string() + kClosedSuffix;
  for (const char* text : {"", "focal-closed/v1\n", "focal-closed/v1\nlog focal/XA/log/1",
                           "focal-closed/v1\nlog focal/XA/log/1\n", "focal-closed/v2\nlog a\nb\n"}) {
    std::ofstream(file, std::ios::trunc) << text;
    EXPECT_NE(anchor.closed_by("focal/XA/log/1"), "") << text;
  }
  ASSERT_EQ(::chmod(file.c_str(), 0666), 0);
  EXPECT_NE(anchor.closed_by("focal/XA/log/7"), "") << "others may have written it";
}

// Whatever the kill cuts off: the old anchor or the new one, never a part and never none.
TEST_F(AnchorFile, IsWholeAfterAKillAtAnyMoment) {
  const fs::path file = temp / "anchor.note";
  ASSERT_TRUE(Anchor(file).write(note(64)).has_value());
  for (int round = 0; round < 25; ++round) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      Anchor anchor(file);
      for (std::uint64_t i = 1;; ++i)
        if (!anchor.write(note(64 * i)).has_value()) ::_exit(1);
    }
    ::usleep(static_cast<useconds_t>(500 + round * 700));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    const auto text = Anchor(file).read();
    ASSERT_TRUE(text.has_value() && text->has_value());
    const auto read = store::parse_checkpoint(**text);
    ASSERT_TRUE(read.has_value()) << **text;
    EXPECT_EQ(**text, note(read->size));
  }
  ASSERT_TRUE(Anchor(file).write(note(64)).has_value());
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(temp.path())) ++files;
  EXPECT_EQ(files, 1u) << "what killed writers left is removed";
}

}  // namespace
}  // namespace focal::node

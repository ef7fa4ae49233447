// Goal: a node with real files finds out that it is an older copy of itself, signs nothing then,
// also in the next process, and goes on under a new card; a kill between any two steps of that
// leaves it in one of these states.
// Method: whole folders put aside and back, as a restored backup or snapshot does; the root's
// ceremonies; a ledger of the schema before anchors.
#include "node/node/anchor.h"
#include "node/node/node.h"
#include "node/store/checkpoint.h"
#include "tests/support/paths.h"
#include "tests/unit/node/custody_world.h"

namespace focal::node {
namespace {

using exchange::RunState;

struct Start : Custody {
  fs::path anchor() const { return setup.folder / config::kAnchorFile; }
  std::unique_ptr<Node> open() {
    auto node = open_node();
    if (!node) throw std::runtime_error(node.error().message);
    return std::move(*node);
  }
  RunState state() { return open()->run_view().state; }
  // So many acts, and the checkpoint that follows.
  void work(int acts = 3) {
    const auto node = open();
    for (int i = 0; i < acts; ++i) node->core().write(store::PutAdmin{{}, "an act"});
    ASSERT_TRUE(node->commit_group(now).status.has_value());
    pass_time();
    node->checkpoint(now);
    ASSERT_TRUE(node->anchor_is_current());
    pass_time();
  }
  std::uint64_t anchored() {
    const auto note = store::parse_checkpoint(bytes_of(anchor()));
    return note ? note->size : 0;
  }
  std::string anchored_log() {
    const auto note = store::parse_checkpoint(bytes_of(anchor()));
    return note ? note->origin : std::string();
  }
  void put_aside() { fs::copy(setup.folder, temp / "aside", fs::copy_options::recursive); }
  // Ledger, card and keystore as they were; the anchor as it is.
  void set_back(bool with_anchor) {
    const std::string newest = bytes_of(anchor());
    fs::remove_all(setup.folder);
    fs::copy(temp / "aside", setup.folder, fs::copy_options::recursive);
    if (!with_anchor) std::ofstream(anchor(), std::ios::binary | std::ios::trunc) << newest;
  }
};

TEST_F(Start, EveryCheckpointStandsInTheAnchor) {
  init();
  EXPECT_EQ(anchored(), 0u);
  EXPECT_EQ(anchored_log(), "focal/XA/log/1") << "the first stands for the empty log";
  EXPECT_EQ(state(), RunState::kRunning);
  work();
  const std::uint64_t first = anchored();
  EXPECT_EQ(first, 64u);
  work();
  EXPECT_EQ(anchored(), 128u);
  EXPECT_EQ(state(), RunState::kRunning);
}

TEST_F(Start, N098_AnOlderLedgerBesideANewerAnchorSignsNothingEverAgain) {
  init();
  work();
  put_aside();
  work();
  const auto anchor_text = bytes_of(anchor());
  set_back(false);
  {
    const auto node = open();
    EXPECT_EQ(node->run_view().state, RunState::kRolledBack);
    EXPECT_NE(node->run_view().words.find("older copy"), std::string::npos);
    node->core().write(store::PutAdmin{{}, "an act"});
    ASSERT_TRUE(node->commit_group(now).status.has_value()) << "a leaf is no signature";
    pass_time();
    node->checkpoint(now);
    node->tend(now);
    EXPECT_EQ(node->ledger().last_checkpoint()->size, 64u);
    EXPECT_EQ(bytes_of(anchor()), anchor_text) << "the anchor is never set back";
  }
  EXPECT_EQ(state(), RunState::kRolledBack);
  ASSERT_TRUE(fs::remove(anchor()));
  EXPECT_EQ(state(), RunState::kRolledBack) << "it is remembered beside the anchor";
}

TEST_F(Start, AMissingAnchorWithoutWitnessesWaitsForACard) {
  init();
  work();
  for (const char* text : {"", "This node was restored from a backup.\n"}) {
    std::ofstream(anchor(), std::ios::binary | std::ios::trunc) << text;
    EXPECT_EQ(state(), RunState::kStarting) << text;
    EXPECT_EQ(bytes_of(anchor()), text) << "nothing takes its place";
  }
  ASSERT_TRUE(fs::remove(anchor()));
  const auto node = open();
  EXPECT_EQ(node->run_view().state, RunState::kStarting);
  EXPECT_FALSE(fs::exists(anchor()));
  EXPECT_NE(node->run_view().next.find("focal card replace-keys"), std::string::npos);
}

TEST_F(Start, ANewCardEndsEachOfThem) {
  for (const bool rolled_back : {true, false}) {
    SCOPED_TRACE(rolled_back);
    init();
    work();
    put_aside();
    work();
    set_back(false);
    if (!rolled_back) {
      ASSERT_TRUE(fs::remove(anchor()));
    }
    EXPECT_EQ(state(), rolled_back ? RunState::kRolledBack : RunState::kStarting);
    const std::string before = bytes_of(anchor());
    change(CardAct::kReplaceKeys);
    EXPECT_EQ(bytes_of(anchor()), before) << "the node itself replaces it";
    {
      const auto node = open();
      EXPECT_EQ(node->run_view().state, RunState::kRunning) << node->run_view().words;
      node->checkpoint(now);  // at once
      EXPECT_TRUE(node->anchor_is_current());
      EXPECT_EQ(node->ledger().last_checkpoint()->size, 128u);
      EXPECT_GT(node->ledger().last_checkpoint()->size, 64u);
    }
    EXPECT_EQ(anchored_log(), "focal/XA/log/2");
    EXPECT_FALSE(fs::exists(anchor().string() + kNextSuffix));
    expect_whole();
    EXPECT_EQ(state(), RunState::kRunning);
    fs::remove_all(temp.path());
    fs::create_directory(temp.path());
  }
}

// Between the card's commit and the first checkpoint under the new name.
TEST_F(Start, WhateverEndsTheContinuationTheNextStartIsSure) {
  init();
  work();
  put_aside();
  work();
  set_back(false);
  CardWish wish;
  wish.act = CardAct::kReplaceKeys;
  const auto pending = prepare(wish);
  ASSERT_TRUE(pending) << pending.error().message;
  const auto signed_card = sign(*pending);
  ASSERT_TRUE(signed_card) << signed_card.error().message;
  struct Cut {};
  for (const SettleStep step : {SettleStep::kLedger, SettleStep::kNote, SettleStep::kKeys}) {
    try {
      static_cast<void>(apply(signed_card->note, [&](SettleStep at) {
        if (at == step) throw Cut{};
      }));
      FAIL() << "not cut";
    } catch (const Cut&) {
    }
    const bool committed = step != SettleStep::kLedger;
    EXPECT_EQ(state(), committed ? RunState::kRunning : RunState::kRolledBack)
        << static_cast<int>(step);
    if (committed) break;  // the start has settled the rest
  }
  const auto node = open();
  node->checkpoint(now);
  EXPECT_EQ(anchored_log(), "focal/XA/log/2");
}

TEST_F(Start, AnAnchorThatCannotBeWrittenHoldsTheNextCheckpointBack) {
  init();
  const auto node = open();
  ASSERT_TRUE(fs::remove(anchor()));
  fs::create_directories(anchor() / "in the way");
  for (int i = 0; i < 3; ++i) node->core().write(store::PutAdmin{{}, "an act"});
  ASSERT_TRUE(node->commit_group(now).status.has_value());
  pass_time();
  node->checkpoint(now);
  EXPECT_FALSE(node->anchor_is_current());
  ASSERT_TRUE(node->ledger().last_checkpoint());
  const auto stuck = node->ledger().last_checkpoint()->size;
  for (int i = 0; i < 70; ++i) node->core().write(store::PutAdmin{{}, "an act"});
  ASSERT_TRUE(node->commit_group(now).status.has_value());
  for (int i = 0; i < 5; ++i) {
    pass_time();
    node->tend(now);
    node->checkpoint(now);
  }
  EXPECT_EQ(node->ledger().last_checkpoint()->size, stuck);
  fs::remove_all(anchor());
  pass_time();
  node->tend(now);
  node->checkpoint(now);
  EXPECT_TRUE(node->anchor_is_current());
  pass_time();
  node->checkpoint(now);
  EXPECT_GT(node->ledger().last_checkpoint()->size, stuck);
}

}  // namespace
}  // namespace focal::node

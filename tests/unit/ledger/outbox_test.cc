// Goal: every sending ends as accepted, rejected, expired or cancelled, item by
// item, and an ended row does not come back. Method: the life of a row through
// the public operations, read back after each and after a restart.
#include <gtest/gtest.h>

#include "ledger_world.h"

namespace focal::ledger {
namespace {

using store::OutboxState;

class Outbox : public testing::Test {
 protected:
  void SetUp() override {
    world.create();
    op = world.sent(3, {"XB", "XC"});
    op.lane = 2;
    op.expires_ms = world.now + kDayMs;
    batch = world.commit({op}).batches[0];
  }
  store::OutboxRow row(const std::string& peer = "XB") {
    const auto found = world->outbox(batch, peer);
    EXPECT_TRUE(found);
    return found.value_or(store::OutboxRow{});
  }
  void receipts(const std::vector<std::uint32_t>& statuses, const std::string& from = "XB") {
    world.commit({world.receipts_in(from, batch, refs_of(op), statuses)});
  }
  store::SetOutbox set(OutboxState state, const std::string& reason = "") {
    return {batch, "XB", state, reason, 1, world.now + 5};
  }
  using Statuses = std::vector<std::uint32_t>;

  World world;
  store::PutSentBatch op;
  store::BatchId batch = 0;
};

TEST_F(Outbox, ANewRowIsReadyForEveryRecipient) {
  const auto open = world->open_outbox();
  ASSERT_EQ(open.size(), 2u);
  EXPECT_EQ(open[0].peer, "XB");
  EXPECT_EQ(open[1].peer, "XC");
  EXPECT_EQ(open[0].state, OutboxState::kReady);
  EXPECT_EQ(open[0].lane, 2u);
  EXPECT_EQ(open[0].created_ms, world.now);
  EXPECT_EQ(open[0].expires_ms, op.expires_ms);
  EXPECT_EQ(open[0].item_status, (Statuses{0, 0, 0}));
  EXPECT_FALSE(world->outbox(batch, "XD"));
  EXPECT_FALSE(world->outbox(batch + 1, "XB"));
}

TEST_F(Outbox, WaitingStatesAreKeptAcrossARestart) {
  world.commit({set(OutboxState::kHeld, "BOUNCE 5")});
  ASSERT_TRUE(world.open());
  EXPECT_EQ(row().state, OutboxState::kHeld);
  EXPECT_EQ(row().reason, "BOUNCE 5");
  EXPECT_EQ(row().tries, 1u);
  EXPECT_EQ(row().next_ms, world.now + 5);
  world.commit({set(OutboxState::kReady)});
  EXPECT_EQ(row().reason, "");
  EXPECT_EQ(world->open_outbox().size(), 2u);
}

TEST_F(Outbox, ReceiptsEndItemsAndTheLastOneEndsTheRow) {
  receipts({1, 19, 2});
  EXPECT_EQ(row().state, OutboxState::kDone);
  EXPECT_EQ(row().item_status, (Statuses{1, 19, 2}));
  EXPECT_EQ(row("XC").state, OutboxState::kReady);  // another recipient's
  const auto open = world->open_outbox();
  ASSERT_EQ(open.size(), 1u);
  EXPECT_EQ(open[0].peer, "XC");
}

TEST_F(Outbox, SomeReceiptsLeaveTheRowOpen) {
  auto part = world.receipts_in("XB", batch, refs_of(op), {1, 1, 1});
  part.outcomes = {{batch, 1, 1}};
  world.commit({part});
  EXPECT_EQ(row().state, OutboxState::kReady);
  EXPECT_EQ(row().item_status, (Statuses{0, 1, 0}));
}

TEST_F(Outbox, TheFirstReceiptWins) {
  receipts({1, 1, 1});
  receipts({19, 1, 24});
  EXPECT_EQ(row().item_status, (Statuses{1, 1, 1}));
}

TEST_F(Outbox, CancelEndsOpenItemsOnly) {
  auto part = world.receipts_in("XB", batch, refs_of(op), {1, 1, 1});
  part.outcomes = {{batch, 0, 1}};
  world.commit({part});
  world.commit({set(OutboxState::kCancelled, "sent to the wrong desk")});
  EXPECT_EQ(row().state, OutboxState::kCancelled);
  EXPECT_EQ(row().reason, "sent to the wrong desk");
  EXPECT_EQ(row().item_status, (Statuses{1, store::kItemCancelled, store::kItemCancelled}));
}

TEST_F(Outbox, ALateReceiptOverwritesExpiredAndCancelled) {
  world.commit({set(OutboxState::kExpired)});
  EXPECT_EQ(row().item_status, (Statuses(3, store::kItemExpired)));
  auto part = world.receipts_in("XB", batch, refs_of(op), {1, 1, 1});
  part.outcomes = {{batch, 2, 1}};
  world.commit({part});
  EXPECT_EQ(row().state, OutboxState::kExpired);
  EXPECT_EQ(row().item_status, (Statuses{store::kItemExpired, store::kItemExpired, 1}));
  receipts({1, 21, 1});
  EXPECT_EQ(row().state, OutboxState::kDone);
  EXPECT_EQ(row().item_status, (Statuses{1, 21, 1}));
}

TEST_F(Outbox, AnItemEndedLocallyEndsTheRowWithTheOthers) {
  auto part = world.receipts_in("XB", batch, refs_of(op), {1, 1, 1});
  part.outcomes = {{batch, 0, store::kItemCancelled}, {batch, 1, 1}, {batch, 2, 1}};
  world.commit({part});
  EXPECT_EQ(row().state, OutboxState::kDone);
  EXPECT_EQ(row().item_status, (Statuses{store::kItemCancelled, 1, 1}));
}

TEST_F(Outbox, AnEndedRowStaysEnded) {
  receipts({1, 1, 1});
  world.commit({set(OutboxState::kReady, "late thought")});
  world.commit({set(OutboxState::kExpired)});
  EXPECT_EQ(row().state, OutboxState::kDone);
  EXPECT_EQ(row().reason, "");
  EXPECT_EQ(row().item_status, (Statuses{1, 1, 1}));
}

TEST_F(Outbox, WhatCannotBeIsRefused) {
  EXPECT_EQ(world.try_commit({set(OutboxState::kDone)}).error().code, ErrorCode::kState);
  EXPECT_EQ(
      world.try_commit({store::SetOutbox{batch, "XD", OutboxState::kHeld, "", 0, 0}}).error().code,
      ErrorCode::kState);
  auto outside = world.receipts_in("XB", batch, refs_of(op), {1, 1, 1});
  outside.outcomes.push_back({batch, 3, 1});
  EXPECT_EQ(world.try_commit({outside}).error().code, ErrorCode::kState);
  EXPECT_EQ(row().item_status, (Statuses{0, 0, 0}));
}

TEST_F(Outbox, AReceiptFromSomebodyElseEndsNothing) {
  receipts({1, 1, 1}, "XD");
  EXPECT_EQ(row().item_status, (Statuses{0, 0, 0}));
  EXPECT_EQ(row("XC").item_status, (Statuses{0, 0, 0}));
}

TEST_F(Outbox, RecentIsNewestFirstWhateverTheState) {
  receipts({1, 1, 1});
  const auto second = world.commit({world.sent(1, {"XB"})}).batches[0];
  const auto recent = world->recent_outbox(2);
  ASSERT_EQ(recent.size(), 2u);
  EXPECT_EQ(recent[0].batch, second);
  EXPECT_EQ(recent[1].batch, batch);
  EXPECT_EQ(recent[1].state, OutboxState::kDone);
  EXPECT_EQ(world->recent_outbox(10).size(), 3u);
}

TEST_F(Outbox, AReasonWhoseKeyIsGoneSaysSo) {
  world.commit({set(OutboxState::kHeld, "why")});
  world.keks.keys.clear();
  EXPECT_NE(row().reason.find("not in the keystore"), std::string::npos);
}

}  // namespace
}  // namespace focal::ledger

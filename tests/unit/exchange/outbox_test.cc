// Goal: the sender's memory gives rows out oldest first, one sending at a time, and
// forgets nothing it owes. Method: rows put in and taken through every state by hand.
#include "node/exchange/outbox.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

struct OutboxTest : ::testing::Test {
  Outbox outbox;

  OutboxEntry& add(store::BatchId batch, const std::string& peer = "XB", std::uint32_t lane = 1,
                   std::shared_ptr<const Bytes> inner = nullptr) {
    store::OutboxRow row;
    row.batch = batch;
    row.peer = peer;
    row.lane = lane;
    row.item_status = {0};
    return outbox.add(std::move(row), std::move(inner));
  }
  store::BatchId next(const std::string& peer = "XB", std::uint32_t lane = 1,
                      std::uint64_t wall = 1000) {
    const OutboxEntry* entry = outbox.next_ready(peer, lane, wall);
    return entry == nullptr ? 0 : entry->row.batch;
  }
  static Hash32 id(std::uint8_t n) {
    Hash32 out{};
    out[0] = n;
    return out;
  }
};

TEST_F(OutboxTest, OldestFirstByPartyAndLane) {
  for (const store::BatchId batch : {5, 3, 9}) add(batch);
  add(1, "XC");
  add(2, "XB", 0);
  EXPECT_EQ(next(), 3);
  EXPECT_EQ(next("XB", 0), 2);
  EXPECT_EQ(next("XC"), 1);
  EXPECT_EQ(next("XD"), 0);
  EXPECT_EQ(next("XB", 2), 0);
  EXPECT_EQ(outbox.size(), 5u);
  EXPECT_EQ(outbox.of_party("XB").size(), 4u);
  EXPECT_EQ(outbox.of_party("X").size(), 0u);
}

TEST_F(OutboxTest, WhatIsUnderWayIsNotGivenOutAgain) {
  for (const store::BatchId batch : {1, 2}) add(batch);
  outbox.sent(*outbox.find(1, "XB"), 7, 1, id(1), 5000);
  EXPECT_EQ(next(), 2);
  outbox.sent(*outbox.find(2, "XB"), 7, 1, id(2), 6000);
  EXPECT_EQ(next(), 0);
  EXPECT_EQ(outbox.in_flight(), 2u);
  outbox.link_acked(*outbox.find(1, "XB"));
  EXPECT_EQ(outbox.in_flight(), 1u);
  EXPECT_EQ(next(), 0) << "acknowledged on the link is not ended, and not sent again at once";
}

TEST_F(OutboxTest, LostLinkGivesBackWhatWasNotAcknowledged) {
  for (const store::BatchId batch : {1, 2, 3}) add(batch);
  outbox.sent(*outbox.find(1, "XB"), 7, 1, id(1), 5000);
  outbox.sent(*outbox.find(2, "XB"), 7, 1, id(2), 5000);
  outbox.sent(*outbox.find(3, "XB"), 8, 1, id(3), 5000);
  outbox.link_acked(*outbox.find(1, "XB"));
  outbox.link_lost(7);
  EXPECT_EQ(next(), 2);
  EXPECT_EQ(outbox.find(1, "XB")->flight, Flight::kLinkAcked) << "waits for its receipt";
  EXPECT_EQ(outbox.find(3, "XB")->flight, Flight::kInFlight) << "another link";
}

TEST_F(OutboxTest, DueAgainWhenNoReceiptComes) {
  add(1);
  outbox.sent(*outbox.find(1, "XB"), 7, 1, id(1), 5000);
  outbox.link_acked(*outbox.find(1, "XB"));
  EXPECT_TRUE(outbox.due_again(4999).empty());
  ASSERT_EQ(outbox.due_again(5000).size(), 1u);
  outbox.requeue(*outbox.find(1, "XB"));
  EXPECT_TRUE(outbox.due_again(9999).empty()) << "it is in the queue now";
  EXPECT_EQ(next(), 1);
  EXPECT_EQ(outbox.find(1, "XB")->sendings, 1u);
}

TEST_F(OutboxTest, OnlyReadyRowsAreQueued) {
  for (const auto state : {store::OutboxState::kWaitSchedule, store::OutboxState::kHeld,
                           store::OutboxState::kWaitPsk, store::OutboxState::kCancelled}) {
    OutboxEntry& entry = add(4);
    entry.row.state = state;
    outbox.requeue(entry);
    EXPECT_EQ(next(), 0) << static_cast<int>(state);
    entry.row.state = store::OutboxState::kReady;
    outbox.requeue(entry);
    EXPECT_EQ(next(), 4);
    outbox.erase(4, "XB");
    EXPECT_EQ(next(), 0);
  }
}

TEST_F(OutboxTest, LoadedRowsKeepTheirState) {
  store::OutboxRow held;
  held.batch = 1;
  held.peer = "XB";
  held.state = store::OutboxState::kHeld;
  outbox.add(held, nullptr);
  EXPECT_EQ(next(), 0);
  store::OutboxRow later = held;
  later.batch = 2;
  later.state = store::OutboxState::kReady;
  later.next_ms = 2000;
  outbox.add(later, nullptr);
  EXPECT_EQ(next("XB", 1, 1999), 0);
  EXPECT_EQ(next("XB", 1, 2000), 2);
  EXPECT_EQ(outbox.size(), 2u);
}

TEST_F(OutboxTest, RowThatWaitsForItsTimeHoldsNoOther) {
  add(1).row.next_ms = 5000;
  add(2);
  EXPECT_EQ(next("XB", 1, 1000), 2);
}

TEST_F(OutboxTest, ExpiredAreFound) {
  add(1).row.expires_ms = 1000;
  add(2).row.expires_ms = 0;
  EXPECT_TRUE(outbox.expired(999).empty());
  ASSERT_EQ(outbox.expired(1000).size(), 1u);
  EXPECT_EQ(outbox.expired(1000)[0]->row.batch, 1);
}

TEST_F(OutboxTest, N142_EnvelopeIdsAreThePartysAndTheLatestEight) {
  add(1);
  OutboxEntry& entry = *outbox.find(1, "XB");
  for (std::uint8_t n = 1; n <= kRememberedEnvelopes; ++n) outbox.sent(entry, 7, 1, id(n), 0);
  EXPECT_EQ(outbox.by_envelope("XB", id(1)), &entry);
  EXPECT_EQ(outbox.by_envelope("XC", id(1)), nullptr) << "somebody else's bounce";
  EXPECT_EQ(outbox.by_envelope("XB", id(99)), nullptr);
  outbox.sent(entry, 7, 1, id(9), 0);
  EXPECT_EQ(outbox.by_envelope("XB", id(1)), nullptr) << "the oldest is forgotten";
  EXPECT_EQ(outbox.by_envelope("XB", id(2)), &entry);
  EXPECT_EQ(entry.env_ids.size(), kRememberedEnvelopes);
  outbox.erase(1, "XB");
  for (std::uint8_t n = 2; n <= 9; ++n) EXPECT_EQ(outbox.by_envelope("XB", id(n)), nullptr);
}

TEST_F(OutboxTest, CachedInnersAreCappedAndGivenBack) {
  const auto half = std::make_shared<const Bytes>(kMaxCachedInner / 2);
  EXPECT_NE(add(1, "XB", 1, half).inner, nullptr);
  EXPECT_NE(add(2, "XB", 1, half).inner, nullptr);
  EXPECT_EQ(add(3, "XB", 1, half).inner, nullptr) << "full: read from the ledger when it is sent";
  EXPECT_NE(add(4, "XB", 1, std::make_shared<const Bytes>()).inner, nullptr);
  outbox.sent(*outbox.find(1, "XB"), 7, 1, id(1), 0);
  EXPECT_EQ(outbox.find(1, "XB")->inner, nullptr) << "sent once; again from the ledger";
  EXPECT_NE(add(5, "XB", 1, half).inner, nullptr) << "its room is free";
  outbox.erase(2, "XB");
  EXPECT_NE(add(6, "XB", 1, half).inner, nullptr);
  EXPECT_EQ(add(7, "XB", 1, half).inner, nullptr);
  outbox.clear();
  EXPECT_EQ(outbox.size(), 0u);
  EXPECT_NE(add(8, "XB", 1, half).inner, nullptr);
}

TEST_F(OutboxTest, ErasedRowsAreGone) {
  add(1);
  add(1, "XC");
  outbox.erase(1, "XB");
  outbox.erase(1, "XD");
  EXPECT_EQ(outbox.find(1, "XB"), nullptr);
  EXPECT_NE(outbox.find(1, "XC"), nullptr);
  std::size_t seen = 0;
  outbox.for_each([&](const OutboxEntry&) { ++seen; });
  EXPECT_EQ(seen, 1u);
}

}  // namespace
}  // namespace focal::exchange

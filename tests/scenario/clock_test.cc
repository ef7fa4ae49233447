// Goal: a clock that is sixty days ahead for a minute destroys nothing. Number 126.
// Method: rows that wait and rows with a deadline stand in the ledgers when it jumps.
#include <gtest/gtest.h>

#include "tests/support/world.h"

namespace focal::test {
namespace {

struct ClockJump : ::testing::Test {
  World w;
  void SetUp() override {
    w.add("XA");
    w.add("XB");
  }
  void sixty_days_ahead_for_a_minute(const std::function<void()>& meanwhile) {
    const std::uint64_t right = w.now().wall_ms;
    w.set_wall(right + 60 * kDayMs);
    for (int second = 0; second < 60; ++second) w.advance(kSecondMs);
    meanwhile();
    w.set_wall(right + kMinuteMs);
    for (int second = 0; second < 60; ++second) w.advance(kSecondMs);
  }
};

TEST_F(ClockJump, N126_ARecordWithADeadlineIsNotEnded) {
  w.verify_both("XA", "XB");
  const auto ref =
      w.send("XA", "XB", "peer.ping", ping_body(), {}, {}, w.now().wall_ms + 7 * kDayMs);
  sixty_days_ahead_for_a_minute([] {});
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  w.connect("XA", "XB");
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(ClockJump, N126_WhatWaitsForTrustIsNotRejected) {
  w.pin("XA", "XB", store::PeerLevel::kVerified);
  w.pin("XB", "XA", store::PeerLevel::kNone);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  sixty_days_ahead_for_a_minute([] {});
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
}

TEST_F(ClockJump, N126_AStartInThatMinuteLeavesKeysForToday) {
  w.verify_both("XA", "XB");
  sixty_days_ahead_for_a_minute([&] {
    w.crash("XB");
    w.connect("XA", "XB");  // XA learns of the schedule made in that minute
    w.run();
  });
  w.crash("XB");
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

}  // namespace
}  // namespace focal::test

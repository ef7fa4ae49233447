// Goal: nothing irreversible goes by a clock that jumped. Method: the three sources of
// time are moved apart by hand.
#include "node/exchange/safe_clock.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

constexpr std::uint64_t kDay = 20'000 * kDayMs;

struct SafeClockTest : ::testing::Test {
  SafeClock clock;
  Now now{1000, kDay};
  void SetUp() override { clock.start(now, 0); }
  void pass(std::uint64_t ms) { now.mono_ms += ms, now.wall_ms += ms; }
};

TEST_F(SafeClockTest, AClockThatRunsTrueIsTheWallClock) {
  pass(900 * kDayMs);
  EXPECT_EQ(clock.at(now), now.wall_ms);
  now.wall_ms -= 5 * kDayMs;  // put back
  EXPECT_EQ(clock.at(now), now.wall_ms);
}

TEST_F(SafeClockTest, AJumpAheadDoesNotCountAndTimeGoesOn) {
  now.wall_ms += 60 * kDayMs;
  EXPECT_EQ(clock.at(now), kDay);
  pass(kMinuteMs);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
  now.wall_ms -= 60 * kDayMs;
  EXPECT_EQ(clock.at(now), now.wall_ms);
}

TEST_F(SafeClockTest, ManySmallJumpsAreOneLargeOne) {
  for (int i = 0; i < 60; ++i) now.wall_ms += kDayMs;
  EXPECT_EQ(clock.at(now), kDay);
}

TEST_F(SafeClockTest, AfterWeeksOffAPartyConfirmsTheTime) {
  clock.start({1000, kDay + 30 * kDayMs}, kDay);  // the newest leaf is a month old
  now.wall_ms += 30 * kDayMs;
  EXPECT_EQ(clock.at(now), kDay) << "off for a month, or a clock that jumped?";
  clock.heard("XB", now.wall_ms - kMinuteMs, now);
  pass(kHourMs);
  EXPECT_EQ(clock.at(now), now.wall_ms - kMinuteMs);
}

TEST_F(SafeClockTest, OneOfSeveralPartiesCannotMoveIt) {
  now.wall_ms += 60 * kDayMs;
  clock.heard("XB", kDay + 60 * kDayMs, now);
  clock.heard("XC", kDay + kMinuteMs, now);
  clock.heard("XD", kDay, now);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
}

TEST_F(SafeClockTest, NobodyMovesItBeyondTheWallClock) {
  clock.start({1000, kDay}, kDay - 30 * kDayMs);
  for (const char* party : {"XB", "XC", "XD"}) clock.heard(party, kDay + 500 * kDayMs, now);
  EXPECT_EQ(clock.at(now), kDay);
}

}  // namespace
}  // namespace focal::exchange

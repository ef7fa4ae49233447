// Goal: nothing irreversible goes by a clock that jumped, whichever clock it is: ours, one
// peer's, or that of a process that ended. Number 126. Method: the three sources of time
// are moved apart by hand.
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
  void hear(std::initializer_list<const char*> parties, std::uint64_t ms) {
    for (const char* party : parties) clock.heard(party, ms, now);
  }
  ClockState state() const { return clock.read(now).state; }
};

TEST_F(SafeClockTest, AClockThatRunsTrueIsTheWallClock) {
  pass(900 * kDayMs);
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(state(), ClockState::kAlone);
  now.wall_ms -= 5 * kDayMs;  // put back
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(state(), ClockState::kBehind);
}

TEST_F(SafeClockTest, AJumpAheadDoesNotCountAndTimeGoesOn) {
  now.wall_ms += 60 * kDayMs;
  EXPECT_EQ(clock.at(now), kDay);
  EXPECT_EQ(state(), ClockState::kUnconfirmed);
  pass(kMinuteMs);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
  now.wall_ms -= 60 * kDayMs;
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(state(), ClockState::kAlone);
}

TEST_F(SafeClockTest, ManySmallJumpsAreOneLargeOne) {
  for (int i = 0; i < 60; ++i) now.wall_ms += kDayMs;
  EXPECT_EQ(clock.at(now), kDay);
}

TEST_F(SafeClockTest, N126_AnotherProcessGoesOnFromWhatTheLastOneKnew) {
  const std::uint64_t stored = clock.at(now);
  clock.start({5, kDay + 60 * kDayMs}, stored);  // a jump, or two months without the process
  now = {5, kDay + 60 * kDayMs};
  EXPECT_EQ(clock.at(now), kDay);
  EXPECT_EQ(state(), ClockState::kUnconfirmed);
  const std::uint64_t again = clock.at(now);
  clock.start(now, again);  // nor does one restart after the other move it
  EXPECT_EQ(clock.at(now), kDay);
  // A wall clock that starts in the past and is then put right is no jump.
  clock.start({5, kDay - 900 * kDayMs}, stored);
  now = {5, kDay - 900 * kDayMs};
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(state(), ClockState::kBehind);
  now = {1005, kDay + 1000};
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(state(), ClockState::kAlone);
}

TEST_F(SafeClockTest, AfterWeeksOffTwoPartiesConfirmTheTimeAndOneDoesNot) {
  clock.start({1000, kDay + 30 * kDayMs}, kDay);
  now.wall_ms += 30 * kDayMs;
  EXPECT_EQ(clock.at(now), kDay) << "off for a month, or a clock that jumped?";
  hear({"XB"}, now.wall_ms - kMinuteMs);
  EXPECT_EQ(clock.at(now), kDay);
  EXPECT_EQ(clock.read(now).heard, 1u);
  hear({"XC"}, now.wall_ms - 2 * kMinuteMs);
  EXPECT_EQ(state(), ClockState::kAgreed);
  pass(kHourMs);
  EXPECT_EQ(clock.at(now), now.wall_ms - 2 * kMinuteMs) << "the second newest of two";
}

TEST_F(SafeClockTest, AnOperatorConfirmsWhereNobodyElseCan) {
  now.wall_ms += 30 * kDayMs;
  ASSERT_EQ(state(), ClockState::kUnconfirmed);
  clock.confirm(now);
  EXPECT_EQ(state(), ClockState::kAlone);
  EXPECT_EQ(clock.at(now), now.wall_ms);
  now.wall_ms += 3 * kDayMs;
  EXPECT_EQ(clock.at(now), now.wall_ms - 3 * kDayMs) << "the next jump is one again";
}

TEST_F(SafeClockTest, OneOfSeveralPartiesCannotMoveIt) {
  now.wall_ms += 60 * kDayMs;
  hear({"XB"}, kDay + 60 * kDayMs);
  hear({"XC"}, kDay + kMinuteMs);
  hear({"XD"}, kDay);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
  EXPECT_EQ(state(), ClockState::kAhead);
  hear({"XB"}, kDay + kMinuteMs);  // its clock was wrong for a minute: its newest word counts
  hear({"XC"}, kDay + 60 * kDayMs);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs) << "two that were wrong at different times are one";
}

TEST_F(SafeClockTest, AsManyAsTheQuorumAreNeededOrAllOfFewerButNeverTheNewestAlone) {
  SafeClock three(3);
  three.start(now, 0);
  now.wall_ms += 60 * kDayMs;
  const auto say = [&](const char* party, std::uint64_t days) {
    three.heard(party, kDay + days * kDayMs, now);
  };
  say("XB", 50);
  EXPECT_EQ(three.at(now), kDay) << "one is not enough";
  say("XC", 40);
  EXPECT_EQ(three.at(now), kDay + 40 * kDayMs) << "of two the second";
  SafeClock fresh(3);
  fresh.start({1000, kDay}, 0);
  for (const auto& [party, days] : {std::pair{"XB", 50}, {"XC", 40}, {"XD", 1}, {"XE", 0}})
    fresh.heard(party, kDay + static_cast<std::uint64_t>(days) * kDayMs, now);
  EXPECT_EQ(fresh.at(now), kDay + 40 * kDayMs) << "the largest so far stands";
  SafeClock one(1);
  one.start({1000, kDay}, 0);
  one.heard("XB", kDay + 60 * kDayMs, now);
  one.heard("XC", kDay, now);
  EXPECT_EQ(one.at(now), kDay) << "at least the second";
}

TEST_F(SafeClockTest, TheLargestSoFarStandsAndGoesOn) {
  hear({"XB", "XC"}, kDay + kHourMs);
  hear({"XB", "XC"}, kDay - 5 * kDayMs);  // both clocks are put back
  now.wall_ms += 60 * kDayMs;
  now.mono_ms += kMinuteMs;
  EXPECT_EQ(clock.at(now), kDay + kHourMs + kMinuteMs);
}

TEST_F(SafeClockTest, WhoeverWasNotHeardForThirtyDaysDoesNotCount) {
  hear({"XB", "XC"}, kDay);
  pass(29 * kDayMs);
  EXPECT_EQ(state(), ClockState::kAgreed);
  hear({"XB"}, now.wall_ms);
  pass(2 * kDayMs);
  EXPECT_EQ(state(), ClockState::kAlone);
  EXPECT_EQ(clock.read(now).heard, 1u);
  EXPECT_EQ(clock.at(now), now.wall_ms);
  now.wall_ms += 3 * kDayMs;  // the jump is measured from where the peers agreed
  EXPECT_EQ(state(), ClockState::kUnconfirmed);
  EXPECT_EQ(clock.at(now), now.wall_ms - 3 * kDayMs);
}

TEST_F(SafeClockTest, ASignedTimeIsALowerBoundHoweverOld) {
  hear({"XB"}, kDay + kHourMs);
  clock.signed_at("XB", kDay - 300 * kDayMs, now);  // an old receipt comes again
  clock.signed_at("XC", kDay + kMinuteMs, now);
  now.wall_ms += 60 * kDayMs;
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
  clock.signed_at("XC", kDay + 2 * kHourMs, now);
  EXPECT_EQ(clock.at(now), kDay + kHourMs);
}

TEST_F(SafeClockTest, WhatAPartySaidThatIsTrustedNoMoreNeverCounted) {
  now.wall_ms += 60 * kDayMs;
  hear({"XB", "XC"}, kDay + 60 * kDayMs);
  EXPECT_EQ(clock.at(now), kDay + 60 * kDayMs);
  hear({"XD"}, kDay + kMinuteMs);
  clock.forget("XC", now);
  EXPECT_EQ(clock.at(now), kDay + kMinuteMs);
  clock.forget("XB", now);
  EXPECT_EQ(clock.read(now).heard, 1u);
  EXPECT_NE(state(), ClockState::kAgreed);
}

TEST_F(SafeClockTest, NobodyMovesItBeyondTheWallClock) {
  clock.start({1000, kDay}, kDay - 30 * kDayMs);
  hear({"XB", "XC", "XD"}, kDay + 500 * kDayMs);
  EXPECT_EQ(clock.at(now), kDay);
  EXPECT_EQ(state(), ClockState::kBehind);
}

TEST_F(SafeClockTest, WhatBeginsWithAClockThatIsBehindBeginsByTheOthers) {
  hear({"XB", "XC"}, kDay);
  now.wall_ms -= 60 * kDayMs;
  EXPECT_EQ(clock.at(now), now.wall_ms);
  EXPECT_EQ(clock.latest(now), kDay);
  now.wall_ms += 61 * kDayMs;
  EXPECT_EQ(clock.latest(now), now.wall_ms);
}

}  // namespace
}  // namespace focal::exchange

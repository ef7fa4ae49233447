// Goal: no clock error is irreversible: a clock that is sixty days ahead for a minute, or
// far behind, with a start in between, ends nothing. Number 126. Method: keys, rows that
// wait and rows with a deadline are there when the clock of one node, or of all, jumps.
#include <gtest/gtest.h>

#include <set>

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

// By whichever clock, with whomever linked: the keys are those from before.
TEST_F(ClockJump, N126_NoKeyIsDestroyedWhateverTheClockDoes) {
  w.add("XC");
  for (const auto& [a, b] : {std::pair{"XA", "XB"}, {"XA", "XC"}, {"XB", "XC"}}) w.verify_both(a, b);
  // Those that may still be needed, by the right time.
  const auto kids = [&] {
    std::set<Id16> out;
    const auto keystore = w.keystore("XB");
    const auto names = *node::seal_names(keystore, node::kSealPrefix);
    for (const auto& name : names)
      if (name.monday_ms + exchange::kWeekMs + exchange::kSealKeptMs > w.now().wall_ms)
        out.insert(name.kid);
    EXPECT_EQ(w.core("XB").self().sealing.size(), names.size());
    return out;
  };
  const auto jump = [&](std::int64_t days, bool linked, bool with_start) {
    const auto before = kids();
    if (linked) w.connect("XA", "XB"), w.connect("XC", "XB");
    w.set_clock("XB", days * static_cast<std::int64_t>(kDayMs));
    for (int hour = 0; hour < 3; ++hour) w.advance(kHourMs);
    if (with_start) {
      w.crash("XB");
      for (int hour = 0; hour < 3; ++hour) w.advance(kHourMs);
      w.crash("XB");
      w.advance(kHourMs);
    }
    w.set_clock("XB", 0);
    w.advance(kHourMs);
    const auto after = kids();
    for (const Id16& kid : before)
      EXPECT_TRUE(after.contains(kid)) << days << " days" << (linked ? ", linked" : "")
                                       << (with_start ? ", with a start" : "");
    EXPECT_LE(after.size(), 9u + 4 * 9) << "those made for a wrong today are few";
  };
  for (const std::int64_t days : {60, -60, 1, 400, -400})
    for (const bool linked : {false, true})
      for (const bool with_start : {false, true}) jump(days, linked, with_start);
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.connect("XA", "XB");
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

TEST_F(ClockJump, N126_WhatBeganWhileTheClockWasBehindIsNotEndedWhenItIsPutRight) {
  w.pin("XA", "XB", store::PeerLevel::kVerified);
  w.pin("XB", "XA", store::PeerLevel::kNone);
  w.advance(kHourMs);
  w.set_clock("XB", -40 * static_cast<std::int64_t>(kDayMs));
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  ASSERT_EQ(w.core("XB").machine().waiting().size(), 1u);
  w.set_clock("XB", 0);
  w.advance(2 * kMinuteMs);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u) << "not rejected as waiting for forty days";
}

// Weeks off, and nobody to ask: it is late until a person says what time it is.
TEST_F(ClockJump, AfterWeeksOffKeysEndWhenTheClockIsConfirmed) {
  w.advance(kHourMs);
  w.stop("XB");
  w.advance(70 * kDayMs);
  w.start("XB");
  w.advance(kHourMs);
  const auto& self = w.core("XB").self();
  EXPECT_EQ(w.core("XB").machine().safe_clock().read(w.now()).state,
            exchange::ClockState::kUnconfirmed);
  EXPECT_TRUE(self.gone.empty());
  EXPECT_NE(exchange::select_key(exchange::parse_schedule(self.schedule_note)->keys,
                                 w.now().wall_ms), nullptr) << "others can seal to it all the same";
  w.core("XB").machine().confirm_clock(w.now());
  w.advance(kHourMs);
  EXPECT_EQ(self.gone.size(), 7u);
  w.crash("XB");
  w.advance(kHourMs);
  EXPECT_EQ(w.core("XB").machine().safe_clock().read(w.now()).state, exchange::ClockState::kAlone)
      << "confirmed once";
}

TEST_F(ClockJump, ARecordOfASuspendedPartyWaitsLongerThanThirtyDays) {
  w.verify_both("XA", "XB");
  exchange::Machine& machine = w.core("XB").machine();
  const auto suspend = [&](store::Suspension how) {
    ASSERT_TRUE(machine.book().set_standing("XA", {store::PeerLevel::kVerified, how}, {}, "a test",
                                            machine.book_time(w.now())));
    w.run();
  };
  suspend(store::Suspension::kOperator);
  w.connect("XA", "XB");
  const auto ref = w.send("XA", "XB", "peer.ping", ping_body());
  w.run();
  for (int day = 0; day < 100; ++day) w.advance(kDayMs);
  EXPECT_EQ(w.core("XB").machine().waiting().size(), 1u);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 0u);
  suspend(store::Suspension::kNone);
  EXPECT_EQ(w.status_of("XA", ref, "XB"), 1u);
}

}  // namespace
}  // namespace focal::test

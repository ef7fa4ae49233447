// Goal: times and dates are written and read in one form each, and Mondays are right.
// Method: known instants; every day of 1970 to 2100 there and back; near misses.
#include "base/clock.h"

#include <gtest/gtest.h>

namespace focal {
namespace {

constexpr std::uint64_t kSomeMonday = 1795392000000;  // 2026-11-23T00:00:00Z

TEST(Clock, KnownInstants) {
  EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(format_utc(kSomeMonday + 10 * kHourMs), "2026-11-23T10:00:00Z");
  EXPECT_EQ(format_utc(kSomeMonday + kDayMs - 1), "2026-11-23T23:59:59Z");  // ms are cut
  EXPECT_EQ(format_date(kSomeMonday), "2026-11-23");
  EXPECT_EQ(parse_utc("2026-11-23T10:00:00Z"), kSomeMonday + 10 * kHourMs);
  EXPECT_EQ(parse_utc("2000-02-29T23:59:59Z"), 951868799000ULL);
  EXPECT_EQ(parse_date("2026-11-23"), kSomeMonday);
}

TEST(Clock, EveryDayThereAndBack) {
  for (std::uint64_t day = 0; day < 48000; ++day) {
    const std::uint64_t ms = day * kDayMs;
    ASSERT_EQ(parse_date(format_date(ms)), ms);
    ASSERT_EQ(parse_utc(format_utc(ms + 3661000)), ms + 3661000);
  }
}

TEST(Clock, OtherFormsAreRefused) {
  for (const char* bad :
       {"", "2026-11-23", "2026-11-23T10:00:00", "2026-11-23T10:00:00z", "2026-11-23 10:00:00Z",
        "2026-11-23T10:00:00+00:00", "2026-11-23T10:00:00.0Z", "2026-11-23T24:00:00Z",
        "2026-11-23T10:60:00Z", "2026-11-23T10:00:60Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "1969-12-31T23:59:59Z",
        "2026-11-2aT10:00:00Z", "+026-11-23T10:00:00Z", " 026-11-23T10:00:00Z"})
    EXPECT_FALSE(parse_utc(bad).has_value()) << bad;
  for (const char* bad : {"", "2026-11-3", "2026-1-23", "2026/11/23", "2026-04-31", "2026-11-00",
                          "2026-11-23 ", "20261123", "1969-12-31"})
    EXPECT_FALSE(parse_date(bad).has_value()) << bad;
}

TEST(Clock, MondayOf) {
  for (std::uint64_t d = 0; d < 7; ++d) {
    EXPECT_EQ(monday_of(kSomeMonday + d * kDayMs), kSomeMonday);
    EXPECT_EQ(monday_of(kSomeMonday + d * kDayMs + kDayMs - 1), kSomeMonday);
  }
  EXPECT_EQ(monday_of(kSomeMonday - 1), kSomeMonday - 7 * kDayMs);
  EXPECT_EQ(monday_of(kSomeMonday + 7 * kDayMs), kSomeMonday + 7 * kDayMs);
}

TEST(Clock, MonotonicDoesNotGoBack) {
  const Now a = read_clocks();
  const Now b = read_clocks();
  EXPECT_LE(a.mono_ms, b.mono_ms);
  EXPECT_GT(a.wall_ms, kSomeMonday - 365 * kDayMs);
}

}  // namespace
}  // namespace focal

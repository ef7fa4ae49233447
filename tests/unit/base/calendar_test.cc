// Goal: "2 working days" ends when the offices concerned have had two days, whatever their
// week, their holidays and their side of the date line; the texts of a configuration are read
// in one form each. Method: days counted by hand, near misses, and random calendars.
#include "base/calendar.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/clock.h"

namespace focal {
namespace {

using Unit = Term::Unit;

std::uint64_t at(const char* text) {
  const auto ms = parse_utc(text);
  EXPECT_TRUE(ms.has_value()) << text;
  return ms.value_or(0);
}

Calendar with(const char* week, std::vector<const char*> holidays = {}, int offset_min = 0) {
  Calendar out;
  out.week = parse_week(week).value_or(0);
  for (const char* text : holidays) out.holidays.push_back(*parse_holiday(text));
  out.utc_offset_min = offset_min;
  return out;
}

std::string working_days(const Calendar& calendar, const char* start, unsigned n) {
  return format_utc(end_of_term(calendar, at(start), {n, Unit::kWorkingDays}));
}

TEST(Calendar, WeekIsReadAndWrittenInOneForm) {
  for (const char* text : {"mon-fri", "sun-thu", "sat-wed", "sat-thu", "mon-thu,sat", "mon-sat",
                           "sun-fri", "wed", "mon-sun", "tue,thu"})
    EXPECT_EQ(format_week(parse_week(text).value_or(0)), text);
  EXPECT_EQ(parse_week("mon-fri"), kMondayToFriday);
  EXPECT_EQ(parse_week("thu-wed"), Week{0x7f});
  for (const char* text : {"", "Mon-fri", "mon-", "-fri", "mon,", "mon-fri,fri", "mon,mon",
                           "mon - fri", "monday", "mon-fri;sat", "mon-wed-fri"})
    EXPECT_FALSE(parse_week(text).has_value()) << text;
}

TEST(Calendar, HolidaysOffsetsAndTermsAreReadInOneForm) {
  EXPECT_EQ(parse_holiday("2026-12-25"), (Holiday{2026, 12, 25}));
  EXPECT_EQ(parse_holiday("02-29"), (Holiday{0, 2, 29}));
  for (const char* text : {"", "2026-02-29", "13-01", "1-1", "12/25", "02-30", "26-12-25"})
    EXPECT_FALSE(parse_holiday(text).has_value()) << text;
  EXPECT_EQ(parse_utc_offset("+05:30"), 330);
  EXPECT_EQ(parse_utc_offset("-12:00"), -720);
  EXPECT_EQ(parse_utc_offset("+14:00"), 840);
  for (const char* text :
       {"", "05:30", "+5:30", "+14:01", "-12:01", "+05:60", "+0530", "Z", "++5:30"})
    EXPECT_FALSE(parse_utc_offset(text).has_value()) << text;
  EXPECT_EQ(format_utc_offset(-270), "UTC-04:30");
  EXPECT_EQ(format_utc_offset(0), "UTC");
  EXPECT_EQ(parse_term("2 working days"), (Term{2, Unit::kWorkingDays}));
  EXPECT_EQ(parse_term("1 hour"), (Term{1, Unit::kHours}));
  for (const char* text : {"8 hours", "1 day", "30 days", "1 working day", "8760 hours"})
    EXPECT_EQ(format_term(parse_term(text).value_or(Term{})), text);
  for (const char* text : {"", "8", "hours", "1 hours", "2 hour", "0 days", "02 days", "-1 days",
                           "8761 hours", "366 days", "366 working days", "2  days", "2 weeks",
                           "2 Working days", "99999999999 hours"})
    EXPECT_FALSE(parse_term(text).has_value()) << text;
}

// 2026-11-23 is a Monday.
TEST(Calendar, MondayToFriday) {
  const Calendar c = with("mon-fri");
  EXPECT_EQ(working_days(c, "2026-11-23T10:00:00Z", 2), "2026-11-26T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-11-23T00:00:00Z", 2), "2026-11-26T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-11-23T23:59:59Z", 2), "2026-11-26T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-11-26T10:00:00Z", 2), "2026-12-01T00:00:00Z");  // Thursday
  // What comes on a Saturday counts as coming on Monday.
  EXPECT_EQ(working_days(c, "2026-11-28T10:00:00Z", 2), "2026-12-03T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-11-23T10:00:00Z", 0), "2026-11-24T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-11-28T10:00:00Z", 0), "2026-12-01T00:00:00Z");
}

TEST(Calendar, OtherWeeks) {
  // Thursday morning, two working days: over on Monday (sun-thu), on Sunday (sat-wed from
  // Saturday).
  EXPECT_EQ(working_days(with("sun-thu"), "2026-11-26T10:00:00Z", 2), "2026-12-01T00:00:00Z");
  EXPECT_EQ(working_days(with("sun-thu"), "2026-11-27T10:00:00Z", 1), "2026-12-01T00:00:00Z");
  EXPECT_EQ(working_days(with("sat-wed"), "2026-11-25T10:00:00Z", 2), "2026-11-30T00:00:00Z");
  EXPECT_EQ(working_days(with("mon-thu,sat"), "2026-11-26T10:00:00Z", 1), "2026-11-29T00:00:00Z");
  EXPECT_EQ(working_days(with("wed"), "2026-11-25T10:00:00Z", 2), "2026-12-10T00:00:00Z");
}

TEST(Calendar, HolidaysOfOneYearAndOfEveryYear) {
  const Calendar c = with("mon-fri", {"12-25", "01-01", "2026-12-28"});
  EXPECT_EQ(working_days(c, "2026-12-24T10:00:00Z", 1), "2026-12-30T00:00:00Z");
  EXPECT_EQ(working_days(c, "2027-12-24T10:00:00Z", 1), "2027-12-28T00:00:00Z");
  // Begins on a holiday; passes the end of the year.
  EXPECT_EQ(working_days(c, "2026-12-25T10:00:00Z", 0), "2026-12-30T00:00:00Z");
  EXPECT_EQ(working_days(c, "2026-12-31T10:00:00Z", 1), "2027-01-05T00:00:00Z");
}

TEST(Calendar, LeapYears) {
  const Calendar plain = with("mon-fri");
  EXPECT_EQ(working_days(plain, "2028-02-28T10:00:00Z", 1), "2028-03-01T00:00:00Z");
  const Calendar off = with("mon-fri", {"02-29"});
  EXPECT_EQ(working_days(off, "2028-02-28T10:00:00Z", 1), "2028-03-02T00:00:00Z");
  EXPECT_EQ(working_days(off, "2027-02-26T10:00:00Z", 1), "2027-03-02T00:00:00Z");
  EXPECT_EQ(format_utc(end_of_term(plain, at("2028-02-28T10:00:00Z"), {3, Unit::kDays})),
            "2028-03-03T00:00:00Z");
}

TEST(Calendar, DaysBeginWhereThePartyIs) {
  // Friday noon UTC is already Saturday at +14, and still Friday at -12.
  const char* const noon = "2026-11-27T12:00:00Z";
  EXPECT_EQ(working_days(with("mon-fri", {}, 14 * 60), noon, 1), "2026-12-01T10:00:00Z");
  EXPECT_EQ(working_days(with("mon-fri", {}, -12 * 60), noon, 1), "2026-12-01T12:00:00Z");
  EXPECT_EQ(working_days(with("mon-fri", {}, -12 * 60), "2026-11-27T11:59:59Z", 1),
            "2026-11-28T12:00:00Z");
  EXPECT_EQ(working_days(with("mon-fri", {}, 330), "2026-11-26T18:29:59Z", 1),
            "2026-11-27T18:30:00Z");
  EXPECT_EQ(working_days(with("mon-fri", {}, 330), "2026-11-26T18:30:00Z", 1),
            "2026-11-30T18:30:00Z");
  EXPECT_EQ(day_of(with("mon-fri", {}, -720), 0), -1);
}

TEST(Calendar, HoursRunAroundTheClockAndDaysAreWhole) {
  const Calendar c = with("mon-fri", {"11-28"}, 60);
  EXPECT_EQ(format_utc(end_of_term(c, at("2026-11-27T22:30:00Z"), {8, Unit::kHours})),
            "2026-11-28T06:30:00Z");
  EXPECT_EQ(format_utc(end_of_term(c, at("2026-11-27T22:30:00Z"), {1, Unit::kDays})),
            "2026-11-28T23:00:00Z");
}

Calendar any_calendar() {
  Calendar out;
  out.week = *rc::gen::inRange<Week>(1, 0x80);
  out.utc_offset_min = *rc::gen::inRange(kMinUtcOffsetMin, kMaxUtcOffsetMin + 1);
  const auto count = *rc::gen::inRange<std::size_t>(0, kMaxHolidays + 1);
  const bool crowded = *rc::gen::inRange(0, 2) == 1;  // as many neighbours as can be
  for (std::size_t i = 0; i < count; ++i) {
    Holiday h;
    h.year = *rc::gen::element(0, 2026, 2027, 2028);
    h.month = crowded ? static_cast<unsigned>(1 + i / 28) : *rc::gen::inRange(1u, 13u);
    h.day = crowded ? static_cast<unsigned>(1 + i % 28) : *rc::gen::inRange(1u, 30u);
    out.holidays.push_back(h);
  }
  return out;
}

Day any_day() { return *rc::gen::inRange<Day>(20'000, 22'000); }  // October 2024 to 2030

RC_GTEST_PROP(CalendarProperty, NeverEndsOnADayOffNorBeforeItsBeginning, ()) {
  const Calendar c = any_calendar();
  const Day start = any_day();
  const unsigned n = *rc::gen::inRange(0u, 30u);
  const Day end = add_working_days(c, start, n);
  RC_ASSERT(is_working_day(c, end));
  RC_ASSERT(end >= start + static_cast<Day>(n));
  // n working days lie after the first one, up to the end.
  Day first = start;
  while (!is_working_day(c, first)) ++first;
  unsigned counted = 0;
  for (Day day = first + 1; day <= end; ++day) counted += is_working_day(c, day) ? 1 : 0;
  RC_ASSERT(counted == n);
}

RC_GTEST_PROP(CalendarProperty, AddingIsMonotoneAndAddsUp, ()) {
  const Calendar c = any_calendar();
  const Day start = any_day();
  const unsigned a = *rc::gen::inRange(0u, 20u);
  const unsigned b = *rc::gen::inRange(0u, 20u);
  RC_ASSERT(add_working_days(c, start, a + b) ==
            add_working_days(c, add_working_days(c, start, a), b));
  RC_ASSERT(add_working_days(c, start, a) < add_working_days(c, start, a + 1));
  RC_ASSERT(add_working_days(c, start, a) <= add_working_days(c, start + 1, a));
}

RC_GTEST_PROP(CalendarProperty, TermsEndAfterTheyBeginAndLaterOnesLater, ()) {
  const Calendar c = any_calendar();
  const std::uint64_t start = *rc::gen::inRange<std::uint64_t>(20'000, 22'000) * kDayMs +
                              *rc::gen::inRange<std::uint64_t>(0, kDayMs);
  const std::uint64_t later = start + *rc::gen::inRange<std::uint64_t>(0, 3 * kDayMs);
  const Term term{*rc::gen::inRange(1u, 40u),
                  *rc::gen::element(Unit::kHours, Unit::kDays, Unit::kWorkingDays)};
  const Term longer{term.count + 1, term.unit};
  RC_ASSERT(end_of_term(c, start, term) > start);
  RC_ASSERT(end_of_term(c, start, term) <= end_of_term(c, later, term));
  RC_ASSERT(end_of_term(c, start, term) < end_of_term(c, start, longer));
  const Day day = day_of(c, start);
  RC_ASSERT(end_of_day(c, day) > start && end_of_day(c, day) - start <= kDayMs);
}

RC_GTEST_PROP(CalendarProperty, EveryWeekIsReadAsItIsWritten, ()) {
  const Week week = *rc::gen::inRange<Week>(1, 0x80);
  RC_ASSERT(parse_week(format_week(week)) == week);
}

}  // namespace
}  // namespace focal

// Working calendars as values: which days somebody works, and when a time such as "2 working
// days" is over. No clock and no data: whoever asks gives the instant and the calendar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace focal {

// Working days of a week: bit 0 is Monday, bit 6 Sunday. Never empty.
using Week = std::uint8_t;
inline constexpr Week kMondayToFriday = 0x1f;
// "mon-fri", "sun-thu", "sat-wed", "mon-thu,sat", "mon"; lower case, no day twice.
std::optional<Week> parse_week(std::string_view text);
std::string format_week(Week week);  // a text that parse_week() takes

// A day off: of one year, or of every year (year 0; February 29 then counts in leap years).
struct Holiday {
  int year = 0;
  unsigned month = 1;
  unsigned day = 1;
  bool operator==(const Holiday&) const = default;
};
std::optional<Holiday> parse_holiday(std::string_view text);  // "2026-12-25" or "12-25"

inline constexpr int kMinUtcOffsetMin = -12 * 60;
inline constexpr int kMaxUtcOffsetMin = 14 * 60;
std::optional<int> parse_utc_offset(std::string_view text);  // "+05:30", "-12:00"; to minutes
std::string format_utc_offset(int minutes);                  // "UTC+05:30"; "UTC" for 0

// So many that a working day always comes, however they lie (a week of one day has 52).
inline constexpr std::size_t kMaxHolidays = 100;

struct Calendar {
  Week week = kMondayToFriday;
  std::vector<Holiday> holidays;  // at most kMaxHolidays
  int utc_offset_min = 0;         // when a day begins and ends there
  bool operator==(const Calendar&) const = default;
};

using Day = std::int64_t;  // days since 1970-01-01, as the calendar's party counts them
Day day_of(const Calendar& calendar, std::uint64_t unix_ms);
std::uint64_t end_of_day(const Calendar& calendar, Day day);  // Unix ms; the day is over then
bool is_working_day(const Calendar& calendar, Day day);

// The n-th working day after the first one that is not before `day`. What arrives on a day
// off counts as arriving on the next working day, so adding a + b is adding a, then b.
Day add_working_days(const Calendar& calendar, Day day, unsigned n);

// How long something may take.
struct Term {
  enum class Unit : std::uint8_t { kHours, kDays, kWorkingDays };
  unsigned count = 0;
  Unit unit = Unit::kHours;
  bool operator==(const Term&) const = default;
};
inline constexpr unsigned kMaxTermHours = 8760;
inline constexpr unsigned kMaxTermDays = 365;
// "8 hours", "1 hour", "30 days", "2 working days"; 1 to the greatest count.
std::optional<Term> parse_term(std::string_view text);
std::string format_term(const Term& term);

// When a term that begins at start_ms is over. Hours run around the clock. Days are whole:
// over at the end of the last one, as the calendar's party counts days; the day of the
// beginning is not counted.
std::uint64_t end_of_term(const Calendar& calendar, std::uint64_t start_ms, const Term& term);

}  // namespace focal

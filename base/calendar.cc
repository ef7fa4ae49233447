#include "base/calendar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>

#include "base/clock.h"

namespace focal {
namespace {

namespace ch = std::chrono;

constexpr std::array<std::string_view, 7> kDayNames = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};
constexpr std::int64_t kDay = static_cast<std::int64_t>(kDayMs);
constexpr std::int64_t kMinute = static_cast<std::int64_t>(kMinuteMs);

bool has(Week week, std::size_t weekday) { return (week >> weekday & 1) != 0; }

std::optional<std::size_t> weekday_named(std::string_view name) {
  const auto found = std::find(kDayNames.begin(), kDayNames.end(), name);
  if (found == kDayNames.end()) return std::nullopt;
  return static_cast<std::size_t>(found - kDayNames.begin());
}

std::size_t weekday_of(Day day) {  // day 0 was a Thursday
  return static_cast<std::size_t>(((day + 3) % 7 + 7) % 7);
}

std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Days first..last, around the end of the week where need be; false if one stands already.
bool add_range(Week& week, std::string_view range) {
  const auto dash = range.find('-');
  const auto first = weekday_named(range.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : weekday_named(range.substr(dash + 1));
  if (!first || !last) return false;
  for (std::size_t at = *first;; at = (at + 1) % 7) {
    if (has(week, at)) return false;
    week = static_cast<Week>(week | 1u << at);
    if (at == *last) return true;
  }
}

}  // namespace

std::optional<Week> parse_week(std::string_view text) {
  Week week = 0;
  for (;;) {
    const auto comma = text.find(',');
    if (!add_range(week, text.substr(0, comma))) return std::nullopt;
    if (comma == std::string_view::npos) return week;
    text.remove_prefix(comma + 1);
  }
}

std::string format_week(Week week) {
  if (week == 0x7f) return "mon-sun";
  std::string out;
  for (std::size_t first = 0; first < 7; ++first) {
    // A range begins where the day before is free, so that sun-thu is one range.
    if (!has(week, first) || has(week, (first + 6) % 7)) continue;
    std::size_t last = first;
    while (has(week, (last + 1) % 7)) last = (last + 1) % 7;
    if (!out.empty()) out += ',';
    out += kDayNames[first];
    if (last != first) out.append("-").append(kDayNames[last]);
  }
  return out;
}

std::optional<Holiday> parse_holiday(std::string_view text) {
  const bool yearly = text.size() == 5;
  // A leap year stands for every year.
  const auto midnight = parse_date(yearly ? "2000-" + std::string(text) : std::string(text));
  if (!midnight) return std::nullopt;
  const ch::year_month_day date{ch::sys_days{ch::days{*midnight / kDayMs}}};
  return Holiday{yearly ? 0 : static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                 static_cast<unsigned>(date.day())};
}

std::optional<int> parse_utc_offset(std::string_view text) {
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return std::nullopt;
  const auto hours = number(text.substr(1, 2));
  const auto minutes = number(text.substr(4, 2));
  if (!hours || !minutes || *minutes > 59) return std::nullopt;
  const int size = static_cast<int>(*hours * 60 + *minutes);
  const int offset = text[0] == '-' ? -size : size;
  if (offset < kMinUtcOffsetMin || offset > kMaxUtcOffsetMin) return std::nullopt;
  return offset;
}

std::string format_utc_offset(int minutes) {
  if (minutes == 0) return "UTC";
  const unsigned size = static_cast<unsigned>(minutes < 0 ? -minutes : minutes);
  char out[24];
  std::snprintf(out, sizeof out, "UTC%c%02u:%02u", minutes < 0 ? '-' : '+', size / 60, size % 60);
  return out;
}

Day day_of(const Calendar& calendar, std::uint64_t unix_ms) {
  const std::int64_t local = static_cast<std::int64_t>(unix_ms) + calendar.utc_offset_min * kMinute;
  return local >= 0 ? local / kDay : -1;  // the evening of 1969 west of Greenwich
}

std::uint64_t end_of_day(const Calendar& calendar, Day day) {
  const std::int64_t end = (day + 1) * kDay - calendar.utc_offset_min * kMinute;
  return end > 0 ? static_cast<std::uint64_t>(end) : 0;
}

bool is_working_day(const Calendar& calendar, Day day) {
  if (!has(calendar.week, weekday_of(day))) return false;
  const ch::year_month_day date{ch::sys_days{ch::days{day}}};
  return std::none_of(calendar.holidays.begin(), calendar.holidays.end(), [&](const Holiday& h) {
    return (h.year == 0 || h.year == static_cast<int>(date.year())) &&
           h.month == static_cast<unsigned>(date.month()) &&
           h.day == static_cast<unsigned>(date.day());
  });
}

Day add_working_days(const Calendar& calendar, Day day, unsigned n) {
  while (!is_working_day(calendar, day)) ++day;
  for (; n > 0; --n) {
    do ++day;
    while (!is_working_day(calendar, day));
  }
  return day;
}

std::optional<Term> parse_term(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos || text.starts_with('0')) return std::nullopt;
  const auto count = number(text.substr(0, blank));
  std::string_view words = text.substr(blank + 1);
  const bool one = count == 1u;
  if (!count || words.ends_with('s') == one) return std::nullopt;
  if (!one) words.remove_suffix(1);
  Term term{*count, Term::Unit::kHours};
  if (words == "day")
    term.unit = Term::Unit::kDays;
  else if (words == "working day")
    term.unit = Term::Unit::kWorkingDays;
  else if (words != "hour")
    return std::nullopt;
  const unsigned most = term.unit == Term::Unit::kHours ? kMaxTermHours : kMaxTermDays;
  if (*count == 0 || *count > most) return std::nullopt;
  return term;
}

std::string format_term(const Term& term) {
  const char* const unit = term.unit == Term::Unit::kHours  ? " hour"
                           : term.unit == Term::Unit::kDays ? " day"
                                                            : " working day";
  return std::to_string(term.count) + unit + (term.count == 1 ? "" : "s");
}

std::uint64_t end_of_term(const Calendar& calendar, std::uint64_t start_ms, const Term& term) {
  if (term.unit == Term::Unit::kHours) return start_ms + term.count * kHourMs;
  const Day start = day_of(calendar, start_ms);
  return end_of_day(calendar, term.unit == Term::Unit::kDays
                                  ? start + term.count
                                  : add_working_days(calendar, start, term.count));
}

}  // namespace focal

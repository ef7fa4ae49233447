#include "base/clock.h"

#include <chrono>
#include <cstdio>

namespace focal {
namespace {

namespace ch = std::chrono;

std::optional<unsigned> digits(std::string_view text) {
  unsigned v = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    v = v * 10 + static_cast<unsigned>(c - '0');
  }
  return v;
}

}  // namespace

Now read_clocks() {
  const auto mono = ch::steady_clock::now().time_since_epoch();
  const auto wall = ch::system_clock::now().time_since_epoch();
  return {static_cast<std::uint64_t>(ch::duration_cast<ch::milliseconds>(mono).count()),
          static_cast<std::uint64_t>(ch::duration_cast<ch::milliseconds>(wall).count())};
}

std::string format_date(std::uint64_t unix_ms) {
  const ch::sys_days day{ch::days{static_cast<int>(unix_ms / kDayMs)}};
  const ch::year_month_day ymd{day};
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(ymd.year()),
                static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()));
  return out;
}

std::string format_utc(std::uint64_t unix_ms) {
  const auto s = static_cast<unsigned>(unix_ms % kDayMs / kSecondMs);
  char out[16];
  std::snprintf(out, sizeof out, "T%02u:%02u:%02uZ", s / 3600, s / 60 % 60, s % 60);
  return format_date(unix_ms) + out;
}

std::optional<std::uint64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = digits(text.substr(0, 4));
  const auto m = digits(text.substr(5, 2));
  const auto d = digits(text.substr(8, 2));
  if (!y || !m || !d || *y < 1970) return std::nullopt;
  const ch::year_month_day ymd{ch::year{static_cast<int>(*y)}, ch::month{*m}, ch::day{*d}};
  if (!ymd.ok()) return std::nullopt;
  return static_cast<std::uint64_t>(ch::sys_days{ymd}.time_since_epoch().count()) * kDayMs;
}

std::optional<std::uint64_t> parse_utc(std::string_view text) {
  if (text.size() != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z')
    return std::nullopt;
  const auto day = parse_date(text.substr(0, 10));
  const auto h = digits(text.substr(11, 2));
  const auto m = digits(text.substr(14, 2));
  const auto s = digits(text.substr(17, 2));
  if (!day || !h || !m || !s || *h > 23 || *m > 59 || *s > 59) return std::nullopt;
  return *day + (*h * 3600u + *m * 60u + *s) * kSecondMs;
}

std::uint64_t monday_of(std::uint64_t unix_ms) {
  const std::uint64_t day = unix_ms / kDayMs;     // day 0 was a Thursday
  const std::uint64_t since_monday = (day + 3) % 7;
  return (day - since_monday) * kDayMs;
}

}  // namespace focal

// How long content is kept: periods as the configuration writes them.
#include "config/retention.h"

#include <algorithm>
#include <charconv>

#include "base/clock.h"

namespace focal::config {
namespace {

constexpr std::string_view kNever = "never";

struct UnitName {
  Period::Unit unit;
  std::string_view one, many;
  unsigned most;
};
constexpr UnitName kUnits[] = {{Period::Unit::kDays, "day", "days", kMaxPeriodDays},
                               {Period::Unit::kMonths, "month", "months", kMaxPeriodMonths},
                               {Period::Unit::kYears, "year", "years", kMaxPeriodYears}};

std::string two(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

// Midnight of that day, or of the last one of its month.
std::optional<std::uint64_t> midnight(unsigned year, unsigned month, unsigned day) {
  std::string head = std::to_string(year);
  head.insert(0, 4 - std::min<std::size_t>(head.size(), 4), '0');
  head.append("-").append(two(month)).append("-");
  for (unsigned each = day; each >= 28; --each)
    if (const auto at = parse_date(head + two(each))) return at;
  return parse_date(head + two(day));
}

}  // namespace

std::optional<Period> parse_period(std::string_view text) {
  if (text == kNever) return Period{};
  Period out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.count);
  if (error != std::errc() || out.count == 0 || text.front() == '0') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(" ")) return std::nullopt;
  text.remove_prefix(1);
  for (const UnitName& each : kUnits) {
    if (text != (out.count == 1 ? each.one : each.many)) continue;
    if (out.count > each.most) return std::nullopt;
    out.unit = each.unit;
    return out;
  }
  return std::nullopt;
}

std::string format_period(const Period& period) {
  if (period.is_never()) return std::string(kNever);
  std::string out = std::to_string(period.count);
  for (const UnitName& each : kUnits)
    if (each.unit == period.unit) out.append(" ").append(period.count == 1 ? each.one : each.many);
  return out;
}

std::uint64_t end_of_period(const Period& period, std::uint64_t from_ms) {
  if (period.is_never()) return 0;
  if (period.unit == Period::Unit::kDays) return from_ms + period.count * kDayMs;
  const std::string date = format_date(from_ms);  // YYYY-MM-DD
  const auto number = [&](std::size_t at, std::size_t size) {
    unsigned out = 0;
    std::from_chars(date.data() + at, date.data() + at + size, out);
    return out;
  };
  const unsigned more = period.count * (period.unit == Period::Unit::kYears ? 12 : 1);
  const unsigned months = number(0, 4) * 12 + number(5, 2) - 1 + more;
  const auto day = midnight(months / 12, months % 12 + 1, number(8, 2));
  return day ? *day + from_ms % kDayMs : 0;
}

const std::array<Retention::Key, 3>& Retention::keys() {
  static constexpr std::array<Key, 3> kKeys = {Key{"tracing", &Retention::tracing},
                                               Key{"protocol", &Retention::protocol},
                                               Key{"other", &Retention::other}};
  return kKeys;
}

}  // namespace focal::config

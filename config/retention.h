// How long content is kept (docs/operations.md, "Retention and erasure"): of each class of records
// a period from the day it was made. Values only; what follows is node/node/retention.h.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace focal::config {

inline constexpr unsigned kMaxPeriodDays = 36'500;
inline constexpr unsigned kMaxPeriodMonths = 1200;
inline constexpr unsigned kMaxPeriodYears = 100;

struct Period {
  enum class Unit : std::uint8_t { kDays, kMonths, kYears };
  unsigned count = 0;  // 0: never over
  Unit unit = Unit::kDays;
  bool is_never() const { return count == 0; }
  bool operator==(const Period&) const = default;
};
// "10 years", "1 year", "18 months", "90 days", "never"; nothing else.
std::optional<Period> parse_period(std::string_view text);
std::string format_period(const Period& period);  // a text that parse_period() takes
// Unix ms at which a period that begins then is over: months and years by the calendar, UTC, a day
// that the month lacks is its last one. 0 = never, or after the year 9999.
std::uint64_t end_of_period(const Period& period, std::uint64_t from_ms);

struct Retention {
  Period tracing{10, Period::Unit::kYears};  // records trace.*
  Period protocol{1, Period::Unit::kYears};  // records peer.* and recovery.*
  Period other{1, Period::Unit::kYears};     // records of other kinds
  std::uint32_t at_minute = 210;             // of the UTC day, at which what is due goes

  using Key = std::pair<std::string_view, Period Retention::*>;
  static const std::array<Key, 3>& keys();   // as the configuration calls them
};

}  // namespace focal::config

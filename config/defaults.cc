// What the configuration says where the file says nothing, and what single texts in it mean.
#include <algorithm>
#include <iterator>

#include "config/config.h"

namespace focal::config {

Clocks default_clocks() {
  using Unit = Term::Unit;
  Clocks out;
  out.terms = {{Priority::kRoutine, {{2, Unit::kWorkingDays}, {30, Unit::kDays}}},
               {Priority::kUrgent, {{8, Unit::kHours}, {3, Unit::kDays}}},
               {Priority::kFlash, {{1, Unit::kHours}, {8, Unit::kHours}}}};
  return out;
}

std::optional<std::uint32_t> parse_time_of_day(std::string_view text) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0u, 1u, 3u, 4u})
    if (!digit(text[at])) return std::nullopt;
  const auto two = [&](std::size_t at) {
    return static_cast<std::uint32_t>(text[at] - '0') * 10 +
           static_cast<std::uint32_t>(text[at + 1] - '0');
  };
  if (two(0) > 23 || two(3) > 59) return std::nullopt;
  return two(0) * 60 + two(3);
}

bool is_longer(const Term& a, const Term& b) {
  const auto hours = [](const Term& t) {
    return t.unit == Term::Unit::kHours ? t.count : t.count * 24;
  };
  return a.unit == b.unit ? a.count > b.count : hours(a) > hours(b);
}

bool is_release_rule(std::string_view text) {
  return std::find(std::begin(kReleaseRules), std::end(kReleaseRules), text) !=
         std::end(kReleaseRules);
}

bool is_kinds_name(std::string_view text) {
  const std::string_view name = text.substr(0, text.size() - (text.ends_with(".*") ? 2 : 0));
  return !name.empty() && name.size() <= 64 && name.front() != '.' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == std::string_view::npos;
}

}  // namespace focal::config

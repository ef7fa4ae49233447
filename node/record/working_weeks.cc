#include "node/record/working_weeks.h"

#include <unordered_map>

#include "base/check.h"

namespace focal::record {

namespace data {
extern const std::string_view kWorkingWeeksTsv;  // party week note
}  // namespace data

namespace {

using Weeks = std::unordered_map<std::string_view, Week>;

const Weeks& weeks() {
  static const auto* const all = [] {
    auto* made = new Weeks();
    std::string_view text = data::kWorkingWeeksTsv;
    text.remove_prefix(text.find('\n') + 1);  // the header line
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(line.size() + 1);
      const std::size_t first = line.find('\t');
      const std::size_t second = line.find('\t', first + 1);
      FOCAL_CHECK(second != std::string_view::npos);
      const auto week = parse_week(line.substr(first + 1, second - first - 1));
      FOCAL_CHECK(week.has_value());
      FOCAL_CHECK(made->emplace(line.substr(0, first), *week).second);
    }
    return made;
  }();
  return *all;
}

}  // namespace

std::optional<Week> working_week(std::string_view party) {
  auto found = weeks().find(party);
  if (found == weeks().end()) found = weeks().find(party.substr(0, party.find('-')));
  if (found == weeks().end()) return std::nullopt;
  return found->second;
}

}  // namespace focal::record

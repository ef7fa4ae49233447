#include "node/record/working_weeks.h"

#include <unordered_map>

#include "base/check.h"
#include "node/record/table.h"

namespace focal::record {

namespace data {
extern const std::string_view kWorkingWeeksTsv;  // party week note
}  // namespace data

namespace {

using Weeks = std::unordered_map<std::string_view, Week>;

const Weeks& weeks() {
  static const auto* const all = [] {
    auto* made = new Weeks();
    for (const auto& [party, text, note] : rows_of<3>(data::kWorkingWeeksTsv)) {
      const auto week = parse_week(text);
      FOCAL_CHECK(week.has_value());
      FOCAL_CHECK(made->emplace(party, *week).second);
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

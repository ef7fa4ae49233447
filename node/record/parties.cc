#include "node/record/parties.h"

#include <algorithm>
#include <array>
#include <span>
#include <unordered_map>

#include "base/check.h"
#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "node/record/table.h"

namespace focal::record {

namespace data {
extern const std::string_view kPartiesTsv;  // code kind en fr es ru zh ar source note
}  // namespace data

namespace {

constexpr std::size_t kColumns = 10;
constexpr std::size_t kFirstName = 2;
constexpr std::size_t kSource = 8;
using Row = std::array<std::string_view, kColumns>;

const std::unordered_map<std::string_view, Row>& parties() {
  static const auto* const all = [] {
    auto* made = new std::unordered_map<std::string_view, Row>();
    for (const Row& row : rows_of<kColumns>(data::kPartiesTsv)) {
      for (std::size_t i = 0; i <= kSource; ++i) FOCAL_CHECK(!row[i].empty());
      FOCAL_CHECK(!country_name(row[0], "en").has_value());  // one file names a party
      FOCAL_CHECK(made->emplace(row[0], row).second);
    }
    return made;
  }();
  return *all;
}

}  // namespace

std::optional<std::string_view> party_name(std::string_view party, std::string_view lang) {
  auto found = parties().find(party);
  const std::string_view state = party.substr(0, party.find('-'));
  if (found == parties().end()) found = parties().find(state);
  if (found == parties().end()) {
    if (!is_current_country(state)) return std::nullopt;  // a former State is no party
    return country_name(state, lang);
  }
  const auto known = languages();
  const auto place = std::find(known.begin(), known.end(), lang);
  const auto offset = place == known.end() ? 0 : place - known.begin();
  return found->second[kFirstName + static_cast<std::size_t>(offset)];
}

std::string party_with_name(std::string_view party, std::string_view lang) {
  const auto name = party_name(party, lang);
  if (!name) return std::string(party);
  return std::string(*name) + " (" + std::string(party) + ")";
}

}  // namespace focal::record

#include "node/record/codes.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "base/edit_distance.h"
#include "base/check.h"
#include "node/record/table.h"

namespace focal::record {

namespace data {
extern const std::string_view kCodesTsv;      // list code en fr es ru zh ar note
extern const std::string_view kCountriesTsv;  // code kind en fr es ru zh ar successors
}  // namespace data

constexpr std::size_t kColumns = 9;
using Row = std::array<std::string_view, kColumns>;

struct CodeList {
  std::vector<std::string_view> codes;
  std::unordered_map<std::string_view, Row> rows;
};

namespace {

constexpr std::size_t kLabelColumn = 2;  // first label, in both files
constexpr std::size_t kCountryKindColumn = 1;
constexpr std::size_t kSuccessorsColumn = 8;  // of the countries
constexpr std::array<std::string_view, 6> kLanguages = {"en", "fr", "es", "ru", "zh", "ar"};
constexpr std::size_t kMaxListedCodes = 30;
constexpr std::size_t kMaxSuggestBytes = 64;

const std::map<std::string_view, CodeList>& lists() {
  static const auto* const all = [] {
    auto* made = new std::map<std::string_view, CodeList>();
    for (const Row& row : rows_of<kColumns>(data::kCodesTsv)) {
      CodeList& list = (*made)[row[0]];
      FOCAL_CHECK(list.rows.emplace(row[1], row).second);
      list.codes.push_back(row[1]);
    }
    return made;
  }();
  return *all;
}

const std::unordered_map<std::string_view, Row>& country_rows() {
  static const auto* const all = [] {
    auto* made = new std::unordered_map<std::string_view, Row>();
    for (const Row& row : rows_of<kColumns>(data::kCountriesTsv))
      FOCAL_CHECK(made->emplace(row[0], row).second);
    return made;
  }();
  return *all;
}

std::string_view label_of(const Row& row, std::string_view lang) {
  const auto found = std::find(kLanguages.begin(), kLanguages.end(), lang);
  const auto column =
      found == kLanguages.end() ? 0 : static_cast<std::size_t>(found - kLanguages.begin());
  return row[kLabelColumn + column];
}

bool is_user_assigned(std::string_view code) {
  return code.size() == 2 && code[0] == 'X' && code[1] >= 'A' && code[1] <= 'Z';
}

// "in evidence", "In-Evidence" and "IN_EVIDENCE" are one writing of a code.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '_' || c == '.') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

const CodeList* find_code_list(std::string_view list) {
  const auto found = lists().find(list);
  return found == lists().end() ? nullptr : &found->second;
}

bool is_code(const CodeList& list, std::string_view code) { return list.rows.count(code) != 0; }

bool is_code_list(std::string_view list) { return find_code_list(list) != nullptr; }

std::vector<std::string_view> code_lists() {
  std::vector<std::string_view> names;
  for (const auto& entry : lists()) names.push_back(entry.first);
  return names;
}

bool is_code(std::string_view list, std::string_view code) {
  const CodeList* found = find_code_list(list);
  return found != nullptr && is_code(*found, code);
}

std::span<const std::string_view> codes(std::string_view list) {
  const CodeList* found = find_code_list(list);
  return found == nullptr ? std::span<const std::string_view>() : found->codes;
}

std::optional<std::string_view> label(std::string_view list, std::string_view code,
                                      std::string_view lang) {
  const CodeList* found = find_code_list(list);
  if (found == nullptr) return std::nullopt;
  const auto row = found->rows.find(code);
  if (row == found->rows.end()) return std::nullopt;
  return label_of(row->second, lang);
}

std::string_view suggest(std::string_view list, std::string_view wrong) {
  if (wrong.empty() || wrong.size() > kMaxSuggestBytes) return {};
  const std::string meant = folded(wrong);
  std::string_view best;
  std::size_t best_distance = meant.size() <= 4 ? 2 : 3;  // only nearer ones count
  for (const std::string_view code : codes(list)) {
    const std::size_t d = edit_distance(meant, folded(code));
    if (d < best_distance) {
      best_distance = d;
      best = code;
    }
  }
  return best;
}

std::string code_hint(std::string_view list, std::string_view wrong) {
  std::string hint;
  if (const std::string_view near = suggest(list, wrong); !near.empty())
    hint = "did you mean " + std::string(near) + "?";
  const auto all = codes(list);
  if (all.size() <= kMaxListedCodes) {
    hint += hint.empty() ? "one of" : " One of";
    const char* separator = " ";
    for (const std::string_view code : all) {
      hint += separator;
      hint += code;
      if (const auto text = label(list, code, "en")) hint += " (" + std::string(*text) + ")";
      separator = ", ";
    }
  } else if (hint.empty()) {
    hint = "one of the " + std::to_string(all.size()) + " codes of list " + std::string(list);
  }
  return hint;
}

bool is_current_country(std::string_view code) {
  return is_user_assigned(code) || (code.size() == 2 && country_rows().count(code) != 0);
}

bool is_country(std::string_view code) {
  return code == "ZZ" || is_user_assigned(code) || country_rows().count(code) != 0;
}

std::optional<std::string_view> country_name(std::string_view code, std::string_view lang) {
  const auto found = country_rows().find(code);
  if (found == country_rows().end()) return std::nullopt;
  const std::string_view name = label_of(found->second, lang);
  if (name.empty()) return std::nullopt;
  return name;
}

std::vector<std::string_view> countries() {
  std::vector<std::string_view> out;
  for (const auto& entry : country_rows()) out.push_back(entry.first);
  std::sort(out.begin(), out.end());
  return out;
}

std::string_view country_kind(std::string_view code) {
  const auto found = country_rows().find(code);
  return found == country_rows().end() ? std::string_view() : found->second[kCountryKindColumn];
}

std::vector<std::string_view> successors(std::string_view code) {
  const auto found = country_rows().find(code);
  if (found == country_rows().end()) return {};
  return parts_of(found->second[kSuccessorsColumn], kCodeSeparator);
}

bool is_state_party(std::string_view party) {
  return is_current_country(party.substr(0, party.find('-')));
}

}  // namespace focal::record

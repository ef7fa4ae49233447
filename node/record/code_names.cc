#include "node/record/code_names.h"

#include <algorithm>
#include <map>

#include "node/record/alias_index.h"
#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "node/record/parties.h"
#include "node/record/table.h"
#include "node/record/unicode_text.h"

namespace focal::record {

namespace data {
extern const std::string_view kCodeAliasesTsv;  // list code aliases source
}  // namespace data

namespace {

constexpr std::string_view kUnknownWords = "UNKNOWN_WORDS";

struct Names {
  std::vector<std::string_view> codes;
  AliasIndex index;
};

class AllNames {
 public:
  AllNames() {
    for (const std::string_view list : code_lists())
      for (const std::string_view code : record::codes(list)) add_labels(list, code);
    for (const std::string_view code : countries()) {
      add(kCountryNames, code, code);
      for (const std::string_view lang : languages())
        if (const auto name = country_name(code, lang)) add(kCountryNames, code, *name);
    }
    for (const std::string& code : user_assigned_) {
      add(kCountryNames, code, code);
      for (const std::string_view lang : languages())
        if (const auto name = party_name(code, lang)) add(kCountryNames, code, *name);
    }
    for (const auto& row : rows_of<4>(data::kCodeAliasesTsv)) {
      add(row[0], row[1], row[1]);
      for (const std::string_view alias : parts_of(row[2], kAliasSeparator))
        add(row[0], row[1], alias);
    }
    for (auto& entry : lists_) entry.second.index.close();
  }

  std::vector<std::string_view> find(std::string_view list, std::string_view text) const {
    const auto found = lists_.find(list);
    std::vector<std::string_view> out;
    if (found == lists_.end()) return out;
    for (const std::uint32_t row : found->second.index.find(name_key(text)))
      out.push_back(found->second.codes[row]);
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
  }

  // In the order of their names.
  std::vector<std::string_view> starting_with(std::string_view list, std::string_view typed,
                                              std::size_t limit) const {
    const auto found = lists_.find(list);
    const std::string key = name_key(typed);
    std::vector<std::string_view> out;
    if (found == lists_.end() || key.empty()) return out;
    const std::vector<std::string_view>& codes = found->second.codes;
    for (const std::uint32_t row :
         found->second.index.starting_with(key, codes.size(), [](std::uint32_t) { return true; }))
      if (out.size() < limit && std::find(out.begin(), out.end(), codes[row]) == out.end())
        out.push_back(codes[row]);
    return out;
  }

 private:
  void add_labels(std::string_view list, std::string_view code) {
    add(list, code, code);
    for (const std::string_view lang : languages())
      if (const auto text = label(list, code, lang)) add(list, code, *text);
  }

  void add(std::string_view list, std::string_view code, std::string_view name) {
    Names& names = lists_[list];
    if (names.codes.empty() || names.codes.back() != code) names.codes.push_back(code);
    names.index.add(name_key(name), static_cast<std::uint32_t>(names.codes.size() - 1));
  }

  static std::vector<std::string> user_assigned() {
    std::vector<std::string> out;
    for (char c = 'A'; c <= 'Z'; ++c) out.push_back(std::string("X") + c);
    return out;
  }

  const std::vector<std::string> user_assigned_ = user_assigned();  // names point into it
  std::map<std::string_view, Names> lists_;
};

const AllNames& all() {
  static const auto* const names = new AllNames();
  return *names;
}

}  // namespace

std::vector<std::string_view> read_code(std::string_view list, std::string_view text) {
  // A code as it stands wins over a label that reads like it.
  if (is_code(list, text)) {
    const auto listed = codes(list);
    return {*std::find(listed.begin(), listed.end(), text)};
  }
  return all().find(list, text);
}

std::vector<std::string_view> suggest_code(std::string_view list, std::string_view typed,
                                           std::size_t limit) {
  return all().starting_with(list, typed, limit);
}

std::string name_key(std::string_view text) { return text::name_key(text); }

bool says_unknown(std::string_view text) {
  return name_key(text).empty() || !all().find(kUnknownWords, text).empty();
}

}  // namespace focal::record

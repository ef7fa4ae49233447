#include "node/evidence/words.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/check.h"
#include "base/utf8.h"
#include "node/record/table.h"

namespace focal::evidence {

namespace data {
extern const std::string_view kVerdictWordsTsv;
}  // namespace data

namespace {

constexpr std::array<std::string_view, 6> kLanguages = {"en", "fr", "es", "ru", "zh", "ar"};
constexpr std::string_view kArabic = "ar";
constexpr std::size_t kColumns = 1 + kLanguages.size() + 1;  // word, languages, note
constexpr std::size_t kShownRid = 16;                        // digits
constexpr std::string_view kNothing = "…";
constexpr std::string_view kFirstStrongIsolate = "\xE2\x81\xA8";  // U+2068
constexpr std::string_view kPopIsolate = "\xE2\x81\xA9";          // U+2069

using Row = std::array<std::string_view, kColumns>;

std::string_view sentence(std::string_view key, std::string_view language) {
  static const std::map<std::string_view, Row> table = [] {
    std::map<std::string_view, Row> out;
    for (const Row& row : record::rows_of<kColumns>(data::kVerdictWordsTsv))
      out.emplace(row[0], row);
    return out;
  }();
  const auto row = table.find(key);
  const auto column = std::find(kLanguages.begin(), kLanguages.end(), language);
  FOCAL_CHECK(row != table.end() && column != kLanguages.end());
  return row->second[1 + static_cast<std::size_t>(column - kLanguages.begin())];
}

std::string_view sentence(std::string_view group, std::string_view name,
                          std::string_view language) {
  std::string key(group);
  key.append(".").append(name);
  return sentence(key, language);
}

// They would let a value change how the words around it are read.
bool is_direction_mark(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string shown(std::string_view value, std::string_view language) {
  std::string out;
  for (std::string_view rest = value; !rest.empty();) {
    const std::string_view before = rest;
    if (is_direction_mark(take_utf8(rest))) continue;
    out.append(before.substr(0, before.size() - rest.size()));
  }
  if (out.empty()) out = kNothing;
  if (language != kArabic) return out;
  return std::string(kFirstStrongIsolate).append(out).append(kPopIsolate);
}

// {name} becomes its value; in one pass, so that no value is looked into.
std::string filled(std::string_view pattern,
                   const std::map<std::string_view, std::string>& values) {
  std::string out;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    out.append(pattern.substr(0, open));
    if (open == std::string_view::npos) break;
    const std::size_t close = pattern.find('}', open);
    FOCAL_CHECK(close != std::string_view::npos);
    const auto value = values.find(pattern.substr(open + 1, close - open - 1));
    FOCAL_CHECK(value != values.end());
    out.append(value->second);
    pattern.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

bool is_language(std::string_view code) {
  return std::find(kLanguages.begin(), kLanguages.end(), code) != kLanguages.end();
}

std::string words(const Claim& claim, std::string_view language) {
  const std::string_view rid = std::string_view(claim.rid).substr(0, kShownRid);
  const std::string told = filled(sentence("claim", claim_name(claim.kind), language),
                                  {{"party", shown(claim.party, language)},
                                   {"by", shown(claim.by, language)},
                                   {"at", shown(claim.at, language)},
                                   {"rid", shown(rid, language)}});
  std::string out =
      filled(sentence("told", verdict_name(claim.judgement.verdict), language), {{"claim", told}});
  if (claim.judgement.reason == Reason::kOk) return out;
  const std::string_view reason = sentence("reason", reason_name(claim.judgement.reason), language);
  return out.append(
      filled(sentence("told", "because", language), {{"reason", std::string(reason)}}));
}

std::vector<std::string> words(const std::vector<Claim>& claims, std::string_view language) {
  std::vector<std::string> out;
  out.reserve(claims.size());
  for (const Claim& claim : claims) out.push_back(words(claim, language));
  return out;
}

std::string words(Whole whole, std::string_view language) {
  return std::string(sentence("whole", whole_name(whole), language));
}

}  // namespace focal::evidence

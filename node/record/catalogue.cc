#include "node/record/catalogue.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/check.h"

namespace focal::record {

namespace data {
extern const std::string_view kFieldLabelsTsv;
}

namespace {

constexpr std::array<std::string_view, 6> kLanguages = {"en", "fr", "es", "ru", "zh", "ar"};

std::vector<std::string_view> columns_of(std::string_view line) {
  std::vector<std::string_view> out;
  while (true) {
    const std::size_t tab = line.find('\t');
    out.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    line.remove_prefix(tab + 1);
  }
}

}  // namespace

std::span<const std::string_view> languages() { return kLanguages; }

bool is_un_language(std::string_view lang) {
  return std::find(kLanguages.begin(), kLanguages.end(), lang) != kLanguages.end();
}

Catalogue::Catalogue(std::string_view tsv) {
  std::size_t at = tsv.find('\n') + 1;  // the titles
  while (at < tsv.size()) {
    const std::size_t end = tsv.find('\n', at);
    FOCAL_CHECK(end != std::string_view::npos);
    auto columns = columns_of(tsv.substr(at, end - at));
    FOCAL_CHECK(columns.size() == kLanguages.size() + 2);
    const std::string_view key = columns.front();
    const std::vector<std::string_view> texts(columns.begin() + 1, columns.end() - 1);
    for (const std::string_view text : texts) FOCAL_CHECK(!text.empty());
    FOCAL_CHECK(rows_.emplace(key, texts).second);
    at = end + 1;
  }
}

std::optional<std::string_view> Catalogue::text(std::string_view key, std::string_view lang) const {
  const auto row = rows_.find(key);
  if (row == rows_.end()) return std::nullopt;
  const auto found = std::find(kLanguages.begin(), kLanguages.end(), lang);
  const auto place = found == kLanguages.end() ? 0 : found - kLanguages.begin();
  return row->second[static_cast<std::size_t>(place)];
}

std::vector<std::string_view> Catalogue::keys() const {
  std::vector<std::string_view> out;
  for (const auto& row : rows_) out.push_back(row.first);
  return out;
}

const Catalogue& field_labels() {
  static const auto* const all = new Catalogue(data::kFieldLabelsTsv);
  return *all;
}

std::optional<std::string_view> field_label(const google::protobuf::FieldDescriptor& field,
                                            std::string_view lang) {
  const auto own = field_labels().text(field.containing_type()->name() + "." + field.name(), lang);
  return own ? own : field_labels().text("*." + field.name(), lang);
}

}  // namespace focal::record

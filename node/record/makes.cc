#include "node/record/makes.h"

#include <algorithm>
#include <unordered_map>

#include "node/record/alias_index.h"
#include "node/record/table.h"
#include "node/record/unicode_text.h"

namespace focal::record {

namespace data {
extern const std::string_view kMakesTsv;   // code name aliases source
extern const std::string_view kModelsTsv;  // make model aliases country type calibres note source
}  // namespace data

namespace {

using text::name_key;

struct Tables {
  std::vector<Make> makes;
  std::vector<Model> models;
  std::unordered_map<std::string_view, std::uint32_t> by_code;
  AliasIndex make_names;
  AliasIndex model_names;
};

void read_makes(Tables& made) {
  for (const auto& row : rows_of<4>(data::kMakesTsv))
    made.makes.push_back({row[0], row[1], parts_of(row[2], kAliasSeparator), row[3]});
  for (std::uint32_t i = 0; i < made.makes.size(); ++i) {
    const Make& make = made.makes[i];
    made.by_code.emplace(make.code, i);
    made.make_names.add(name_key(make.code), i);
    made.make_names.add(name_key(make.name), i);
    // "Izhevsk Mechanical Plant (Baikal)" is also found without what stands in brackets.
    made.make_names.add(name_key(make.name.substr(0, make.name.find('('))), i);
    for (const auto alias : make.aliases) made.make_names.add(name_key(alias), i);
  }
  made.make_names.close();
}

void read_models(Tables& made) {
  for (const auto& row : rows_of<8>(data::kModelsTsv))
    made.models.push_back({std::string(row[0]) + "/" + std::string(row[1]), row[0], row[1],
                           parts_of(row[2], kAliasSeparator), row[3], row[4],
                           parts_of(row[5], kCodeSeparator), row[6], row[7]});
  for (std::uint32_t i = 0; i < made.models.size(); ++i) {
    made.model_names.add(name_key(made.models[i].name), i);
    for (const auto alias : made.models[i].aliases) made.model_names.add(name_key(alias), i);
  }
  made.model_names.close();
}

const Tables& tables() {
  static const auto* const all = [] {
    auto* made = new Tables();
    read_makes(*made);
    read_models(*made);
    return made;
  }();
  return *all;
}

std::vector<const Model*> models_with(std::string_view key) {
  return tables().model_names.rows(tables().models, key);
}

// "Glock" and "17" where the table says "Glock 17".
std::vector<const Model*> models_behind_make(const std::string& key, const Make& make) {
  std::vector<std::string_view> names = make.aliases;
  names.push_back(make.code);
  names.push_back(make.name);
  for (const auto name : names) {
    std::vector<const Model*> found;
    for (const Model* model : models_with(name_key(name) + key))
      if (model->make_code == make.code) found.push_back(model);
    if (!found.empty()) return found;
  }
  return {};
}

// "Walther P38" where the table says "P38" of WALTHER: the maker's name in front.
std::vector<const Model*> models_without_make(std::string_view text) {
  for (std::size_t blank = text.find(' '); blank != std::string_view::npos;
       blank = text.find(' ', blank + 1)) {
    const auto makers = find_makes(text.substr(0, blank));
    if (makers.empty()) continue;
    std::vector<const Model*> found;
    for (const Model* model : models_with(name_key(text.substr(blank + 1))))
      if (std::any_of(makers.begin(), makers.end(),
                      [model](const Make* make) { return make->code == model->make_code; }))
        found.push_back(model);
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace

std::span<const Make> makes() { return tables().makes; }
std::span<const Model> models() { return tables().models; }

const Make* find_make_code(std::string_view code) {
  const auto found = tables().by_code.find(code);
  return found == tables().by_code.end() ? nullptr : &tables().makes[found->second];
}

std::vector<const Make*> find_makes(std::string_view text) {
  return tables().make_names.rows(tables().makes, name_key(text));
}

std::vector<const Model*> find_models(std::string_view text, std::string_view make_code) {
  const std::string key = name_key(text);
  if (key.empty()) return {};
  const Make* make = find_make_code(make_code);
  auto found = models_with(key);
  if (found.empty() && make != nullptr) found = models_behind_make(key, *make);
  if (found.empty()) found = models_without_make(text);
  const auto is_other = [make_code](const Model* model) { return model->make_code != make_code; };
  if (std::any_of(found.begin(), found.end(), [&](const Model* m) { return !is_other(m); }))
    found.erase(std::remove_if(found.begin(), found.end(), is_other), found.end());
  return found;
}

std::vector<const Make*> suggest_makes(std::string_view typed, std::size_t limit) {
  return tables().make_names.suggestions(tables().makes, name_key(typed), limit,
                                         [](const Make&) { return true; });
}

std::vector<const Model*> suggest_models(std::string_view typed, std::string_view make_code,
                                         std::size_t limit) {
  return tables().model_names.suggestions(
      tables().models, name_key(typed), limit, [make_code](const Model& model) {
        return make_code.empty() || model.make_code == make_code;
      });
}

}  // namespace focal::record

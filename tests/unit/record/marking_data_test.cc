// Goal: the files of calibres, makers and models hold together: codes once, no name for two
// things unless it is one people do use for both, nothing that points nowhere, a source for
// every row, and the tables that have labels know the same codes.
// Method: every row of the embedded data.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "node/record/calibres.h"
#include "node/record/codes.h"
#include "node/record/formats.h"
#include "node/record/makes.h"
#include "node/record/unicode_text.h"

namespace focal::record {
namespace {

using Owners = std::map<std::string, std::set<std::string>>;  // key of a name, whose it is

void expect_one_owner(const Owners& owners) {
  for (const auto& [key, whose] : owners) {
    std::string all;
    for (const auto& owner : whose) all += " " + owner;
    EXPECT_EQ(whose.size(), 1u) << key << " names" << all;
    EXPECT_FALSE(key.empty()) << "a name of nothing but punctuation:" << all;
  }
}

TEST(MarkingData, CalibresAreTheCodesThatHaveLabels) {
  std::set<std::string_view> here;
  for (const Calibre& calibre : calibres())
    EXPECT_TRUE(here.insert(calibre.code).second) << calibre.code << " twice";
  const auto labelled = codes("calibre");
  EXPECT_EQ(here, std::set<std::string_view>(labelled.begin(), labelled.end()));
  EXPECT_GT(here.size(), 100u);
}

TEST(MarkingData, ACalibreNameMeansOneCalibre) {
  Owners owners;
  for (const Calibre& calibre : calibres()) {
    owners[calibre_key(calibre.code)].emplace(calibre.code);
    for (const auto alias : calibre.aliases) owners[calibre_key(alias)].emplace(calibre.code);
  }
  expect_one_owner(owners);
}

TEST(MarkingData, CalibresAreFoundByTheirOwnNames) {
  for (const Calibre& calibre : calibres()) {
    std::vector<std::string_view> names = calibre.aliases;
    names.push_back(calibre.code);
    for (const auto name : names) {
      const auto reading = read_calibre(name);
      ASSERT_EQ(reading.candidates.size(), 1u) << name;
      EXPECT_EQ(reading.candidates[0]->code, calibre.code) << name;
    }
    if (calibre.metric.empty()) continue;
    const auto by_size = read_calibre(calibre.metric).candidates;
    EXPECT_FALSE(by_size.empty()) << calibre.metric;
  }
}

TEST(MarkingData, RelatedCalibresNameEachOther) {
  for (const Calibre& calibre : calibres())
    for (const auto code : calibre.related) {
      const Calibre* other = find_calibre(code);
      ASSERT_NE(other, nullptr) << calibre.code << " names " << code;
      EXPECT_NE(other, &calibre) << code;
      EXPECT_TRUE(are_related(*other, calibre)) << code << " does not name " << calibre.code;
    }
}

TEST(MarkingData, AMakerNameMeansOneMaker) {
  Owners owners;
  std::set<std::string_view> codes_seen;
  for (const Make& make : makes()) {
    EXPECT_TRUE(codes_seen.insert(make.code).second) << make.code << " twice";
    EXPECT_LE(make.code.size(), 40u) << make.code;  // make_code in proto/trace.proto
    EXPECT_EQ(make.code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
              std::string_view::npos)
        << make.code;
    owners[text::name_key(make.code)].emplace(make.code);
    owners[text::name_key(make.name)].emplace(make.code);
    for (const auto alias : make.aliases) owners[text::name_key(alias)].emplace(make.code);
  }
  expect_one_owner(owners);
  EXPECT_GT(codes_seen.size(), 150u);
}

TEST(MarkingData, ModelsPointToWhatExists) {
  std::set<std::string_view> ids;
  std::set<std::string_view> with_models;
  for (const Model& model : models()) {
    EXPECT_TRUE(ids.insert(model.id).second) << model.id << " twice";
    EXPECT_NE(find_make_code(model.make_code), nullptr) << model.id;
    EXPECT_TRUE(is_country(model.country)) << model.id << " " << model.country;
    EXPECT_TRUE(is_code("weapon_type", model.type)) << model.id << " " << model.type;
    for (const auto calibre : model.calibres)
      EXPECT_NE(find_calibre(calibre), nullptr) << model.id << " " << calibre;
    with_models.insert(model.make_code);
  }
  for (const Make& make : makes()) EXPECT_TRUE(with_models.contains(make.code)) << make.code;
  EXPECT_GT(ids.size(), 800u);
}

// Within one maker a name is one model's; between makers it may be anybody's.
TEST(MarkingData, AModelNameIsOneModelOfItsMaker) {
  Owners owners;
  for (const Model& model : models()) {
    const std::string make = std::string(model.make_code) + "/";
    owners[make + text::name_key(model.name)].insert(model.id);
    EXPECT_FALSE(text::name_key(model.name).empty()) << model.id;
    for (const auto alias : model.aliases) {
      EXPECT_FALSE(text::name_key(alias).empty()) << model.id;
      owners[make + text::name_key(alias)].insert(model.id);
    }
  }
  expect_one_owner(owners);
}

TEST(MarkingData, EveryRowHasASourceAndPlainCells) {
  const auto expect_row = [](std::string_view what, std::string_view source,
                             const std::vector<std::string_view>& aliases) {
    EXPECT_FALSE(is_blank(source)) << what;
    for (const auto alias : aliases) {
      EXPECT_TRUE(is_plain_text(alias)) << what;
      EXPECT_FALSE(is_blank(alias)) << what;
      EXPECT_EQ(alias.find('|'), std::string_view::npos) << what << ": " << alias;
      EXPECT_TRUE(alias.front() != ' ' && alias.back() != ' ') << what << ": " << alias;
    }
  };
  for (const Calibre& row : calibres()) expect_row(row.code, row.source, row.aliases);
  for (const Make& row : makes()) expect_row(row.code, row.source, row.aliases);
  for (const Model& row : models()) expect_row(row.id, row.source, row.aliases);
}

}  // namespace
}  // namespace focal::record

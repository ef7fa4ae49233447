// Goal: a sentence is filled once, in the reader's language all through, and the catalogue of the
// doctor's words has the same places and the same commands in every language. Method: phrases made
// by hand; every row of the catalogue.
#include "node/desk/phrases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

namespace focal::desk {
namespace {

TEST(Phrases, PlacesAreFilledOnce) {
  const std::vector<Place> places{{"party", "{at}"}, {"at", "x"}, {"count", std::uint64_t{3}}};
  EXPECT_EQ(filled("{party} {at}, {count}.", places, "en"), "{at} x, 3.")
      << "a value is never taken for a place";
  EXPECT_EQ(filled("{at}{at}", places, "en"), "xx");
  EXPECT_EQ(filled("{other} {at", places, "en"), "{other} {at");
  EXPECT_EQ(filled("", places, "en"), "");
  EXPECT_EQ(places_of("{a} b {c}{d} {"), (std::vector<std::string_view>{"a", "c", "d"}));
}

TEST(Phrases, WhatStandsInAPlaceSpeaksTheSameLanguage) {
  const Phrase span = say("span.hours", {{"count", std::uint64_t{2}}});
  const Phrase phrase = say("clock.ahead", {{"party", "XB"}, {"span", span}});
  EXPECT_EQ(in_words(phrase, "en"), "XB's clock is 2 hours ahead of ours.");
  EXPECT_EQ(in_words(phrase, "fr"), "L’horloge de XB avance de 2 heures sur la nôtre.");
  EXPECT_EQ(in_words(phrase, "xx"), in_words(phrase, "en"));
}

TEST(Phrases, SentencesAndListsAreJoinedAsTheLanguageDoes) {
  const Phrases two{say("store.room"), say("clock.agree")};
  EXPECT_EQ(in_words(two, "en"), "There is room here. Both clocks agree.");
  EXPECT_EQ(in_words(two, "zh"), "此处空间充足。双方时钟一致。");
  EXPECT_EQ(in_words(Phrases{}, "en"), "");
  EXPECT_EQ(in_words(list_of({}), "en"), "");
  EXPECT_EQ(in_words(list_of({"UNODA"}), "ar"), "UNODA");
  EXPECT_EQ(in_words(list_of({"A1", "B1", "C1"}), "en"), "A1, B1 and C1");
  EXPECT_EQ(in_words(list_of({"A1", "B1", "C1"}), "zh"), "A1、B1和C1");
  EXPECT_EQ(in_words(list_of({"A1", "B1"}), "es"), "A1 y B1");
}

std::vector<std::string> sorted_places(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view name : places_of(text)) out.emplace_back(name);
  std::sort(out.begin(), out.end());
  return out;
}

// What a person types, or finds in the configuration: between quotes.
std::vector<std::string> quoted(std::string_view text) {
  static const std::regex words("'(focal [^']*|listen|endpoints|min_suite|anchor|\\{command\\})'");
  const std::string all(text);
  std::vector<std::string> out;
  for (std::sregex_iterator it(all.begin(), all.end(), words), end; it != end; ++it)
    out.push_back((*it)[1].str());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(DoctorWords, EveryLanguageHasThePlacesAndCommandsOfEnglish) {
  EXPECT_GT(doctor_words().keys().size(), 300u);
  for (const std::string_view key : doctor_words().keys()) {
    const std::string_view english = *doctor_words().text(key, kEnglish);
    for (const std::string_view lang : record::languages()) {
      const std::string_view text = *doctor_words().text(key, lang);
      EXPECT_EQ(sorted_places(text), sorted_places(english)) << key << " " << lang;
      EXPECT_EQ(quoted(text), quoted(english)) << key << " " << lang;
      EXPECT_EQ(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'))
          << key << " " << lang;
      const bool has_words = text.find_first_not_of("{}abcdefghijklmnopqrstuvwxyz_., :") !=
                             std::string_view::npos;
      if (lang == "zh" && key != "text.as_it_is" && key != "text.sentences") {
        EXPECT_TRUE(has_words) << key << " is not translated";
      }
    }
  }
}

// A text is shown in the direction of its first letter: an Arabic one begins with no command and no
// code. What only stands inside another one may.
TEST(DoctorWords, ArabicBeginsInArabic) {
  const std::set<std::string_view> inside{"date.unknown", "party.step", "new.nobody_decided"};
  for (const std::string_view key : doctor_words().keys()) {
    if (inside.contains(key) || key.starts_with("text.") || key.starts_with("span.")) continue;
    const std::string_view text = *doctor_words().text(key, "ar");
    const auto first = static_cast<unsigned char>(text.front());
    const bool is_arabic = first >= 0xD8 && first <= 0xDB;  // of U+0600 to U+06FF in UTF-8
    EXPECT_TRUE(is_arabic) << key << ": " << text;
  }
}

}  // namespace
}  // namespace focal::desk

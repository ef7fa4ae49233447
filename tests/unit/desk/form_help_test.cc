// Goal: code lists and countries are told as they are, in each language; and what somebody types is
// answered with what it can mean, best first, whatever the writing.
// Method: the answers against the tables themselves; names typed as people write them.
#include "node/desk/form_help.h"

#include <gtest/gtest.h>

#include <set>

#include "node/record/catalogue.h"
#include "node/record/codes.h"
#include "node/record/makes.h"
#include "proto/console.pb.h"

namespace focal::desk {
namespace {

namespace v1 = api::v1;

TEST(FormCodes, EveryListAndCountryInEveryLanguage) {
  for (const std::string_view lang : record::languages()) {
    v1::CodesRequest request;
    request.set_lang(std::string(lang));
    v1::CodesResponse out;
    ASSERT_TRUE(show_codes(request, &out).has_value());
    EXPECT_EQ(out.lang(), lang);
    ASSERT_EQ(static_cast<std::size_t>(out.lists_size()), record::code_lists().size());
    for (const auto& list : out.lists()) {
      const auto codes = record::codes(list.name());
      ASSERT_EQ(static_cast<std::size_t>(list.codes_size()), codes.size()) << list.name();
      for (int i = 0; i < list.codes_size(); ++i) {
        EXPECT_EQ(list.codes(i).code(), codes[static_cast<std::size_t>(i)]) << "in their order";
        EXPECT_EQ(list.codes(i).label(), *record::label(list.name(), list.codes(i).code(), lang));
      }
    }
    std::size_t rows = 0;
    int group = 0;
    for (const auto& country : out.countries()) {
      const std::string& kind = country.kind();
      const int now = kind == "STATE" ? 0 : kind == "AREA" ? 1 : kind == "FORMER" ? 2 : 3;
      EXPECT_GE(now, group) << country.code();
      group = now;
      EXPECT_FALSE(country.label().empty());
      EXPECT_TRUE(record::is_country(country.code()));
      EXPECT_EQ(static_cast<std::size_t>(country.successors_size()),
                record::successors(country.code()).size());
      rows += kind == "FICTIONAL" ? 0 : 1;
      if (kind == "FICTIONAL") {
        EXPECT_EQ(country.code()[0], 'X');
      }
    }
    EXPECT_EQ(rows, record::countries().size());
    EXPECT_EQ(group, 3) << "the States of demonstrations are there";
  }
}

TEST(FormCodes, AnUnknownLanguageIsRefused) {
  v1::CodesRequest request;
  request.set_lang("de");
  v1::CodesResponse out;
  EXPECT_EQ(show_codes(request, &out).error().path, "lang");
}

v1::SuggestResponse ask(const std::string& what, const std::string& text,
                        const std::string& make = {}) {
  v1::SuggestRequest request;
  request.set_what(what);
  request.set_text(text);
  request.set_make(make);
  v1::SuggestResponse out;
  EXPECT_TRUE(suggest_names(request, &out).has_value()) << text;
  EXPECT_LE(static_cast<std::size_t>(out.suggestions_size()), kMaxSuggestions);
  std::set<std::string> codes;
  for (const auto& each : out.suggestions()) {
    EXPECT_TRUE(codes.insert(each.code()).second) << each.code() << " twice";
    EXPECT_FALSE(each.label().empty());
  }
  return out;
}
std::string first(const v1::SuggestResponse& out) {
  return out.suggestions_size() == 0 ? "" : out.suggestions(0).code();
}

TEST(FormSuggest, Makers) {
  const auto whole = ask("MAKE", "Izhmash");
  EXPECT_EQ(first(whole), "IZHMASH");
  EXPECT_EQ(whole.suggestions(0).why(), "");
  EXPECT_EQ(first(ask("MAKE", "ижм")), "IZHMASH") << "while it is typed, in another script";
  const auto other = ask("MAKE", "Kalashnikov Con");
  EXPECT_EQ(first(other), "IZHMASH");
  EXPECT_EQ(other.suggestions(0).why(), "Kalashnikov Concern") << "the name that matched";
  EXPECT_EQ(ask("MAKE", "").suggestions_size(), 0);
  EXPECT_EQ(ask("MAKE", "qqqqqqq").suggestions_size(), 0);
  EXPECT_EQ(ask("MAKE", "s").suggestions_size(), static_cast<int>(kMaxSuggestions)) << "no more";
}

TEST(FormSuggest, ModelsOfTheMakerFirst) {
  EXPECT_EQ(first(ask("MODEL", "akm", "Izhmash")), "IZHMASH/AKM");
  EXPECT_EQ(first(ask("MODEL", "AK-47", "IZHMASH")), "IZHMASH/AK");
  EXPECT_EQ(first(ask("MODEL", "akm", "Glock")), "IZHMASH/AKM") << "a make is often wrong";
  const auto found = ask("MODEL", "akm", "Izhmash");
  EXPECT_NE(found.suggestions(0).label().find("Izhmash"), std::string::npos) << "with its maker";
  const auto models = ask("MODEL", "a");
  for (const auto& each : models.suggestions()) {
    bool there = false;
    for (const record::Model& model : record::models()) there = there || model.id == each.code();
    EXPECT_TRUE(there) << each.code();
  }
}

TEST(FormSuggest, Calibres) {
  for (const char* written : {"9x19", "9 mm Luger", "9mm Para", "9х19 Парабеллум"})
    EXPECT_EQ(first(ask("CALIBRE", written)), "9X19") << written;
  EXPECT_EQ(first(ask("CALIBRE", "7,62x39")), "7.62X39");
  const auto bore = ask("CALIBRE", "9 mm");
  EXPECT_GT(bore.suggestions_size(), 2) << "the width alone is no calibre yet";
}

TEST(FormSuggest, TypesOfWeapon) {
  EXPECT_EQ(first(ask("WEAPON_TYPE", "SA_PISTOL")), "SA_PISTOL");
  EXPECT_EQ(first(ask("WEAPON_TYPE", "pistol")), "SA_PISTOL");
  EXPECT_EQ(first(ask("WEAPON_TYPE", "револьвер")), "SA_REVOLVER");
  EXPECT_EQ(first(ask("WEAPON_TYPE", "revol")), "SA_REVOLVER");
  const auto types = ask("WEAPON_TYPE", "s");
  for (const auto& each : types.suggestions())
    EXPECT_TRUE(record::is_code("weapon_type", each.code()));
}

TEST(FormSuggest, WhatCannotBeAskedIsRefused) {
  v1::SuggestRequest request;
  v1::SuggestResponse out;
  for (const char* what : {"", "make", "SERIAL"}) {
    request.set_what(what);
    EXPECT_EQ(suggest_names(request, &out).error().path, "what") << what;
  }
  request.set_what("MODEL");
  request.set_text(std::string(257, 'a'));
  EXPECT_EQ(suggest_names(request, &out).error().path, "text");
  request.set_text(std::string(256, 'a'));
  request.set_make(std::string(257, 'a'));
  EXPECT_EQ(suggest_names(request, &out).error().path, "make");
  request.clear_make();
  for (const std::string& text : {std::string("\xff\xfe"), std::string(1, '\0'), std::string("\u202e"),
                                  std::string("%_'; --")}) {
    request.set_text(text);
    EXPECT_TRUE(suggest_names(request, &out).has_value());
  }
}

}  // namespace
}  // namespace focal::desk

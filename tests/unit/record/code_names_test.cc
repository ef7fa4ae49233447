// Goal: what officers write for a code is understood in six languages, and what can mean two codes
// is never guessed. Method: every label of every list, the names of the data file, and the known
// traps.
#include "node/record/code_names.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/record/catalogue.h"
#include "node/record/codes.h"

namespace focal::record {
namespace {

using Codes = std::vector<std::string_view>;

TEST(CodeNames, EveryLabelOfTheListsOfAWeaponIsUnderstood) {
  for (const char* list :
       {"weapon_type", "weapon_category", "weapon_action", "serial_confidence", "country_basis",
        "weapon_condition", "register_status", "craft_or_modified", "stock_material"})
    for (const std::string_view code : codes(list))
      for (const std::string_view lang : languages()) {
        const auto text = label(list, code, lang);
        ASSERT_TRUE(text.has_value()) << list << " " << code;
        const auto read = read_code(list, *text);
        EXPECT_NE(std::find(read.begin(), read.end(), code), read.end())
            << list << " " << code << " " << lang << " " << *text;
      }
}

TEST(CodeNames, UsualNamesAndWritings) {
  EXPECT_EQ(read_code("weapon_type", "SA_PISTOL"), Codes{"SA_PISTOL"});
  for (const char* text :
       {"pistol", "Pistol", "PISTOLA", "пистолет", "手枪", "self loading pistol"})
    EXPECT_EQ(read_code("weapon_type", text), Codes{"SA_PISTOL"}) << text;
  EXPECT_EQ(read_code("weapon_type", "автомат"), Codes{"SA_ASSAULT_RIFLE"});
  EXPECT_EQ(read_code("weapon_condition", "Burnt or corroded"), Codes{"BURNT_CORRODED"});
  EXPECT_EQ(read_code("weapon_type", "thing"), Codes{});
  EXPECT_EQ(read_code("weapon_type", ""), Codes{});
  EXPECT_EQ(read_code("no_such_list", "pistol"), Codes{});
  EXPECT_EQ(read_code(kYesNo, "Да"), Codes{"true"});
}

TEST(CodeNames, Countries) {
  for (const char* text :
       {"DE", "de", "Germany", "Allemagne", "Alemania", "Германия", "德国", "ألمانيا"})
    EXPECT_EQ(read_code(kCountryNames, text), Codes{"DE"}) << text;
  EXPECT_EQ(read_code(kCountryNames, "USSR"), Codes{"SUHH"});
  EXPECT_EQ(read_code(kCountryNames, "Fictional State B"), Codes{"XB"});
  EXPECT_EQ(read_code(kCountryNames, "Atlantis"), Codes{});
  EXPECT_EQ(successors("SUHH").empty(), false);
  EXPECT_EQ(successors("DDDE"), Codes{"DE"});
  EXPECT_EQ(successors("FR"), Codes{});
}

TEST(CodeNames, WhatSaysThatNothingIsKnown) {
  for (const char* text :
       {"", "-", "???", "n/a", "N.A.", "unknown", "Неизвестно", "未知", "غير معروف"})
    EXPECT_TRUE(says_unknown(text)) << text;
  for (const char* text : {"0", "Beretta", "no. 5"}) EXPECT_FALSE(says_unknown(text)) << text;
}

// A name of the data file that means two codes of a list would silently mean neither.
TEST(CodeNames, UsualNamesOfCountriesMeanOne) {
  for (const char* text : {"Russia", "UK", "USA", "Iran", "South Korea", "Czech Republic",
                           "Holland", "Yugoslavia", "East Germany"})
    EXPECT_EQ(read_code(kCountryNames, text).size(), 1u) << text;
}

}  // namespace
}  // namespace focal::record

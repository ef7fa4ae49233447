// Goal: pairs of readings land in the tier a person would expect, with the score of the
// table, and the rest of the description lowers it with reasons.
// Method: pairs for each tier and their near misses; every score worked out by hand.
#include <gtest/gtest.h>

#include "node/record/codes.h"
#include "node/record/weapon_match.h"

namespace focal::record {
namespace {

std::optional<SerialMatch> serials(std::string_view a, std::string_view b) {
  return match_serials(derive_serial_keys(a), derive_serial_keys(b));
}

// "TIER score", or "-".
std::string outcome(std::string_view a, std::string_view b) {
  const auto there = serials(a, b);
  const auto back = serials(b, a);
  EXPECT_EQ(there.has_value(), back.has_value()) << a << " " << b;
  if (!there || !back) return "-";
  EXPECT_EQ(there->tier, back->tier) << a << " " << b;
  EXPECT_EQ(there->score, back->score) << a << " " << b;
  return std::string(code_of(there->tier)) + " " + std::to_string(there->score);
}

TEST(SerialMatch, EachTier) {
  EXPECT_EQ(outcome("AB 123456", "ab-123456"), "EXACT 100");
  EXPECT_EQ(outcome("№ 123456", "123456"), "EXACT 100");
  EXPECT_EQ(outcome("АВ123456", "AB123456"), "LATIN 97");  // Cyrillic
  EXPECT_EQ(outcome("1234★", "1234"), "LATIN 97");
  EXPECT_EQ(outcome("AB12O456", "AB120456"), "FOLD 90");
  EXPECT_EQ(outcome("I23456", "123456"), "FOLD 90");
  EXPECT_EQ(outcome("АВ12О456", "A8120456"), "FOLD 90");  // Cyrillic О for 0, В for 8
  EXPECT_EQ(outcome("ЗА1234", "3A1234"), "FOLD 90");
  EXPECT_EQ(outcome("369J257", "369257"), "DIGITS 75");
  EXPECT_EQ(outcome("369J257", "369M257"), "DIGITS 75");
  EXPECT_EQ(outcome("56式18012345", "56-18012345"), "DIGITS 75");
  EXPECT_EQ(outcome("AB123456", "AB123956"), "EDIT_1 65");
  EXPECT_EQ(outcome("AB123456", "AB12345"), "EDIT_1 65");
  EXPECT_EQ(outcome("AB123456", "AB124356"), "EDIT_1 65");
  EXPECT_EQ(outcome("ДЖ12345", "ЛЖ12345"), "EDIT_1 65");
}

TEST(SerialMatch, NearMissesOfEachTier) {
  EXPECT_EQ(outcome("AB123456", "CD123456"), "-");
  EXPECT_EQ(outcome("AB123456", "AB129956"), "-");
  EXPECT_EQ(outcome("AB123456", "BA213456"), "-");
  EXPECT_EQ(outcome("1234", "1235"), "-");  // too short for an edit
  EXPECT_EQ(outcome("1234", "12345"), "-");
  EXPECT_EQ(outcome("1A2", "12"), "-");                  // too few digits
  EXPECT_EQ(outcome("A369257", "369257"), "EDIT_1 65");  // a letter before it is no digits case
  EXPECT_EQ(outcome("AA369257", "369257"), "-");
  EXPECT_EQ(outcome("N/A", "N/A"), "-");
  EXPECT_EQ(outcome("", ""), "-");
  EXPECT_EQ(outcome("\xff", "\xff"), "-");
}

TEST(SerialMatch, PatternsByTheShareOfWhatIsKnown) {
  EXPECT_EQ(outcome("12345?78", "12345678"), "PATTERN 81");  // 7 of 8: 60 + 21
  EXPECT_EQ(outcome("1234*", "12345678"), "PATTERN 72");     // 4 of 8
  EXPECT_EQ(outcome("*5678", "AB345678"), "PATTERN 72");
  EXPECT_EQ(outcome("1*8", "12345678"), "-");  // 2 known of 8 say nothing
  EXPECT_EQ(outcome("123*", "1234567890123456"), "PATTERN 64");
  EXPECT_EQ(outcome("12?", "123"), "PATTERN 76");         // 2 of 3: half and more
  EXPECT_EQ(outcome("1?3456", "1?3456"), "PATTERN 80");   // never EXACT
  EXPECT_EQ(outcome("123456*", "*45678"), "PATTERN 72");  // 3 of 6 in the best fit
  EXPECT_EQ(outcome("12345*", "*4567"), "-");             // 2 of 5
  EXPECT_EQ(outcome("1234??", "??1234"), "-");
  EXPECT_EQ(outcome("A8?4567", "АВ34S67"), "PATTERN 81");  // on the fold, Cyrillic АВ
  EXPECT_EQ(outcome("ЖЮ?711", "ЖЮ4711"), "PATTERN 80");
  EXPECT_EQ(outcome("1234567?", "123456"), "-");          // ? is one character
  EXPECT_EQ(outcome("123456*", "123456"), "PATTERN 85");  // * may be none
  const auto fit = serials("12345?78", "12345678");
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->agreeing, 7u);
  EXPECT_EQ(fit->length, 8u);
}

TEST(SerialMatch, FitsOfPatterns) {
  const auto fits = [](std::string_view a, std::string_view b) {
    return fit_patterns(a, b).has_value() && fit_patterns(b, a).has_value();
  };
  EXPECT_TRUE(fits("*", "123"));
  EXPECT_TRUE(fits("1*2*3", "1X2YY3"));
  EXPECT_TRUE(fits("*1*", "?*"));
  EXPECT_TRUE(fits("", "*"));
  EXPECT_TRUE(fits("", ""));
  EXPECT_TRUE(fits("1*3", "12*"));
  EXPECT_FALSE(fits("1*3", "*4"));
  EXPECT_FALSE(fits("?", ""));
  EXPECT_FALSE(fits("1?3", "1*45"));
  EXPECT_FALSE(fits("Ж?", "Ж"));
  EXPECT_TRUE(fits("Ж?", "ЖЮ"));
  EXPECT_FALSE(fits(std::string(65, '1'), std::string(65, '1')));
  EXPECT_FALSE(fits(std::string(65, '*'), "1"));
}

TEST(SerialMatch, OneEditByCodePoints) {
  EXPECT_TRUE(within_one_edit("", ""));
  EXPECT_TRUE(within_one_edit("", "A"));
  EXPECT_TRUE(within_one_edit("AAA", "AAAA"));
  EXPECT_TRUE(within_one_edit("ЖЮЯ", "ЖЮ"));
  EXPECT_TRUE(within_one_edit("ЖЮЯ", "ЮЖЯ"));
  EXPECT_TRUE(within_one_edit("AЖ", "AЮ"));  // second bytes differ
  EXPECT_TRUE(within_one_edit("пA", "рA"));  // D0 BF and D1 80
  EXPECT_TRUE(within_one_edit("1式2", "12"));
  EXPECT_FALSE(within_one_edit("", "AB"));
  EXPECT_FALSE(within_one_edit("ABCD", "BADC"));
  EXPECT_FALSE(within_one_edit("ABC", "CAB"));
  EXPECT_FALSE(within_one_edit("ЖЮ", "ЯД"));
}

WeaponText ak(std::string_view serial) {
  WeaponText text;
  text.serial_raw = serial;
  text.make = "Ижмаш";
  text.model = "АК-74";
  text.calibre_raw = "5,45х39";
  text.type = "SA_ASSAULT_RIFLE";
  return text;
}

std::optional<Match> match(const WeaponText& a, const WeaponText& b) {
  // Kept, because a match holds views.
  static WeaponKeys first;
  static WeaponKeys second;
  first = derive_weapon_keys(a);
  second = derive_weapon_keys(b);
  return match_weapons(first, second);
}

Agreement agreement(const Match& found, Attribute attribute) {
  return found.attributes[static_cast<std::size_t>(attribute)].agreement;
}

TEST(WeaponMatch, AgreementOfTheRest) {
  WeaponText other = ak("1234567");
  other.make = "IZHMASH";
  other.model = "AK74";
  other.calibre_raw = "5.45 x 39 mm";
  auto found = match(ak("1234567"), other);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->score, 100);
  other.type = "SA_RIFLE";
  found = match(ak("1234567"), other);
  EXPECT_EQ(found->score, 40);
  EXPECT_EQ(agreement(*found, Attribute::kType), Agreement::kConflict);
  other.type = "UNKNOWN";
  EXPECT_EQ(match(ak("1234567"), other)->score, 90);
  other.type = "SA_OTHER";
  EXPECT_EQ(match(ak("1234567"), other)->score, 90);
  WeaponText bare;
  bare.serial_raw = "1234567";
  found = match(ak("1234567"), bare);
  EXPECT_EQ(found->score, 66);  // 0.9 to the fourth, to the nearest
  EXPECT_EQ(found->attributes[0].first, "Ижмаш");
  EXPECT_EQ(found->attributes[0].second, "");
  WeaponText wrong = ak("1234567");
  wrong.make = "Glock";
  wrong.model = "Glock 17";
  wrong.calibre_raw = "9x19";
  wrong.type = "SA_PISTOL";
  EXPECT_EQ(match(ak("1234567"), wrong)->score, 3);  // 0.4 to the fourth: 2.56
  EXPECT_FALSE(match(ak("1234567"), ak("7654321")));
}

TEST(WeaponMatch, CalibresThatAreSoldAsEachOther) {
  const auto calibres = [](std::string_view a, std::string_view b) {
    WeaponText first;
    WeaponText second;
    first.serial_raw = second.serial_raw = "1234567";
    first.calibre_raw = a;
    second.calibre_raw = b;
    const auto found = match(first, second);
    return agreement(*found, Attribute::kCalibre);
  };
  EXPECT_EQ(calibres("5.56x45", ".223 Rem"), Agreement::kRelated);
  EXPECT_EQ(calibres("7.62x51", ".308 Winchester"), Agreement::kRelated);
  EXPECT_EQ(calibres("7,62х39", "7.62 Soviet"), Agreement::kEqual);
  EXPECT_EQ(calibres("9 mm", "9x19"), Agreement::kRelated);  // a bore, not a calibre
  EXPECT_EQ(calibres("9 mm", "9mm"), Agreement::kRelated);
  EXPECT_EQ(calibres("9 mm", "7.62x39"), Agreement::kConflict);
  EXPECT_EQ(calibres("bent pipe", "7.62x39"), Agreement::kUnknown);
  EXPECT_EQ(calibres("bent pipe", "Bent-Pipe"), Agreement::kEqual);
  EXPECT_EQ(calibres("", ""), Agreement::kUnknown);
}

TEST(WeaponMatch, CodesCountBeforeText) {
  WeaponText a = ak("1234567");
  WeaponText b = ak("1234567");
  a.make = "something else";
  a.make_code = "IZHMASH";
  a.calibre_raw = "?";
  a.calibre_code = "5.45X39";
  const auto found = match(a, b);
  EXPECT_EQ(found->score, 100);
  EXPECT_EQ(found->attributes[0].first, "IZHMASH");
  a.make_code = "NO-SUCH-MAKE";  // a code of a later program: the text counts
  EXPECT_EQ(agreement(*match(a, b), Attribute::kMake), Agreement::kUnknown);
}

TEST(WeaponMatch, NamesOfSeveralModelsAreNotSure) {
  WeaponText a;
  a.serial_raw = "1234567";
  a.model = "M70";  // Zastava's and Beretta's
  WeaponText b = a;
  EXPECT_EQ(agreement(*match(a, b), Attribute::kModel), Agreement::kEqual);  // same words
  b.model = "Beretta 70";
  EXPECT_EQ(agreement(*match(a, b), Attribute::kModel), Agreement::kRelated);
  a.make = "Beretta";  // now it is one
  EXPECT_EQ(agreement(*match(a, b), Attribute::kModel), Agreement::kEqual);
  b.model = "Glock 17";
  EXPECT_EQ(agreement(*match(a, b), Attribute::kModel), Agreement::kConflict);
}

TEST(WeaponMatch, AlternativeReadingsAreTried) {
  WeaponText a = ak("12845S7");
  a.serial_alternatives = {"1234567", "1234561"};
  auto found = match(a, ak("1234567"));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->serial.tier, Tier::kExact);
  EXPECT_EQ(found->first_reading, 1u);
  EXPECT_EQ(found->first_key, "1234567");
  // More than a record may hold: those behind the limit are passed over.
  a.serial_alternatives.assign(kMaxReadings, "999999999");
  a.serial_alternatives.back() = "1234567";
  EXPECT_FALSE(match(a, ak("1234567")));
}

// A program shows results in six languages: each code must have its labels.
TEST(WeaponMatch, EveryReasonIsACodeWithLabels) {
  for (const Tier tier :
       {Tier::kExact, Tier::kLatin, Tier::kFold, Tier::kPattern, Tier::kDigits, Tier::kEdit1})
    EXPECT_TRUE(is_code("match_tier", code_of(tier))) << code_of(tier);
  for (const Agreement how :
       {Agreement::kEqual, Agreement::kRelated, Agreement::kUnknown, Agreement::kConflict})
    EXPECT_TRUE(is_code("attribute_agreement", code_of(how))) << code_of(how);
  for (const Attribute what :
       {Attribute::kMake, Attribute::kModel, Attribute::kCalibre, Attribute::kType})
    EXPECT_TRUE(is_code("match_attribute", code_of(what))) << code_of(what);
  for (const auto script : derive_serial_keys("Aа1").scripts.codes())
    EXPECT_TRUE(is_code("script", script)) << script;
}

}  // namespace
}  // namespace focal::record

// Goal: calibres, makers and models are found under the names that people write, an
// unclear name gives all it can mean, and an unknown one gives nothing.
// Method: tables of writings from forms of several countries.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/record/calibres.h"
#include "node/record/makes.h"

namespace focal::record {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> codes_of(const std::vector<const Calibre*>& found) {
  std::vector<std::string> out;
  for (const Calibre* calibre : found) out.emplace_back(calibre->code);
  return out;
}
std::vector<std::string> calibre(std::string_view text) {
  return codes_of(read_calibre(text).candidates);
}

TEST(Calibres, OneCalibreInManyWritings) {
  const std::pair<std::string_view, std::vector<std::string_view>> table[] = {
      {"7.62X39",
       {"7.62x39", "7,62x39", "7.62 X 39 mm", "7,62х39", "7,62 Х 39 мм", "7.62×39mm", "7.62*39",
        "762x39", "7.62mm x 39", "cal. 7.62x39", "калибр 7,62х39", "７．６２×３９", "٧٫٦٢×٣٩ ملم",
        "7.62×39毫米", "M43", "7.62 Soviet"}},
      {"9X19", {"9x19", "9 x 19 mm", "9mm Luger", "9 MM PARA", "9mm Parabellum", "9 мм Люгер"}},
      {".45ACP", {".45 ACP", "45 ACP", "0.45 ACP", ",45 acp", ".45ACP", ".45 Auto", "11.43x23"}},
      {".22LR", {".22 LR", "22 l.r.", ".22lr", "22 Long Rifle", "5,6x15R"}},
      {".30-06", {".30-06", "30-06", "30.06", "7.62x63"}},
      {"12GA", {"12 gauge", "12 GA", "12/70", "cal. 12", "12 кал.", "Calibre 12"}},
      {"7.62X54R", {"7.62x54R", "7,62х54R", "7,62х54Р", "7.62x54 mmR"}},
      {"5.45X39", {"5.45", "5,45 мм", "5.45x39"}},
      {"7.62X17", {"64式7.62毫米"}},
      {"PG7", {"PG-7", "ПГ-7В", "40/85", "40/85 мм"}}};
  for (const auto& [code, writings] : table)
    for (const auto text : writings) {
      EXPECT_THAT(calibre(text), ElementsAre(std::string(code))) << text;
      EXPECT_FALSE(read_calibre(text).bore_only) << text;
    }
}

TEST(Calibres, ABoreAloneIsNoCalibreYet) {
  const CalibreReading nine = read_calibre("9 mm");
  EXPECT_TRUE(nine.bore_only);
  EXPECT_THAT(codes_of(nine.candidates), Contains("9X19"));
  EXPECT_THAT(codes_of(nine.candidates), Contains("9X18"));
  EXPECT_THAT(calibre(".38"), UnorderedElementsAre(".38SPL", ".38SW", ".38SUPER"));
  EXPECT_THAT(calibre("38"), UnorderedElementsAre(".38SPL", ".38SW", ".38SUPER"));
  // Forty millimetres and forty hundredths of an inch are not one.
  EXPECT_THAT(calibre("40 mm"), Not(Contains(".40SW")));
  EXPECT_THAT(calibre("40 mm"), Contains("40X46"));
  EXPECT_THAT(calibre(".40"), Not(Contains("40X46")));
  EXPECT_THAT(calibre("7,62"), Contains("7.62X51"));
}

TEST(Calibres, UnknownTextStaysUnknown) {
  for (const std::string_view text :
       {"", " ", "mm", "x", "calibre", "9x", "99x99", "bent pipe", "🔫", "\xff", "cal", "毫米", "?"})
    EXPECT_THAT(calibre(text), IsEmpty()) << text;
  EXPECT_THAT(calibre(std::string(300, '9')), IsEmpty());
  EXPECT_EQ(find_calibre("9x19"), nullptr);  // a code is written one way
}

TEST(Calibres, Related) {
  const auto related = [](std::string_view a, std::string_view b) {
    return are_related(*find_calibre(a), *find_calibre(b));
  };
  EXPECT_TRUE(related("5.56X45", ".223REM"));
  EXPECT_TRUE(related("7.62X51", ".308WIN"));
  EXPECT_FALSE(related("7.62X51", "7.62X39"));
  EXPECT_FALSE(related("7.62X51", "7.62X51"));
}

TEST(Calibres, SuggestionsWhileTyping) {
  EXPECT_EQ(codes_of(suggest_calibres("9x19", 5)).front(), "9X19");
  EXPECT_THAT(codes_of(suggest_calibres("7.62 mm N", 5)), ElementsAre("7.62X38R", "7.62X51"));
  EXPECT_EQ(suggest_calibres("7", 3).size(), 3u);
  EXPECT_THAT(suggest_calibres("", 5), IsEmpty());
  EXPECT_THAT(suggest_calibres("7", 0), IsEmpty());
  EXPECT_THAT(suggest_calibres("zzz", 5), IsEmpty());
}

std::vector<std::string> makers(std::string_view text) {
  std::vector<std::string> out;
  for (const Make* make : find_makes(text)) out.emplace_back(make->code);
  return out;
}
std::vector<std::string> model_ids(std::string_view text, std::string_view make = {}) {
  std::vector<std::string> out;
  for (const Model* model : find_models(text, make)) out.push_back(model->id);
  return out;
}

TEST(Makes, UnderAnyNameInAnyScript) {
  for (const std::string_view text : {"IZHMASH", "izhmash", "Ижмаш", "ИЖМАШ", "Kalashnikov Concern",
                                      "Концерн «Калашников»", "Izhevsk Arsenal"})
    EXPECT_THAT(makers(text), ElementsAre("IZHMASH")) << text;
  for (const std::string_view text : {"Baikal", "БАЙКАЛ", "I.M.Z.", "Izhevsk Mechanical Plant"})
    EXPECT_THAT(makers(text), ElementsAre("IZHMEKH")) << text;
  for (const std::string_view text : {"", "-", "no such maker", "\xff", "🔫"})
    EXPECT_THAT(makers(text), IsEmpty()) << text;
  EXPECT_EQ(find_make_code("GLOCK")->name.substr(0, 5), "Glock");
  EXPECT_EQ(find_make_code("glock"), nullptr);
}

TEST(Makes, ModelsWithAndWithoutTheirMaker) {
  for (const std::string_view text : {"AK-74", "ak 74", "АК-74", "AK74", "АK-74" /* mixed */})
    EXPECT_THAT(model_ids(text), ElementsAre("IZHMASH/AK-74")) << text;
  EXPECT_THAT(model_ids("Makarov"), ElementsAre("IZHMEKH/PM"));
  EXPECT_THAT(model_ids("Glock 17"), ElementsAre("GLOCK/Glock 17"));
  EXPECT_THAT(model_ids("17", "GLOCK"), ElementsAre("GLOCK/Glock 17"));
  EXPECT_THAT(model_ids("Walther P38"), ElementsAre("WALTHER/P38"));
  EXPECT_THAT(model_ids("Ижмаш АК-74"), ElementsAre("IZHMASH/AK-74"));
  EXPECT_THAT(model_ids("no such model"), IsEmpty());
  EXPECT_THAT(model_ids(""), IsEmpty());
}

TEST(Makes, AnUnclearNameGivesAll) {
  EXPECT_THAT(model_ids("M70"), UnorderedElementsAre("ZASTAVA/M70", "BERETTA/Beretta 70"));
  EXPECT_THAT(model_ids("M70", "ZASTAVA"), ElementsAre("ZASTAVA/M70"));
  EXPECT_EQ(model_ids("M70", "GLOCK").size(), 2u);  // the maker fits none: passed over
  EXPECT_EQ(model_ids("M70", "NO-SUCH").size(), 2u);
}

TEST(Makes, SuggestionsWhileTyping) {
  const auto first = suggest_makes("ижма", 5);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0]->code, "IZHMASH");
  EXPECT_EQ(suggest_makes("s", 4).size(), 4u);
  EXPECT_THAT(suggest_makes("", 4), IsEmpty());
  const auto glocks = suggest_models("glock 1", "GLOCK", 3);
  ASSERT_EQ(glocks.size(), 3u);
  for (const Model* model : glocks) EXPECT_EQ(model->make_code, "GLOCK");
  EXPECT_THAT(suggest_models("glock", "ZASTAVA", 3), IsEmpty());
}

}  // namespace
}  // namespace focal::record

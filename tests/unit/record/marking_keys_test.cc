// Goal: one serial number gets the same keys however people wrote it down, different ones
// keep apart as long as they should, and no input does harm.
// Method: tables of writings as they come from forms, lists and labels in six scripts;
// then the limits, broken bytes and characters that nobody sees.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "node/record/serial_keys.h"

namespace focal::record {
namespace {

using Codes = std::vector<std::string_view>;

struct Writing {
  std::string_view raw, exact, latin, fold, digits;
};

TEST(SerialKeys, WritingsBecomeKeys) {
  const Writing table[] = {
      {"AB123456", "AB123456", "AB123456", "A8123456", "AB123456"},
      {"ab 123-456", "AB123456", "AB123456", "A8123456", "AB123456"},
      {"  A.B/123_456# ", "AB123456", "AB123456", "A8123456", "AB123456"},
      {"369J257", "369J257", "369J257", "3691257", "369257"},
      {"369M257", "369M257", "369M257", "369M257", "369257"},
      {"PK-7O1Z5SGB", "PK7O1Z5SGB", "PK7O1Z5SGB", "PK70125568", ""},
      // Cyrillic that looks Latin, Cyrillic that does not, and a mixture.
      {"АВ 123456", "АВ123456", "AB123456", "A8123456", "AB123456"},
      {"АB 123456", "АB123456", "AB123456", "A8123456", "AB123456"},
      {"ЖЮ 4711", "ЖЮ4711", "ЖЮ4711", "ЖЮ4711", "ЖЮ4711"},
      {"ЗА1234", "ЗА1234", "ЗA1234", "3A1234", "ЗA1234"},
      {"Ёж-12345", "ЁЖ12345", "EЖ12345", "EЖ12345", "EЖ12345"},
      {"ΑΒ-7788", "ΑΒ7788", "AB7788", "A87788", "AB7788"},  // Greek
      // Digits of other scripts, full width, and characters made of others.
      {"٣٦٩٢٥٧", "369257", "369257", "369257", "369257"},
      {"۴۵۶۱۲۳", "456123", "456123", "456123", "456123"},
      {"४५६१२३", "456123", "456123", "456123", "456123"},
      {"ＡＢ１２３４５６", "AB123456", "AB123456", "A8123456", "AB123456"},
      {"①②③④", "1234", "1234", "1234", "1234"},
      {"Ⅻ-1234", "XII1234", "XII1234", "X111234", "XII1234"},
      {"56式 18012345", "56式18012345", "56式18012345", "56式18012345", "5618012345"},
      {"أ-١٢٣٤٥", "أ12345", "ا12345", "ا12345", "ا12345"},
      {"Ø1234", "Ø1234", "O1234", "01234", "O1234"},  // a slashed zero
      // A star is part of the number, but people leave it out.
      {"1234★", "1234★", "1234", "1234", "1234"},
      {"12", "12", "12", "12", ""},
  };
  for (const Writing& row : table) {
    const SerialKeys keys = derive_serial_keys(row.raw);
    EXPECT_EQ(keys.state, SerialState::kUsable) << row.raw;
    EXPECT_EQ(keys.exact, row.exact) << row.raw;
    EXPECT_EQ(keys.latin, row.latin) << row.raw;
    EXPECT_EQ(keys.fold, row.fold) << row.raw;
    EXPECT_EQ(keys.digits, row.digits) << row.raw;
    EXPECT_FALSE(keys.pattern) << row.raw;
  }
}

TEST(SerialKeys, WordsBeforeTheNumberAreNoPartOfIt) {
  for (const std::string_view raw : {"No. 123456",
                                     "no 123456",
                                     "No123456",
                                     "Nr. 123456",
                                     "NR123456",
                                     "№ 123456",
                                     "№123456",
                                     "Nº 123456",
                                     "N° 123456",
                                     "S/N 123456",
                                     "s/n:123456",
                                     "S/N123456",
                                     "SN 123456",
                                     "Serial No. 123456",
                                     "Serial Number: 123456",
                                     "serial-123456",
                                     "Ser. Nr. 123456",
                                     "Número de serie 123456",
                                     "NUMÉRO DE SÉRIE : 123456",
                                     "Numero 123456",
                                     "Номер 123456",
                                     "Серийный номер: 123456",
                                     "Зав. № 123456",
                                     "заводской № 123456",
                                     "编号123456",
                                     "序列号：１２３４５６",
                                     "枪号 123456",
                                     "رقم ١٢٣٤٥٦",
                                     "الرقم التسلسلي: ١٢٣٤٥٦",
                                     "n-o 123456"})
    EXPECT_EQ(derive_serial_keys(raw).exact, "123456") << raw;
  // Letters that may belong to the number stay.
  EXPECT_EQ(derive_serial_keys("SN123456").exact, "SN123456");
  EXPECT_EQ(derive_serial_keys("NOX1234").exact, "NOX1234");
  EXPECT_EQ(derive_serial_keys("N 123456").exact, "N123456");
  EXPECT_EQ(derive_serial_keys("SERVO1").exact, "SERVO1");
  EXPECT_EQ(derive_serial_keys("DE 123456").exact, "DE123456");
  EXPECT_EQ(derive_serial_keys("NO").exact, "NO");
  EXPECT_EQ(derive_serial_keys("123456 No").exact, "123456NO");
  // The look-alike of a word is the word.
  EXPECT_EQ(derive_serial_keys("ΝΟ 7788").latin, "7788");
}

TEST(SerialKeys, UnseenCharactersDoNotCount) {
  for (const std::string_view raw :
       {"AB\u200e123456", "\u202eAB123456\u202c", "AB\u200b123\u200d456", "\ufeffAB123456",
        "AB\t123\n456", "AB\u00a0123456", "AB\u00ad123456", "AB\ufe0f123456",
        "\x01"
        "AB123456\x7f",
        "\u2067AB123456\u2069", "AB\u0085123456"}) {
    EXPECT_EQ(derive_serial_keys(raw).exact, "AB123456") << raw;
  }
  EXPECT_EQ(derive_serial_keys("A\u0640B123").exact, "AB123");  // tatweel
  EXPECT_EQ(derive_serial_keys(std::string_view("12\0"
                                                "34",
                                                5))
                .exact,
            "1234");
}

TEST(SerialKeys, EmojiAndSymbolsAreKeptWhereTheyWereSeenOnly) {
  const SerialKeys keys = derive_serial_keys("🔫1234👍🏽");
  EXPECT_EQ(keys.state, SerialState::kUsable);
  EXPECT_NE(keys.exact, "1234");
  EXPECT_EQ(keys.latin, "1234");
  EXPECT_EQ(derive_serial_keys("🔫🔫").state, SerialState::kEmpty);
  EXPECT_EQ(derive_serial_keys("👨‍👩‍👧").state, SerialState::kEmpty);
}

TEST(SerialKeys, PatternsKeepWhatIsUnknown) {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"12?4", "12?4"},     {"12?4*", "12?4*"},      {"12**34", "12*34"},   {"12*?*34", "12?*34"},
      {"*?12", "?*12"},     {"12？4＊", "12?4*"},    {"١٢؟٤", "12?4"},      {"12⁇4", "12??4"},
      {"No. 12?4", "12?4"}, {"12 ? - ? 4", "12??4"}, {"NO?4567", "NO?4567"}};
  for (const auto& [raw, exact] : table) {
    const SerialKeys keys = derive_serial_keys(raw);
    EXPECT_EQ(keys.exact, exact) << raw;
    EXPECT_TRUE(keys.pattern) << raw;
    EXPECT_EQ(keys.digits, "") << raw;
  }
  for (const std::string_view nothing : {"?", "*", "???*", "№ ???", " ? - ? "})
    EXPECT_EQ(derive_serial_keys(nothing).state, SerialState::kEmpty) << nothing;
}

TEST(SerialKeys, NothingIsNoNumber) {
  for (const std::string_view raw : {"", " ", "-", "...", "\t\n", "#", "\u200b"})
    EXPECT_EQ(derive_serial_keys(raw).state, SerialState::kEmpty) << raw;
  for (const std::string_view raw : {"N/A",
                                     "none",
                                     "No serial",
                                     "NO SERIAL NUMBER",
                                     "unknown",
                                     "Obliterated",
                                     "Serial: removed",
                                     "б/н",
                                     "Б/Н",
                                     "без номера",
                                     "нет",
                                     "сбит",
                                     "sans numéro",
                                     "effacé",
                                     "SIN NÚMERO",
                                     "borrado",
                                     "无",
                                     "无编号",
                                     "不详",
                                     "بدون رقم",
                                     "ممسوح",
                                     "Ｎ／Ａ",
                                     "№ б/н"}) {
    const SerialKeys keys = derive_serial_keys(raw);
    EXPECT_EQ(keys.state, SerialState::kNoNumber) << raw;
    EXPECT_TRUE(keys.exact.empty() && keys.fold.empty()) << raw;
  }
  EXPECT_EQ(derive_serial_keys("NA1234").state, SerialState::kUsable);
  EXPECT_EQ(derive_serial_keys("БН 1234").state, SerialState::kUsable);
}

TEST(SerialKeys, LongAndBrokenInputIsRefusedWhole) {
  EXPECT_EQ(derive_serial_keys(std::string(64, '7')).exact, std::string(64, '7'));
  EXPECT_EQ(derive_serial_keys(std::string(65, '7')).state, SerialState::kTooLong);
  EXPECT_EQ(derive_serial_keys(std::string(10'000'000, 'A')).state, SerialState::kTooLong);
  // 21 characters of 3 bytes each that NFKC makes 18 of.
  std::string ligatures;
  for (int i = 0; i < 21; ++i) ligatures += "\ufdfa";
  EXPECT_EQ(derive_serial_keys(ligatures).state, SerialState::kTooLong);
  for (const std::string_view raw : {"\xff", "12\xc3", "\xc0\xaf",
                                     "\xed\xa0\x80"
                                     "12",
                                     "\xf4\x90\x80\x80", "12\x80", "\xe2\x82"}) {
    EXPECT_EQ(derive_serial_keys(raw).state, SerialState::kNotText);
    EXPECT_TRUE(derive_serial_keys(raw).exact.empty());
  }
}

TEST(SerialKeys, ScriptsAreReported) {
  const auto scripts = [](std::string_view raw) { return derive_serial_keys(raw).scripts; };
  EXPECT_EQ(scripts("AB1234").codes(), (Codes{"LATIN"}));
  EXPECT_EQ(scripts("АВ1234").codes(), (Codes{"CYRILLIC"}));
  EXPECT_EQ(scripts("أ1234").codes(), (Codes{"ARABIC"}));
  EXPECT_EQ(scripts("56式1234").codes(), (Codes{"CHINESE"}));
  EXPECT_EQ(scripts("א1234").codes(), (Codes{"HEBREW"}));
  EXPECT_EQ(scripts("가1234").codes(), (Codes{"KOREAN"}));
  EXPECT_EQ(scripts("Ω1234").codes(), (Codes{"OTHER"}));
  EXPECT_TRUE(scripts("1234-★").empty());
  EXPECT_FALSE(scripts("АВ1234").mixed());
  EXPECT_TRUE(scripts("АB1234").mixed());  // Cyrillic A, Latin B
  EXPECT_EQ(scripts("АB1234").codes(), (Codes{"LATIN", "CYRILLIC"}));
}

// The letters that design rests on; the table itself is Unicode's.
TEST(SerialKeys, CapitalsOfOneShapeAreOneLetter) {
  const std::pair<std::string_view, std::string_view> shapes[] = {
      {"АВСЕНКМОРТХУІЈЅ", "ABCEHKMOPTXYIJS"}, {"ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"}};
  for (const auto& [other, latin] : shapes)
    EXPECT_EQ(derive_serial_keys(other).latin, latin) << other;
  for (const std::string_view own : {"Ж", "И", "Л", "П", "Ф", "Ц", "Ш", "Я", "Ω", "Ψ", "ا", "ס"})
    EXPECT_EQ(derive_serial_keys(own).latin, own) << own;
  EXPECT_EQ(fold_of("OQD0ILJ1Z2S5G6B8"), "0000111122556688");
  EXPECT_EQ(fold_of("ACEFHKMNPRTUVWXY34 79"), "ACEFHKMNPRTUVWXY34 79");
  EXPECT_EQ(serial_rules() >> 8, 1u);
}

}  // namespace
}  // namespace focal::record

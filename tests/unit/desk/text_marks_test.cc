// Goal: nothing that a person cannot see, or sees wrongly, gets onto paper unmarked, and
// ordinary writing in six languages and more passes as it is.
// Method: chosen texts.
#include "node/desk/text_marks.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace focal::desk {
namespace {

std::string shown(std::string_view text) { return mark_text(text).text; }

TEST(TextMarks, OrdinaryWritingStaysAsItIs) {
  for (const std::string text :
       {"DA 0I7 342 (first line)\nsecond line", "numéro de série d’œuvre", "número",
        "серийный номер 5", "序列号(按所见)", "الرقم التسلسلي ٥٤", "שלום", "किताब", "می\u200cخواهم",
        "9 mm × 19", "e\u0301", "АК-47 по-русски, AK-47 in English", "ปืนAK47", "N\u2116 5",
        "\u0600123", "ℓ = 5", "☑\uFE0F done"}) {
    const MarkedText marked = mark_text(text);
    EXPECT_EQ(marked.text, text);
    EXPECT_FALSE(marked.control_characters) << text;
    EXPECT_FALSE(marked.look_alikes) << text;
  }
}

TEST(TextMarks, WhatIsNotSeenIsWrittenOut) {
  EXPECT_EQ(shown("a\u202Eb"), "a⟨U+202E⟩b");
  EXPECT_EQ(shown("a\u2066b\u2069"), "a⟨U+2066⟩b⟨U+2069⟩");
  EXPECT_EQ(shown("a\u200Bb\u00ADc\uFEFF"), "a⟨U+200B⟩b⟨U+00AD⟩c⟨U+FEFF⟩");
  EXPECT_EQ(shown("a\uFE0Fb"), "a⟨U+FE0F⟩b");
  EXPECT_EQ(shown("a\u200Cb"), "a⟨U+200C⟩b") << "a joiner between Latin letters only hides";
  EXPECT_EQ(shown("\x1b[2J"), "⟨U+001B⟩[2J");
  EXPECT_EQ(shown("a\u2028b\u0085"), "a⟨U+2028⟩b⟨U+0085⟩");
  EXPECT_EQ(shown("\U000E0041"), "⟨U+E0041⟩");
  EXPECT_EQ(shown(std::string_view("a\0b", 3)), "a⟨U+0000⟩b");
  EXPECT_EQ(shown("a\tb\r\nc\rd"), "a b\nc⟨U+000D⟩d");
  EXPECT_TRUE(mark_text("a\u202Eb").control_characters);
}

TEST(TextMarks, BytesThatAreNotUtf8AreWrittenOut) {
  for (const std::string text :
       {"a\xffz", "a\xc3z", "a\xed\xa0\x80z", "a\xf4\x90\x80\x80z", "a\xc0\xafz", "a\xe2\x82"}) {
    const MarkedText marked = mark_text(text);
    EXPECT_TRUE(is_utf8(marked.text));
    EXPECT_TRUE(marked.control_characters);
    EXPECT_TRUE(marked.text.starts_with("a⟨?⟩"));
  }
}

TEST(TextMarks, AccentsDoNotPileUp) {
  std::string text = "a";
  for (int i = 0; i < 30; ++i) text += "\u0301";
  const MarkedText marked = mark_text(text);
  EXPECT_TRUE(marked.control_characters);
  EXPECT_TRUE(marked.text.starts_with("a\u0301\u0301\u0301\u0301⟨U+0301⟩"));
}

TEST(TextMarks, AWordOfTwoScriptsIsMarked) {
  EXPECT_TRUE(mark_text("serial АK-47").look_alikes);  // a Cyrillic A, a Latin K
  EXPECT_TRUE(mark_text("ΟK").look_alikes);            // a Greek O
  EXPECT_TRUE(mark_text("12٣4").look_alikes);
  EXPECT_TRUE(mark_text("ＡＢ１").look_alikes);
  EXPECT_TRUE(mark_text("𝐀𝐁").look_alikes);
  EXPECT_FALSE(mark_text("АК-47 AK-47 калибр 7,62x39").look_alikes);
  EXPECT_EQ(mark_text("АK").text, "АK");
}

}  // namespace
}  // namespace focal::desk

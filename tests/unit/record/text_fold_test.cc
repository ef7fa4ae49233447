// Goal: people find text however they write it. Method: pairs that are one, and text of any form.
#include <gtest/gtest.h>

#include "node/record/text_fold.h"

namespace focal::record {
namespace {

TEST(TextFold, CapitalsAccentsWidthsAndDigitsAreOne) {
  EXPECT_EQ(fold_text("Pistolet à Poudre"), fold_text("PISTOLET A POUDRE"));
  EXPECT_EQ(fold_text("Ёлка"), fold_text("елка"));
  EXPECT_EQ(fold_text("ＡＢＣ１２"), "ABC12");
  EXPECT_EQ(fold_text("٤٢"), "42");
  EXPECT_EQ(fold_text("مسـدس"), fold_text("مسدس")) << "a tatweel only stretches";
  EXPECT_EQ(fold_text("手枪"), "手枪");
  EXPECT_EQ(fold_text("T-12"), "T-12");
}

TEST(TextFold, LongTextIsNotCutInsideACharacter) {
  std::string text, folded;
  for (int i = 0; i < 500; ++i) {
    text += "aж手";
    folded += "AЖ手";
    EXPECT_EQ(fold_text(text), folded);
  }
  EXPECT_EQ(fold_text("\xff\xfe"), "") << "no text";
}

TEST(TextFold, WordsAreParted) {
  EXPECT_EQ(fold_words("  one　Two  three ", 8), (std::vector<std::string>{"ONE", "TWO", "THREE"}));
  EXPECT_EQ(fold_words("a b c", 2).size(), 2u);
  EXPECT_TRUE(fold_words("   ", 8).empty());
}

}  // namespace
}  // namespace focal::record

// Goal: columns line up whatever script is in them, what others wrote cannot steer
// the terminal, and times read as people say them.
// Method: fixed inputs and the exact text.
#include "node/cli/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/clock.h"
#include "node/cli/width.h"

namespace focal::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Width, ScriptsOfTheSixLanguages) {
  EXPECT_EQ(display_width(""), 0u);
  EXPECT_EQ(display_width("trace"), 5u);
  EXPECT_EQ(display_width("запрос"), 6u);
  EXPECT_EQ(display_width("追查请求"), 8u);
  EXPECT_EQ(display_width("طلب تعقب"), 8u);
  EXPECT_EQ(display_width("طَلَب"), 3u) << "vowel signs take no column";
  EXPECT_EQ(display_width("e\xCC\x81"), 1u) << "combining accent";
  EXPECT_EQ(display_width("Ａ"), 2u) << "full width";
  EXPECT_EQ(display_width("\xF0\x9F\x94\x92"), 2u) << "pictograph";
  EXPECT_EQ(display_width("a\xE2\x80\x8B" "b"), 2u) << "zero width space";
  EXPECT_EQ(display_width("\xFF\xFE"), 2u) << "not UTF-8";
}

TEST(Clean, NothingSteersTheTerminal) {
  const std::string bad = "\xEF\xBF\xBD";
  EXPECT_EQ(clean("a\x1b[31mb"), "a" + bad + "[31mb");
  EXPECT_EQ(clean("a\r\nb\tc"), "a  b c");
  EXPECT_EQ(clean(std::string("a\0b", 3)), "a" + bad + "b");
  EXPECT_EQ(clean("a\xC2\x9B" "31mb"), "a" + bad + "31mb") << "C1 control sequence introducer";
  EXPECT_EQ(clean("exe\xE2\x80\xAEgpj"), "exe" + bad + "gpj") << "right-to-left override";
  EXPECT_EQ(clean("\xE2\x81\xA6x\xE2\x81\xA9"), bad + "x" + bad) << "isolates";
  EXPECT_EQ(clean("a\xC3"), "a" + bad);
  EXPECT_EQ(clean("\xC0\xAF"), bad + bad) << "overlong";
  EXPECT_EQ(clean("\xED\xA0\x80"), bad + bad + bad) << "surrogate";
  EXPECT_EQ(clean("追查 طلب é"), "追查 طلب é");
  EXPECT_EQ(clean_lines("a\nb\x07"), "a\nb" + bad);
}

TEST(Fit, CutsAtColumnsNotBytes) {
  EXPECT_EQ(fit("trace", 5), "trace");
  EXPECT_EQ(fit("traces", 5), "trac…");
  EXPECT_EQ(fit("追查请求", 8), "追查请求");
  EXPECT_EQ(fit("追查请求", 7), "追查请…");
  EXPECT_EQ(fit("追查请求", 6), "追查…") << "half a character is not shown";
  EXPECT_EQ(fit("abc", 1), "…");
  for (std::size_t n = 1; n < 12; ++n) EXPECT_LE(display_width(fit("a追b查c请d", n)), n);
}

TEST(Wrap, BreaksAtBlanksAndKeepsLineBreaks) {
  EXPECT_EQ(wrap("one two three", 8, "  "), "one two\n  three");
  EXPECT_EQ(wrap("one\ntwo", 80, "  "), "one\n  two");
  EXPECT_EQ(wrap("incomprehensible", 5, ""), "incomprehensible");
  EXPECT_EQ(wrap("", 5, ""), "");
}

TEST(Table, ColumnsLineUpInAnyScript) {
  Table table({"CASE", "<N", "SUBJECT"});
  table.add({"A", "7", "x"});
  table.add({"追查", "12", ""});
  table.add({"طَلَب", "3", "y"});
  EXPECT_EQ(table.text({}),
            "CASE   N  SUBJECT\n"
            "A      7  x\n"
            "追查  12\n"
            "طَلَب    3  y\n");
}

TEST(Table, ANarrowTerminalCutsTheFlexibleColumnFirst) {
  Table table({"ID", "STATE", "~SUBJECT"});
  table.add({"1", "ACKNOWLEDGED", "a long subject that does not fit"});
  Look look;
  look.width = 30;
  const std::string text = table.text(look);
  EXPECT_THAT(text, HasSubstr("ACKNOWLEDGED  a long subj…"));
  look.width = 20;
  std::string rest = table.text(look);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    EXPECT_LE(display_width(rest.substr(0, end)), 20u);
    rest.erase(0, end + 1);
  }
  look.width = 0;
  EXPECT_THAT(table.text(look), HasSubstr("does not fit\n")) << "a pipe gets everything";
}

TEST(Table, CellsAreCleanedAndColouredOnlyIfAsked) {
  Table table({"A"});
  table.add({{"x\x1b[2J", Style::kBad}});
  EXPECT_THAT(table.text({}), Not(HasSubstr("\x1b")));
  Look look;
  look.color = true;
  EXPECT_THAT(table.text(look), HasSubstr("\x1b[31mx\xEF\xBF\xBD[2J\x1b[0m"));
}

TEST(Labelled, AlignsWrapsAndLeavesOutTheEmpty) {
  Look look;
  look.width = 40;
  EXPECT_EQ(
      labelled({{"a", "1"}, {"empty", ""}, {"long", "one two three four five six seven"}}, look),
      "  a     1\n"
      "  long  one two three four five six\n"
      "        seven\n");
}

TEST(Times, AsPeopleSayThem) {
  Look look;
  look.now_ms = *parse_utc("2026-03-02T12:00:00Z");
  EXPECT_EQ(past_time("2026-03-02T09:00:00Z", look), "2026-03-02 09:00 UTC (3 h ago)");
  EXPECT_EQ(due_time("2026-03-04T17:00:00Z", look), "2026-03-04 17:00 UTC (in 2 days)");
  EXPECT_EQ(due_time("2026-03-02T09:00:00Z", look), "2026-03-02 09:00 UTC (overdue by 3 h)");
  EXPECT_EQ(due_words("2026-03-02T12:00:00Z", look), "in 0 s");
  EXPECT_EQ(due_time("", look), "");
  EXPECT_EQ(past_time("soon\x1b", look), "soon\xEF\xBF\xBD") << "nonsense is shown, cleaned";
  EXPECT_TRUE(is_past("2026-03-02T11:59:59Z", look));
  EXPECT_FALSE(is_past("", look));
  EXPECT_EQ(duration(59'999), "59 s");
  EXPECT_EQ(duration(60'000), "1 min");
  EXPECT_EQ(duration(47 * kHourMs), "47 h");
  EXPECT_EQ(duration(48 * kHourMs), "2 days");
  EXPECT_EQ(count(1, "case", "cases"), "1 case");
  EXPECT_EQ(count(0, "case", "cases"), "0 cases");
}

}  // namespace
}  // namespace focal::cli

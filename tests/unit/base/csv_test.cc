// Goal: a list is read exactly as a spreadsheet wrote it, or refused with the row and what to do;
// what we write is read back the same and never runs as a formula. Method: texts, each kind of
// damage once, and rapidcheck over any cells.
#include "base/csv.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/bytes.h"

namespace focal::csv {
namespace {

using Cells = std::vector<std::string>;

Table good(std::string_view text) {
  const auto table = read(text);
  EXPECT_TRUE(table.has_value()) << table.error().message;
  return table ? *table : Table{};
}
Error bad(std::string_view text, const Limits& limits = {}) {
  const auto table = read(text, limits);
  EXPECT_FALSE(table.has_value()) << text.substr(0, 100);
  return table ? Error{} : table.error();
}

TEST(Csv, ReadsQuotesLineBreaksAndLineEnds) {
  for (const char* end : {"\r\n", "\n", "\r"}) {
    const std::string e = end;
    const auto table = good("A,B" + e + "\"x \"\"y\"\", z\",\"two" + e + "lines\"" + e + e + "1,2");
    ASSERT_EQ(table.rows.size(), 3u);
    EXPECT_EQ(table.rows[1].cells, (Cells{"x \"y\", z", "two" + e + "lines"}));
    EXPECT_EQ(table.rows[1].number, 2u);
    EXPECT_EQ(table.rows[2].number, 4u) << "blank rows are counted, lines within a cell are not";
    EXPECT_EQ(table.rows[2].cells, (Cells{"1", "2"}));
  }
}

TEST(Csv, FindsTheSeparatorInTheFirstRow) {
  EXPECT_EQ(good("A;B;C,D\n1;2;3").separator, ';');
  EXPECT_EQ(good("A\tB\n1\t2,5").separator, '\t');
  EXPECT_EQ(good("\"a;b;c\",B,C\n").separator, ',') << "quoted ones do not count";
  EXPECT_EQ(good("A\n1").separator, ',');
  const auto told = good("sep=;\r\nA,B;C\r\n1;2\r\n");
  EXPECT_EQ(told.separator, ';');
  EXPECT_EQ(told.rows[0].number, 1u) << "spreadsheets do not show that line";
  EXPECT_EQ(told.rows[0].cells, (Cells{"A,B", "C"}));
  EXPECT_EQ(good("\xEF\xBB\xBFSerial;B\n").rows[0].cells[0], "Serial") << "byte order mark";
}

TEST(Csv, SaysHowToSaveWhatIsNotUtf8) {
  for (const std::string_view text :
       {std::string_view("\xFF\xFE"
                         "A\0\n\0",
                         6),
        std::string_view("\xFE\xFF\0A", 4), std::string_view("PK\x03\x04rest"),
        std::string_view("\xD0\xCF\x11\xE0\xA1\xB1"), std::string_view("A\nM\xE4rz\n"),
        std::string_view("A\nx\0y\n", 6), std::string_view("A\n\x1B[2J\n")}) {
    const auto error = bad(text);
    EXPECT_EQ(error.code, ErrorCode::kInvalid);
    EXPECT_NE(error.hint.find("CSV UTF-8"), std::string::npos) << error.message;
  }
  EXPECT_EQ(bad("A\nB\nM\xE4rz\n").path, "line 3");
  EXPECT_EQ(bad(std::string_view("A\nx\0y\n", 6)).path, "line 2");
  EXPECT_NE(bad(std::string_view("A\0\n\0", 4)).message.find("NUL"), std::string::npos);
}

TEST(Csv, RefusesQuotesThatDoNotFit) {
  EXPECT_EQ(bad("A,B\n1,2\n3,\"open\n4,5\n").path, "row 3");
  EXPECT_EQ(bad("A,B\n1,5\" barrel\n").path, "row 2");
  EXPECT_EQ(bad("A,B\n\"a\"b,2\n").path, "row 2");
  EXPECT_EQ(bad("").code, ErrorCode::kInvalid);
  EXPECT_EQ(bad("\r\n \r\n;;\r\n").code, ErrorCode::kInvalid) << "nothing but blanks";
}

TEST(Csv, KeepsItsLimits) {
  Limits few;
  few.rows = 2;
  few.columns = 3;
  few.cell_bytes = 4;
  few.bytes = 60;
  EXPECT_TRUE(read("A,B,C\n1234,2,3\n4,5,6\n\n\n", few).has_value());
  EXPECT_EQ(bad("A\n1\n2\n3\n", few).path, "row 4");
  EXPECT_EQ(bad("A,B,C,D\n", few).path, "row 1");
  EXPECT_EQ(bad("A\n12345\n", few).path, "row 2");
  EXPECT_EQ(bad("A\n\"12345\"\n", few).path, "row 2");
  EXPECT_EQ(bad("A\n\"\"\"\"\"\"\"\"\"\"\"\"\n", few).code, ErrorCode::kLimit) << "doubled quotes";
  EXPECT_EQ(bad(std::string(61, 'x'), few).code, ErrorCode::kLimit);
}

TEST(Csv, LargeDamageIsRefusedAtOnce) {
  EXPECT_EQ(bad("A\n\"" + std::string(5u << 20, 'x') + "\"\n").code, ErrorCode::kLimit);
  EXPECT_EQ(bad("A\n\"" + std::string(1u << 20, 'x') + "\"\n").path, "row 2");
  std::string rows = "A\n";
  for (int i = 0; i < 1'000'000; ++i) rows += "1\n";
  EXPECT_EQ(bad(rows).code, ErrorCode::kLimit);
  EXPECT_EQ(bad("A\n" + std::string(1u << 20, ',')).code, ErrorCode::kLimit) << "a million columns";
}

TEST(Csv, NoCellIsAFormula) {
  for (const std::string cell :
       {"=1+1", "+49 30", "-12", "@SUM(A1)", "\t=x", " =x", "'=x", "''=x", "=cmd|' /C calc'!A0",
        "\xEF\xBC\x9D"
        "1",
        "\"=1\""}) {
    const std::string written = write_row({cell});
    const auto table = good(written);
    const std::string& stands = table.rows[0].cells[0];
    if (cell != "\"=1\"") {
      EXPECT_EQ(stands, "'" + cell);
    }
  }
  EXPECT_EQ(shown_cell("'=1+1"), "=1+1");
  EXPECT_EQ(shown_cell(" 'AB'12 "), "'AB'12") << "only in front of a formula";
  EXPECT_EQ(write_row({"A", "b c", "d;e"}, ';'), "A;b c;\"d;e\"\r\n");
}

RC_GTEST_PROP(Csv, WhatIsWrittenIsReadBack, ()) {
  const auto text = rc::gen::container<std::string>(rc::gen::element(
      'a', '=', '+', '-', '@', '\'', '"', ',', ';', '\t', '\r', '\n', ' ', '0', '|'));
  const auto cells = *rc::gen::nonEmpty(rc::gen::container<Cells>(text));
  const char separator = *rc::gen::element(',', ';', '\t');
  std::string titles;
  for (std::size_t i = 0; i < cells.size(); ++i)
    titles += (i == 0 ? "" : std::string(1, separator)) + "T";
  Limits wide;
  wide.columns = 1000;
  const auto table = read(titles + "\r\n" + write_row(cells, separator), wide);
  RC_ASSERT(table.has_value());
  if (table->rows.size() == 1) return;  // blank
  RC_ASSERT(table->rows[1].cells.size() == cells.size());
  const auto clean = [](std::string_view cell) {  // blanks at the ends do not count
    return std::string(cell.substr(std::min(cell.size(), cell.find_first_not_of(" \t\r\n"))));
  };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string wanted = clean(cells[i]);
    while (!wanted.empty() &&
           std::string_view(" \t\r\n").find(wanted.back()) != std::string_view::npos)
      wanted.pop_back();
    RC_ASSERT(std::string(shown_cell(table->rows[1].cells[i])) == wanted);
  }
}

RC_GTEST_PROP(Csv, AnyTextIsReadOrRefused, ()) {
  const auto text = *rc::gen::container<std::string>(
      rc::gen::element('a', '"', ',', ';', '\r', '\n', ' ', '\0', '\xC3', '\xA4'));
  const auto table = read(text);
  if (!table)
    RC_ASSERT(!table.error().message.empty());
  else
    RC_ASSERT(!table->rows.empty() && !table->rows[0].cells.empty());
}

}  // namespace
}  // namespace focal::csv

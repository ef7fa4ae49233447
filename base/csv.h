// Comma-separated values as spreadsheets write them (RFC 4180), read strictly and written so
// that no cell is taken for a formula. Pure; every length has a limit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace focal::csv {

struct Limits {
  std::size_t bytes = 2u << 20;  // of the whole text
  std::size_t rows = 5000;       // that hold something, below the first
  std::size_t columns = 64;
  std::size_t cell_bytes = 4000;
};

struct Row {
  std::uint32_t number = 0;  // as a spreadsheet shows it: 1 for the first, blank ones count
  std::vector<std::string> cells;
};

struct Table {
  char separator = ',';   // , ; or tab: the one that stands most often in the first row
  std::vector<Row> rows;  // without blank ones; the first holds the titles
};

// What was saved, before anything else is asked of it. kInvalid: UTF-16, a workbook instead of
// text, bytes that are not UTF-8 (path: the row), control characters; the hint says how to save
// it. kLimit: longer than limits.bytes.
Status check_text(std::string_view text, const Limits& limits = {});

// check_text, then: quotes, line breaks and doubled quotes inside them; CRLF, LF or CR; a byte
// order mark; a first line "sep=;" (not counted as a row). kInvalid: a quote that does not end,
// or stands where none may; no row at all. kLimit: rows, columns, cell. path: "row 17".
Result<Table> read(std::string_view text, const Limits& limits = {});

// A row with its line end (CRLF). Cells that a spreadsheet would take for a formula get an
// apostrophe in front, which shown_cell() takes away again.
std::string write_row(const std::vector<std::string>& cells, char separator = ',');

// The text somebody meant: without that apostrophe, and without blanks at both ends.
std::string_view shown_cell(std::string_view cell);

std::string_view separator_name(char separator);  // COMMA, SEMICOLON, TAB

}  // namespace focal::csv

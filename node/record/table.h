// Reads the embedded data files of this folder (data/*.tsv, built in by focal_embed).
// Internal to node/record.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace focal::record {

// The rows below the header line. Views point into text, which is constant data.
// A row with another number of columns is a bug of the file and ends the program.
template <std::size_t kColumns>
std::vector<std::array<std::string_view, kColumns>> rows_of(std::string_view text) {
  std::vector<std::array<std::string_view, kColumns>> rows;
  std::size_t at = text.find('\n') + 1;  // the header line
  while (at < text.size()) {
    const std::size_t end = text.find('\n', at);
    FOCAL_CHECK(end != std::string_view::npos);
    std::string_view line = text.substr(at, end - at);
    std::array<std::string_view, kColumns> row;
    for (std::size_t i = 0; i < kColumns; ++i) {
      const std::size_t tab = line.find('\t');
      FOCAL_CHECK((tab == std::string_view::npos) == (i + 1 == kColumns));
      row[i] = line.substr(0, tab);
      if (tab != std::string_view::npos) line.remove_prefix(tab + 1);
    }
    rows.push_back(row);
    at = end + 1;
  }
  return rows;
}

// The parts of one cell; none for an empty cell.
inline std::vector<std::string_view> parts_of(std::string_view cell, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (!cell.empty()) {
    const std::size_t end = cell.find(separator);
    parts.push_back(cell.substr(0, end));
    cell = end == std::string_view::npos ? std::string_view() : cell.substr(end + separator.size());
  }
  return parts;
}

inline constexpr std::string_view kAliasSeparator = " | ";
inline constexpr std::string_view kCodeSeparator = " ";

}  // namespace focal::record

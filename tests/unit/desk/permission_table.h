// The table of docs/operations.md, "Who may do what", as people read it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "node/desk/permissions.h"
#include "tests/support/paths.h"

namespace focal::test {

inline std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

inline std::vector<std::string> table_cells(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) out.push_back(trimmed(cell));
  return out;
}

// The rows under "Who may do what": a first cell with acts in backticks, then a cell for each role
// of the title row, "yes" or empty.
inline std::map<std::string, desk::Roles> read_permission_table(const std::string& text) {
  std::map<std::string, desk::Roles> out;
  std::istringstream in(text.substr(text.find("Who may do what")));
  std::vector<desk::Role> columns;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("## ", 0) == 0 && !out.empty()) break;
    if (line.empty() || line[0] != '|' || line.rfind("|---", 0) == 0) continue;
    const auto row = table_cells(line);
    if (columns.empty()) {
      for (std::size_t i = 1; i < row.size(); ++i) {
        const auto role = desk::parse_role(row[i]);
        EXPECT_TRUE(role.has_value()) << row[i];
        if (role) columns.push_back(*role);
      }
      continue;
    }
    desk::Roles roles = 0;
    for (std::size_t i = 0; i < columns.size() && i + 1 < row.size(); ++i) {
      EXPECT_TRUE(row[i + 1].empty() || row[i + 1] == "yes") << line;
      if (row[i + 1] == "yes") roles = roles | columns[i];
    }
    std::istringstream acts(row[0]);
    for (std::string act; std::getline(acts, act, ',');) {
      act = trimmed(act);
      EXPECT_TRUE(act.size() > 2 && act.front() == '`' && act.back() == '`') << line;
      EXPECT_TRUE(out.emplace(act.substr(1, act.size() - 2), roles).second) << act << " twice";
    }
  }
  return out;
}

// By act: "trace.open".
inline std::map<std::string, desk::Roles> permission_document() {
  std::ifstream in(in_tree("docs/operations.md"));
  std::stringstream text;
  text << in.rdbuf();
  return read_permission_table(text.str());
}

}  // namespace focal::test

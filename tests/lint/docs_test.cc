// Goal: the documents stay true of the tree: test names in the threat model exist, every error
// code is explained and tested, paths and section titles that are named exist.
// Method: read the sources as text; each check is also run once on a planted defect.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/paths.h"

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path kRoot = focal::test::in_tree();

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

bool has_extension(const fs::path& file, const std::vector<std::string>& wanted) {
  return std::find(wanted.begin(), wanted.end(), file.extension().string()) != wanted.end();
}

// Text files of the project below a folder; build trees and hidden folders are not the project.
std::vector<fs::path> files(const fs::path& folder, const std::vector<std::string>& extensions) {
  std::vector<fs::path> out;
  for (fs::recursive_directory_iterator it(folder), end; it != end; ++it) {
    const std::string name = it->path().filename().string();
    if (it->is_directory() && (name == "build" || name == "demo" || name[0] == '.'))
      it.disable_recursion_pending();
    else if (it->is_regular_file() && has_extension(it->path(), extensions))
      out.push_back(it->path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

Names all_matches(const std::string& text, const std::regex& pattern, std::size_t group = 1) {
  Names out;
  for (std::sregex_iterator it(text.begin(), text.end(), pattern), end; it != end; ++it)
    out.insert((*it)[group].str());
  return out;
}

std::string tests_text() {
  std::string out;
  for (const fs::path& file : files(kRoot / "tests", {".cc", ".h"})) out += read(file) + "\n";
  return out;
}

// "Suite.Name" of every test in the sources.
Names tests_in(const std::string& source) {
  static const std::regex kTest(
      R"(\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_(?:FIXTURE_)?PROP)\(\s*(\w+)\s*,\s*(\w+))");
  Names out;
  for (std::sregex_iterator it(source.begin(), source.end(), kTest), end; it != end; ++it)
    out.insert((*it)[1].str() + "." + (*it)[2].str());
  return out;
}

const std::regex kTestName(R"(`([A-Z]\w*\.[A-Z]\w*)`)");

Names dead_names(const std::string& document, const Names& tests) {
  Names out;
  for (const std::string& name : all_matches(document, kTestName))
    if (!tests.contains(name)) out.insert(name);
  return out;
}

// Rows "| 25 | threat | `Suite.Name` |" of the table of numbered tests.
std::map<int, std::string> numbered_rows(const std::string& document) {
  std::map<int, std::string> out;
  std::istringstream lines(document);
  static const std::regex kRow(R"(^\|\s*(\d+)\s*\|(.*)$)");
  for (std::string line; std::getline(lines, line);)
    if (std::smatch m; std::regex_match(line, m, kRow)) out[std::stoi(m[1])] += m[2].str();
  return out;
}

std::vector<int> numbers_due() {
  std::vector<int> out;
  // Missing are attachments (62 to 70, 118, 119), bags and relays (87 to 89) and lookup (107 to 116).
  const std::vector<std::pair<int, int>> ranges = {{1, 61}, {71, 86}, {90, 106}, {117, 117}, {120, 147}};
  for (const auto& range : ranges)
    for (int n = range.first; n <= range.second; ++n) out.push_back(n);
  return out;
}

// Numbers without a row, or whose row names no test of that number (N025_... for 25).
std::vector<int> numbers_without_test(const std::string& document) {
  const auto rows = numbered_rows(document);
  std::vector<int> out;
  for (const int n : numbers_due()) {
    const auto row = rows.find(n);
    const std::regex own(R"(`\w+\.(?:\w*_)?N0*)" + std::to_string(n) + R"((?![0-9])\w*`)");
    if (row == rows.end() || !std::regex_search(row->second, own)) out.push_back(n);
  }
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// Section titles asked for by `docs/x.md, "Title"` in a source file, comment marks removed.
std::vector<std::pair<std::string, std::string>> sections_named(const std::string& source) {
  static const std::regex kJoin(R"(\n\s*(?://|#|--)?\s*)");
  static const std::regex kReference(R"re(docs/(\w+\.md)(?:,| \() ?"([^"]+)")re");
  const std::string text = std::regex_replace(source, kJoin, " ");
  std::vector<std::pair<std::string, std::string>> out;
  for (std::sregex_iterator it(text.begin(), text.end(), kReference), end; it != end; ++it)
    out.emplace_back((*it)[1].str(), (*it)[2].str());
  return out;
}

bool has_section(const std::string& document, const std::string& title) {
  std::istringstream lines(document);
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("#", 0) == 0 && lower(line).find(lower(title)) != std::string::npos) return true;
  return false;
}

// Paths in backticks that begin with a folder of the project and do not exist.
Names dead_paths(const std::string& document) {
  static const std::regex kPath(
      R"(`((?:base|proto|crypto|config|node|tests|bench|docs|packaging)/[\w./-]*)`)");
  Names out;
  for (const std::string& path : all_matches(document, kPath))
    if (!fs::exists(kRoot / path)) out.insert(path);
  return out;
}

std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : line.substr(first);
}

// Lines of the document's code blocks that none of the sources has.
Names stale_quotes(const std::string& document, const std::string& sources) {
  Names there;
  std::istringstream source(sources);
  for (std::string line; std::getline(source, line);) there.insert(trimmed(line));
  Names out;
  bool in_block = false;
  std::istringstream text(document);
  for (std::string line; std::getline(text, line);) {
    if (line.rfind("```", 0) == 0)
      in_block = !in_block;
    else if (in_block && !there.contains(trimmed(line)))
      out.insert(trimmed(line));
  }
  return out;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> out = files(kRoot / "docs", {".md"});
  for (const char* name : {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"})
    out.push_back(kRoot / name);
  return out;
}

TEST(Docs, EveryDocumentIsThere) {
  for (const char* name :
       {"README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "LICENSE",
        "docs/protocol.md", "docs/architecture.md", "docs/operations.md", "docs/threat_model.md",
        "docs/reliability.md", "docs/glossary.md", "docs/adding_a_kind.md"})
    EXPECT_GT(read(kRoot / name).size(), 200u) << name;
}

TEST(Docs, NoDeadTestIsNamed) {
  const Names tests = tests_in(tests_text());
  for (const char* name :
       {"docs/threat_model.md", "docs/reliability.md", "docs/adding_a_kind.md"}) {
    const std::string document = read(kRoot / name);
    ASSERT_FALSE(all_matches(document, kTestName).empty());
    for (const std::string& dead : dead_names(document, tests))
      ADD_FAILURE() << name << " names `" << dead << "`, which no test source has";
  }
}

TEST(Docs, EveryNumberOfTheListHasItsTest) {
  const Names tests = tests_in(tests_text());
  for (const int n : numbers_without_test(read(kRoot / "docs/threat_model.md"))) {
    const std::regex own(R"(\w+\.(?:\w*_)?N0*)" + std::to_string(n) + R"((?![0-9])\w*)");
    std::string there;
    for (const std::string& name : tests)
      if (std::regex_match(name, own)) there += " `" + name + "`";
    ADD_FAILURE() << "docs/threat_model.md: row " << n << " names no test of this number; the"
                  << " sources have:" << (there.empty() ? " none" : there);
  }
}

// Codes that nothing fails with yet. Whoever builds what does takes its code off and tests it.
const std::set<std::string>& codes_awaited() {
  static const std::set<std::string> codes = {};
  return codes;
}

TEST(Docs, EveryErrorCodeIsDocumentedAndTested) {
  const std::string codes = read(kRoot / "base/result.cc");
  static const std::regex kCode(R"re(case ErrorCode::(k\w+): return "(\w+)")re");
  const std::string operations = read(kRoot / "docs/operations.md");
  const std::string tests = tests_text();
  std::size_t seen = 0;
  for (std::sregex_iterator it(codes.begin(), codes.end(), kCode), end; it != end; ++it, ++seen) {
    const std::string constant = (*it)[1];
    const std::string name = (*it)[2];
    EXPECT_NE(operations.find("| `" + name + "` |"), std::string::npos)
        << "docs/operations.md, \"Errors\" has no row for " << name;
    const bool tested = std::regex_search(tests, std::regex("ErrorCode::" + constant + "\\b"));
    EXPECT_EQ(tested, !codes_awaited().contains(constant))
        << (tested ? "is tested, so it is awaited no more: ErrorCode::"
                   : "no test expects ErrorCode::")
        << constant;
  }
  EXPECT_GE(seen, 20u);
}

TEST(Docs, RulesOfRecordsAreDocumented) {
  static const std::regex kRule(R"re(constexpr std::string_view k\w+ = "([A-Z][A-Z0-9_]+)";)re");
  const Names rules = all_matches(read(kRoot / "node/record/named_rules.cc"), kRule);
  ASSERT_GE(rules.size(), 10u);
  const std::string protocol = read(kRoot / "docs/protocol.md");
  for (const std::string& rule : rules)
    EXPECT_NE(protocol.find("| " + rule + " |"), std::string::npos)
        << "docs/protocol.md, \"Records\" has no row for " << rule;
}

TEST(Docs, SectionsNamedInTheSourcesExist) {
  std::size_t seen = 0;
  for (const fs::path& file : files(kRoot, {".h", ".cc", ".proto", ".sql", ".toml"})) {
    if (file.filename() == "docs_test.cc") continue;
    for (const auto& [document, title] : sections_named(read(file))) {
      ++seen;
      EXPECT_TRUE(has_section(read(kRoot / "docs" / document), title))
          << fs::relative(file, kRoot) << " refers to docs/" << document << ", \"" << title << '"';
    }
  }
  EXPECT_GE(seen, 10u);
}

TEST(Docs, PathsNamedInTheDocumentsExist) {
  for (const fs::path& file : documents())
    for (const std::string& path : dead_paths(read(file)))
      ADD_FAILURE() << fs::relative(file, kRoot) << " names `" << path << "`, which does not exist";
}

TEST(Docs, AddingAKindQuotesTheTree) {
  std::string sources;
  for (const char* file : {"proto/trace.proto", "proto/record.proto", "node/casework/tracing.cc"})
    sources += read(kRoot / file) + "\n";
  for (const std::string& line : stale_quotes(read(kRoot / "docs/adding_a_kind.md"), sources))
    ADD_FAILURE() << "docs/adding_a_kind.md quotes what no source has: " << line;
}

TEST(Docs, TheChecksSeeAPlantedDefect) {
  EXPECT_EQ(stale_quotes("x = 2\n```\n  x = 1\n  x = 3\n```\n", "  x = 1\n"), Names{"x = 3"});
  const Names tests = tests_in("TEST_F(Card, N009_LineOutOfOrder) {");
  EXPECT_EQ(dead_names("`Card.N009_LineOutOfOrder` `Card.N009_Gone`", tests),
            Names{"Card.N009_Gone"});
  const auto missing =
      numbers_without_test("| 1 | x | `Note.N001_Control` |\n| 2 | x | `Note.N020_A` |");
  EXPECT_EQ(std::count(missing.begin(), missing.end(), 1), 0);
  EXPECT_EQ(std::count(missing.begin(), missing.end(), 2), 1);
  const auto named = sections_named("// see (docs/a.md,\n//   \"Two words\").");
  ASSERT_EQ(named.size(), 1u);
  EXPECT_EQ(named[0].second, "Two words");
  EXPECT_TRUE(has_section("# 3. Two Words here\n", "two words"));
  EXPECT_FALSE(has_section("Two words\n# Other\n", "two words"));
  EXPECT_EQ(dead_paths("`base/result.h` `base/no_such_file.h`"), Names{"base/no_such_file.h"});
}

}  // namespace

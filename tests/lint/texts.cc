#include "tests/lint/texts.h"

#include <algorithm>
#include <array>
#include <regex>
#include <set>

namespace focal::lint {
namespace {

// Two halves, so that this file does not name what it forbids.
struct Word {
  std::string_view first, second;
  std::string_view where;  // "" everywhere, else the suffix of the files
  bool whole;              // not inside a longer word
  std::string_view why;
};
constexpr std::array<Word, 9> kWords = {{
    {"/wo", "rk/", "", false, "a path of one machine"},
    {"/ho", "me/", "", false, "a path of one machine"},
    {"../sha", "red", "", false, "a folder that users do not have"},
    {"FIX", "ME", "", true, "unfinished work: finish it, or open an issue and say what is missing"},
    {"TO", "DO", "", true, "unfinished work: finish it, or open an issue and say what is missing"},
    {"X", "XX", ".cc", true, "unfinished work: finish it, or open an issue"},
    {"GTEST_", "SKIP", ".cc", false, "a test that does not run; make what it needs"},
    {"GTEST_", "SKIP", ".h", false, "a test that does not run; make what it needs"},
    {"DISA", "BLED_", "_test.cc", false, "a test that does not run; fix or remove it"},
}};

bool is_in(std::string_view path, std::initializer_list<std::string_view> tops) {
  return std::any_of(tops.begin(), tops.end(),
                     [path](std::string_view top) { return has_prefix(path, top); });
}

bool holds(std::string_view line, const std::string& word, bool whole) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    if (!whole) return true;
    const bool left = at > 0 && is_word_char(line[at - 1]);
    const auto end = at + word.size();
    const bool right = end < line.size() && is_word_char(line[end]);
    if (!left && !right) return true;
  }
  return false;
}

// The first line that is neither blank nor an include guard.
std::string_view opening(std::string_view text) {
  for (const auto line : split_lines(text)) {
    if (split_words(line).empty() || has_prefix(line, "#pragma once")) continue;
    return line;
  }
  return {};
}

bool is_path_char(char c) { return is_word_char(c) || c == '.' || c == '-' || c == '/'; }

// `name` as a whole word of the CMake text, comments aside.
bool cmake_names(std::string_view cmake, std::string_view name) {
  for (auto line : split_lines(cmake)) {
    line = line.substr(0, line.find('#'));
    for (auto at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
      const auto end = at + name.size();
      if (at > 0 && is_path_char(line[at - 1])) continue;
      if (end < line.size() && is_path_char(line[end])) continue;
      return true;
    }
  }
  return false;
}

// "ITI 7, 8" names two paragraphs: "ITI 7", "ITI 8".
std::vector<std::string> numbers_in(const std::string& text) {
  const std::string name = text.substr(0, text.find_first_of(" ,(0123456789"));
  static const std::regex kOne(R"((?:II\.)?[0-9]+)");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), kOne), end; it != end; ++it)
    out.push_back(name + " " + (*it)[0].str());
  return out;
}

}  // namespace

const std::vector<LongFile>& long_files() {
  static const std::vector<LongFile> table = {};
  return table;
}

Findings check_sizes(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    if (!has_suffix(file.path, ".h") && !has_suffix(file.path, ".cc")) continue;
    const auto lines = split_lines(file.text).size();
    const auto& listed = long_files();
    const bool allowed = std::any_of(listed.begin(), listed.end(), [&](const LongFile& entry) {
      return entry.path == file.path && !entry.reason.empty();
    });
    if (lines > kMostLines && !allowed) {
      found.push_back(finding(
          file, lines,
          std::to_string(lines) + " lines, at most " + std::to_string(kMostLines) + ": split it"));
    }
  }
  return found;
}

Findings check_words(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    const auto lines = split_lines(file.text);
    for (const Word& entry : kWords) {
      if (!has_suffix(file.path, entry.where)) continue;
      const std::string word = std::string(entry.first) + std::string(entry.second);
      if (file.text.find(word) == std::string::npos) continue;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!holds(lines[i], word, entry.whole)) continue;
        found.push_back(finding(file, i + 1, word + ": " + std::string(entry.why)));
      }
    }
  }
  return found;
}

Findings check_early_ends(const Tree& tree) {
  // Also by way of a variable or over several lines. A return with a value is a function's, not
  // a test's.
  static const std::regex kNamed(R"((\w+) *[=({] *(?:::)?get(?:res|e)?[ug]id\()");
  static const std::string kEnds =
      R"([^;{}]*\)\s*\{?\s*(?://[^\n]*\s*)*(?:return|GTEST_SUCCEED\(\)|SUCCEED\(\))\s*(?:;|<<))";
  Findings found;
  for (const File& file : tree.files) {
    if (!has_prefix(file.path, "tests/") || file.path.find("/interop/") != std::string::npos) continue;
    if (file.text.find("uid(") == std::string::npos && file.text.find("gid(") == std::string::npos)
      continue;
    std::string asks = R"(\bget(?:res|e)?[ug]id\()";
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), kNamed), end; it != end; ++it)
      asks.append("|\\b").append((*it)[1].str()).append("\\b");
    const std::regex early("\\bif\\s*\\([^;{}]*(?:" + asks + ")" + kEnds);
    for (std::sregex_iterator it(file.text.begin(), file.text.end(), early), end; it != end; ++it) {
      const auto line = std::count(file.text.begin(), file.text.begin() + it->position(), '\n') + 1;
      found.push_back(finding(file, static_cast<std::size_t>(line),
                              "a test that ends early for some users: tests/support/other_user.h"));
    }
  }
  return found;
}

Findings check_paragraphs(const Tree& tree) {
  // Read in the marking section of the ITI, in its section on focal points and on reports, and in
  // section II of the PoA. A number that is added here needs its source in docs/glossary.md.
  static const std::set<std::string> kRead = {"ITI 7", "ITI 8", "ITI 25", "ITI 36", "PoA II.4",
                                              "PoA II.5"};
  static const std::regex kNumber(
      R"((ITI|PoA|[Pp]ara(?:graph)?s?\.?|§)[ ,(]*((?:II\.)?[0-9]+)(?:\s*(?:,|and|to|-|–)\s*[0-9]+)*)");
  Findings found;
  for (const File& file : tree.files) {
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const std::string line(lines[i]);
      for (std::sregex_iterator it(line.begin(), line.end(), kNumber), end; it != end; ++it)
        for (const std::string& number : numbers_in((*it)[0].str()))
          if (!kRead.contains(number))
            found.push_back(finding(file, i + 1, number + ": a paragraph that was not read here"));
    }
  }
  return found;
}

Findings check_openings(const Tree& tree) {
  Findings found;
  for (const File& file : tree.files) {
    const bool test = has_prefix(file.path, "tests/") && has_suffix(file.path, "_test.cc");
    if (!has_suffix(file.path, ".h") && !test) continue;
    const auto first = opening(file.text);
    if (has_prefix(first, "//") || has_prefix(first, "/*")) continue;
    found.push_back(finding(file, 1,
                            test ? "open with a comment: goal and method of these tests"
                                 : "open with a comment: what this header is and promises"));
  }
  return found;
}

Findings check_targets(const Tree& tree, const std::vector<std::string>& built) {
  Findings found;
  for (const File& file : tree.files) {
    if (!has_suffix(file.path, ".cc") && !has_suffix(file.path, ".proto")) continue;
    bool named = std::find(built.begin(), built.end(), file.path) != built.end();
    for (const File& cmake : tree.files) {
      if (named) break;
      constexpr std::string_view kName = "CMakeLists.txt";
      if (!has_suffix(cmake.path, kName)) continue;
      const auto folder = std::string_view(cmake.path).substr(0, cmake.path.size() - kName.size());
      if (!has_prefix(file.path, folder)) continue;
      named = cmake_names(cmake.text, std::string_view(file.path).substr(folder.size()));
    }
    if (!named) found.push_back(finding(file, 1, "no CMakeLists.txt names this file"));
  }
  return found;
}

Findings check_labels(const Tree& tree) {
  static constexpr std::array<std::string_view, 9> kLabels = {
      "unit", "scenario", "attack", "fuzz", "lint", "interop", "sim", "e2e", "slow"};
  Findings found;
  for (const File& file : tree.files) {
    if (!has_suffix(file.path, "CMakeLists.txt") || !is_in(file.path, {"tests/", "bench/"}))
      continue;
    const auto lines = split_lines(file.text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto words = split_words(lines[i]);
      for (std::size_t w = 0; w + 1 < words.size(); ++w) {
        if (words[w] != "LABEL" && words[w] != "LABELS") continue;
        auto labels = words[w + 1];
        while (!labels.empty() && (labels.back() == ')' || labels.back() == '"'))
          labels.remove_suffix(1);
        while (!labels.empty() && labels.front() == '"') labels.remove_prefix(1);
        for (std::size_t end = 0; end < labels.size(); ++end) {
          const auto label = labels.substr(end, labels.find(';', end) - end);
          end += label.size();
          if (std::find(kLabels.begin(), kLabels.end(), label) == kLabels.end())
            found.push_back(finding(file, i + 1, "./check knows no label " + std::string(label)));
        }
      }
    }
  }
  return found;
}

std::vector<std::string> built_sources(std::string_view compile_commands, std::string_view root) {
  constexpr std::string_view kKey = "\"file\": \"";
  std::vector<std::string> found;
  for (auto at = compile_commands.find(kKey); at != std::string_view::npos;
       at = compile_commands.find(kKey, at)) {
    at += kKey.size();
    auto path = compile_commands.substr(at, compile_commands.find('"', at) - at);
    if (!has_prefix(path, root)) continue;
    path.remove_prefix(root.size());
    while (has_prefix(path, "/")) path.remove_prefix(1);
    found.emplace_back(path);
  }
  return found;
}

}  // namespace focal::lint

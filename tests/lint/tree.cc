#include "tests/lint/tree.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>

namespace focal::lint {
namespace {

namespace fs = std::filesystem;

// What is never part of the project, wherever it stands.
bool is_foreign(const fs::path& name) {
  static constexpr std::array<std::string_view, 6> kNames = {".git",  ".cache",       ".vscode",
                                                             ".idea", "node_modules", "build"};
  return std::find(kNames.begin(), kNames.end(), name.string()) != kNames.end();
}

}  // namespace

Tree read_tree(const fs::path& root) {
  Tree tree;
  for (auto it = fs::recursive_directory_iterator(root); it != fs::recursive_directory_iterator();
       ++it) {
    if (is_foreign(it->path().filename())) {
      if (it->is_directory()) it.disable_recursion_pending();
      continue;  // .git is a file in a second working tree
    }
    if (!it->is_regular_file()) continue;
    std::ifstream in(it->path(), std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (text.find('\0') != std::string::npos) continue;
    tree.files.push_back({it->path().lexically_relative(root).generic_string(), std::move(text)});
  }
  std::sort(tree.files.begin(), tree.files.end(),
            [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

bool has_suffix(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

std::vector<std::string_view> split_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::vector<std::string_view> split_words(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<std::string_view> words;
  for (;;) {
    const auto begin = text.find_first_not_of(kBlank);
    if (begin == std::string_view::npos) return words;
    const auto end = std::min(text.find_first_of(kBlank, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
    text.remove_prefix(end);
  }
}

bool is_word_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string finding(const File& file, std::size_t line, std::string_view text) {
  return file.path + ":" + std::to_string(line) + ": " + std::string(text);
}

std::string_view included(std::string_view line) {
  const auto skip = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip();
  if (!has_prefix(line, "#")) return {};
  line.remove_prefix(1);
  skip();
  if (!has_prefix(line, "include")) return {};
  line.remove_prefix(7);
  skip();
  if (line.empty() || (line[0] != '"' && line[0] != '<')) return {};
  const auto end = line.find(line[0] == '"' ? '"' : '>', 1);
  return end == std::string_view::npos ? std::string_view{} : line.substr(1, end - 1);
}

}  // namespace focal::lint

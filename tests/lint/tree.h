// The project's files as text, so that a lint is a function over a tree: the
// real one, or a small one that a test has planted a defect in.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace focal::lint {

struct File {
  std::string path;  // from the root, '/' between folders
  std::string text;
};

// Sorted by path. Only text: a file with a zero byte is left out.
struct Tree {
  std::vector<File> files;
};

// One line for people: "path:line: what is wrong and what to do".
using Findings = std::vector<std::string>;

// Reads everything below `root` but builds, version control and editor folders.
Tree read_tree(const std::filesystem::path& root);

bool has_prefix(std::string_view text, std::string_view prefix);
bool has_suffix(std::string_view text, std::string_view suffix);
std::vector<std::string_view> split_lines(std::string_view text);
std::vector<std::string_view> split_words(std::string_view text);
bool is_word_char(char c);  // letter, digit or underscore

// "path:line: text"; lines count from 1.
std::string finding(const File& file, std::size_t line, std::string_view text);

// What an #include line names, or nothing.
std::string_view included(std::string_view line);

}  // namespace focal::lint

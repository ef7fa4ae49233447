// Rules about the text of files: size, words that must not be in the tree,
// comments that open a file, sources that no target builds.
#pragma once

#include <string_view>
#include <vector>

#include "tests/lint/tree.h"

namespace focal::lint {

// A source longer than this is two ideas in one room.
inline constexpr std::size_t kMostLines = 500;

struct LongFile {
  std::string_view path;
  std::string_view reason;
};
// The files that may be longer, each with its reason.
const std::vector<LongFile>& long_files();

Findings check_sizes(const Tree& tree);
// Paths of one machine, marks of unfinished work, tests that do not run.
Findings check_words(const Tree& tree);
// A test that looks who runs it and ends: what needs another user makes a child that is one.
Findings check_early_ends(const Tree& tree);
// Numbers of paragraphs of the instruments (ITI, PoA) only where the paragraph was read.
Findings check_paragraphs(const Tree& tree);
// A header opens with what it is; a test opens with its goal and method.
Findings check_openings(const Tree& tree);
// Every .cc and .proto is named in a CMakeLists.txt of its folder or one above.
// `built` are the paths that a compilation database names besides.
Findings check_targets(const Tree& tree, const std::vector<std::string>& built);
// Labels decide what ./check runs where: a misspelt one would silently run less.
Findings check_labels(const Tree& tree);

// The sources of a compile_commands.json, as paths from the root.
std::vector<std::string> built_sources(std::string_view compile_commands, std::string_view root);

}  // namespace focal::lint

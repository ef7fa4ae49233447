// How far two words are apart, for "did you mean".
#pragma once

#include <cstddef>
#include <string_view>

namespace focal {

// Levenshtein, in bytes: how many are put in, left out or replaced.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace focal

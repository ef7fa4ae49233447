// How wide text stands on a terminal, and text made safe to stand there.
// Pure. A small table of its own: the C library's depends on the locale.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace focal::cli {

// Columns: 2 for East Asian wide characters and pictographs, 0 for combining marks and
// invisible ones, else 1. Text that is not UTF-8 counts one column a byte.
std::size_t display_width(std::string_view text);

// What others wrote must not steer our terminal: control characters (line breaks and tabs
// become a blank), direction overrides and isolates, and bytes that are not UTF-8 are replaced.
std::string clean(std::string_view text);
// The same, but line breaks stay (notes, long reasons).
std::string clean_lines(std::string_view text);

// At most columns wide; what is cut is marked with "…". columns >= 1.
std::string fit(std::string_view text, std::size_t columns);

// Lines of at most columns (broken at blanks where there are any), joined by "\n" + indent.
std::string wrap(std::string_view text, std::size_t columns, std::string_view indent);

}  // namespace focal::cli

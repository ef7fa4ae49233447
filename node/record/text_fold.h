// Free text as people look for it: without capitals, accents and widths, digits of every script as
// 0-9. For comparing alone; never shown and never stored.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace focal::record {

// Of text of any length; bytes that are no UTF-8 are left out.
std::string fold_text(std::string_view utf8);

// The words of what was typed, folded: parted by blanks, at most `most` of them.
std::vector<std::string> fold_words(std::string_view utf8, std::size_t most);

}  // namespace focal::record

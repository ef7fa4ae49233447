// Codes as people write them: the code itself, its label in any of the six languages, or a usual
// other name of data/code_aliases.tsv. A code is never guessed: what two codes share gives both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace focal::record {

// Codes of the list (as in node/record/codes.h; COUNTRY for countries, YES_NO for true and false)
// that the text can stand for, sorted; empty: none. Case, accents, blanks and punctuation do not
// count.
std::vector<std::string_view> read_code(std::string_view list, std::string_view text);

// While somebody types: codes with a name that begins so, at most limit; none for an empty text.
std::vector<std::string_view> suggest_code(std::string_view list, std::string_view typed,
                                           std::size_t limit);

inline constexpr std::string_view kCountryNames = "COUNTRY";
inline constexpr std::string_view kYesNo = "YES_NO";

// The key under which two writings of a name are one; empty: no letter and no digit.
std::string name_key(std::string_view text);

// "unknown", "n/a", "неизвестно", "-", "???": says that nothing is known.
bool says_unknown(std::string_view text);

}  // namespace focal::record

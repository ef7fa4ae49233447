// The forms a text field can have (Format in proto/record_options.proto).
#pragma once

#include <cstddef>
#include <string_view>

#include "base/names.h"

namespace focal::record {

using focal::is_desk;
using focal::is_party;
bool is_language(std::string_view text);      // en, arz, zh-CN
bool is_partial_date(std::string_view text);  // YYYY, YYYY-MM, YYYY-MM-DD; a day that exists
bool is_sha256_hex(std::string_view text);    // 64 lower-case digits

// Valid UTF-8 without control characters (U+0000..001F but for newline and tab,
// U+007F..009F).
bool is_plain_text(std::string_view text);
bool is_blank(std::string_view text);  // spaces, tabs and newlines only (or nothing)
// Code points; none for blanks at the ends, one for each run of blanks between
// words, so that spaces do not make a text longer. text is valid UTF-8.
std::size_t text_length(std::string_view text);

}  // namespace focal::record

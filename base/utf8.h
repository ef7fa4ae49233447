// Text character by character. base/bytes.h has is_utf8, by the same rules.
#pragma once

#include <cstddef>
#include <string_view>

namespace focal {

inline constexpr char32_t kNotUtf8 = 0x110000;  // no character has this number

// Takes the first character off a text that is not empty; of bytes that are not UTF-8 (surrogates
// and overlong forms included) one byte, as kNotUtf8.
char32_t take_utf8(std::string_view& text);

// The beginning of the text that fits into so many bytes, without half a character.
std::string_view begin_utf8(std::string_view text, std::size_t bytes);

}  // namespace focal

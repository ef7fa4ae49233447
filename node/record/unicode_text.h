// What the Unicode tables say about the characters of a marking, a name or a
// calibre. Internal to node/record; the .cc is the only file that includes ICU.
// Sources: UAX 15 (normalisation), UAX 24 (scripts), UTS 39 (confusables).
// The tables are made at the first call and then only read: safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace focal::record::text {

// Longer input is refused: every name of a record is shorter.
inline constexpr std::size_t kMaxBytes = 256;

enum class Class : std::uint8_t { kLetter, kDigit, kMark, kSymbol, kSeparator, kInvisible };

// Punctuation, spaces and controls separate. What Unicode calls default ignorable
// (bidi controls, joiners, variation selectors), and the Arabic tatweel, which only
// stretches a word, are invisible. Ends of lists such as circled numbers are letters.
Class class_of(char32_t c);

// Names of the code list script; kNone for a character that belongs to none.
enum class Script : std::uint8_t {
  kNone,
  kLatin,
  kCyrillic,
  kArabic,
  kChinese,
  kHebrew,
  kKorean,
  kOther
};
Script script_of(char32_t c);

// Major version of the Unicode tables in use: look-alikes and categories grow with it.
std::uint8_t unicode_version();

// False: not UTF-8, or more than kMaxBytes. out is then empty.
bool decode(std::string_view utf8, std::u32string& out);
void append_utf8(std::string& out, char32_t c);
std::string encode(std::u32string_view text);

// NFKC, upper case (one to one), decimal digits of every script as 0-9, repeated
// until nothing changes, so that a second call changes nothing.
void normalise(std::u32string& text);

// A normalised letter without its marks (É to E, Ё to Е, أ to ا), and one form for
// the Arabic letters that Persian and Urdu keyboards write with another code point.
char32_t plain(char32_t c);

// The ASCII letter or digit that a capital letter looks like, 0 if none. An ASCII
// letter or digit is itself. Only scripts with capitals of the Latin shapes are asked
// (Latin, Cyrillic, Greek, Coptic, Armenian, Cherokee, Lisu): an alef is no I.
char look_alike(char32_t c);

// For text that people read: what they would not see, or see wrongly.
// Not seen at all, or steering the line: controls, format characters but those that show (Arabic
// number signs), separators of lines, fillers and everything Unicode calls default ignorable.
bool is_unseen(char32_t c);
// An accent that goes on letters of any script.
bool is_accent(char32_t c);
// Equal for letters that belong together. 0 for what is no letter of a script with capitals of the
// Latin shapes: only these are taken for each other.
std::int32_t shapes_of(char32_t c);
// The zero of the set of digits it belongs to; 0 if it is no digit.
char32_t zero_of(char32_t c);
// A letter or digit of another width or in a mathematical font (Ａ, 𝐀).
bool is_disguised(char32_t c);

// A key for names: letters and digits only, plain and through look_alike; no other
// character counts. Empty: nothing left, not UTF-8, or too long.
std::string name_key(std::string_view utf8);

}  // namespace focal::record::text

#include "node/record/unicode_text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include "base/check.h"

namespace focal::record::text {
namespace {

// Rounds of normalise; the second is the last for all but made-up text.
constexpr int kMaxRounds = 4;
constexpr char32_t kTatweel = 0x640;

bool is_ascii(char32_t c) { return c < 0x80; }
bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_ascii_upper(char32_t c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_lower(char32_t c) { return c >= 'a' && c <= 'z'; }
UChar32 icu(char32_t c) { return static_cast<UChar32>(c); }

const UNormalizer2* nfkc() {
  static const UNormalizer2* const one = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* made = unorm2_getNFKCInstance(&error);
    FOCAL_CHECK(U_SUCCESS(error));
    return made;
  }();
  return one;
}

const UNormalizer2* nfc() {
  static const UNormalizer2* const one = [] {
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2* made = unorm2_getNFCInstance(&error);
    FOCAL_CHECK(U_SUCCESS(error));
    return made;
  }();
  return one;
}

std::u16string to_utf16(std::u32string_view text) {
  std::u16string out;
  out.reserve(text.size() + 8);
  for (const char32_t c : text) {
    if (c > 0xffff) {
      out += static_cast<char16_t>(U16_LEAD(c));
      out += static_cast<char16_t>(U16_TRAIL(c));
    } else {
      out += static_cast<char16_t>(c);
    }
  }
  return out;
}

std::u32string from_utf16(std::u16string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    UChar32 c = 0;
    U16_NEXT(text.data(), i, text.size(), c);
    out += static_cast<char32_t>(c);
  }
  return out;
}

void to_nfkc(std::u32string& text) {
  const std::u16string from = to_utf16(text);
  // The longest compatibility decomposition has 18 code points (U+FDFA).
  std::u16string to(from.size() * 18 + 8, u'\0');
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size =
      unorm2_normalize(nfkc(), from.data(), static_cast<std::int32_t>(from.size()), to.data(),
                       static_cast<std::int32_t>(to.size()), &error);
  FOCAL_CHECK(U_SUCCESS(error));
  to.resize(static_cast<std::size_t>(size));
  text = from_utf16(to);
}

char32_t upper(char32_t c) {
  if (is_ascii(c)) return is_ascii_lower(c) ? c - ('a' - 'A') : c;
  const std::int32_t digit = u_charDigitValue(icu(c));
  if (digit >= 0) return U'0' + static_cast<char32_t>(digit);
  return static_cast<char32_t>(u_toupper(icu(c)));
}

bool is_mark(char32_t c) {
  const auto type = u_charType(icu(c));
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_COMBINING_SPACING_MARK;
}

// Letters of one look that are several code points: yeh, keheh and the hehs.
char32_t one_arabic_form(char32_t c) {
  switch (c) {
    case 0x649:                // alef maksura
    case 0x6cc: return 0x64a;  // Farsi yeh
    case 0x6a9: return 0x643;  // keheh
    case 0x629:                // teh marbuta, its dots often left out
    case 0x6be:                // heh doachashmee
    case 0x6c1: return 0x647;  // heh goal
    default: return c;
  }
}

bool has_latin_shapes(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(icu(c), &error)) {
    case USCRIPT_LATIN:
    case USCRIPT_CYRILLIC:
    case USCRIPT_GREEK:
    case USCRIPT_COPTIC:
    case USCRIPT_ARMENIAN:
    case USCRIPT_CHEROKEE:
    case USCRIPT_LISU: return U_SUCCESS(error);
    default: return false;
  }
}

// UTS 39 skeleton without marks: two characters with the same one look alike.
std::u32string skeleton(const USpoofChecker* checker, char32_t c) {
  const std::u16string from = to_utf16({&c, 1});
  std::array<char16_t, 64> to{};
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size =
      uspoof_getSkeleton(checker, 0, from.data(), static_cast<std::int32_t>(from.size()), to.data(),
                         static_cast<std::int32_t>(to.size()), &error);
  if (U_FAILURE(error)) return {};
  std::u32string out;
  for (const char32_t part : from_utf16({to.data(), static_cast<std::size_t>(size)}))
    if (!is_mark(part)) out += part;
  return out;
}

using LookAlikes = std::vector<std::pair<char32_t, char>>;  // sorted by the first

LookAlikes make_look_alikes() {
  UErrorCode error = U_ZERO_ERROR;
  USpoofChecker* checker = uspoof_open(&error);
  FOCAL_CHECK(U_SUCCESS(error));
  // A capital wins over a digit (O over 0, I over 1), and over a small letter.
  std::map<std::u32string, char> targets;
  for (char c = 'A'; c <= 'Z'; ++c) targets.emplace(skeleton(checker, static_cast<char32_t>(c)), c);
  for (char c = 'a'; c <= 'z'; ++c)
    targets.emplace(skeleton(checker, static_cast<char32_t>(c)), static_cast<char>(c - 'a' + 'A'));
  for (char c = '0'; c <= '9'; ++c) targets.emplace(skeleton(checker, static_cast<char32_t>(c)), c);
  LookAlikes found;
  for (char32_t c = 0x80; c <= 0xffff; ++c) {
    if (!has_latin_shapes(c) || class_of(c) != Class::kLetter || upper(c) != c) continue;
    const auto target = targets.find(skeleton(checker, c));
    if (target != targets.end()) found.emplace_back(c, target->second);
  }
  uspoof_close(checker);
  return found;
}

}  // namespace

Class class_of(char32_t c) {
  if (is_ascii(c)) {
    if (is_ascii_digit(c)) return Class::kDigit;
    return is_ascii_upper(c) || is_ascii_lower(c) ? Class::kLetter : Class::kSeparator;
  }
  if (c == kTatweel || u_hasBinaryProperty(icu(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0)
    return Class::kInvisible;
  if (u_charDigitValue(icu(c)) >= 0) return Class::kDigit;
  const auto mask = U_GET_GC_MASK(icu(c));
  if ((mask & (U_GC_L_MASK | U_GC_N_MASK)) != 0) return Class::kLetter;
  if ((mask & U_GC_M_MASK) != 0) return Class::kMark;
  return (mask & U_GC_S_MASK) != 0 ? Class::kSymbol : Class::kSeparator;
}

Script script_of(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  switch (uscript_getScript(icu(c), &error)) {
    case USCRIPT_COMMON:
    case USCRIPT_INHERITED:
    case USCRIPT_UNKNOWN: return Script::kNone;
    case USCRIPT_LATIN: return Script::kLatin;
    case USCRIPT_CYRILLIC: return Script::kCyrillic;
    case USCRIPT_ARABIC: return Script::kArabic;
    case USCRIPT_HAN: return Script::kChinese;
    case USCRIPT_HEBREW: return Script::kHebrew;
    case USCRIPT_HANGUL: return Script::kKorean;
    default: return U_SUCCESS(error) ? Script::kOther : Script::kNone;
  }
}

std::uint8_t unicode_version() {
  UVersionInfo version;
  u_getUnicodeVersion(version);
  return version[0];
}

bool decode(std::string_view utf8, std::u32string& out) {
  out.clear();
  if (utf8.size() > kMaxBytes) return false;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  const auto size = static_cast<std::int32_t>(utf8.size());
  out.reserve(utf8.size());
  for (std::int32_t i = 0; i < size;) {
    UChar32 c = 0;
    U8_NEXT(bytes, i, size, c);
    if (c < 0) return out.clear(), false;
    out += static_cast<char32_t>(c);
  }
  return true;
}

void append_utf8(std::string& out, char32_t c) {
  if (is_ascii(c)) {
    out += static_cast<char>(c);
    return;
  }
  std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
  std::int32_t size = 0;
  U8_APPEND_UNSAFE(bytes.data(), size, static_cast<std::uint32_t>(c));
  for (std::int32_t i = 0; i < size; ++i)
    out += static_cast<char>(bytes[static_cast<std::size_t>(i)]);
}

std::string encode(std::u32string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char32_t c : text) append_utf8(out, c);
  return out;
}

void normalise(std::u32string& text) {
  for (int round = 0; round < kMaxRounds; ++round) {
    if (std::any_of(text.begin(), text.end(), [](char32_t c) { return !is_ascii(c); }))
      to_nfkc(text);
    bool changed = false;
    for (char32_t& c : text) {
      const char32_t mapped = upper(c);
      changed = changed || (mapped != c && !is_ascii(c));
      c = mapped;
    }
    if (!changed) return;  // ASCII letters alone need no second round
  }
}

char32_t plain(char32_t c) {
  if (is_ascii(c)) return c;
  std::array<char16_t, 64> parts{};
  UErrorCode error = U_ZERO_ERROR;
  const std::int32_t size = unorm2_getDecomposition(
      nfc(), icu(c), parts.data(), static_cast<std::int32_t>(parts.size()), &error);
  if (U_FAILURE(error) || size <= 0) return one_arabic_form(c);
  const auto all = from_utf16({parts.data(), static_cast<std::size_t>(size)});
  if (!std::all_of(all.begin() + 1, all.end(), is_mark)) return c;  // a Hangul syllable
  return one_arabic_form(all.front());
}

char look_alike(char32_t c) {
  if (is_ascii(c)) {
    if (is_ascii_digit(c) || is_ascii_upper(c)) return static_cast<char>(c);
    return is_ascii_lower(c) ? static_cast<char>(c - ('a' - 'A')) : '\0';
  }
  static const LookAlikes table = make_look_alikes();
  const auto found =
      std::lower_bound(table.begin(), table.end(), c,
                       [](const auto& entry, char32_t wanted) { return entry.first < wanted; });
  return found != table.end() && found->first == c ? found->second : '\0';
}

bool is_unseen(char32_t c) {
  constexpr char32_t kBlankBraille = 0x2800;
  const auto mask = U_GET_GC_MASK(icu(c));
  if ((mask & U_GC_CF_MASK) != 0)
    return u_hasBinaryProperty(icu(c), UCHAR_PREPENDED_CONCATENATION_MARK) == 0;
  return (mask & (U_GC_CC_MASK | U_GC_ZL_MASK | U_GC_ZP_MASK)) != 0 || c == kBlankBraille ||
         u_hasBinaryProperty(icu(c), UCHAR_DEFAULT_IGNORABLE_CODE_POINT) != 0;
}

bool is_accent(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  return is_mark(c) && uscript_getScript(icu(c), &error) == USCRIPT_INHERITED;
}

std::int32_t shapes_of(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  if (class_of(c) != Class::kLetter || !has_latin_shapes(c)) return 0;
  return uscript_getScript(icu(c), &error);
}

char32_t zero_of(char32_t c) {
  const std::int32_t value = u_charDigitValue(icu(c));
  return value < 0 ? 0 : c - static_cast<char32_t>(value);
}

bool is_disguised(char32_t c) {
  const auto kind = u_getIntPropertyValue(icu(c), UCHAR_DECOMPOSITION_TYPE);
  if (kind == U_DT_FONT) return c >= 0x10000;  // the mathematical alphabets; ℓ and ℝ are signs
  return kind == U_DT_WIDE && (class_of(c) == Class::kDigit || has_latin_shapes(c));
}

std::string name_key(std::string_view utf8) {
  std::u32string letters;
  if (!decode(utf8, letters)) return {};
  normalise(letters);
  std::string key;
  for (const char32_t c : letters) {
    const Class kind = class_of(c);
    if (kind != Class::kLetter && kind != Class::kDigit) continue;
    const char32_t simple = plain(c);
    const char same = look_alike(simple);
    append_utf8(key, same >= 'A' ? static_cast<char32_t>(same) : simple);
  }
  return key;
}

}  // namespace focal::record::text

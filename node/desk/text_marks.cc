#include "node/desk/text_marks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace focal::desk {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Not seen, or seen as something else: controls, directions, separators, fillers, tags.
constexpr std::array kInvisible{
    Range{0x0000, 0x001F},   Range{0x007F, 0x009F},  Range{0x00AD, 0x00AD}, Range{0x034F, 0x034F},
    Range{0x061C, 0x061C},   Range{0x115F, 0x1160},  Range{0x17B4, 0x17B5}, Range{0x180B, 0x180F},
    Range{0x200B, 0x200F},   Range{0x2028, 0x202E},  Range{0x2060, 0x206F}, Range{0x2800, 0x2800},
    Range{0x3164, 0x3164},   Range{0xFEFF, 0xFEFF},  Range{0xFFA0, 0xFFA0}, Range{0xFFF0, 0xFFFB},
    Range{0x1D173, 0x1D17A}, Range{0xE0000, 0xE0FFF}};

constexpr std::array kAccents{Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x1AB0, 0x1AFF},
                              Range{0x1DC0, 0x1DFF}, Range{0x20D0, 0x20FF}, Range{0xFE20, 0xFE2F}};

// Letters of Latin shape that are none.
constexpr std::array kDisguised{Range{0xFF21, 0xFF3A}, Range{0xFF41, 0xFF5A},
                                Range{0x1D400, 0x1D7FF}};

constexpr int kMostAccents = 4;
constexpr char32_t kJoiner = 0x200C;  // and 0x200D
constexpr char32_t kNotUtf8 = 0x110000;

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [c](const Range& r) { return c >= r.first && c <= r.last; });
}

// Takes one character from the front; kNotUtf8 and one byte if there is none.
char32_t take(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                                         : 4;
  char32_t value = size <= 1 ? lead : lead & (0xFFU >> (size + 1));
  bool good = size != 0 && lead < 0xF5 && size <= text.size();
  for (std::size_t i = 1; good && i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    good = (next & 0xC0) == 0x80;
    value = value << 6 | (next & 0x3FU);
  }
  good = good && !(size == 3 && (value < 0x800 || (value >= 0xD800 && value < 0xE000))) &&
         !(size == 4 && (value < 0x10000 || value > 0x10FFFF));
  text.remove_prefix(good ? size : 1);
  return good ? value : kNotUtf8;
}

// Scripts whose letters are taken for each other, and sets of digits likewise.
enum Kind : unsigned {
  kNone = 0,
  kLatin = 1,
  kGreek = 2,
  kCyrillic = 4,
  kArmenian = 8,
  kCherokee = 16,
  kDigits = 32,
  kArabicDigits = 64,
  kPersianDigits = 128,
  kBreak = 256,
};
constexpr unsigned kLetters = kLatin | kGreek | kCyrillic | kArmenian | kCherokee;
constexpr unsigned kAnyDigits = kDigits | kArabicDigits | kPersianDigits;

Kind kind_of(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  if (in('a', 'z') || in('A', 'Z')) return kLatin;
  if (in('0', '9')) return kDigits;
  if (c < 0x80) return kBreak;
  if ((in(0xC0, 0x24F) && c != 0xD7 && c != 0xF7) || in(0x1E00, 0x1EFF)) return kLatin;
  if (in(0x370, 0x3FF) || in(0x1F00, 0x1FFF)) return kGreek;
  if (in(0x400, 0x52F)) return kCyrillic;
  if (in(0x531, 0x58F)) return kArmenian;
  if (in(0x13A0, 0x13FF)) return kCherokee;
  if (in(0x660, 0x669)) return kArabicDigits;
  if (in(0x6F0, 0x6F9)) return kPersianDigits;
  if (in(0x2000, 0x206F) || in(0x3000, 0x303F)) return kBreak;
  return kNone;
}

bool is_mixed(unsigned kinds) {
  const auto several = [](unsigned set) { return (set & (set - 1)) != 0; };
  return several(kinds & kLetters) || several(kinds & kAnyDigits);
}

std::string written_out(char32_t c) {
  if (c == kNotUtf8) return "⟨?⟩";
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(c));
  return "⟨" + std::string(name) + "⟩";
}

// Joiners shape letters from Arabic to the scripts of India; elsewhere they only hide.
bool may_join(char32_t c, char32_t before) {
  return (c == kJoiner || c == kJoiner + 1) && before >= 0x0600 && before <= 0x0DFF;
}

}  // namespace

MarkedText mark_text(std::string_view text) {
  MarkedText out;
  unsigned word = 0;
  int accents = 0;
  char32_t before = 0;
  while (!text.empty()) {
    const std::string_view rest = text;
    const char32_t c = take(text);
    const std::string_view bytes = rest.substr(0, rest.size() - text.size());
    accents = within(kAccents, c) ? accents + 1 : 0;
    if (c == '\n' || c == '\t') {
      out.text += c == '\n' ? '\n' : ' ';
    } else if (c == '\r' && !text.empty() && text.front() == '\n') {
      continue;  // half of a line break
    } else if (c == kNotUtf8 || accents > kMostAccents ||
               (within(kInvisible, c) && !may_join(c, before))) {
      out.text += written_out(c);
      out.control_characters = true;
    } else {
      out.text += bytes;
    }
    const Kind kind = kind_of(c);
    word = kind == kBreak ? 0 : word | kind;
    out.look_alikes = out.look_alikes || is_mixed(word) || within(kDisguised, c);
    before = c;
  }
  return out;
}

}  // namespace focal::desk

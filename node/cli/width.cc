#include "node/cli/width.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace focal::cli {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode 15: East_Asian_Width W and F, in coarse ranges; pictographs.
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2329, 0x232A},
    Range{0x23E9, 0x23EC},   Range{0x25FD, 0x25FE},   Range{0x2614, 0x2615},
    Range{0x2648, 0x2653},   Range{0x26A1, 0x26A1},   Range{0x2705, 0x2705},
    Range{0x274C, 0x274C},   Range{0x2753, 0x2755},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0xA4CF},
    Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},
    Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},   Range{0xFF01, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
    Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD},
};

// General categories Mn, Me and Cf of the scripts our parties write, and the shared blocks.
constexpr std::array kZero{
    Range{0x00AD, 0x00AD},   Range{0x0300, 0x036F},   Range{0x0483, 0x0489},
    Range{0x0591, 0x05BD},   Range{0x05BF, 0x05BF},   Range{0x05C1, 0x05C2},
    Range{0x05C4, 0x05C5},   Range{0x05C7, 0x05C7},   Range{0x0610, 0x061A},
    Range{0x061C, 0x061C},   Range{0x064B, 0x065F},   Range{0x0670, 0x0670},
    Range{0x06D6, 0x06DC},   Range{0x06DF, 0x06E4},   Range{0x06E7, 0x06E8},
    Range{0x06EA, 0x06ED},   Range{0x0711, 0x0711},   Range{0x0730, 0x074A},
    Range{0x08D3, 0x08E1},   Range{0x08E3, 0x0902},   Range{0x093A, 0x093A},
    Range{0x093C, 0x093C},   Range{0x0941, 0x0948},   Range{0x094D, 0x094D},
    Range{0x0E31, 0x0E31},   Range{0x0E34, 0x0E3A},   Range{0x0E47, 0x0E4E},
    Range{0x1160, 0x11FF},   Range{0x1AB0, 0x1AFF},   Range{0x1DC0, 0x1DFF},
    Range{0x200B, 0x200F},   Range{0x202A, 0x202E},   Range{0x2060, 0x2069},
    Range{0x20D0, 0x20FF},   Range{0x302A, 0x302D},   Range{0x3099, 0x309A},
    Range{0xFE00, 0xFE0F},   Range{0xFE20, 0xFE2F},   Range{0xFEFF, 0xFEFF},
    Range{0xE0100, 0xE01EF},
};

template <std::size_t N>
bool within(const std::array<Range, N>& table, char32_t c) {
  const auto it = std::lower_bound(table.begin(), table.end(), c,
                                   [](const Range& r, char32_t x) { return r.last < x; });
  return it != table.end() && it->first <= c;
}

std::size_t width_of(char32_t c) {
  if (c == kNotUtf8) return 1;
  if (within(kZero, c)) return 0;
  return within(kWide, c) ? 2 : 1;
}

bool steers(char32_t c) {  // the terminal, or the direction of what follows
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
         c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB);
}

std::string cleaned(std::string_view text, bool keep_lines) {
  std::string out;
  while (!text.empty()) {
    const std::string_view rest = text;
    const char32_t c = take_utf8(text);
    if (c == '\n' && keep_lines) out += '\n';
    else if (c == '\n' || c == '\t' || c == '\r') out += ' ';
    else if (c == kNotUtf8 || steers(c)) out += "\xEF\xBF\xBD";
    else out += rest.substr(0, rest.size() - text.size());
  }
  return out;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t out = 0;
  while (!text.empty()) out += width_of(take_utf8(text));
  return out;
}

std::string clean(std::string_view text) { return cleaned(text, false); }
std::string clean_lines(std::string_view text) { return cleaned(text, true); }

std::string fit(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  std::string out;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::string_view rest = text;
    const std::size_t width = width_of(take_utf8(text));
    if (used + width > columns - 1) break;  // one column for the mark
    used += width;
    out += rest.substr(0, rest.size() - text.size());
  }
  return out + "…";
}

std::string wrap(std::string_view text, std::size_t columns, std::string_view indent) {
  std::string out;
  std::string line;
  const auto flush = [&] {
    if (!out.empty()) out += "\n" + std::string(indent);
    out += line;
    line.clear();
  };
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    if (!line.empty() && display_width(line) + 1 + display_width(word) > columns) flush();
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string(word);
    const bool break_line = end < text.size() && text[end] == '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
    if (break_line) flush();
  }
  if (!line.empty() || out.empty()) flush();
  return out;
}

}  // namespace focal::cli

#include "node/record/text_fold.h"

#include <algorithm>

#include "node/record/unicode_text.h"

namespace focal::record {
namespace {

bool is_inside(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// The longest beginning that the tables take, not cut inside a character.
std::size_t piece_of(std::string_view utf8) {
  if (utf8.size() <= text::kMaxBytes) return utf8.size();
  std::size_t end = text::kMaxBytes;
  while (end > text::kMaxBytes - 4 && is_inside(utf8[end])) --end;
  return end;
}

}  // namespace

std::string fold_text(std::string_view utf8) {
  std::string out;
  while (!utf8.empty()) {
    const std::size_t size = piece_of(utf8);
    std::u32string piece;
    if (text::decode(utf8.substr(0, size), piece)) {
      text::normalise(piece);
      for (const char32_t c : piece) {
        const auto what = text::class_of(c);
        if (what == text::Class::kMark || what == text::Class::kInvisible) continue;
        text::append_utf8(out, text::plain(c));
      }
    }
    utf8.remove_prefix(size);
  }
  return out;
}

std::vector<std::string> fold_words(std::string_view utf8, std::size_t most) {
  const std::string folded = fold_text(utf8);
  std::vector<std::string> out;
  std::size_t at = 0;
  while (out.size() < most) {
    const std::size_t begin = folded.find_first_not_of(' ', at);
    if (begin == std::string::npos) break;
    at = std::min(folded.find(' ', begin), folded.size());
    out.push_back(folded.substr(begin, at - begin));
  }
  return out;
}

}  // namespace focal::record

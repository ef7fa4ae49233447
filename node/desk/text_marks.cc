#include "node/desk/text_marks.h"

#include <cstdint>
#include <cstdio>

#include "base/utf8.h"
#include "node/record/unicode_text.h"

namespace focal::desk {
namespace {

namespace unicode = record::text;

constexpr int kMostAccents = 4;
constexpr char32_t kJoiner = 0x200C;     // and 0x200D
constexpr char32_t kSelectors = 0xFE00;  // to 0xFE0F

// The letters and digits of one word, as far as they are told apart.
class Word {
 public:
  // True once the word mixes scripts of the same shapes, or sets of digits.
  bool mixes(char32_t c) {
    const std::int32_t script = unicode::shapes_of(c);
    const char32_t zero = unicode::zero_of(c);
    mixed_ = mixed_ || (script != 0 && script_ != 0 && script != script_) ||
             (zero != 0 && zero_ != 0 && zero != zero_);
    if (script != 0) script_ = script;
    if (zero != 0) zero_ = zero;
    return mixed_;
  }

 private:
  std::int32_t script_ = 0;
  char32_t zero_ = 0;
  bool mixed_ = false;
};

std::string written_out(char32_t c) {
  if (c == kNotUtf8) return "⟨?⟩";
  char name[16];
  std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(c));
  return "⟨" + std::string(name) + "⟩";
}

// Joiners shape letters from Arabic to the scripts of India, and selectors choose the look of a
// symbol; elsewhere they only hide.
bool has_its_place(char32_t c, char32_t before) {
  if (c == kJoiner || c == kJoiner + 1) return before >= 0x0600 && before <= 0x0DFF;
  return c >= kSelectors && c <= kSelectors + 15 &&
         unicode::class_of(before) == unicode::Class::kSymbol;
}

}  // namespace

MarkedText mark_text(std::string_view text) {
  MarkedText out;
  Word word;
  int accents = 0;
  char32_t before = 0;
  while (!text.empty()) {
    const std::string_view rest = text;
    const char32_t c = take_utf8(text);
    accents = c != kNotUtf8 && unicode::is_accent(c) ? accents + 1 : 0;
    if (c == '\n' || c == '\t') {
      out.text += c == '\n' ? '\n' : ' ';
    } else if (c == '\r' && !text.empty() && text.front() == '\n') {
      continue;  // half of a line break
    } else if (c == kNotUtf8 || accents > kMostAccents ||
               (unicode::is_unseen(c) && !has_its_place(c, before))) {
      out.text += written_out(c);
      out.control_characters = true;
    } else {
      out.text += rest.substr(0, rest.size() - text.size());
    }
    before = c;
    if (c == kNotUtf8) continue;
    if (unicode::class_of(c) == unicode::Class::kSeparator) word = Word();
    out.look_alikes = word.mixes(c) || out.look_alikes || unicode::is_disguised(c);
  }
  return out;
}

}  // namespace focal::desk

#include "node/record/serial_keys.h"

#include <algorithm>
#include <array>
#include <utility>

namespace focal::record {
namespace {

using text::Class;

constexpr std::uint32_t kRules = 1;  // counted up when a key of any number changes
// Rounds until a key no longer changes; two for what people write.
constexpr int kMaxRounds = 8;

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_wild(char32_t c) { return c == '?' || c == '*'; }

// Words before a number, in normalised form, a blank for a separator. One that is
// attached may stand directly before a digit; the others need a separator, because
// SN123 can be a serial number of its own.
struct NumberWord {
  std::u32string_view word;
  bool attached;
};
constexpr std::array<NumberWord, 29> kNumberWords = {{
    {U"NO", true},
    {U"NR", true},
    {U"N°", true},
    {U"S N", true},
    {U"NUMBER", true},
    {U"NUMERO DE SERIE", true},
    {U"NUMÉRO DE SÉRIE", true},
    {U"NÚMERO DE SERIE", true},
    {U"NUMERO", true},
    {U"NUMÉRO", true},
    {U"NÚMERO", true},
    {U"NUM", false},
    {U"SERIAL", false},
    {U"SERIE", false},
    {U"SÉRIE", false},
    {U"SERIENNR", true},
    {U"SER", false},
    {U"SN", false},
    {U"НОМЕР", true},
    {U"СЕРИЙНЫЙ", false},
    {U"ЗАВОДСКОЙ", false},
    {U"ЗАВ", false},
    {U"编号", true},
    {U"序列号", true},
    {U"枪号", true},
    {U"号码", true},
    {U"الرقم", true},
    {U"رقم", true},
    {U"التسلسلي", true},
}};

// What people write where there is no number to write, without separators.
constexpr std::array<std::u32string_view, 45> kNoNumber = {
    U"NONE",       U"NIL",        U"NA",          U"NOSERIAL",   U"NOSERIALNUMBER", U"NONUMBER",
    U"UNKNOWN",    U"UNK",        U"UNMARKED",    U"NOTMARKED",  U"NOTVISIBLE",     U"NOTREADABLE",
    U"UNREADABLE", U"ILLEGIBLE",  U"OBLITERATED", U"ERASED",     U"REMOVED",        U"DEFACED",
    U"SANSNUMERO", U"SANSNUMÉRO", U"INCONNU",     U"ILLISIBLE",  U"EFFACE",         U"EFFACÉ",
    U"SINNUMERO",  U"SINNÚMERO",  U"DESCONOCIDO", U"ILEGIBLE",   U"BORRADO",        U"БН",
    U"БЕЗНОМЕРА",  U"НЕТ",        U"НОМЕРАНЕТ",   U"НЕИЗВЕСТЕН", U"НЕЧИТАЕТСЯ",     U"СБИТ",
    U"УНИЧТОЖЕН",  U"无",         U"无号",        U"无编号",     U"不详",           U"无法辨认",
    U"بدونرقم",    U"لايوجد",     U"ممسوح",
};

bool says_no_number(std::u32string_view compact) {
  return std::find(kNoNumber.begin(), kNoNumber.end(), compact) != kNoNumber.end();
}

// Separators as one blank each, none at the ends; invisible characters gone.
std::u32string spaced(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  bool gap = false;
  for (char32_t c : text) {
    if (c == 0x61f) c = '?';  // Arabic question mark
    if (c == 0x66d) c = '*';  // Arabic star
    const Class kind = is_wild(c) ? Class::kLetter : text::class_of(c);
    if (kind == Class::kInvisible) continue;
    if (kind == Class::kSeparator) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += ' ';
    gap = false;
    out += c;
  }
  return out;
}

std::u32string_view without_number_words(std::u32string_view text) {
  for (bool found = true; found;) {
    found = false;
    for (const NumberWord& entry : kNumberWords) {
      if (text.size() <= entry.word.size() || text.substr(0, entry.word.size()) != entry.word)
        continue;
      const char32_t next = text[entry.word.size()];
      if (next != ' ' && !(entry.attached && is_digit(next))) continue;
      text.remove_prefix(entry.word.size() + (next == ' ' ? 1 : 0));
      found = true;
      break;
    }
  }
  return text;
}

// Without blanks; each run of wild characters as its ? and then one * if it has any.
std::u32string compacted(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  bool star = false;
  for (const char32_t c : text) {
    if (c == ' ') continue;
    if (c == '*') {
      star = true;
      continue;
    }
    if (star && c != '?') {
      out += '*';
      star = false;
    }
    out += c;
  }
  if (star) out += '*';
  return out;
}

// Taking something away can bring together what belongs together (a letter and its
// accent, an N and an O), so each key is made until it stays.
template <typename Step>
void settle(std::u32string& text, Step step) {
  for (int round = 0; round < kMaxRounds; ++round) {
    std::u32string next = step(text);
    if (next == text) return;
    text = std::move(next);
  }
}

std::u32string exact_step(std::u32string text) {
  text::normalise(text);
  return compacted(without_number_words(spaced(text)));
}

std::u32string latin_step(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t c : text) {
    const Class kind = is_wild(c) ? Class::kDigit : text::class_of(c);
    if (kind == Class::kDigit) out += c;
    if (kind != Class::kLetter) continue;
    const char32_t simple = text::plain(c);
    const char same = text::look_alike(simple);
    out += same >= 'A' ? static_cast<char32_t>(same) : simple;
  }
  return exact_step(std::move(out));
}

char32_t folded(char32_t c) {
  switch (c) {
    case 'O':
    case 'Q':
    case 'D': return '0';
    case 'I':
    case 'L':
    case 'J': return '1';
    case 'Z': return '2';
    case 'S': return '5';
    case 'G': return '6';
    case 'B': return '8';
    default: break;
  }
  const char same = c < 0x80 ? '\0' : text::look_alike(c);
  return same >= '0' && same <= '9' ? static_cast<char32_t>(same) : c;
}

std::string fold_text(std::u32string_view latin) {
  std::string out;
  out.reserve(latin.size());
  for (const char32_t c : latin) text::append_utf8(out, folded(c));
  return out;
}

std::string digits_text(std::u32string_view latin) {
  if (std::any_of(latin.begin(), latin.end(), is_wild)) return {};
  if (std::count_if(latin.begin(), latin.end(), is_digit) < static_cast<long>(kMinDigits))
    return {};
  const auto first = std::find_if(latin.begin(), latin.end(), is_digit);
  const auto last = std::find_if(latin.rbegin(), latin.rend(), is_digit).base();
  std::string out;
  for (auto at = latin.begin(); at != latin.end(); ++at)
    if (at < first || at >= last || is_digit(*at)) text::append_utf8(out, *at);
  return out;
}

}  // namespace

std::vector<std::string_view> ScriptSet::codes() const {
  using text::Script;
  static constexpr std::array<std::pair<Script, std::string_view>, 7> kNames = {{
      {Script::kLatin, "LATIN"},
      {Script::kCyrillic, "CYRILLIC"},
      {Script::kArabic, "ARABIC"},
      {Script::kChinese, "CHINESE"},
      {Script::kHebrew, "HEBREW"},
      {Script::kKorean, "KOREAN"},
      {Script::kOther, "OTHER"},
  }};
  std::vector<std::string_view> out;
  for (const auto& [script, name] : kNames)
    if (has(script)) out.push_back(name);
  return out;
}

std::uint32_t serial_rules() { return kRules << 8 | text::unicode_version(); }

SerialKeys derive_serial_keys(std::string_view serial_raw) {
  SerialKeys keys;
  const auto ended = [&keys](SerialState state) {
    SerialKeys none;
    none.state = state;
    none.scripts = keys.scripts;
    return none;
  };
  if (serial_raw.size() > kMaxSerialBytes) return ended(SerialState::kTooLong);
  std::u32string exact;
  if (!text::decode(serial_raw, exact)) return ended(SerialState::kNotText);
  text::normalise(exact);
  // "NO SERIAL" loses its NO below, so it is asked here too.
  bool no_number = says_no_number(compacted(spaced(exact)));
  settle(exact, exact_step);
  for (const char32_t c : exact) keys.scripts.add(text::script_of(c));
  std::u32string latin = latin_step(exact);
  settle(latin, latin_step);
  no_number = no_number || says_no_number(exact) || says_no_number(latin);
  if (no_number) return ended(SerialState::kNoNumber);
  if (exact.size() > kMaxSerialChars || latin.size() > kMaxSerialChars)
    return ended(SerialState::kTooLong);
  if (std::all_of(latin.begin(), latin.end(), is_wild)) return ended(SerialState::kEmpty);
  keys.state = SerialState::kUsable;
  keys.pattern = std::any_of(latin.begin(), latin.end(), is_wild);
  keys.exact = text::encode(exact);
  keys.latin = text::encode(latin);
  keys.fold = fold_text(latin);
  keys.digits = digits_text(latin);
  return keys;
}

std::string fold_of(std::string_view latin) {
  std::u32string letters;
  return text::decode(latin, letters) ? fold_text(letters) : std::string();
}

std::string digits_of(std::string_view latin) {
  std::u32string letters;
  return text::decode(latin, letters) ? digits_text(letters) : std::string();
}

}  // namespace focal::record

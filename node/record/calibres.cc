#include "node/record/calibres.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "node/record/alias_index.h"
#include "node/record/table.h"
#include "node/record/unicode_text.h"

namespace focal::record {

namespace data {
extern const std::string_view kCalibresTsv;  // code aliases metric inch kind related source
}  // namespace data

namespace {

using text::Class;

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_times(char32_t c) {
  return c == '*' || c == 0xd7 || c == 0x2715 || c == 0x2716 || c == 0x2a2f;
}
bool is_point(char32_t c) { return c == '.' || c == ',' || c == 0x66b; }

// What a text says about its first number besides the key.
struct Writing {
  std::string key;
  bool metric = false;  // mm was written, or a point inside a number
  bool inch = false;    // a point before a number
};

// Letters and digits, × as X, no points; where a point stood is noted.
void reduce(const std::u32string& letters, Writing& out) {
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const char32_t c = letters[i];
    const bool digit_before = i > 0 && is_digit(letters[i - 1]);
    const bool digit_after = i + 1 < letters.size() && is_digit(letters[i + 1]);
    if (is_point(c) && digit_after) {
      const bool after_zero = out.key == "0";  // 0.45 is .45
      if (after_zero) out.key.clear();
      (digit_before && !after_zero ? out.metric : out.inch) = true;
      continue;
    }
    if (is_times(c)) {
      out.key += 'X';
      continue;
    }
    const Class kind = text::class_of(c);
    if (kind != Class::kLetter && kind != Class::kDigit) continue;
    const char32_t simple = text::plain(c);
    const char same = text::look_alike(simple);
    text::append_utf8(out.key, same >= 'A' ? static_cast<char32_t>(same) : simple);
  }
}

// Millimetres say nothing when they follow a number; look-alikes are Latin by now.
void drop_unit(Writing& out) {
  static const std::array<std::string, 5> kUnits = {text::name_key("ملليمتر"),
                                                    text::name_key("ملم"), text::name_key("مم"),
                                                    text::name_key("毫米"), "MM"};
  for (const std::string& unit : kUnits) {
    for (std::size_t at = out.key.find(unit, 1); at != std::string::npos && at > 0;
         at = out.key.find(unit, at)) {
      if (!is_digit(static_cast<unsigned char>(out.key[at - 1]))) {
        ++at;
        continue;
      }
      out.key.erase(at, unit.size());
      out.metric = true;
    }
  }
}

Writing read_writing(std::string_view raw) {
  Writing out;
  std::u32string letters;
  if (!text::decode(raw, letters)) return out;
  text::normalise(letters);
  reduce(letters, out);
  drop_unit(out);
  return out;
}

// A key that is the word "calibre" and something more loses the word.
bool drop_calibre_word(std::string& key) {
  static const std::array<std::string, 8> kWords = {
      text::name_key("calibre"), text::name_key("caliber"), text::name_key("kaliber"),
      text::name_key("калибр"),  text::name_key("cal"),     text::name_key("кал"),
      text::name_key("口径"),    text::name_key("عيار")};
  for (const std::string& word : kWords) {
    if (key.size() <= word.size() || key.compare(0, word.size(), word) != 0) continue;
    key.erase(0, word.size());
    return true;
  }
  return false;
}

struct Tables {
  std::vector<Calibre> rows;
  std::unordered_map<std::string_view, std::uint32_t> by_code;
  AliasIndex names;        // code and aliases: one row for each
  AliasIndex metric;       // the cartridge's measures, or its bore alone
  AliasIndex metric_bore;  // "9", "762"
  AliasIndex inch_bore;    // "38"
};

void index_row(Tables& made, const Calibre& row, std::uint32_t number) {
  made.by_code.emplace(row.code, number);
  made.names.add(calibre_key(row.code), number);
  for (const auto alias : row.aliases) made.names.add(calibre_key(alias), number);
  made.metric.add(calibre_key(row.metric), number);
  if (const auto x = row.metric.find('x'); x != std::string_view::npos)
    made.metric_bore.add(calibre_key(row.metric.substr(0, x)), number);
  if (row.inch.substr(0, 1) == ".") made.inch_bore.add(calibre_key(row.inch), number);
}

const Tables& tables() {
  static const auto* const all = [] {
    auto* made = new Tables();
    for (const auto& row : rows_of<7>(data::kCalibresTsv))
      made->rows.push_back({row[0], parts_of(row[1], kAliasSeparator), row[2], row[3], row[4],
                            parts_of(row[5], kCodeSeparator), row[6]});
    for (std::uint32_t i = 0; i < made->rows.size(); ++i) index_row(*made, made->rows[i], i);
    for (AliasIndex* index : {&made->names, &made->metric, &made->metric_bore, &made->inch_bore})
      index->close();
    return made;
  }();
  return *all;
}

std::vector<const Calibre*> rows_at(std::vector<std::uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::vector<const Calibre*> out;
  out.reserve(numbers.size());
  for (const std::uint32_t number : numbers) out.push_back(&tables().rows[number]);
  return out;
}

CalibreReading look_up(const Writing& writing) {
  CalibreReading reading;
  const Tables& all = tables();
  auto numbers = all.names.find(writing.key);
  if (numbers.empty()) numbers = all.metric.find(writing.key);
  if (numbers.empty()) {
    if (!writing.inch) numbers = all.metric_bore.find(writing.key);
    if (!writing.metric) {
      const auto inch = all.inch_bore.find(writing.key);
      numbers.insert(numbers.end(), inch.begin(), inch.end());
    }
    reading.bore_only = !numbers.empty();
  }
  reading.candidates = rows_at(std::move(numbers));
  return reading;
}

}  // namespace

std::span<const Calibre> calibres() { return tables().rows; }

const Calibre* find_calibre(std::string_view code) {
  const auto found = tables().by_code.find(code);
  return found == tables().by_code.end() ? nullptr : &tables().rows[found->second];
}

bool are_related(const Calibre& a, const Calibre& b) {
  return std::find(a.related.begin(), a.related.end(), b.code) != a.related.end();
}

CalibreReading read_calibre(std::string_view text) {
  Writing writing = read_writing(text);
  CalibreReading reading = look_up(writing);
  if (reading.candidates.empty() && drop_calibre_word(writing.key)) reading = look_up(writing);
  return reading;
}

std::vector<const Calibre*> suggest_calibres(std::string_view typed, std::size_t limit) {
  return tables().names.suggestions(tables().rows, calibre_key(typed), limit,
                                    [](const Calibre&) { return true; });
}

std::string calibre_key(std::string_view text) { return read_writing(text).key; }

}  // namespace focal::record

#include "node/record/serial_match.h"

#include <algorithm>
#include <array>

namespace focal::record {
namespace {

bool is_inside(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::size_t count_chars(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_inside(c); }));
}

std::size_t first_char_bytes(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && is_inside(text[size])) ++size;
  return size;
}

// The code points of a key as an array; none if there are too many.
struct Chars {
  std::array<std::string_view, kMaxSerialChars> at;
  std::size_t size = 0;
  unsigned known_length = 0;  // without *
};

bool split(std::string_view key, Chars& out) {
  while (!key.empty()) {
    if (out.size == kMaxSerialChars) return false;
    const std::size_t bytes = first_char_bytes(key);
    out.at[out.size] = key.substr(0, bytes);
    if (out.at[out.size] != "*") ++out.known_length;
    ++out.size;
    key.remove_prefix(bytes);
  }
  return true;
}

constexpr int kNoFit = -1;
using Row = std::array<int, kMaxSerialChars + 1>;

// The most agreeing characters of a[i..] and b[j..]; `below` is the row of i + 1.
int best_fit(const Chars& a, std::size_t i, const Chars& b, std::size_t j, const Row& below,
             const Row& row) {
  const bool a_ends = i == a.size;
  const bool b_ends = j == b.size;
  if (a_ends && b_ends) return 0;
  const bool a_star = !a_ends && a.at[i] == "*";
  const bool b_star = !b_ends && b.at[j] == "*";
  if (a_star || b_star) {
    // The run ends here, or takes in one character of the other side: the same two steps
    // whichever side it is on.
    int best = kNoFit;
    if (!a_ends) best = std::max(best, below[j]);
    if (!b_ends) best = std::max(best, row[j + 1]);
    return best;
  }
  if (a_ends || b_ends) return kNoFit;
  const int rest = below[j + 1];
  if (rest == kNoFit) return kNoFit;
  if (a.at[i] == "?" || b.at[j] == "?") return rest;
  return a.at[i] == b.at[j] ? rest + 1 : kNoFit;
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// A pattern over a text that is all known, byte by byte; * takes in as little as it can.
bool covers(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last * and what it took in
  std::size_t taken = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++taken;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

// The usual question of a search, much faster than the general one.
std::optional<PatternFit> fit_known(std::string_view pattern, std::string_view known) {
  if (pattern.size() > kMaxSerialChars || known.size() > kMaxSerialChars) return std::nullopt;
  if (!covers(pattern, known)) return std::nullopt;
  const auto agreeing =
      std::count_if(pattern.begin(), pattern.end(), [](char c) { return c != '?' && c != '*'; });
  return PatternFit{static_cast<unsigned>(agreeing),
                    std::max(static_cast<unsigned>(known.size()), 1U)};
}

bool says_enough(const PatternFit& fit) {
  return fit.agreeing >= kMinPatternKnown ||
         (fit.agreeing >= kMinPatternPart && 2 * fit.agreeing >= fit.length);
}

std::optional<SerialMatch> match_patterns(const PackedKeys& a, const PackedKeys& b) {
  const auto fit = fit_patterns(a.fold, b.fold);
  if (!fit || !says_enough(*fit)) return std::nullopt;
  const auto share = static_cast<int>((kPatternMost - kPatternLeast) * fit->agreeing / fit->length);
  return SerialMatch{Tier::kPattern, kPatternLeast + share, fit->agreeing, fit->length};
}

bool long_enough_to_edit(std::string_view a, std::string_view b) {
  return std::min(count_chars(a), count_chars(b)) >= kMinEditChars;
}

}  // namespace

std::string_view code_of(Tier tier) {
  switch (tier) {
    case Tier::kExact: return "EXACT";
    case Tier::kLatin: return "LATIN";
    case Tier::kFold: return "FOLD";
    case Tier::kPattern: return "PATTERN";
    case Tier::kDigits: return "DIGITS";
    case Tier::kEdit1: break;
  }
  return "EDIT_1";
}

std::optional<SerialMatch> match_packed(const PackedKeys& a, const PackedKeys& b) {
  if (a.pattern || b.pattern) return match_patterns(a, b);
  if (a.fold == b.fold) return SerialMatch{Tier::kFold, kFoldScore, 0, 0};
  if (!a.digits.empty() && a.digits == b.digits)
    return SerialMatch{Tier::kDigits, kDigitsScore, 0, 0};
  if (within_one_edit(a.fold, b.fold) && long_enough_to_edit(a.fold, b.fold))
    return SerialMatch{Tier::kEdit1, kEdit1Score, 0, 0};
  return std::nullopt;
}

std::optional<SerialMatch> match_serials(const SerialKeys& a, const SerialKeys& b) {
  if (a.state != SerialState::kUsable || b.state != SerialState::kUsable) return std::nullopt;
  auto match = match_packed({a.fold, a.digits, a.pattern}, {b.fold, b.digits, b.pattern});
  if (!match || match->tier != Tier::kFold) return match;
  if (a.exact == b.exact) return SerialMatch{Tier::kExact, kExactScore, 0, 0};
  if (a.latin == b.latin) return SerialMatch{Tier::kLatin, kLatinScore, 0, 0};
  return match;
}

std::optional<PatternFit> fit_patterns(std::string_view a, std::string_view b) {
  if (is_ascii(a) && is_ascii(b)) {
    if (b.find_first_of("?*") == std::string_view::npos) return fit_known(a, b);
    if (a.find_first_of("?*") == std::string_view::npos) return fit_known(b, a);
  }
  Chars first;
  Chars second;
  if (!split(a, first) || !split(b, second)) return std::nullopt;
  // From the ends of both to their beginnings.
  Row below;
  Row row;
  below.fill(kNoFit);
  row.fill(kNoFit);
  for (std::size_t i = first.size + 1; i-- > 0;) {
    for (std::size_t j = second.size + 1; j-- > 0;)
      row[j] = best_fit(first, i, second, j, below, row);
    below = row;
  }
  if (row[0] == kNoFit) return std::nullopt;
  return PatternFit{static_cast<unsigned>(row[0]),
                    std::max({first.known_length, second.known_length, 1U})};
}

bool within_one_edit(std::string_view a, std::string_view b) {
  // One code point has at most four bytes.
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > 4) return false;
  const std::size_t shorter = std::min(a.size(), b.size());
  std::size_t front = 0;
  while (front < shorter && a[front] == b[front]) ++front;
  // Back to the beginning of a code point in both.
  const auto inside = [](std::string_view text, std::size_t at) {
    return at < text.size() && is_inside(text[at]);
  };
  while (front > 0 && (inside(a, front) || inside(b, front))) --front;
  a.remove_prefix(front);
  b.remove_prefix(front);
  std::size_t back = 0;
  const std::size_t most = std::min(a.size(), b.size());
  while (back < most && a[a.size() - 1 - back] == b[b.size() - 1 - back]) ++back;
  while (back > 0 && is_inside(a[a.size() - back])) --back;
  a.remove_suffix(back);
  b.remove_suffix(back);
  const std::size_t in_a = count_chars(a);
  const std::size_t in_b = count_chars(b);
  if (in_a <= 1 && in_b <= 1) return true;
  if (in_a != 2 || in_b != 2) return false;
  const std::size_t split_a = first_char_bytes(a);
  const std::size_t split_b = first_char_bytes(b);
  return a.substr(0, split_a) == b.substr(split_b) && a.substr(split_a) == b.substr(0, split_b);
}

}  // namespace focal::record

// Are two serial numbers readings of one? Compares keys of node/record/serial_keys.h.
// Integers only, the same on every machine; symmetric: (a, b) and (b, a) give one result.
// A match never says that two weapons are one weapon: it is a lead with a reason, and a
// person compares all the data before acting on it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "node/record/serial_keys.h"

namespace focal::record {

// Best first. Names of the code list match_tier.
enum class Tier : std::uint8_t { kExact, kLatin, kFold, kPattern, kDigits, kEdit1 };
std::string_view code_of(Tier tier);  // "EXACT" .. "EDIT_1"

inline constexpr int kExactScore = 100;
inline constexpr int kLatinScore = 97;
inline constexpr int kFoldScore = 90;
inline constexpr int kDigitsScore = 75;
inline constexpr int kEdit1Score = 65;
inline constexpr int kPatternLeast = 60;  // plus up to 25 by the share of known characters
inline constexpr int kPatternMost = 85;
// A pattern says something only with this many characters that agree, or with at least
// kMinPatternPart of them that are half of the number.
inline constexpr unsigned kMinPatternKnown = 3;
inline constexpr unsigned kMinPatternPart = 2;
inline constexpr std::size_t kMinEditChars = 5;  // of the shorter fold key

struct SerialMatch {
  Tier tier = Tier::kExact;
  int score = 0;          // 60..100
  unsigned agreeing = 0;  // PATTERN only: characters known on both sides, of `length`
  unsigned length = 0;
};

// Nothing: no tier fits, or one of them is not kUsable. With a pattern on either side the
// only tier is PATTERN: two equal patterns may stand for different numbers.
std::optional<SerialMatch> match_serials(const SerialKeys& a, const SerialKeys& b);

// What of its keys a search holds of every number: enough for all tiers from FOLD on.
struct PackedKeys {
  std::string_view fold;
  std::string_view digits;
  bool pattern = false;
};
// As match_serials of two usable numbers, except that equal fold keys give FOLD: only the
// other keys can tell that they are EXACT or LATIN.
std::optional<SerialMatch> match_packed(const PackedKeys& a, const PackedKeys& b);

struct PatternFit {
  unsigned agreeing = 0;  // characters known on both sides, in the best alignment
  unsigned length = 0;    // characters of the longer side, a run of unknown length as none
};
// Can both be readings of one text? ? and * as in serial_keys.h, on either or both sides.
// Fold keys, at most kMaxSerialChars characters each; longer ones never fit.
std::optional<PatternFit> fit_patterns(std::string_view a, std::string_view b);

// One character put in, left out or replaced, or two neighbours exchanged (restricted
// Damerau-Levenshtein distance at most 1), by code points of valid UTF-8.
bool within_one_edit(std::string_view a, std::string_view b);

}  // namespace focal::record

// Can two descriptions be of one weapon? The serial number gives a tier and a score, and
// maker, model, calibre and type lower it where they do not agree. The result carries its
// reasons, so that a program can say them in the reader's language.
//
// A match is a lead and never an assertion: weapons with equal serial numbers exist, and
// marks are misread and forged. Nothing may act on a match before a person has compared
// all the data of both.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/serial_keys.h"
#include "node/record/serial_match.h"

namespace focal::record {

inline constexpr std::size_t kMaxReadings = 21;  // serial_raw and 20 alternatives

// What a record, a list or a question says of one weapon, as it was written; empty where
// it says nothing. The fields are those of WeaponItem in proto/trace.proto.
struct WeaponText {
  std::string_view serial_raw;
  std::vector<std::string_view> serial_alternatives;  // past kMaxReadings - 1: passed over
  std::string_view make;
  std::string_view make_code;
  std::string_view model;
  std::string_view calibre_raw;
  std::string_view calibre_code;
  std::string_view type;
};

// One of the four, ready to be compared.
struct AttributeKey {
  std::string shown;                       // the code that was given, or the text
  std::string key;                         // equal keys are one writing
  std::vector<std::string_view> meanings;  // codes it can stand for, sorted; empty: unknown
  bool vague = false;                      // equal keys are not enough: only a bore
};

// Holds its own strings; may outlive the text it was made from.
struct WeaponKeys {
  std::vector<SerialKeys> readings;  // serial_raw first, then the alternatives
  AttributeKey make;
  AttributeKey model;
  AttributeKey calibre;
  AttributeKey type;
};
WeaponKeys derive_weapon_keys(const WeaponText& text);

// Names of the code lists match_attribute and attribute_agreement.
enum class Attribute : std::uint8_t { kMake, kModel, kCalibre, kType };
enum class Agreement : std::uint8_t {
  kEqual,
  kRelated,  // calibres that are sold as each other, or a writing that can mean both
  kUnknown,  // one side says nothing, or nothing this program knows
  kConflict
};
std::string_view code_of(Attribute attribute);
std::string_view code_of(Agreement agreement);

// Factors in twentieths, so that scores need no fractions.
inline constexpr int kWhole = 20;
constexpr int twentieths(Agreement agreement) {
  switch (agreement) {
    case Agreement::kEqual: return 20;
    case Agreement::kRelated: return 19;
    case Agreement::kUnknown: return 18;
    case Agreement::kConflict: break;
  }
  return 8;
}

struct AttributeReason {
  Attribute attribute = Attribute::kMake;
  Agreement agreement = Agreement::kUnknown;
  std::string_view first;  // what was compared; views into the two WeaponKeys
  std::string_view second;
};

// Views into the two WeaponKeys, valid as long as both.
struct Match {
  int score = 0;                  // 0..100: of the serial number times the four factors
  SerialMatch serial;             // tier, and its score before the factors
  std::size_t first_reading = 0;  // which readings matched
  std::size_t second_reading = 0;
  std::string_view first_key;  // the keys that were compared in that tier
  std::string_view second_key;
  std::array<AttributeReason, 4> attributes;  // in the order of Attribute
};

// The best pair of readings; on a tie the earlier ones. Nothing: no readings match, which
// no agreement of the rest makes good. Tier and score are the same for (b, a).
std::optional<Match> match_weapons(const WeaponKeys& a, const WeaponKeys& b);

Agreement compare(Attribute attribute, const AttributeKey& a, const AttributeKey& b);

}  // namespace focal::record

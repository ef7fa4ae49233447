// The keys by which a serial number is found again although two people never write it
// the same way. serial_raw stays as it was read, for ever; keys are derived from it when
// needed and may be derived anew by a later program. docs/markings.md has the rules.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/unicode_text.h"

namespace focal::record {

inline constexpr std::size_t kMaxSerialBytes = 64;  // of the raw text, as in proto/trace.proto
inline constexpr std::size_t kMaxSerialChars = 64;  // of a key; NFKC can make text longer
inline constexpr std::size_t kMinDigits = 4;        // fewer make no digits key

enum class SerialState : std::uint8_t {
  kUsable,
  kEmpty,     // no letter or digit that is known: blank, "-", "???"
  kNoNumber,  // says that there is none or that it cannot be read: "N/A", "б/н", "OBLITERATED"
  kTooLong,   // past a limit above; not cut, because half a number is another number
  kNotText    // not UTF-8
};

// Scripts of the letters of a serial number, as a set.
class ScriptSet {
 public:
  void add(text::Script script) {
    if (script != text::Script::kNone) bits_ |= bit(script);
  }
  bool has(text::Script script) const { return (bits_ & bit(script)) != 0; }
  bool empty() const { return bits_ == 0; }
  bool mixed() const { return (bits_ & (bits_ - 1U)) != 0; }  // more than one
  std::vector<std::string_view> codes() const;                // of the code list script
  bool operator==(const ScriptSet&) const = default;

 private:
  static unsigned bit(text::Script script) { return 1U << static_cast<unsigned>(script); }
  unsigned bits_ = 0;
};

// All keys are UTF-8 and empty unless the state is kUsable. Equal exact keys have equal
// latin, fold and digits keys; equal latin keys have equal fold and digits keys.
struct SerialKeys {
  SerialState state = SerialState::kEmpty;
  // NFKC, upper case, digits as 0-9, without separators and words such as "No" or
  // "№" before it.
  std::string exact;
  // Letters of other scripts as the Latin capitals they look like; no accents, no symbols.
  std::string latin;
  // Characters that are taken for each other are one: O Q D 0, I L J 1, Z 2, S 5, G 6,
  // B 8, and letters of other scripts that look like a digit (З 3).
  std::string fold;
  // latin without the letters between its first and its last digit. Empty for a pattern,
  // and below kMinDigits digits.
  std::string digits;
  ScriptSet scripts;  // of the exact key
  // Has ? (one unreadable character) or * (a run of unknown length, which may be none).
  bool pattern = false;
};

// Names the rules behind the keys, those of this file and the Unicode version. Whoever
// stores keys or something made from them stores this too, and derives anew when it differs.
std::uint32_t serial_rules();

SerialKeys derive_serial_keys(std::string_view serial_raw);

// The steps behind the keys, each of which changes nothing when done again.
std::string fold_of(std::string_view latin);
std::string digits_of(std::string_view latin);

}  // namespace focal::record

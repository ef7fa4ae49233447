// What a record is found by, read from the schema: every text field whose rule names a blind
// index, wherever it stands in the record, and every value that is supplied for such a field
// by its path. A new kind is found without a line here. Pure.
//
// Indexes of the schema:
//   serial  key: the fold key of node/record/serial_keys.h, so that one look finds the tiers
//           EXACT, LATIN and FOLD. Numbers with ? or * and numbers without keys have none.
//   case    key: case_key()
// A name that is none of these ends the program at the first use, as any contradiction of the
// schema does.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/record/record.h"
#include "proto/trace.pb.h"

namespace focal::record {

inline constexpr std::string_view kSerialIndex = "serial";
inline constexpr std::string_view kCaseIndex = "case";

struct SearchKey {
  std::string_view index;     // constant data
  std::string key;
  std::uint32_t item_no = 0;  // of the message with the field or one around it; 0 = none has
                              // one, or the value was supplied for a field of another record
  auto operator<=>(const SearchKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct SearchReading {  // one reading of a serial number, patterns included
  std::uint32_t item_no = 0;
  std::string fold;
  std::string digits;
  auto operator<=>(const SearchReading&) const = default;  // NOLINT(modernize-use-nullptr)
};

struct SearchFields {
  std::vector<SearchKey> keys;          // sorted, each once
  std::vector<SearchReading> readings;  // the same
  bool empty() const { return keys.empty() && readings.empty(); }
};
SearchFields search_fields(const CheckedRecord& record);

// Can a record of this kind be found by anything? Cheap, from the schema alone.
bool has_search_fields(const KindInfo& kind);

// Names the rules behind all of the above: serial_rules() and which fields are indexed how.
// Whoever stores what was made by them stores this too, and derives anew when it differs.
std::uint64_t search_rules();

// Upper case, NFKC, no blanks at the ends, without the number of a thread: "/2" to "/99" at
// the end, written without zeros before it. Empty: nothing left, or not text.
std::string case_key(std::string_view reference);

struct DescribedWeapon {
  v1::WeaponItem item;
  // The record only supplies a number for the weapon at this place of the thread's first
  // record: nothing else of it is in item, not even its item_no.
  std::optional<std::size_t> place;
};
// The weapons a record describes, in the order of the record: every message with a serial
// number of its own. One that is no WeaponItem is shown as one, by the names of its fields.
// wanted: only those whose item number it accepts; empty: all.
using WantedItem = std::function<bool(std::uint32_t item_no)>;
std::vector<DescribedWeapon> weapons_of(const CheckedRecord& record, const WantedItem& wanted = {});

}  // namespace focal::record

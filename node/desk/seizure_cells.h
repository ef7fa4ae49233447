// One cell of a seizure list into one field of a weapon, by the field's own rule: codes as codes or
// labels, countries as codes or names, dates, numbers, lists between ; or |.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/desk/seizure_fields.h"

namespace focal::v1 {
class WeaponItem;
}

namespace focal::desk::seizure {

struct CellFault {
  std::string text;  // what is wrong
  std::string hint;  // what to do
};

// cell: as csv::shown_cell() gives it. An empty one, or one that says that nothing is known, leaves
// the field alone; a serial number is taken as it stands. What the rules of the record say of a
// value (length, form of a date) is left to them.
std::optional<CellFault> fill_cell(const Field& field, std::string_view cell,
                                   focal::v1::WeaponItem& item);

}  // namespace focal::desk::seizure

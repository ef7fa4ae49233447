// Which field of a weapon a column of a seizure list fills. The fields are those of WeaponItem in
// proto/trace.proto, read from its descriptors; a new field there can be filled at once. Titles
// are recognised by the names of node/record/data/field_labels.tsv in six languages and by the
// usual other ones of data/list_columns.tsv.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace google::protobuf {
class FieldDescriptor;
}
namespace focal::v1 {
class FieldRule;
}

namespace focal::desk::seizure {

// One plain value (or list of values) of a weapon.
struct Field {
  std::string path;  // within WeaponItem: "serial_raw", "country_of_manufacture.code"
  std::string name;  // as people write it: "serial", "country_of_manufacture"
  std::vector<const google::protobuf::FieldDescriptor*> steps;  // never empty
  const focal::v1::FieldRule* rule = nullptr;                   // of the last step; never null
};

// In the order of the schema. Left out: the number of the item, which the import gives, and what
// has parts that a cell cannot hold (markings, photographs).
const std::vector<Field>& fields();

// By path, by name ("_raw" at the end may be left out) or by a title that means it and no other.
// nullptr: none.
const Field* find_field(std::string_view typed);

struct Column {
  std::string title;
  const Field* field = nullptr;  // nullptr: not used
};

// The columns of a list by what was said of them: pairs of title and field; "" or "-" as field:
// not used. Titles that are not named are not used. kInvalid (path columns[i]): a title that is
// not in the list, or stands twice; a field that is none, or is filled twice.
struct Said {
  std::string title;
  std::string field;
};
Result<std::vector<Column>> map_columns(const std::vector<std::string>& titles,
                                        const std::vector<Said>& said);

// The same by the titles alone. A field that two titles mean is given to the first.
std::vector<Column> guess_columns(const std::vector<std::string>& titles);

}  // namespace focal::desk::seizure

// JSON of protobuf messages, strictly: what people and scripts send us is UTF-8,
// RFC 8259, no duplicate names, no unknown fields, bounded depth. Names are the
// snake_case names of the .proto (lowerCamelCase is understood when reading).
// Pure; the only room that includes protobuf's json_util.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace google::protobuf {
class Message;
class Struct;
}  // namespace google::protobuf

namespace focal::json {

inline constexpr std::size_t kMaxDepth = 32;  // objects and arrays inside each other

enum class Unknown {
  kRefuse,  // input of people and scripts
  kIgnore,  // answers of a node that may be newer than this program
};

// kInvalid: not UTF-8, not JSON ("line 3, column 7"), a name twice (path names it), deeper
// than kMaxDepth. Lengths are the caller's business.
Status check_text(std::string_view text);

// Fills message (cleared first) from one JSON object. kInvalid as above, and for an unknown
// field or a value of the wrong type: path is the field's path, e.g. "record.items[0].serial".
Status read(std::string_view text, google::protobuf::Message& message,
            Unknown unknown = Unknown::kRefuse);

// One line or indented. Plain fields are printed even when empty, absent messages are not;
// the keys of a Struct stand in bytewise order, so equal messages give equal text.
std::string write(const google::protobuf::Message& message, bool indented = false);
// The same without the plain fields that are empty: a record's content.
std::string write_set(const google::protobuf::Message& message, bool indented = false);

// A typed message as the Struct a request carries, and back. to_struct fails only for a
// message without JSON form (kInvalid); from_struct as read().
Status to_struct(const google::protobuf::Message& message, google::protobuf::Struct& out);
Status from_struct(const google::protobuf::Struct& from, google::protobuf::Message& message);

// Sets one field by its name from text: path segments and query parameters. Strings, booleans
// ("true"/"false") and integers; a repeated field grows by one.
// kInvalid: no such field (path = name), not a plain field, text is not of its type.
Status set_field(google::protobuf::Message& message, std::string_view name,
                 std::string_view text);
// The value of a singular text field; empty if there is no such field.
std::string get_text(const google::protobuf::Message& message, std::string_view name);

}  // namespace focal::json

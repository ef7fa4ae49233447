// What the desk reads of a record of any kind, found by the schema and not by name of the kind.
// Views into the record, which must stay.
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace focal::v1 {
class ItemResult;
class Record;
}  // namespace focal::v1

namespace focal::desk {

// A text field of a message; empty: it has no such field, or no text there.
std::string text_of(const google::protobuf::Message& message, const char* name);
// The same of the message of the record's kind.
std::string kind_text_of(const focal::v1::Record& record, const char* name);

// The field in which a record says something item by item; nullptr: its kind has none.
const google::protobuf::FieldDescriptor* results_field(const focal::v1::Record& record);
std::vector<const focal::v1::ItemResult*> results_of(const focal::v1::Record& record);

}  // namespace focal::desk

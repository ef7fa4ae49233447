// The schema's rules, read once from the descriptors into tables the validator
// walks. Internal to node/record and to code derived from the schema (forms,
// search index, redaction, the events of a case).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
class Message;
}  // namespace google::protobuf

namespace focal::v1 {
class FieldRule;
class Need;
class Record;
}  // namespace focal::v1

namespace focal::record {

struct CodeList;  // node/record/codes.h

inline constexpr std::uint32_t kDefaultTextBytes = 4000;  // where a rule names no limit
inline constexpr std::uint32_t kDefaultListItems = 64;

struct FieldPlan {
  const google::protobuf::FieldDescriptor* field = nullptr;
  const v1::FieldRule* rule = nullptr;  // never null
  const CodeList* codes = nullptr;      // of rule->code_list()
  bool is_kind = false;                 // one of oneof Record.kind
};

struct NeedPlan {
  const v1::Need* need = nullptr;
  const google::protobuf::FieldDescriptor* field = nullptr;
  const google::protobuf::FieldDescriptor* unless_field = nullptr;  // may be null
  std::vector<std::size_t> fields;                                  // places in MessagePlan::fields
};

struct MessagePlan {
  std::vector<FieldPlan> fields;  // in the order of the schema
  std::vector<NeedPlan> needs;
};

// type is focal.v1.Record or a message it can hold. A schema that contradicts
// itself (an unknown code list, a need of a missing field) ends the program.
const MessagePlan& plan_of(const google::protobuf::Descriptor* type);

// The field of Record that holds the message of its kind, and that message; nullptr: none stands.
const google::protobuf::FieldDescriptor* kind_field(const v1::Record& record);
const google::protobuf::Message* kind_message(const v1::Record& record);

enum class PathKind {
  kBad,    // not a path, or through a field that has no parts
  kNewer,  // a name this schema does not know
  kField,
};
// "trace_request.items[0].make" against the schema of Record; an index may not
// be above 9999 and stands exactly where a list of the schema stands.
PathKind read_path(std::string_view path,
                   const google::protobuf::FieldDescriptor** field = nullptr);

// Does a path name a field of personal data, a part of one, or a message that holds one itself
// ("trace_request.circumstances.persons[0]")? Not: a path that this schema does not know.
bool names_personal(std::string_view path);

}  // namespace focal::record

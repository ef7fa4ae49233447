// The messages of the API as JSON schemas (openapi.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "node/api/json_tree.h"

namespace google::protobuf {
class Descriptor;
class FieldDescriptor;
}  // namespace google::protobuf

namespace focal::api {

// The form of a problem, whatever went wrong.
const google::protobuf::Descriptor* problem_message();

// Of a field that is no message: text, number, truth, or an array of them.
JsonTree plain_schema(const google::protobuf::FieldDescriptor& field);

class Schemas {
 public:
  // With every message that it can hold.
  void asked(const google::protobuf::Descriptor& message);
  void answered(const google::protobuf::Descriptor& message);
  // required: it has to stand.
  void asks_secret(const google::protobuf::Descriptor& message, std::string_view field,
                   bool required);
  void answers_secret(const google::protobuf::Descriptor& message, std::string_view field);

  std::string name_in_request(const google::protobuf::Descriptor& message) const;
  std::string name_in_answer(const google::protobuf::Descriptor& message) const;
  // By name, sorted.
  JsonTree all() const;

 private:
  using Messages = std::map<std::string, const google::protobuf::Descriptor*>;
  JsonTree schema_of(const google::protobuf::Descriptor& message, bool in_request) const;
  JsonTree field_schema(const google::protobuf::FieldDescriptor& field, bool in_request) const;

  Messages asked_, answered_;  // by full name
  std::set<std::string> write_only_, required_, read_only_;  // full names of fields
};

}  // namespace focal::api

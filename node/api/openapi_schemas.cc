#include "node/api/openapi_schemas.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>

#include "base/check.h"
#include "proto/api.pb.h"
#include "proto/comments.h"

namespace focal::api {
namespace {

namespace pb = google::protobuf;
using Field = pb::FieldDescriptor;

constexpr std::int64_t kMostUint32 = 0xffffffff;

bool is_struct(const pb::Descriptor& message) {
  return message.full_name() == pb::Struct::descriptor()->full_name();
}

// As a component is called: without the package.
std::string short_name(const pb::Descriptor& message) {
  const std::string& package = message.file()->package();
  return message.full_name().substr(package.empty() ? 0 : package.size() + 1);
}

template <typename Messages>
void collect(const pb::Descriptor& message, Messages& out) {
  if (is_struct(message) || !out.emplace(message.full_name(), &message).second) return;
  for (int i = 0; i < message.field_count(); ++i)
    if (message.field(i)->cpp_type() == Field::CPPTYPE_MESSAGE)
      collect(*message.field(i)->message_type(), out);
}

JsonTree scalar(const Field& field) {
  JsonTree out = JsonTree::object();
  switch (field.cpp_type()) {
    case Field::CPPTYPE_STRING:
      out.put("type", "string");
      if (field.type() == Field::TYPE_BYTES) out.put("contentEncoding", "base64");
      return out;
    case Field::CPPTYPE_BOOL: return out.put("type", "boolean");
    case Field::CPPTYPE_UINT32:
      return out.put("type", "integer")
          .put("minimum", JsonTree::number(0))
          .put("maximum", JsonTree::number(kMostUint32));
    case Field::CPPTYPE_INT32: return out.put("type", "integer").put("format", "int32");
    case Field::CPPTYPE_UINT64: return out.put("type", "string").put("pattern", "^[0-9]{1,20}$");
    case Field::CPPTYPE_INT64: return out.put("type", "string").put("pattern", "^-?[0-9]{1,19}$");
    case Field::CPPTYPE_DOUBLE: return out.put("type", "number");
    default: break;
  }
  FOCAL_CHECK(false);  // the messages of the API hold nothing else; give it its form here
  return out;
}

}  // namespace

const pb::Descriptor* problem_message() { return v1::Problem::descriptor(); }

JsonTree plain_schema(const Field& field) {
  if (!field.is_repeated()) return scalar(field);
  return JsonTree::object().put("type", "array").put("items", scalar(field));
}

void Schemas::asked(const pb::Descriptor& message) { collect(message, asked_); }
void Schemas::answered(const pb::Descriptor& message) { collect(message, answered_); }

void Schemas::asks_secret(const pb::Descriptor& message, std::string_view field, bool required) {
  const Field* found = message.FindFieldByName(std::string(field));
  FOCAL_CHECK(found != nullptr);
  write_only_.insert(found->full_name());
  if (required) required_.insert(found->full_name());
}

void Schemas::answers_secret(const pb::Descriptor& message, std::string_view field) {
  const Field* found = message.FindFieldByName(std::string(field));
  FOCAL_CHECK(found != nullptr);
  read_only_.insert(found->full_name());
}

std::string Schemas::name_in_answer(const pb::Descriptor& message) const {
  return short_name(message);
}

std::string Schemas::name_in_request(const pb::Descriptor& message) const {
  return short_name(message) + (answered_.count(message.full_name()) == 0 ? "" : "Input");
}

JsonTree Schemas::field_schema(const Field& field, bool in_request) const {
  JsonTree one = JsonTree::object();
  if (field.cpp_type() != Field::CPPTYPE_MESSAGE) {
    one = scalar(field);
  } else if (const pb::Descriptor& message = *field.message_type(); is_struct(message)) {
    one.put("type", "object");
  } else {
    one.put("$ref", "#/components/schemas/" + (in_request ? name_in_request(message)
                                                          : name_in_answer(message)));
  }
  JsonTree out = JsonTree::object();
  if (field.is_repeated()) out.put("type", "array").put("items", std::move(one));
  else out = std::move(one);
  if (const std::string words = proto::comment_of(field); !words.empty())
    out.put("description", words);
  if (in_request && write_only_.count(field.full_name()) != 0)
    out.put("format", "password").put("writeOnly", JsonTree::truth(true));
  if (!in_request && read_only_.count(field.full_name()) != 0)
    out.put("format", "password").put("readOnly", JsonTree::truth(true));
  return out;
}

JsonTree Schemas::schema_of(const pb::Descriptor& message, bool in_request) const {
  JsonTree out = JsonTree::object().put("type", "object");
  if (const std::string words = proto::comment_of(message); !words.empty())
    out.put("description", words);
  JsonTree fields = JsonTree::object();
  JsonTree needed = JsonTree::array();
  for (int i = 0; i < message.field_count(); ++i) {
    const Field& field = *message.field(i);
    fields.put(field.name(), field_schema(field, in_request));
    if (in_request ? required_.count(field.full_name()) != 0 : !field.has_presence()) needed.add(JsonTree::text(field.name()));
  }
  out.put("properties", std::move(fields));
  if (!needed.empty()) out.put("required", std::move(needed));
  if (in_request) out.put("additionalProperties", JsonTree::truth(false));
  return out;
}

JsonTree Schemas::all() const {
  std::map<std::string, JsonTree> by_name;
  const auto add = [&](std::string name, JsonTree schema) {
    FOCAL_CHECK(by_name.emplace(std::move(name), std::move(schema)).second);
  };
  for (const auto& [full, message] : answered_)
    add(name_in_answer(*message), schema_of(*message, false));
  for (const auto& [full, message] : asked_)
    add(name_in_request(*message), schema_of(*message, true));
  JsonTree out = JsonTree::object();
  for (auto& [name, schema] : by_name) out.put(name, std::move(schema));
  return out;
}

}  // namespace focal::api

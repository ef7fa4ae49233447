// Does a JSON value have the form that a schema of an OpenAPI document describes? Of JSON Schema as
// much as node/api/openapi.h uses: $ref into components, type, properties, required, items,
// minimum, maximum, pattern. A property that the schema does not name is one too many, in answers
// too: what is answered is described.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <cmath>
#include <regex>
#include <string>
#include <vector>

namespace focal::test {

class JsonSchema {
 public:
  using Struct = google::protobuf::Struct;
  using Value = google::protobuf::Value;

  explicit JsonSchema(const Struct& document) : document_(document) {}

  // Sentences; empty: it has that form.
  std::vector<std::string> faults(const Struct& schema, const Value& value) const {
    std::vector<std::string> out;
    look(schema, value, "", out);
    return out;
  }
  std::vector<std::string> faults(const Struct& schema, const Struct& value) const {
    Value whole;
    *whole.mutable_struct_value() = value;
    return faults(schema, whole);
  }
  // Follows a $ref, if there is one.
  const Struct& resolve(const Struct& schema) const {
    const std::string ref = text(schema, "$ref");
    if (ref.empty()) return schema;
    const Struct* at = &document_;
    for (std::size_t begin = 2; begin <= ref.size();) {  // after "#/"
      const auto end = std::min(ref.find('/', begin), ref.size());
      at = &member(*at, ref.substr(begin, end - begin));
      begin = end + 1;
    }
    return *at;
  }
  static const Struct& member(const Struct& in, const std::string& name) {
    static const Struct kNone;
    const auto found = in.fields().find(name);
    return found == in.fields().end() ? kNone : found->second.struct_value();
  }
  static std::string text(const Struct& in, const std::string& name) {
    const auto found = in.fields().find(name);
    return found == in.fields().end() ? std::string() : found->second.string_value();
  }

 private:
  static bool is_type(const std::string& type, const Value& value) {
    if (type == "object") return value.has_struct_value();
    if (type == "array") return value.has_list_value();
    if (type == "string") return value.has_string_value();
    if (type == "boolean") return value.has_bool_value();
    if (type == "number") return value.has_number_value();
    if (type == "integer")
      return value.has_number_value() && std::floor(value.number_value()) == value.number_value();
    return false;
  }
  static void bounds(const Struct& schema, const Value& value, const std::string& path,
                     std::vector<std::string>& out) {
    const auto least = schema.fields().find("minimum");
    const auto most = schema.fields().find("maximum");
    if (least != schema.fields().end() && value.number_value() < least->second.number_value())
      out.push_back(path + " is too small");
    if (most != schema.fields().end() && value.number_value() > most->second.number_value())
      out.push_back(path + " is too large");
    const std::string pattern = text(schema, "pattern");
    if (!pattern.empty() && !std::regex_search(value.string_value(), std::regex(pattern)))
      out.push_back(path + " does not match " + pattern);
  }
  void look(const Struct& unresolved, const Value& value, const std::string& path,
            std::vector<std::string>& out) const {
    const Struct& schema = resolve(unresolved);
    const std::string type = text(schema, "type");
    if (!is_type(type, value)) {
      out.push_back(path + " is not of type " + (type.empty() ? "(none is said)" : type));
      return;
    }
    bounds(schema, value, path, out);
    if (type == "array")
      for (int i = 0; i < value.list_value().values_size(); ++i)
        look(member(schema, "items"), value.list_value().values(i),
             path + "[" + std::to_string(i) + "]", out);
    const auto properties = schema.fields().find("properties");
    if (type != "object" || properties == schema.fields().end()) return;
    const auto& known = properties->second.struct_value().fields();
    for (const auto& [name, inside] : value.struct_value().fields()) {
      const auto found = known.find(name);
      if (found == known.end()) out.push_back(path + "." + name + " is not described");
      else look(found->second.struct_value(), inside, path + "." + name, out);
    }
    const auto needed = schema.fields().find("required");
    if (needed == schema.fields().end()) return;
    for (const auto& name : needed->second.list_value().values())
      if (value.struct_value().fields().count(name.string_value()) == 0)
        out.push_back(path + "." + name.string_value() + " is missing");
  }

  const Struct& document_;
};

}  // namespace focal::test

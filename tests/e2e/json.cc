#include "tests/e2e/json.h"

#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <cmath>

#include "proto/json.h"

namespace focal::e2e {
namespace {

using google::protobuf::Value;

struct Flat {
  std::map<std::string, std::string>& values;
  std::map<std::string, std::size_t>& sizes;

  void add(const google::protobuf::Struct& fields, const std::string& path) {
    for (const auto& [name, value] : fields.fields())
      add(value, path.empty() ? name : path + "." + name);
  }
  void add(const Value& value, const std::string& path) {
    switch (value.kind_case()) {
      case Value::kStringValue: values[path] = value.string_value(); return;
      case Value::kBoolValue: values[path] = value.bool_value() ? "true" : "false"; return;
      case Value::kNumberValue: values[path] = number(value.number_value()); return;
      case Value::kStructValue: values[path] = "{}"; add(value.struct_value(), path); return;
      case Value::kListValue: {
        std::size_t n = 0;
        for (const Value& entry : value.list_value().values())
          add(entry, path + "[" + std::to_string(n++) + "]");
        sizes[path] = n;
        return;
      }
      default: values[path] = "null";
    }
  }
  static std::string number(double value) {
    if (value == std::floor(value) && std::fabs(value) < 1e15)
      return std::to_string(static_cast<long long>(value));
    return std::to_string(value);
  }
};

}  // namespace

Json::Json(const std::string& text) {
  google::protobuf::Struct parsed;
  ok_ = json::read(text, parsed).has_value();
  if (ok_) Flat{values_, sizes_}.add(parsed, "");
}

std::string Json::operator[](const std::string& path) const {
  const auto it = values_.find(path);
  EXPECT_TRUE(it != values_.end()) << "no " << path << " in the answer";
  return it == values_.end() ? "" : it->second;
}

bool Json::is(const std::string& path, const std::string& value) const {
  const auto it = values_.find(path);
  return it != values_.end() && it->second == value;
}

std::size_t Json::size(const std::string& path) const {
  const auto it = sizes_.find(path);
  EXPECT_TRUE(it != sizes_.end()) << "no list " << path << " in the answer";
  return it == sizes_.end() ? 0 : it->second;
}

}  // namespace focal::e2e

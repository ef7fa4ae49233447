// A JSON value that is put together by hand and printed for people: members keep the order in
// which they were put, and what fits stands on one line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace focal::api {

class JsonTree {
 public:
  static JsonTree object() { return JsonTree(Kind::kObject, {}); }
  static JsonTree array() { return JsonTree(Kind::kArray, {}); }
  static JsonTree text(std::string_view value);  // UTF-8
  static JsonTree number(std::int64_t value);
  static JsonTree truth(bool value);
  static JsonTree texts(const std::vector<std::string>& values);  // an array of them

  JsonTree& put(std::string_view name, JsonTree value);  // of an object; a name stands once
  JsonTree& put(std::string_view name, std::string_view value) { return put(name, text(value)); }
  JsonTree& put(std::string_view name, const char* value) { return put(name, text(value)); }
  JsonTree& add(JsonTree value);                         // of an array
  bool empty() const { return members_.empty(); }

  // Ends with a line feed. Lines are at most kJsonColumns bytes where they can be broken.
  std::string print() const;

 private:
  enum class Kind : std::uint8_t { kScalar, kObject, kArray };
  JsonTree(Kind kind, std::string scalar) : kind_(kind), scalar_(std::move(scalar)) {}
  std::string line() const;
  void print_at(std::size_t depth, std::size_t used, std::string& out) const;

  Kind kind_;
  std::string scalar_;  // as JSON
  std::vector<std::pair<std::string, JsonTree>> members_;
};

inline constexpr std::size_t kJsonColumns = 100;

}  // namespace focal::api

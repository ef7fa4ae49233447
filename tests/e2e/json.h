// JSON as a test reads it: every value by its path, "trace.items[0].serial".
#pragma once

#include <map>
#include <string>

namespace focal::e2e {

class Json {
 public:
  Json() = default;
  // Strict (proto/json.h); a text that is no JSON object gives ok() == false and no values.
  explicit Json(const std::string& text);

  bool ok() const { return ok_; }
  bool has(const std::string& path) const { return values_.count(path) != 0; }
  // Text, or a number or boolean as text. A path that is not there is a test failure and "".
  std::string operator[](const std::string& path) const;
  bool is(const std::string& path, const std::string& value) const;  // false if not there
  // Entries of an array; a path that is not there or no array is a test failure and 0.
  std::size_t size(const std::string& path) const;

 private:
  bool ok_ = false;
  std::map<std::string, std::string> values_;
  std::map<std::string, std::size_t> sizes_;
};

}  // namespace focal::e2e

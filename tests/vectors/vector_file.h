// Reads the vector files of this folder (form: README.md). Aborts on a bad file.
#pragma once

#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"
#include "tests/support/paths.h"

namespace focal::test {

class Vector {
 public:
  void set(std::string name, std::string value) {
    FOCAL_CHECK(values_.emplace(std::move(name), std::move(value)).second);
  }
  bool empty() const { return values_.empty(); }
  bool has(const std::string& name) const { return values_.count(name) != 0; }
  const std::string& text(const std::string& name) const { return values_.at(name); }
  Bytes bytes(const std::string& name) const {
    if (text(name) == "-") return {};
    const auto out = unhex(text(name));
    FOCAL_CHECK(out.has_value());
    return *out;
  }

 private:
  std::map<std::string, std::string> values_;
};

// file is relative to tests/vectors.
inline std::vector<Vector> read_vectors(const std::string& file) {
  std::ifstream in(in_tree("tests/vectors/" + file));
  FOCAL_CHECK(in.good());
  std::vector<Vector> out(1);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("#")) continue;
    if (line.empty()) {
      if (!out.back().empty()) out.emplace_back();
      continue;
    }
    const std::size_t space = line.find(' ');
    FOCAL_CHECK(space != std::string::npos);
    out.back().set(line.substr(0, space), line.substr(space + 1));
  }
  if (out.back().empty()) out.pop_back();
  FOCAL_CHECK(!out.empty());
  return out;
}

}  // namespace focal::test

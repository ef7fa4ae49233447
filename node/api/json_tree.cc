#include "node/api/json_tree.h"

#include <algorithm>

#include "base/check.h"

namespace focal::api {
namespace {

std::string json_text(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out("\"");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') out += '\\';
    if (byte >= 0x20) out += c;
    else out.append("\\u00").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  return out += '"';
}

}  // namespace

JsonTree JsonTree::text(std::string_view value) { return {Kind::kScalar, json_text(value)}; }
JsonTree JsonTree::number(std::int64_t value) { return {Kind::kScalar, std::to_string(value)}; }
JsonTree JsonTree::truth(bool value) { return {Kind::kScalar, value ? "true" : "false"}; }

JsonTree JsonTree::texts(const std::vector<std::string>& values) {
  JsonTree out = array();
  for (const std::string& value : values) out.add(text(value));
  return out;
}

JsonTree& JsonTree::put(std::string_view name, JsonTree value) {
  FOCAL_CHECK(kind_ == Kind::kObject);
  for (const auto& member : members_) FOCAL_CHECK(member.first != name);
  members_.emplace_back(name, std::move(value));
  return *this;
}

JsonTree& JsonTree::add(JsonTree value) {
  FOCAL_CHECK(kind_ == Kind::kArray);
  members_.emplace_back(std::string(), std::move(value));
  return *this;
}

std::string JsonTree::line() const {
  if (kind_ == Kind::kScalar) return scalar_;
  std::string out;
  for (const auto& [name, value] : members_) {
    if (!out.empty()) out += ", ";
    if (kind_ == Kind::kObject) out.append(json_text(name)).append(": ");
    out += value.line();
  }
  return kind_ == Kind::kObject ? "{" + out + "}" : "[" + out + "]";
}

void JsonTree::print_at(std::size_t depth, std::size_t used, std::string& out) const {
  std::string whole = line();
  // One more for the comma behind it.
  if (members_.empty() || used + whole.size() + 1 <= kJsonColumns) {
    out += whole;
    return;
  }
  const std::string indent(depth + 1, ' ');
  out += kind_ == Kind::kObject ? "{" : "[";
  for (std::size_t i = 0; i < members_.size(); ++i) {
    std::string before = indent;
    if (kind_ == Kind::kObject) before.append(json_text(members_[i].first)).append(": ");
    out.append(i == 0 ? "\n" : ",\n").append(before);
    members_[i].second.print_at(depth + 1, before.size(), out);
  }
  out.append("\n").append(depth, ' ').append(kind_ == Kind::kObject ? "}" : "]");
}

std::string JsonTree::print() const {
  std::string out;
  print_at(0, 0, out);
  return out += '\n';
}

}  // namespace focal::api

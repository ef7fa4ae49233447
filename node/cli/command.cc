#include "node/cli/command.h"

#include <charconv>

namespace focal::cli {

void Values::set(const std::string& name, std::vector<std::string> values) {
  values_[name] = std::move(values);
}

bool Values::has(std::string_view name) const { return values_.find(name) != values_.end(); }

std::string Values::text(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() || it->second.empty() ? std::string() : it->second.front();
}

std::vector<std::string> Values::list(std::string_view name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

std::uint32_t Values::number(std::string_view name, std::uint32_t otherwise) const {
  const std::string value = text(name);
  std::uint32_t out = otherwise;
  std::from_chars(value.data(), value.data() + value.size(), out);
  return out;
}

}  // namespace focal::cli

#include "config/reader.h"

namespace focal::config {

Result<const toml::table*> sub_table(const Reader& in, const toml::table& table,
                                     std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return static_cast<const toml::table*>(nullptr);
  if (!node->is_table())
    return in.error(*node, "\"" + std::string(key) + "\" is not a table",
                    "write it as a section of its own, as in the example file");
  return node->as_table();
}

Status read_count(const Reader& in, const toml::table& table, std::string_view key,
                  std::uint32_t least, std::uint32_t most, std::uint32_t& out) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  const std::string hint =
      "a whole number, " + std::to_string(least) + " to " + std::to_string(most);
  if (!node->is_integer())
    return in.error(*node, "\"" + std::string(key) + "\" is not a whole number", hint);
  const std::int64_t value = node->as_integer()->get();
  if (value < least || value > most)
    return in.error(*node, "\"" + std::string(key) + "\" is out of range", hint);
  out = static_cast<std::uint32_t>(value);
  return {};
}

}  // namespace focal::config

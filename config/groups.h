// Groups of the system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace focal::config {

// By its number, which need not be in the group database, or its name. Nothing: no such group.
std::optional<std::uint32_t> group_number(const std::string& text);

}  // namespace focal::config

// Ids of errors and questions that people read to each other over the telephone and find in logs.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace focal {

inline constexpr std::size_t kErrorIdSize = 8;

// Eight of ABCDEFGHJKLMNPQRSTUVWXYZ23456789 (no 0 and O, no 1 and I), of as many random bytes.
std::string error_id(const std::array<std::uint8_t, kErrorIdSize>& random);
bool is_error_id(std::string_view text);

}  // namespace focal

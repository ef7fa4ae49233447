// Time as a value. Only node/node and programs' main() read the real clocks;
// everything below is handed a Now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace focal {

struct Now {
  std::uint64_t mono_ms = 0;  // monotonic, arbitrary origin
  std::uint64_t wall_ms = 0;  // Unix time, UTC
};

Now read_clocks();

inline constexpr std::uint64_t kSecondMs = 1000;
inline constexpr std::uint64_t kMinuteMs = 60 * kSecondMs;
inline constexpr std::uint64_t kHourMs = 60 * kMinuteMs;
inline constexpr std::uint64_t kDayMs = 24 * kHourMs;

std::string format_utc(std::uint64_t unix_ms);                 // 2026-11-23T10:00:00Z
std::optional<std::uint64_t> parse_utc(std::string_view text); // that form only; to ms
std::string format_date(std::uint64_t unix_ms);                // 2026-11-23
std::optional<std::uint64_t> parse_date(std::string_view text);// midnight UTC of that day, ms
// Midnight UTC of the Monday on or before the instant.
std::uint64_t monday_of(std::uint64_t unix_ms);

}  // namespace focal

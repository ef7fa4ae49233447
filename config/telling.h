// What the node tells other programs of the same office: numbers for a monitoring system, a
// program that is started when something waits for a person, a folder with one file a record
// (docs/operations.md, "Watching a node", "The notify program", "The export folder"). All of it is
// off unless it is configured. Values only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace focal::config {

inline constexpr std::uint32_t kLeastNotifySeconds = 60;
inline constexpr std::uint32_t kMostNotifySeconds = 86'400;

// A loopback address, as a number: nothing else is ever listened on.
struct LoopbackAddress {
  std::string host;  // "127.0.0.1", "::1"
  std::uint16_t port = 0;
  bool operator==(const LoopbackAddress&) const = default;
};
// "127.0.0.1:9117" (any of 127.0.0.0/8) or "[::1]:9117", ports 1 to 65535; nothing else.
std::optional<LoopbackAddress> parse_loopback(std::string_view text);

// At most one of socket and listen; neither: no metrics.
struct MetricsSettings {
  std::optional<std::filesystem::path> socket;
  std::optional<std::uint32_t> group;          // may connect to the socket; nothing: its owner alone
  std::optional<LoopbackAddress> listen;
  std::filesystem::path token_file;            // with listen: what a caller has to know
  bool parties = false;                        // name them in labels
  bool is_on() const { return socket.has_value() || listen.has_value(); }
};

struct NotifySettings {
  std::optional<std::filesystem::path> program;  // nothing: nobody is told
  std::uint32_t every_s = kLeastNotifySeconds;   // between two starts, at least
};

struct ExportSettings {
  std::optional<std::filesystem::path> folder;   // nothing: nothing is written
  bool content = false;                          // the record too
};

}  // namespace focal::config

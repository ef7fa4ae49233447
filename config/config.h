// The node's configuration: one TOML file, read once at start. Strict: an unknown
// key, a wrong type or a value out of range is an error that names file, line and
// column and says what is allowed. Holds no secret. Example: config/examples/focal.toml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/log.h"
#include "base/result.h"

namespace focal::config {

inline constexpr std::size_t kMaxConfigSize = 64 * 1024;
inline constexpr std::size_t kMaxEndpoints = 4;     // lines of a sealing schedule
inline constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un::sun_path
inline constexpr std::uint64_t kMaxDueMs = 365 * kDayMs;

enum class Priority { kRoutine, kUrgent, kFlash };

// How long the other side has, from the moment a request is sent.
struct Due {
  std::uint64_t ack_within_ms = 0;
  std::uint64_t answer_within_ms = 0;  // not below ack_within_ms
};
using DueTimes = std::map<Priority, Due>;  // always has all three
DueTimes default_due_times();

// How focal-gate dials and admits (docs/operations.md, "Configuration").
struct GateTuning {
  std::uint32_t backoff_base_ms = 1000;      // first wait after a failed dial; doubles
  std::uint32_t backoff_cap_ms = 600'000;    // longest wait
  std::uint32_t handshakes_per_minute = 10;  // per peer key; more are put off
};

struct NodeConfig {
  std::string party;             // [A-Z][A-Z0-9-]{1,11}
  std::filesystem::path folder;  // keystore and ledger; exists
  std::string listen = "tcp://127.0.0.1:7117";
  std::vector<std::string> endpoints;  // what peers dial; empty if and only if reach is "dialout"
  std::string reach = "direct";        // "direct" or "dialout"
  std::filesystem::path api_socket;    // <folder>/api.sock
  log::Level log_level = log::Level::kInfo;
  std::filesystem::path gate_program;  // focal-gate beside the running program
  DueTimes due = default_due_times();
  GateTuning gate;
};

// Paths in the file are relative to the file's folder; all results are absolute.
// ErrorCode::kConfig; Error::path is the file.
Result<NodeConfig> load_config(const std::filesystem::path& file);

// The same for a text at hand; file gives the name in errors and the base of paths.
Result<NodeConfig> parse_config(std::string_view text, const std::filesystem::path& file);

// What "listen" may hold: an endpoint (base/endpoint.h), or every interface: *, 0.0.0.0
// or [::] in place of the host.
bool is_listen_address(std::string_view text);

}  // namespace focal::config

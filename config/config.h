// The node's configuration: one TOML file, read once at start. Strict: an unknown
// key, a wrong type or a value out of range is an error that names file, line and
// column and says what is allowed. Holds no secret. Example: config/examples/focal.toml.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/log.h"
#include "base/result.h"

namespace focal::config {

inline constexpr std::size_t kMaxConfigSize = 64 * 1024;
inline constexpr std::size_t kMaxEndpoints = 4;     // lines of a sealing schedule
inline constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un::sun_path
inline constexpr std::size_t kMaxCalendars = 300;   // parties with a calendar of their own

enum class Priority { kRoutine, kUrgent, kFlash };

// How long acknowledging and answering should take. Wishes of this node, not law.
struct Terms {
  Term acknowledge;
  Term answer;
};
struct Clocks {
  std::map<Priority, Terms> terms;      // always has all three
  std::uint32_t remind_percent = 50;    // of the time is gone: the first reminder
  std::uint32_t remind_again_days = 7;  // after the time is over
  std::uint32_t escalate_percent = 150;
};
Clocks default_clocks();

// What the configuration says of a party's calendar.
struct CalendarSettings {
  std::optional<Week> week;  // nothing: as the program knows it
  std::vector<Holiday> holidays;
  std::optional<int> utc_offset_min;
};

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
  Clocks clocks = default_clocks();
  std::map<std::string, CalendarSettings> calendars;  // by party
  GateTuning gate;
  std::uint32_t min_suite = 1;  // nothing is sealed to a party in a lower HPKE suite
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

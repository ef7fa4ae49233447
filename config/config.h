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
inline constexpr std::size_t kMaxEndpoints = 4;          // lines of a sealing schedule
inline constexpr std::size_t kMaxTrustRules = 64;
inline constexpr std::size_t kMaxSocketPath = 107;       // sockaddr_un::sun_path
inline constexpr std::uint64_t kMaxDueMs = 365 * kDayMs;

enum class Priority { kRoutine, kUrgent, kFlash };

// How long the other side has, from the moment a request is sent.
struct Due {
  std::uint64_t ack_within_ms = 0;
  std::uint64_t answer_within_ms = 0;  // not below ack_within_ms
};
using DueTimes = std::map<Priority, Due>;  // always has all three
DueTimes default_due_times();

// The least trust level of a peer for a kind of record to pass. There is no
// kNone: without an introduction nothing but notes passes.
enum class TrustLevel { kIntroduced, kVerified };

// Pattern -> level. A pattern is a kind ("peer.ping"), a prefix ("peer.*") or "*".
class TrustPolicy {
 public:
  // "*" verified; "peer.*" and "recovery.*" introduced (docs/protocol.md, "First contact").
  TrustPolicy();
  // The longest matching pattern decides; a kind matches "a.*" only below "a.".
  TrustLevel level_for(std::string_view kind) const;
  void set(std::string pattern, TrustLevel level) { rules_[std::move(pattern)] = level; }
  const std::map<std::string, TrustLevel, std::less<>>& rules() const { return rules_; }

 private:
  std::map<std::string, TrustLevel, std::less<>> rules_;
};

struct NodeConfig {
  std::string party;                   // [A-Z][A-Z0-9-]{1,11}
  std::filesystem::path folder;        // keystore and ledger; exists
  std::string listen = "tcp://127.0.0.1:7117";
  std::vector<std::string> endpoints;  // what peers dial; empty if and only if reach is "dialout"
  std::string reach = "direct";        // "direct" or "dialout"
  std::filesystem::path api_socket;    // <folder>/focald.sock
  log::Level log_level = log::Level::kInfo;
  std::filesystem::path gate_program;  // focal-gate beside the running program
  DueTimes due = default_due_times();
  TrustPolicy trust;
};

// Paths in the file are relative to the file's folder; all results are absolute.
// ErrorCode::kConfig; Error::path is the file.
Result<NodeConfig> load_config(const std::filesystem::path& file);

// The same for a text at hand; file gives the name in errors and the base of paths.
Result<NodeConfig> parse_config(std::string_view text, const std::filesystem::path& file);

// tcp://HOST:PORT with HOST an IPv4 address, [IPv6 address], a host name or,
// where wildcard is allowed, "*"; PORT 1 to 65535 without leading zeros.
bool is_endpoint(std::string_view text, bool wildcard_allowed);

}  // namespace focal::config

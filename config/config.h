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
#include "config/retention.h"
#include "config/telling.h"

namespace focal::config {

inline constexpr std::size_t kMaxConfigSize = 64 * 1024;
inline constexpr std::size_t kMaxEndpoints = 4;     // lines of a sealing schedule
inline constexpr std::size_t kMaxSocketPath = 107;  // sockaddr_un::sun_path
inline constexpr std::size_t kMaxCalendars = 300;   // parties with a calendar of their own
inline constexpr std::size_t kMaxIntroducers = 16;
inline constexpr std::size_t kMaxTrustRules = 200;
inline constexpr std::size_t kMaxPeerSettings = 300;

inline constexpr std::size_t kMaxPath = 1024;       // of a file or folder that the file names
inline constexpr char kAnchorFile[] = "anchor.note";

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
// As far as it can be said without a calendar; what remains is fitted when a request is made.
bool is_longer(const Term& a, const Term& b);

// What the configuration says of a party's calendar.
struct CalendarSettings {
  std::optional<Week> week;  // nothing: as the program knows it
  std::vector<Holiday> holidays;
  std::optional<int> utc_offset_min;
};

// Who may introduce parties we have not met, and how many of them have to agree.
struct Introduce {
  std::uint32_t needed = 0;          // 0: nobody introduces
  std::vector<std::string> parties;  // each once; at least `needed`
};
// "2 of UNODA, OSCE"; nothing if it is no such thing: a number from 1 to that of the parties,
// "of", 1 to 16 different party codes between commas.
std::optional<Introduce> parse_introduce(std::string_view text);

// A line of [trust]: the level that a kind, or all kinds of a family ("alert.*"), need here.
// Whether there is such a kind, and whether the rule raises what its schema asks for, is judged
// where the schema is known; `where` ("focal.toml:12:1") is for its error.
struct TrustRule {
  std::string kinds;
  bool verified = false;  // else introduced
  std::string where;
};

// What this node knows of the way to a party.
struct PeerSettings {
  std::uint32_t courier_days = 35;  // a bag may be under way so long; for bags, which come later
};

// How focal-gate dials and admits (docs/operations.md, "Configuration").
struct GateTuning {
  std::uint32_t backoff_base_ms = 1000;      // first wait after a failed dial; doubles
  std::uint32_t backoff_cap_ms = 600'000;    // longest wait
  std::uint32_t handshakes_per_minute = 10;  // per peer key; more are put off
};

// Which acts a second officer of this node has to release, and which records of others are taken
// only if one of theirs did (docs/operations.md, "Release by a second officer"). Beside these
// rules the name of a kind ("alert.denial") or of a family ("alert.*") is one.
inline constexpr std::string_view kReleaseRules[] = {
    "personal_data",      // a request whose label says that it holds personal data
    "national_security",  // a refusal, restriction or delay on that ground
    "peer.key_change",    // another card of a party that is known, added by hand
    "record.erase",       // a person has records destroyed
    "all",                // every record of a case
    "trace.open",    "trace.ack",   "trace.ask",     "trace.supply", "trace.delay",
    "trace.interim", "trace.answer", "trace.refuse", "trace.clarify", "trace.reply",
    "trace.correct", "trace.withdraw", "trace.close", "trace.reopen"};
inline constexpr std::size_t kMaxReleaseRules = 64;
bool is_release_rule(std::string_view text);
bool is_kinds_name(std::string_view text);  // by its form: "trace.refusal", "trace.*"
struct ReleasePolicy {
  std::vector<std::string> require{"personal_data", "national_security", "peer.key_change",
                                    "record.erase"};
  std::vector<std::string> of_peers{};  // kinds and families
  std::string where{};                  // of the section: file, line, column; empty: there is none
};

// Copies of the ledger that the node makes by itself (docs/operations.md, "Backup").
struct BackupSettings {
  std::optional<std::filesystem::path> folder;  // nothing: none are made
  std::uint32_t keep = 14;                      // so many stay
  std::uint32_t at_minute = 120;                // of the UTC day, at which one is made
};
// "02:30", 00:00 to 23:59: the minute of the day.
std::optional<std::uint32_t> parse_time_of_day(std::string_view text);

struct ConsoleSettings {
  bool enabled = true;
  std::uint32_t port = 0;        // of 127.0.0.1; 0: one that is free at each start
  std::uint32_t idle_minutes = 15;    // a session ends after so long without its person
  std::uint32_t confirm_minutes = 5;  // so long after showing who one is, acts do not ask again
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
  Introduce introduce;
  std::vector<TrustRule> trust;  // each text once
  std::map<std::string, PeerSettings> peers;          // by party, where set
  ReleasePolicy release;
  std::optional<std::uint32_t> api_group;  // may connect to the socket; nothing: its owner alone
  std::filesystem::path anchor;  // of the ledger, node/node/anchor.h; <folder>/anchor.note
  BackupSettings backup;
  Retention retention;
  ConsoleSettings console;
  MetricsSettings metrics;
  NotifySettings notify;
  ExportSettings exports;
  bool tell_opened = true;       // senders are told when an officer has opened their record
  bool answer_doctor = true;     // parties that ask are told what this node sees of their link
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

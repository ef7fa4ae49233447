#include "config/config.h"

#include <unistd.h>

#include <algorithm>
#include <optional>
#include <system_error>

#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/names.h"
#include "config/file.h"
#include "config/groups.h"
#include "config/reader.h"

namespace focal::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTopKeys[] = {
    "party",        "folder",    "listen",    "endpoints", "reach",     "api_socket", "log_level",
    "gate_program", "clocks",    "calendar",  "gate",      "introduce", "trust",      "peer",
    "release",      "api_group", "min_suite", "ledger",    "backup",    "retention",
    "desk",         "doctor",    "console",   "metrics",   "notify",    "export"};

Status read_party(const Reader& in, const toml::table& top, NodeConfig& out) {
  constexpr const char* kHint =
      "2 to 12 of A-Z, 0-9 and -, a letter first: party = \"XA\" (ISO 3166-1 code of the State)";
  FOCAL_ASSIGN(const auto party, in.text(top, "party"));
  if (!party) return in.error(top, "\"party\" is missing", kHint);
  if (!is_party(*party)) return in.error(*top.get("party"), "this is not a party code", kHint);
  out.party = *party;
  return {};
}

Status read_endpoints(const Reader& in, const toml::table& top, NodeConfig& out) {
  constexpr const char* kHint =
      "an array of at most 4 of \"tcp://HOST:PORT\" that peers can dial, in lower case";
  const auto read = [](const std::string& text) {
    return is_endpoint(text) ? std::optional(text) : std::nullopt;
  };
  return in.list(top, "endpoints", "an endpoint", kMaxEndpoints, kHint, read, out.endpoints);
}

Status read_network(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const auto listen, in.text(top, "listen"));
  if (listen && !is_listen_address(*listen))
    return in.error(*top.get("listen"), "this is not an address to listen on",
                    "\"tcp://HOST:PORT\" in lower case, HOST may be *; the port is 1 to 65535");
  if (listen) out.listen = *listen;
  FOCAL_ASSIGN(const auto reach, in.text(top, "reach"));
  if (reach && *reach != "direct" && *reach != "dialout")
    return in.error(*top.get("reach"), "unknown way to be reached",
                    "\"direct\" (peers dial the endpoints) or \"dialout\" (only we dial)");
  if (reach) out.reach = *reach;
  FOCAL_TRY(read_endpoints(in, top, out));
  const bool direct = out.reach == "direct";
  if (!direct && !out.endpoints.empty())
    return in.error(*top.get("endpoints"), "a node that only dials out has no endpoints",
                    "remove the endpoints, or set reach = \"direct\"");
  if (direct && out.endpoints.empty()) {
    // Peers cannot dial a wildcard.
    if (!is_endpoint(out.listen))
      return in.error(*top.get("listen"), "peers need an address to dial",
                      "set endpoints = [\"tcp://HOST:PORT\"], or reach = \"dialout\"");
    out.endpoints.push_back(out.listen);
  }
  return {};
}

Status read_paths(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const auto folder, in.text(top, "folder"));
  out.folder = folder ? in.resolve(*folder) : in.base();
  std::error_code failed;
  if (folder &&
      (!fs::is_directory(out.folder, failed) || ::access(out.folder.c_str(), R_OK | X_OK) != 0))
    return in.error(*top.get("folder"), "no readable folder " + out.folder.string(),
                    "name a folder that exists and that this user may read");

  FOCAL_ASSIGN(const auto socket, in.text(top, "api_socket"));
  out.api_socket = socket ? in.resolve(*socket) : out.folder / "api.sock";
  if (out.api_socket.string().size() > kMaxSocketPath) {
    const toml::node* const node = socket ? top.get("api_socket") : &top;
    return in.error(*node, "the path of the socket is longer than 107 bytes",
                    "set api_socket to a shorter path, such as \"/run/focal/api.sock\"");
  }

  FOCAL_ASSIGN(const auto gate, in.text(top, "gate_program"));
  out.gate_program = gate ? in.resolve(*gate) : program_folder() / "focal-gate";
  if (gate && (!fs::is_regular_file(out.gate_program, failed) ||
               ::access(out.gate_program.c_str(), X_OK) != 0))
    return in.error(*top.get("gate_program"), "no program " + out.gate_program.string(),
                    "name the program focal-gate, or leave the key out");
  return {};
}

Status read_log_level(const Reader& in, const toml::table& top, NodeConfig& out) {
  static constexpr std::pair<std::string_view, log::Level> kLevels[] = {
      {"debug", log::Level::kDebug},
      {"info", log::Level::kInfo},
      {"warn", log::Level::kWarn},
      {"error", log::Level::kError}};
  FOCAL_ASSIGN(const auto level, in.text(top, "log_level"));
  if (!level) return {};
  for (const auto& known : kLevels) {
    if (*level != known.first) continue;
    out.log_level = known.second;
    return {};
  }
  return in.error(*top.get("log_level"), "unknown log level", "debug, info, warn or error");
}

Status read_term(const Reader& in, const toml::table& table, std::string_view key, Term& out) {
  FOCAL_ASSIGN(const auto text, in.text(table, key));
  if (!text) return {};
  const auto term = parse_term(*text);
  if (!term)
    return in.error(
        *table.get(key), "\"" + std::string(key) + "\" is not a time",
        "\"8 hours\", \"30 days\" or \"2 working days\"; at most 8760 hours or 365 days");
  out = *term;
  return {};
}

Status read_clocks(const Reader& in, const toml::table& top, NodeConfig& out) {
  static constexpr std::pair<std::string_view, Priority> kPriorities[] = {
      {"routine", Priority::kRoutine}, {"urgent", Priority::kUrgent}, {"flash", Priority::kFlash}};
  FOCAL_ASSIGN(const toml::table* const clocks, sub_table(in, top, "clocks"));
  if (clocks == nullptr) return {};
  FOCAL_TRY(in.only_keys(*clocks, {"routine", "urgent", "flash", "remind_percent",
                                   "remind_again_days", "escalate_percent"}));
  FOCAL_TRY(read_count(in, *clocks, "remind_percent", 1, 99, out.clocks.remind_percent));
  FOCAL_TRY(read_count(in, *clocks, "remind_again_days", 1, 365, out.clocks.remind_again_days));
  FOCAL_TRY(read_count(in, *clocks, "escalate_percent", 101, 1000, out.clocks.escalate_percent));
  for (const auto& priority : kPriorities) {
    FOCAL_ASSIGN(const toml::table* const table, sub_table(in, *clocks, priority.first));
    if (table == nullptr) continue;
    FOCAL_TRY(in.only_keys(*table, {"acknowledge", "answer"}));
    Terms& terms = out.clocks.terms[priority.second];
    FOCAL_TRY(read_term(in, *table, "acknowledge", terms.acknowledge));
    FOCAL_TRY(read_term(in, *table, "answer", terms.answer));
    if (is_longer(terms.acknowledge, terms.answer))
      return in.error(*table, "the answer would be wanted before the acknowledgement",
                      "give \"answer\" at least the time of \"acknowledge\"");
  }
  return {};
}

Status read_holidays(const Reader& in, const toml::table& table, CalendarSettings& out) {
  constexpr const char* kHint =
      "an array of at most 100 of \"2026-12-25\" (that day) or \"12-25\" (every year), in quotes";
  const auto read = [](const std::string& text) { return parse_holiday(text); };
  return in.list(table, "holidays", "a holiday", kMaxHolidays, kHint, read, out.holidays);
}

Status read_calendar(const Reader& in, const toml::table& table, CalendarSettings& out) {
  FOCAL_TRY(in.only_keys(table, {"week", "holidays", "utc_offset"}));
  FOCAL_ASSIGN(const auto week, in.text(table, "week"));
  if (week && !(out.week = parse_week(*week)))
    return in.error(
        *table.get("week"), "this is not a working week",
        "\"mon-fri\", \"sun-thu\" or \"mon-thu,sat\": mon, tue, wed, thu, fri, sat, sun");
  FOCAL_TRY(read_holidays(in, table, out));
  FOCAL_ASSIGN(const auto offset, in.text(table, "utc_offset"));
  if (offset && !(out.utc_offset_min = parse_utc_offset(*offset)))
    return in.error(*table.get("utc_offset"), "this is not an offset from UTC",
                    "\"+03:00\" or \"-04:30\"; from -12:00 to +14:00");
  return {};
}

Status read_calendars(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const calendars, sub_table(in, top, "calendar"));
  if (calendars == nullptr) return {};
  for (const auto& entry : *calendars) {
    const std::string party(entry.first.str());
    if (!is_party(party))
      return in.error(entry.first.source().begin, "this is not a party code",
                      "a section for each party: [calendar.XB]");
    if (out.calendars.size() == kMaxCalendars)
      return in.error(entry.first.source().begin, "one calendar too many", "at most 300");
    FOCAL_ASSIGN(const toml::table* const table, sub_table(in, *calendars, party));
    FOCAL_TRY(read_calendar(in, *table, out.calendars[party]));
  }
  return {};
}

Status read_gate(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const gate, sub_table(in, top, "gate"));
  if (gate == nullptr) return {};
  FOCAL_TRY(in.only_keys(*gate, {"backoff_base_ms", "backoff_cap_ms", "handshakes_per_minute"}));
  FOCAL_TRY(read_count(in, *gate, "backoff_base_ms", 10, 60'000, out.gate.backoff_base_ms));
  FOCAL_TRY(read_count(in, *gate, "backoff_cap_ms", 10, 3'600'000, out.gate.backoff_cap_ms));
  FOCAL_TRY(
      read_count(in, *gate, "handshakes_per_minute", 1, 6000, out.gate.handshakes_per_minute));
  if (out.gate.backoff_base_ms > out.gate.backoff_cap_ms)
    return in.error(*gate, "the first wait is longer than the longest",
                    "set backoff_cap_ms to at least backoff_base_ms");
  return {};
}

Status read_introduce(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const auto text, in.text(top, "introduce"));
  if (!text) return {};
  const auto introduce = parse_introduce(*text);
  if (!introduce)
    return in.error(*top.get("introduce"), "this does not say who may introduce others",
                    "introduce = \"2 of UNODA, OSCE\": how many have to agree, of which parties "
                    "(at most 16, each once)");
  if (std::find(introduce->parties.begin(), introduce->parties.end(), out.party) !=
      introduce->parties.end())
    return in.error(*top.get("introduce"), out.party + " is this node itself",
                    "name introducers other than this node");
  out.introduce = *introduce;
  return {};
}

Status read_trust(const Reader& in, const toml::table& top, NodeConfig& out) {
  constexpr const char* kHint =
      "a kind or a family of kinds in quotes, and a level: \"alert.*\" = \"VERIFIED\"";
  FOCAL_ASSIGN(const toml::table* const rules, sub_table(in, top, "trust"));
  if (rules == nullptr) return {};
  for (const auto& entry : *rules) {
    const toml::source_position at = entry.first.source().begin;
    const std::string kinds(entry.first.str());
    if (!entry.second.is_string())
      return in.error(at, "\"" + kinds + "\" is given no level", kHint);
    const std::string& level = entry.second.as_string()->get();
    if (level != "VERIFIED" && level != "INTRODUCED")
      return in.error(entry.second, "unknown level", "\"INTRODUCED\" or \"VERIFIED\"");
    if (out.trust.size() == kMaxTrustRules) return in.error(at, "one rule too many", "at most 200");
    out.trust.push_back({kinds, level == "VERIFIED", in.place(at)});
  }
  return {};
}

Status read_peers(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const peers, sub_table(in, top, "peer"));
  if (peers == nullptr) return {};
  for (const auto& entry : *peers) {
    const std::string party(entry.first.str());
    if (!is_party(party))
      return in.error(entry.first.source().begin, "this is not a party code",
                      "a section for each party: [peer.XB]");
    if (out.peers.size() == kMaxPeerSettings)
      return in.error(entry.first.source().begin, "one party too many", "at most 300");
    FOCAL_ASSIGN(const toml::table* const table, sub_table(in, *peers, party));
    FOCAL_TRY(in.only_keys(*table, {"courier_days"}));
    FOCAL_TRY(read_count(in, *table, "courier_days", 1, 56, out.peers[party].courier_days));
  }
  return {};
}

Status read_release(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const release, sub_table(in, top, "release"));
  if (release == nullptr) return {};
  FOCAL_TRY(in.only_keys(*release, {"require", "of_peers"}));
  out.release.where = in.place(release->source().begin);
  static const std::string rules =
      "a kind (\"trace.refusal\"), a family (\"trace.*\"), or any of: " +
      join({std::begin(kReleaseRules), std::end(kReleaseRules)});
  // Which kinds there are, the program knows that opens the node (node/node/trust_settings.h).
  const auto kind = [](const std::string& text) {
    return is_kinds_name(text) ? std::optional(text) : std::nullopt;
  };
  const auto rule = [](const std::string& text) {
    const bool is_rule =
        is_release_rule(text) || (text.find('.') != std::string::npos && is_kinds_name(text));
    return is_rule ? std::optional(text) : std::nullopt;
  };
  if (release->get("require") != nullptr) out.release.require.clear();
  FOCAL_TRY(in.list(*release, "require", "a rule", kMaxReleaseRules, rules.c_str(), rule,
                    out.release.require));
  return in.list(*release, "of_peers", "a kind", kMaxReleaseRules,
                 "an array of kinds or families: \"trace.refusal\", \"trace.*\"", kind,
                 out.release.of_peers);
}

// A group by its name or number.
Status read_api_group(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const auto text, in.text(top, "api_group"));
  if (!text) return {};
  out.api_group = group_number(*text);
  if (!out.api_group)
    return in.error(*top.get("api_group"), "this system has no group " + *text,
                    "make it with 'groupadd', or give the number of one");
  return {};
}

}  // namespace

Result<NodeConfig> parse_config(std::string_view text, const fs::path& file) {
  const Reader in(file);
  const toml::parse_result parsed = toml::parse(text, file.string());
  if (!parsed)
    return in.error(parsed.error().source().begin,
                    "not TOML: " + std::string(parsed.error().description()),
                    "compare the line with the example file; text stands in quotes");
  const toml::table& top = parsed.table();
  FOCAL_TRY(in.only_keys(top, {std::begin(kTopKeys), std::end(kTopKeys)}));
  NodeConfig out;
  FOCAL_TRY(read_party(in, top, out));
  FOCAL_TRY(read_paths(in, top, out));
  FOCAL_TRY(read_network(in, top, out));
  FOCAL_TRY(read_log_level(in, top, out));
  FOCAL_TRY(read_clocks(in, top, out));
  FOCAL_TRY(read_calendars(in, top, out));
  FOCAL_TRY(read_gate(in, top, out));
  FOCAL_TRY(read_count(in, top, "min_suite", 1, 255, out.min_suite));
  FOCAL_TRY(read_introduce(in, top, out));
  FOCAL_TRY(read_trust(in, top, out));
  FOCAL_TRY(read_peers(in, top, out));
  FOCAL_TRY(read_release(in, top, out));
  FOCAL_TRY(read_api_group(in, top, out));
  FOCAL_TRY(read_keeping(in, top, out));
  FOCAL_TRY(read_telling(in, top, out));
  return out;
}

Result<NodeConfig> load_config(const fs::path& file) {
  FOCAL_ASSIGN(const std::string text, read_config_file(file));
  return parse_config(text, file);
}

}  // namespace focal::config

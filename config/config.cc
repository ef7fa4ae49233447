#include "config/config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <system_error>

#include "base/bytes.h"
#include "base/names.h"

// toml++ 3.3 asserts (or, with NDEBUG, assumes) that a table header holds a key, and so
// ends the program over "[=". Its own error for that follows when the assertion is nothing.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace focal::config {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTopKeys[] = {"party", "folder",     "listen",    "endpoints",
                                         "reach", "api_socket", "log_level", "gate_program",
                                         "due",   "gate"};

std::string join(const std::vector<std::string_view>& words) {
  std::string out;
  for (const auto word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

fs::path program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? fs::current_path(failed) : program.parent_path();
}

// Reads one file; every method fails with file, line and column.
class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file) {
    std::error_code failed;
    base_ = fs::absolute(file, failed).parent_path();
  }

  Error error(const toml::source_position& at, std::string_view what, std::string hint) const {
    return fail(ErrorCode::kConfig,
                file_.string() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) +
                    ": " + std::string(what),
                std::move(hint), file_.string());
  }
  Error error(const toml::node& node, std::string_view what, std::string hint) const {
    return error(node.source().begin, what, std::move(hint));
  }

  Status only_keys(const toml::table& table, const std::vector<std::string_view>& allowed) const {
    for (const auto& entry : table) {
      const std::string_view name = entry.first.str();
      if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
        return error(entry.first.source().begin, "unknown key \"" + std::string(name) + "\"",
                     "known here: " + join(allowed));
    }
    return {};
  }

  // Nothing if the key is absent.
  Result<std::optional<std::string>> text(const toml::table& table, std::string_view key) const {
    const toml::node* const node = table.get(key);
    if (node == nullptr) return std::optional<std::string>();
    if (!node->is_string())
      return error(*node, "\"" + std::string(key) + "\" is not a string",
                   "write it in quotes: " + std::string(key) + " = \"...\"");
    const std::string& value = node->as_string()->get();
    if (value.find('\0') != std::string::npos)
      return error(*node, "\"" + std::string(key) + "\" has a zero byte", "remove it");
    return std::optional<std::string>(value);
  }

  fs::path resolve(const std::string& value) const {
    return (base_ / fs::path(value)).lexically_normal();
  }
  const fs::path& base() const { return base_; }

 private:
  fs::path file_;
  fs::path base_;
};

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
  constexpr const char* kHint = "an array of at most 4 of \"tcp://HOST:PORT\" that peers can dial";
  const toml::node* const node = top.get("endpoints");
  if (node == nullptr) return {};
  const toml::array* const list = node->as_array();
  if (list == nullptr) return in.error(*node, "\"endpoints\" is not an array", kHint);
  for (const toml::node& item : *list) {
    if (!item.is_string()) return in.error(item, "an endpoint is not a string", kHint);
    const std::string& value = item.as_string()->get();
    if (!is_endpoint(value, false)) return in.error(item, "this is not an endpoint", kHint);
    if (std::find(out.endpoints.begin(), out.endpoints.end(), value) != out.endpoints.end())
      return in.error(item, "this endpoint stands twice", kHint);
    if (out.endpoints.size() == kMaxEndpoints) return in.error(item, "a fifth endpoint", kHint);
    out.endpoints.push_back(value);
  }
  return {};
}

Status read_network(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const auto listen, in.text(top, "listen"));
  if (listen && !is_endpoint(*listen, true))
    return in.error(*top.get("listen"), "this is not an address to listen on",
                    "\"tcp://HOST:PORT\", HOST may be *; the port is 1 to 65535");
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
    if (!is_endpoint(out.listen, false))
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

Status read_hours(const Reader& in, const toml::table& table, std::string_view key,
                  std::uint64_t& out_ms) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  constexpr const char* kHint = "a whole number of hours, 1 to 8760";
  if (!node->is_integer())
    return in.error(*node, "\"" + std::string(key) + "\" is not a whole number", kHint);
  const std::int64_t hours = node->as_integer()->get();
  if (hours < 1 || hours > static_cast<std::int64_t>(kMaxDueMs / kHourMs))
    return in.error(*node, "\"" + std::string(key) + "\" is out of range", kHint);
  out_ms = static_cast<std::uint64_t>(hours) * kHourMs;
  return {};
}

// A sub-table, or null if absent.
Result<const toml::table*> sub_table(const Reader& in, const toml::table& table,
                                     std::string_view key) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return static_cast<const toml::table*>(nullptr);
  if (!node->is_table())
    return in.error(*node, "\"" + std::string(key) + "\" is not a table",
                    "write it as a section of its own, as in the example file");
  return node->as_table();
}

Status read_due(const Reader& in, const toml::table& top, NodeConfig& out) {
  static constexpr std::pair<std::string_view, Priority> kPriorities[] = {
      {"routine", Priority::kRoutine}, {"urgent", Priority::kUrgent}, {"flash", Priority::kFlash}};
  FOCAL_ASSIGN(const toml::table* const due, sub_table(in, top, "due"));
  if (due == nullptr) return {};
  FOCAL_TRY(in.only_keys(*due, {"routine", "urgent", "flash"}));
  for (const auto& priority : kPriorities) {
    FOCAL_ASSIGN(const toml::table* const table, sub_table(in, *due, priority.first));
    if (table == nullptr) continue;
    FOCAL_TRY(in.only_keys(*table, {"ack_hours", "answer_hours"}));
    Due& times = out.due[priority.second];
    FOCAL_TRY(read_hours(in, *table, "ack_hours", times.ack_within_ms));
    FOCAL_TRY(read_hours(in, *table, "answer_hours", times.answer_within_ms));
    if (times.ack_within_ms > times.answer_within_ms)
      return in.error(*table, "the answer would be due before the acknowledgement",
                      "set answer_hours to at least ack_hours");
  }
  return {};
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

Result<std::string> read_file(const fs::path& file) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kConfig, "cannot read " + file.string() + ": " + std::string(why),
                "check the folder given with --folder, and the file's permissions", file.string());
  };
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return refuse(std::generic_category().message(errno));
  if (!S_ISREG(info.st_mode)) return refuse("not a regular file");
  if (static_cast<std::uint64_t>(info.st_size) > kMaxConfigSize)
    return refuse("larger than 64 KiB");
  std::ifstream in(file, std::ios::binary);
  if (!in) return refuse(std::generic_category().message(errno));
  std::string text(kMaxConfigSize + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refuse("read error");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigSize) return refuse("larger than 64 KiB");
  return text;
}

}  // namespace

DueTimes default_due_times() {
  return {{Priority::kRoutine, {2 * kDayMs, 30 * kDayMs}},
          {Priority::kUrgent, {8 * kHourMs, 3 * kDayMs}},
          {Priority::kFlash, {1 * kHourMs, 8 * kHourMs}}};
}

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
  FOCAL_TRY(read_due(in, top, out));
  FOCAL_TRY(read_gate(in, top, out));
  return out;
}

Result<NodeConfig> load_config(const fs::path& file) {
  FOCAL_ASSIGN(const std::string text, read_file(file));
  return parse_config(text, file);
}

}  // namespace focal::config

#include "config/telling.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>

#include "config/groups.h"
#include "config/reader.h"

namespace focal::config {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kLoopbackNet = 127;  // 127.0.0.0/8

bool is_loopback(const std::string& host) {
  in_addr four{};
  if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24 == kLoopbackNet;
  in6_addr six{};
  return ::inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

Status read_flag(const Reader& in, const toml::table& table, std::string_view key, bool& out) {
  const toml::node* const node = table.get(key);
  if (node == nullptr) return {};
  if (!node->is_boolean())
    return in.error(*node, "\"" + std::string(key) + "\" is neither true nor false",
                    std::string(key) + " = true");
  out = node->as_boolean()->get();
  return {};
}

// A path that names something, absolute in the result.
Result<std::optional<fs::path>> read_path(const Reader& in, const toml::table& table,
                                          std::string_view key, const char* hint) {
  FOCAL_ASSIGN(const auto text, in.text(table, key));
  if (!text) return std::optional<fs::path>();
  fs::path out = in.resolve(*text);
  if (out.filename().empty()) out = out.parent_path();  // "folder/"
  if (text->empty() || out.filename().empty() || out.string().size() > kMaxPath)
    return in.error(*table.get(key), "this names nothing", hint);
  return std::optional(out);
}

Status read_metrics_socket(const Reader& in, const toml::table& metrics, MetricsSettings& out) {
  FOCAL_ASSIGN(out.socket, read_path(in, metrics, "socket", "socket = \"metrics.sock\""));
  if (out.socket && out.socket->string().size() > kMaxSocketPath)
    return in.error(*metrics.get("socket"), "the path of the socket is longer than 107 bytes",
                    "a shorter path, such as \"/run/focal/metrics.sock\"");
  FOCAL_ASSIGN(const auto group, in.text(metrics, "group"));
  if (!group) return {};
  out.group = group_number(*group);
  if (!out.group)
    return in.error(*metrics.get("group"), "this system has no group " + *group,
                    "make it with 'groupadd', or give the number of one");
  if (!out.socket)
    return in.error(*metrics.get("group"), "a group is for a socket, and there is none",
                    "set socket, or remove group");
  return {};
}

Status read_metrics(const Reader& in, const toml::table& top, NodeConfig& config) {
  FOCAL_ASSIGN(const toml::table* const metrics, sub_table(in, top, "metrics"));
  if (metrics == nullptr) return {};
  MetricsSettings& out = config.metrics;
  FOCAL_TRY(in.only_keys(*metrics, {"socket", "group", "listen", "token_file", "parties"}));
  FOCAL_TRY(read_flag(in, *metrics, "parties", out.parties));
  FOCAL_TRY(read_metrics_socket(in, *metrics, out));
  if (out.socket == config.api_socket)
    return in.error(*metrics->get("socket"), "this is the socket of the API",
                    "give the metrics one of their own: socket = \"metrics.sock\"");
  FOCAL_ASSIGN(const auto listen, in.text(*metrics, "listen"));
  if (listen && !(out.listen = parse_loopback(*listen)))
    return in.error(*metrics->get("listen"), "this is no address of this machine alone",
                    "listen = \"127.0.0.1:9117\" or \"[::1]:9117\"; metrics are never given to "
                    "other machines directly");
  FOCAL_ASSIGN(const auto token, read_path(in, *metrics, "token_file",
                                           "token_file = \"metrics.token\""));
  if (token) out.token_file = *token;
  if (out.socket && out.listen)
    return in.error(*metrics->get("listen"), "the metrics have a socket already",
                    "keep one of socket and listen");
  if (!out.socket && !out.listen)
    return in.error(*metrics, "it is not said where the metrics are given",
                    "socket = \"metrics.sock\", or listen = \"127.0.0.1:9117\" and token_file");
  if (out.listen && !token)
    return in.error(*metrics->get("listen"), "anybody on this machine could ask there",
                    "name a file with a token that callers have to know: token_file = "
                    "\"metrics.token\"");
  if (token && !out.listen)
    return in.error(*metrics->get("token_file"), "a socket has no token: who may connect, says its mode",
                    "remove token_file, or use listen");
  return {};
}

Status read_notify(const Reader& in, const toml::table& top, NodeConfig& config) {
  constexpr const char* kHint = "a program of yours: program = \"/usr/local/bin/focal-notify\"";
  FOCAL_ASSIGN(const toml::table* const notify, sub_table(in, top, "notify"));
  if (notify == nullptr) return {};
  NotifySettings& out = config.notify;
  FOCAL_TRY(in.only_keys(*notify, {"program", "every_s"}));
  FOCAL_ASSIGN(out.program, read_path(in, *notify, "program", kHint));
  FOCAL_TRY(read_count(in, *notify, "every_s", kLeastNotifySeconds, kMostNotifySeconds,
                       out.every_s));
  if (!out.program) return in.error(*notify, "no program is named", kHint);
  const toml::node& named = *notify->get("program");
  struct stat info {};
  if (::stat(out.program->c_str(), &info) != 0 || !S_ISREG(info.st_mode) ||
      ::access(out.program->c_str(), X_OK) != 0)
    return in.error(named, "no program " + out.program->string(), kHint);
  if ((info.st_mode & S_IWOTH) != 0)
    return in.error(named, "everybody on this machine may change " + out.program->string(),
                    "chmod o-w it");
  return {};
}

Status read_export(const Reader& in, const toml::table& top, NodeConfig& config) {
  constexpr const char* kHint = "a folder of its own: folder = \"/var/spool/focal\"";
  FOCAL_ASSIGN(const toml::table* const section, sub_table(in, top, "export"));
  if (section == nullptr) return {};
  ExportSettings& out = config.exports;
  FOCAL_TRY(in.only_keys(*section, {"folder", "content"}));
  FOCAL_ASSIGN(out.folder, read_path(in, *section, "folder", kHint));
  FOCAL_TRY(read_flag(in, *section, "content", out.content));
  if (!out.folder) return in.error(*section, "no folder is named", kHint);
  if (*out.folder == config.folder)
    return in.error(*section->get("folder"), "this is the node's own folder", kHint);
  return {};
}

}  // namespace

std::optional<LoopbackAddress> parse_loopback(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed != (host.find(':') != std::string_view::npos)) return std::nullopt;
  const std::string_view port = text.substr(colon + 1);
  LoopbackAddress out{std::string(host), 0};
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), out.port);
  if (error != std::errc{} || end != port.data() + port.size() || out.port == 0) return std::nullopt;
  if (!is_loopback(out.host)) return std::nullopt;
  return out;
}

Status read_telling(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_TRY(read_metrics(in, top, out));
  FOCAL_TRY(read_notify(in, top, out));
  return read_export(in, top, out);
}

}  // namespace focal::config

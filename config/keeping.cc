#include "config/reader.h"
#include "config/retention.h"

namespace focal::config {
namespace {

Status read_ledger(const Reader& in, const toml::table& top, NodeConfig& out) {
  out.anchor = out.folder / kAnchorFile;
  FOCAL_ASSIGN(const toml::table* const ledger, sub_table(in, top, "ledger"));
  if (ledger == nullptr) return {};
  FOCAL_TRY(in.only_keys(*ledger, {"anchor"}));
  FOCAL_ASSIGN(const auto anchor, in.text(*ledger, "anchor"));
  if (!anchor) return {};
  out.anchor = in.resolve(*anchor);
  if (out.anchor.filename().empty() || out.anchor.string().size() > kMaxPath)
    return in.error(*ledger->get("anchor"), "this names no file",
                    "a file on another disk: anchor = \"/mnt/anchor/anchor.note\"");
  return {};
}

Status read_minute(const Reader& in, const toml::table& table, std::uint32_t& out) {
  FOCAL_ASSIGN(const auto at, in.text(table, "at"));
  if (!at) return {};
  const auto minute = parse_time_of_day(*at);
  if (!minute)
    return in.error(*table.get("at"), "this is not a time of day",
                    "hours and minutes, UTC: at = \"02:30\"");
  out = *minute;
  return {};
}

Status read_backup(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const backup, sub_table(in, top, "backup"));
  if (backup == nullptr) return {};
  FOCAL_TRY(in.only_keys(*backup, {"folder", "keep", "at"}));
  FOCAL_ASSIGN(const auto folder, in.text(*backup, "folder"));
  if (folder) out.backup.folder = in.resolve(*folder);
  if (folder && (folder->empty() || out.backup.folder->string().size() > kMaxPath))
    return in.error(*backup->get("folder"), "this names no folder",
                    "a folder on another disk: folder = \"/mnt/backup/focal\"");
  FOCAL_TRY(read_count(in, *backup, "keep", 1, 1000, out.backup.keep));
  return read_minute(in, *backup, out.backup.at_minute);
}

Status read_retention(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const retention, sub_table(in, top, "retention"));
  if (retention == nullptr) return {};
  FOCAL_TRY(in.only_keys(*retention, {"tracing", "protocol", "other", "at"}));
  for (const auto& [key, member] : Retention::keys()) {
    FOCAL_ASSIGN(const auto text, in.text(*retention, key));
    if (!text) continue;
    const auto period = parse_period(*text);
    if (!period)
      return in.error(*retention->get(key), "this is no period",
                      "\"10 years\", \"18 months\", \"90 days\" (at most 100 years) or \"never\"");
    out.retention.*member = *period;
  }
  return read_minute(in, *retention, out.retention.at_minute);
}

// A section of one switch.
Status read_switch(const Reader& in, const toml::table& top, const char* section, const char* key,
                   bool& out) {
  FOCAL_ASSIGN(const toml::table* const table, sub_table(in, top, section));
  if (table == nullptr) return {};
  FOCAL_TRY(in.only_keys(*table, {key}));
  const toml::node* const node = table->get(key);
  if (node == nullptr) return {};
  if (!node->is_boolean())
    return in.error(*node, "\"" + std::string(key) + "\" is neither true nor false",
                    std::string(key) + " = false");
  out = node->as_boolean()->get();
  return {};
}

Status read_console(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_ASSIGN(const toml::table* const console, sub_table(in, top, "console"));
  if (console == nullptr) return {};
  FOCAL_TRY(in.only_keys(*console, {"enabled", "port", "idle_minutes", "confirm_minutes"}));
  if (const toml::node* const enabled = console->get("enabled"); enabled != nullptr) {
    if (!enabled->is_boolean())
      return in.error(*enabled, "\"enabled\" is neither true nor false", "enabled = false");
    out.console.enabled = enabled->as_boolean()->get();
  }
  FOCAL_TRY(read_count(in, *console, "port", 1, 65535, out.console.port));
  FOCAL_TRY(read_count(in, *console, "idle_minutes", 1, 60, out.console.idle_minutes));
  return read_count(in, *console, "confirm_minutes", 1, 60, out.console.confirm_minutes);
}

}  // namespace

Status read_keeping(const Reader& in, const toml::table& top, NodeConfig& out) {
  FOCAL_TRY(read_ledger(in, top, out));
  FOCAL_TRY(read_backup(in, top, out));
  FOCAL_TRY(read_retention(in, top, out));
  FOCAL_TRY(read_switch(in, top, "desk", "tell_opened", out.tell_opened));
  FOCAL_TRY(read_switch(in, top, "doctor", "answer", out.answer_doctor));
  return read_console(in, top, out);
}

}  // namespace focal::config

#include "node/desk/run_state.h"

#include <algorithm>

namespace focal::desk {
namespace {

constexpr std::string_view kGoesOn[] = {
    "status",         "doctor",         "card_show",         "card_export",    "card_custody",   "card_prepare",
    "card_cancel",    "card_apply",     "card_code",         "peer_list",      "peer_show",
    "directory_list", "directory_show", "directory_compare", "clock_show",     "keys_show",
    "pair_show",      "trace_list",     "trace_show",        "trace_sheet",    "inbox",
    "find",           "outbox_list",    "outbox_show",       "ledger_verify",  "ledger_tail",
    "people_list",    "people_show",    "release_list",      "release_show",   "start_show",
    "start_override", "backup_show",    "backup_make",       "witness_show",   "ledger_job",
    "ledger_log",     "ledger_show",    "ledger_find",       "ledger_tiles",   "ledger_entries",
    "ledger_checkpoint", "retention_show", "openapi",         "session_show",   "console_link",
    "schema_show",    "codes_show",     "suggest",           "record_check",
    "draft_list",     "draft_show",     "draft_save",        "draft_drop",     "preferences_show",
    "preferences_set"};

constexpr std::uint64_t kBackupLateMs = 2 * kDayMs;

}  // namespace

bool goes_on_unsigned(std::string_view operation) {
  return std::find(std::begin(kGoesOn), std::end(kGoesOn), operation) != std::end(kGoesOn);
}

Status check_run_state(const node::Node& node, std::string_view operation) {
  if (goes_on_unsigned(operation)) return {};
  const node::Node::RunView view = node.run_view();
  switch (view.state) {
    case exchange::RunState::kRunning: return {};
    case exchange::RunState::kStarting:
      return fail(ErrorCode::kStarting, view.words, view.next);
    case exchange::RunState::kRolledBack:
      return fail(ErrorCode::kRolledBack, view.words, view.next);
  }
  return {};
}

std::string CopyWarning::sentence() const {
  const std::string text = in_words(words, kEnglish);
  return cure.empty() ? text : text + " " + in_words(cure, kEnglish);
}

std::vector<CopyWarning> copy_warnings(node::Node& node, const node::BackupState& backups,
                                       const Now& now) {
  std::vector<CopyWarning> out;
  const exchange::RollbackGuard& guard = node.core().machine().guard();
  if (!guard.may_sign_checkpoint())
    out.push_back({"CHECKPOINTS_WAIT",
                   {say("copy.checkpoints_wait", {{"words", guard.words()}})},
                   {say("copy.checkpoints_wait.do", {{"words", guard.next()}})}});
  if (guard.may_sign() && !node.anchor_is_current())
    out.push_back({"ANCHOR_NOT_WRITTEN",
                   {say("copy.anchor_not_written", {{"file", node.anchor().file().string()}})}});
  if (node.anchor().same_volume_as(node.config().folder))
    out.push_back({"ANCHOR_BESIDE", {say("copy.anchor_beside")}, {say("copy.anchor_beside.do")}});
  if (backups.folder.empty()) return out;
  if (!backups.trouble.empty())
    out.push_back({"BACKUP_FAILED", {say("copy.backup_failed", {{"reason", backups.trouble}})}});
  if (backups.made_ms + kBackupLateMs < now.wall_ms)
    out.push_back({"BACKUP_LATE",
                   {backups.made_ms == 0
                        ? say("copy.no_backup_yet")
                        : say("copy.backup_late", {{"when", format_utc(backups.made_ms)}})}});
  if (!backups.problems.empty())
    out.push_back({"BACKUP_BROKEN",
                   {say("copy.backup_broken", {{"reason", backups.problems.front()}})}});
  return out;
}

}  // namespace focal::desk

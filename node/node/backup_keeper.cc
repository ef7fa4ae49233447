#include "node/node/backup_keeper.h"

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "crypto/private_file.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMaxRehearsed = 64 * 1024;
constexpr std::string_view kChecked = "checked ";

// First line "checked DATE", then "ok" or a problem a line.
void read_rehearsal(const fs::path& backup, BackupState& out) {
  const auto bytes = crypto::read_private_file(backup / kRehearsedFile, kMaxRehearsed);
  if (!bytes) return;
  std::string_view text = as_text(*bytes);
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(kChecked)) return;
  const auto when = parse_utc(text.substr(kChecked.size(), end - kChecked.size()));
  if (!when || *when <= out.rehearsed_ms) return;
  out.rehearsed_ms = *when;
  out.problems.clear();
  text.remove_prefix(end + 1);
  if (text == "ok\n") return;
  while (!text.empty()) {
    const std::size_t line = std::min(text.find('\n'), text.size());
    out.problems.emplace_back(text.substr(0, line));
    text.remove_prefix(std::min(line + 1, text.size()));
  }
}

Status write_rehearsal(const fs::path& backup, const BackupCheck& check, std::uint64_t wall_ms) {
  std::string text = std::string(kChecked) + format_utc(wall_ms) + "\n";
  if (check.ok()) text += "ok\n";
  for (const std::string& each : check.problems)
    if (text.size() + each.size() < kMaxRehearsed / 2) text.append(each).append("\n");
  return crypto::write_private_file(backup / kRehearsedFile, as_bytes(text),
                                    crypto::IfPresent::kReplace);
}

}  // namespace

bool is_backup_due(std::uint64_t wall_ms, std::uint32_t at_minute, std::uint64_t newest_ms) {
  if (newest_ms == 0) return true;
  std::uint64_t last = wall_ms / kDayMs * kDayMs + at_minute * kMinuteMs;
  if (last > wall_ms) last -= kDayMs;
  return newest_ms < last;
}

BackupState look_at_backups(const fs::path& folder, const std::string& party) {
  BackupState out;
  out.folder = folder;
  if (folder.empty()) return out;
  const auto all = backups_in(folder, party);
  out.kept = static_cast<std::uint32_t>(all.size());
  for (const fs::path& each : all) read_rehearsal(each, out);
  if (all.empty()) return out;
  out.newest = all.back();
  const auto bytes = crypto::read_private_file(out.newest / kBackupManifest, kMaxBackupManifest);
  const auto list = bytes ? parse_manifest(as_text(*bytes)) : Result<BackupManifest>(bytes.error());
  if (!list) {
    out.trouble = "the newest backup has no list: " + list.error().message;
    return out;
  }
  out.made_ms = list->made_ms;
  out.leaves = list->leaves;
  for (const BackupFile& file : list->files) out.bytes += file.size;
  return out;
}

BackupKeeper::BackupKeeper(Options options)
    : options_(std::move(options)),
      state_(look_at_backups(options_.settings.folder.value_or(fs::path()), options_.party)) {}

BackupKeeper::~BackupKeeper() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BackupKeeper::start() {
  if (options_.settings.folder && !thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void BackupKeeper::run() {
  for (;;) {
    tend(read_clocks());
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, std::chrono::milliseconds(kKeeperLooksMs), [this] { return ends_; }))
      return;
  }
}

BackupState BackupKeeper::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Result<BackupReport> BackupKeeper::make(const fs::path& into, const Now& now) {
  const std::unique_lock one(making_, std::try_to_lock);
  if (!one.owns_lock())
    return fail(ErrorCode::kBusy, "a backup is being made just now", "Try again when it is done.");
  const fs::path folder = into.empty() ? options_.settings.folder.value_or(fs::path()) : into;
  if (folder.empty())
    return fail(ErrorCode::kConfig, "nobody said where backups go",
                "Name a folder with --to, or set folder in [backup] of focal.toml.");
  auto made = make_backup(options_.node_folder, folder, now.wall_ms);
  const std::lock_guard lock(mutex_);
  if (made && folder != options_.settings.folder) return made;
  const std::string trouble = made ? std::string() : made.error().message;
  if (options_.settings.folder) state_ = look_at_backups(*options_.settings.folder, options_.party);
  if (!trouble.empty()) state_.trouble = trouble;
  return made;
}

void BackupKeeper::tend(const Now& now) {
  if (!options_.settings.folder || now.mono_ms < again_ms_) return;
  const BackupState before = state();
  if (is_backup_due(now.wall_ms, options_.settings.at_minute, before.made_ms)) {
    const auto made = make({}, now);
    if (!made) {
      again_ms_ = now.mono_ms + kBackupAgainMs;
      log::error("backup", "no backup could be made", {{"reason", made.error().message}});
      options_.tell("backup.failed", made.error().message);
      return;
    }
    options_.tell("backup.made", made->folder.filename().string() + ", " +
                                     std::to_string(made->manifest.leaves) + " leaves");
    const auto dropped = drop_old_backups(*options_.settings.folder, options_.party,
                                          options_.settings.keep);
    if (!dropped) log::error("backup", "an old backup stays", {{"reason", dropped.error().message}});
    const std::lock_guard lock(mutex_);
    state_ = look_at_backups(*options_.settings.folder, options_.party);
    // What was rehearsed may be among the dropped ones; it was rehearsed all the same.
    if (state_.rehearsed_ms < before.rehearsed_ms) {
      state_.rehearsed_ms = before.rehearsed_ms;
      state_.problems = before.problems;
    }
  }
  const BackupState after = state();
  if (!after.newest.empty() && now.wall_ms >= after.rehearsed_ms + kRehearseEveryMs)
    rehearse(after.newest, now);
}

void BackupKeeper::rehearse(const fs::path& backup, const Now& now) {
  CheckOptions options;
  options.verify = options_.verify;
  if (options_.key_names) options.key_names = options_.key_names();
  auto checked = check_backup(backup, options);
  BackupCheck found;
  if (checked) found = std::move(*checked);
  else found.problems.push_back(checked.error().message);
  if (const Status kept = write_rehearsal(backup, found, now.wall_ms); !kept)
    log::warn("backup", "the rehearsal cannot be noted", {{"reason", kept.error().message}});
  {
    const std::lock_guard lock(mutex_);
    state_.rehearsed_ms = now.wall_ms;
    state_.problems = found.problems;
  }
  const std::string name = backup.filename().string();
  if (!found.ok())
    log::error("backup", "the newest backup cannot be restored", {{"reason", found.problems.front()}});
  options_.tell("backup.rehearsed", found.ok() ? name + " can be restored"
                                               : name + " cannot be restored: " + found.problems.front());
}

}  // namespace focal::node

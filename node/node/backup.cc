#include "node/node/backup.h"

#include <algorithm>

#include "crypto/private_file.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger_copy.h"
#include "node/ledger/ledger_facts.h"
#include "node/ledger/schema.h"
#include "node/node/keys.h"
#include "node/node/plain_files.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

// "20261123T020000Z"
std::string stamp_of(std::uint64_t ms) {
  std::string out;
  for (const char c : format_utc(ms))
    if (c != '-' && c != ':') out += c;
  return out;
}

std::string backup_name(const std::string& party, std::uint64_t ms) {
  return kBackupPrefix + party + "-" + stamp_of(ms);
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const fs::path inner = fs::weakly_canonical(path, error);
  const fs::path outer = fs::weakly_canonical(folder, error);
  const auto [end, at] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
  static_cast<void>(at);
  return end == outer.end();
}

// Names of the plain files of a node that a backup takes; the ledger is copied by itself.
std::vector<std::string> files_of(const fs::path& folder) {
  std::vector<std::string> out{kCardFile, kConfigFile};
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder / kOfficersFolder, error))
    if (entry.path().extension() == ".focalkey" && entry.path().filename().string().front() != '.')
      out.push_back(std::string(kOfficersFolder) + "/" + entry.path().filename().string());
  return out;
}

Status add_file(const fs::path& folder, const std::string& name, BackupManifest& manifest) {
  FOCAL_ASSIGN(const Measured measured, measure_file(folder / name));
  manifest.files.push_back({name, measured.size, measured.hash});
  return {};
}

Status copy_plain(const fs::path& from, const fs::path& to, BackupManifest& manifest) {
  for (const std::string& name : files_of(from)) {
    const fs::path target = to / name;
    FOCAL_TRY(make_private_folder(target.parent_path()));
    FOCAL_TRY(copy_private(from / name, target));
    FOCAL_TRY(ledger::sync_folder(target.parent_path()));
    FOCAL_TRY(add_file(to, name, manifest));
  }
  return {};
}

Status describe(const fs::path& folder, BackupManifest& manifest) {
  FOCAL_ASSIGN(const auto facts, ledger::ledger_facts(folder / ledger::kLedgerFile));
  manifest.party = facts.party;
  manifest.log = facts.origin;
  manifest.schema = facts.schema;
  manifest.leaves = facts.leaves;
  if (facts.checkpoint) manifest.checkpoint = facts.checkpoint->note;
  manifest.keys.reserve(facts.keks.size());
  for (const ledger::KekId id : facts.keks) manifest.keys.push_back(ledger::kek_name(id));
  return add_file(folder, ledger::kLedgerFile, manifest);
}

Status fill(const fs::path& node, const fs::path& half, std::uint64_t now_ms, BackupReport& report,
            const BackupHook& tell) {
  tell(BackupStep::kLedger);
  FOCAL_TRY(ledger::copy_ledger(node / ledger::kLedgerFile, half / ledger::kLedgerFile));
  report.manifest.made_ms = now_ms / kSecondMs * kSecondMs;
  FOCAL_TRY(describe(half, report.manifest));
  tell(BackupStep::kFiles);
  FOCAL_TRY(copy_plain(node, half, report.manifest));
  auto& files = report.manifest.files;
  std::sort(files.begin(), files.end(),
            [](const BackupFile& a, const BackupFile& b) { return a.name < b.name; });
  for (const BackupFile& file : files) report.bytes += file.size;
  tell(BackupStep::kManifest);
  return crypto::write_private_file(half / kBackupManifest, as_bytes(format_manifest(report.manifest)),
                                    crypto::IfPresent::kRefuse);
}

// What an earlier call that was cut short left: never of another party.
void remove_halves(const fs::path& into, const std::string& party) {
  std::error_code error;
  std::vector<fs::path> halves;
  const std::size_t length = backup_name(party, 0).size() + std::string_view(kBackupPart).size();
  for (const auto& entry : fs::directory_iterator(into, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == length && name.starts_with(kBackupPrefix + party + "-") &&
        name.ends_with(kBackupPart))
      halves.push_back(entry.path());
  }
  for (const fs::path& half : halves) fs::remove_all(half, error);
}

Result<std::string> party_of(const fs::path& node) {
  auto head = ledger::ledger_head(node / ledger::kLedgerFile);
  if (!head && head.error().code == ErrorCode::kNotFound)
    return fail(ErrorCode::kNotFound, "there is no ledger in " + node.string(),
                "Name the folder of the node with --folder.", node.string());
  if (!head) return head.error();
  return head->party;
}

}  // namespace

Result<BackupReport> make_backup(const fs::path& node_folder, const fs::path& into,
                                 std::uint64_t now_ms, const BackupHook& hook) {
  const auto tell = [&](BackupStep step) {
    if (hook) hook(step);
  };
  std::error_code error;
  if (fs::equivalent(node_folder, into, error))
    return fail(ErrorCode::kInvalid, "a backup cannot stand where the node itself does",
                "Choose a folder on another disk.", into.string());
  FOCAL_ASSIGN(const std::string party, party_of(node_folder));
  FOCAL_TRY(make_private_folder(into));
  remove_halves(into, party);
  BackupReport report;
  report.folder = into / backup_name(party, now_ms);
  if (fs::exists(fs::symlink_status(report.folder, error)))
    return fail(ErrorCode::kExists, report.folder.string() + " is there already",
                "Try again in a second.", report.folder.string());
  const fs::path half = report.folder.string() + kBackupPart;
  tell(BackupStep::kFolder);
  FOCAL_TRY(make_private_folder(half));
  Status done = fill(node_folder, half, now_ms, report, tell);
  if (done) {
    tell(BackupStep::kName);
    done = rename_new(half, report.folder);
  }
  if (!done) {
    fs::remove_all(half, error);
    return done.error();
  }
  tell(BackupStep::kDone);
  return report;
}

Result<fs::path> copy_keystore(const fs::path& node_folder, const fs::path& into,
                               const fs::path& backup) {
  if (is_inside(into, node_folder) || is_inside(into, backup.parent_path()))
    return fail(ErrorCode::kInvalid,
                "the keystore must not stand beside the ledger that it opens: whoever takes one "
                "would have both",
                "Choose a folder on a medium of its own.", into.string());
  FOCAL_TRY(make_private_folder(into));
  const fs::path file = into / (backup.filename().string() + ".focalkey");
  FOCAL_TRY(copy_private(node_folder / kKeystoreFile, file));
  FOCAL_TRY(ledger::sync_folder(into));
  return file;
}

std::vector<fs::path> backups_in(const fs::path& into, const std::string& party) {
  std::vector<fs::path> out;
  const std::size_t length = backup_name(party, 0).size();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(into, error)) {
    const std::string name = entry.path().filename().string();
    if (name.size() == length && name.starts_with(kBackupPrefix + party + "-") &&
        name.ends_with("Z") && entry.is_directory(error))
      out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());  // the names are times
  return out;
}

Result<std::vector<fs::path>> drop_old_backups(const fs::path& into, const std::string& party,
                                               std::uint32_t keep) {
  std::vector<fs::path> all = backups_in(into, party);
  if (all.size() <= keep) return std::vector<fs::path>();
  all.resize(all.size() - keep);
  for (const fs::path& old : all) {
    // First the list: what is left of a backup that was half removed is none.
    std::error_code error;
    fs::remove(old / kBackupManifest, error);
    fs::remove_all(old, error);
    if (error)
      return fail(ErrorCode::kIo, "cannot remove the old backup " + old.string() + ": " +
                      error.message(), "Remove it by hand.", old.string());
  }
  return all;
}

}  // namespace focal::node

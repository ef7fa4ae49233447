#include "node/node/restore.h"

#include <algorithm>

#include "config/config.h"
#include "crypto/keystore.h"
#include "crypto/private_file.h"
#include "node/ledger/folder_lock.h"
#include "node/ledger/ledger_copy.h"
#include "node/ledger/schema.h"
#include "node/node/keys.h"
#include "node/node/plain_files.h"
#include "node/node/setup.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr char kLedgerPart[] = "ledger.db.part";
constexpr char kNoAnchor[] =
    "This node was restored from a backup, and the anchor of its ledger was not here.\n"
    "Put the newest anchor file in place of this one, if it still exists.\n";

Error other_file(const fs::path& file) {
  return fail(ErrorCode::kExists, file.string() + " is there already, and is another file",
              "Nothing was replaced. Choose an empty folder.", file.string());
}

class Restoring {
 public:
  Restoring(const fs::path& backup, const fs::path& keystore, const fs::path& into,
            const crypto::Secret& passphrase, const RestoreHook& hook)
      : backup_(backup), keystore_(keystore), into_(into), passphrase_(passphrase), hook_(hook) {}

  Result<RestoreReport> run() {
    FOCAL_TRY(read_list());
    FOCAL_TRY(check_files());
    FOCAL_TRY(check_keystore());
    FOCAL_TRY(make_private_folder(into_));
    FOCAL_TRY(check_finished(into_));
    FOCAL_ASSIGN([[maybe_unused]] const auto lock, ledger::FolderLock::take(into_));
    std::error_code error;
    if (fs::exists(fs::symlink_status(into_ / ledger::kLedgerFile, error)))
      return fail(ErrorCode::kExists, "there is a ledger in " + into_.string() + " already",
                  "A ledger is never replaced. Restore into an empty folder.", into_.string());
    tell(RestoreStep::kKeystore);
    FOCAL_TRY(put(keystore_, into_ / kKeystoreFile));
    tell(RestoreStep::kFiles);
    for (const BackupFile& file : out_.manifest.files)
      if (file.name != ledger::kLedgerFile) FOCAL_TRY(put(backup_ / file.name, into_ / file.name));
    tell(RestoreStep::kAnchor);
    FOCAL_TRY(mark_anchor());
    FOCAL_TRY(put_ledger());
    tell(RestoreStep::kDone);
    return std::move(out_);
  }

 private:
  void tell(RestoreStep step) const {
    if (hook_) hook_(step);
  }

  Status read_list() {
    auto text = crypto::read_private_file(backup_ / kBackupManifest, kMaxBackupManifest);
    if (!text && text.error().code == ErrorCode::kNotFound)
      return fail(ErrorCode::kNotFound, "there is no backup in " + backup_.string(),
                  "Name the folder that holds backup.txt.", backup_.string());
    if (!text) return text.error();
    FOCAL_ASSIGN(out_.manifest, parse_manifest(as_text(*text)));
    if (out_.manifest.schema > ledger::kSchemaVersion)
      return fail(ErrorCode::kState, "the backup was made by a newer program",
                  "Restore it with that version of Focal, or a newer one.");
    const auto& files = out_.manifest.files;
    for (const char* needed : {kCardFile, kConfigFile, ledger::kLedgerFile})
      if (std::none_of(files.begin(), files.end(),
                       [&](const BackupFile& file) { return file.name == needed; }))
        return fail(ErrorCode::kCorrupt, "the backup holds no " + std::string(needed));
    return {};
  }

  Status check_files() const {
    for (const BackupFile& file : out_.manifest.files) {
      FOCAL_ASSIGN(const Measured measured, measure_file(backup_ / file.name));
      if (measured.size != file.size || measured.hash != file.hash)
        return fail(ErrorCode::kCorrupt, (backup_ / file.name).string() +
                        " is not the file that the list names: it was changed or damaged",
                    "Take another copy of the backup.", file.name);
    }
    return {};
  }

  Status check_keystore() const {
    FOCAL_ASSIGN(const auto keystore, crypto::Keystore::open(keystore_, passphrase_));
    for (const std::string& key : out_.manifest.keys)
      if (keystore.find(key) == nullptr)
        return fail(ErrorCode::kKeystore, "the keystore lacks the key '" + key +
                        "', under which something in this backup is sealed",
                    "The keystore is older than the backup, or content was erased since and the key "
                    "destroyed with it: take a newer keystore, or a backup made after the erasure.",
                    keystore_.string());
    return {};
  }

  // A file that is there with the same bytes is of a restore that was cut short.
  Status put(const fs::path& from, const fs::path& to) {
    FOCAL_TRY(make_private_folder(to.parent_path()));
    std::error_code error;
    if (fs::exists(fs::symlink_status(to, error))) {
      if (fs::equivalent(from, to, error)) return {};
      FOCAL_ASSIGN(const Measured old, measure_file(to));
      FOCAL_ASSIGN(const Measured fresh, measure_file(from));
      if (old.hash != fresh.hash) return other_file(to);
    } else {
      // Under a name of its own first: what is under the true one is always whole.
      const fs::path half = to.string() + ".part";
      fs::remove(half, error);
      FOCAL_TRY(copy_private(from, half));
      FOCAL_TRY(rename_new(half, to));
    }
    out_.written.push_back(to);
    return {};
  }

  Status mark_anchor() {
    out_.anchor = into_ / config::kAnchorFile;
    if (const auto config = config::load_config(into_ / kConfigFile)) out_.anchor = config->anchor;
    std::error_code error;
    const bool there = fs::exists(fs::symlink_status(out_.anchor, error));
    const auto text = crypto::read_private_file(out_.anchor, sizeof kNoAnchor);
    out_.anchor_is_there = there && !(text && as_text(*text) == kNoAnchor);
    if (there || !fs::is_directory(out_.anchor.parent_path(), error)) return {};
    return crypto::write_private_file(out_.anchor, as_bytes(std::string_view(kNoAnchor)),
                                      crypto::IfPresent::kRefuse);
  }

  Status put_ledger() {
    tell(RestoreStep::kLedger);
    std::error_code error;
    const fs::path half = into_ / kLedgerPart;
    fs::remove(half, error);
    FOCAL_TRY(copy_private(backup_ / ledger::kLedgerFile, half));
    tell(RestoreStep::kName);
    FOCAL_TRY(rename_new(half, into_ / ledger::kLedgerFile));
    out_.written.push_back(into_ / ledger::kLedgerFile);
    return {};
  }

  const fs::path& backup_;
  const fs::path& keystore_;
  const fs::path& into_;
  const crypto::Secret& passphrase_;
  const RestoreHook& hook_;
  RestoreReport out_;
};

}  // namespace

Result<RestoreReport> restore(const fs::path& backup, const fs::path& keystore,
                              const fs::path& into, const crypto::Secret& passphrase,
                              const RestoreHook& hook) {
  return Restoring(backup, keystore, into, passphrase, hook).run();
}

}  // namespace focal::node

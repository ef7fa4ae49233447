// A backup of a node: a folder with a whole copy of its ledger, its card, its configuration, the
// officers' key files, and a list of all that with sizes and hashes (docs/operations.md,
// "Backup"). The keystore is never in it: whoever takes a backup alone reads nothing.
//
// Everything here may run on any thread beside the running node.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/secret.h"
#include "node/exchange/card.h"
#include "node/ledger/verify.h"
#include "node/node/backup_manifest.h"

namespace focal::node {

inline constexpr char kBackupPrefix[] = "focal-";          // focal-XA-20261123T020000Z
inline constexpr char kBackupPart[] = ".part";             // of one that was not finished

struct BackupReport {
  std::filesystem::path folder;
  BackupManifest manifest;
  std::uint64_t bytes = 0;
};

// Told before each step; for tests: a step that it does not return from has not happened.
enum class BackupStep { kFolder, kLedger, kFiles, kManifest, kName, kDone };
using BackupHook = std::function<void(BackupStep)>;

// A new folder in `into` (made if need be, mode 0700), under its final name only when all of it is
// durable; what an earlier call left unfinished there is removed. kExists: one of that party and second is there; kNotFound (no node);
// kInvalid: `into` is the node's folder; kNoSpace, kPermission, kIo; errors of copy_ledger().
Result<BackupReport> make_backup(const std::filesystem::path& node_folder,
                                 const std::filesystem::path& into, std::uint64_t now_ms,
                                 const BackupHook& hook = {});

// The keystore of the node as it stands, to a medium of its own: focal-XA-….focalkey. kInvalid:
// `into` is within the folder of the node or of the backups; kExists, kNoSpace, kPermission, kIo.
Result<std::filesystem::path> copy_keystore(const std::filesystem::path& node_folder,
                                            const std::filesystem::path& into,
                                            const std::filesystem::path& backup);

// Finished backups of the party in `into`, oldest first; none where there is no such folder.
std::vector<std::filesystem::path> backups_in(const std::filesystem::path& into,
                                              const std::string& party);
// Removes the oldest ones until `keep` are left; says which. kIo, kPermission.
Result<std::vector<std::filesystem::path>> drop_old_backups(const std::filesystem::path& into,
                                                            const std::string& party,
                                                            std::uint32_t keep);

struct CheckOptions {
  // How the ledger of the node with this card is verified.
  std::function<ledger::VerifyOptions(const exchange::Card&)> verify;
  // Key-encryption keys at hand; without it and without a keystore nobody asks.
  std::optional<std::set<std::string>> key_names{};
  // Its copy is opened with the passphrase, and with it a copy of the ledger as a start does.
  std::filesystem::path keystore{};
  const crypto::Secret* passphrase = nullptr;
  // Where private copies are made and removed again; empty: beside the backup.
  std::filesystem::path scratch{};
};
struct BackupCheck {
  BackupManifest manifest;
  ledger::VerifyReport report;
  bool opened = false;                 // with a keystore
  std::vector<std::string> problems;   // in words; empty: it can be restored
  bool ok() const { return problems.empty(); }
};
// Looks at every byte: the list, sizes and hashes, the card, the whole ledger, keys. Changes
// nothing of the backup. An error only where there is no backup to look at: kNotFound, kCorrupt
// (the list), kIo, kNoSpace.
Result<BackupCheck> check_backup(const std::filesystem::path& backup, const CheckOptions& options);

}  // namespace focal::node

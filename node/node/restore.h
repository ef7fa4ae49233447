// A node from a backup (docs/operations.md, "Restore"). What comes out is an older copy of the
// node, and says so: without the newest anchor it starts in STARTING and signs nothing until
// its witnesses, or a new card, allow it.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"
#include "node/node/backup_manifest.h"

namespace focal::node {

// Told before each step; for tests: a step that it does not return from has not happened.
enum class RestoreStep { kKeystore, kFiles, kAnchor, kLedger, kName, kDone };
using RestoreHook = std::function<void(RestoreStep)>;

struct RestoreReport {
  BackupManifest manifest;
  std::vector<std::filesystem::path> written;
  std::filesystem::path anchor;      // where the start will look for it
  bool anchor_is_there = false;      // one was there already: the start compares with it
};

// Into a folder without a ledger, made if need be (0700). The files are those of the list, by size
// and hash; the keystore has every key that the ledger needs, and the passphrase opens it. A file that is
// there with the same bytes stays, one with other bytes is an error: nothing is ever replaced.
// The ledger comes last and under its name at once, so that a restore which was cut short is no
// node, and can be run again. Where no anchor is, a text stands for it that says so: a ledger of
// an old schema is not taken for one that never had an anchor.
// kExists (a ledger, or another file); kNotFound, kCorrupt (the backup); kKeystore, kPassphrase;
// kBusy: a focald runs there; kNoSpace, kPermission, kIo.
Result<RestoreReport> restore(const std::filesystem::path& backup,
                              const std::filesystem::path& keystore,
                              const std::filesystem::path& into, const crypto::Secret& passphrase,
                              const RestoreHook& hook = {});

}  // namespace focal::node

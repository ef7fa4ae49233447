// `focal init`: makes a party's root keys (into a folder meant for an offline
// medium), the node's keys, its first card, its ledger and its configuration.
// Works without a node and refuses to touch one that exists.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/keystore.h"
#include "node/exchange/card.h"

namespace focal::node {

inline constexpr char kRootFile[] = "root.focalkey";
inline constexpr char kNextRootFile[] = "next-root.focalkey";
inline constexpr char kUnfinishedFile[] = "init.unfinished";
inline constexpr std::string_view kRootKeyName = "root";

struct SetupOptions {
  std::filesystem::path folder;
  std::filesystem::path root_folder;
  std::string party;
  std::string listen;
  std::vector<std::string> endpoints;
  std::vector<std::string> authority;
  std::uint64_t expires_ms = 0;        // 0 = thirteen months from now
  crypto::KdfCost kdf = crypto::kKdfDefault;
};

struct SetupResult {
  exchange::Card card;
  std::string schedule_note;
  std::vector<std::filesystem::path> written;
};

// kExists: there is a node or a root already; nothing was changed. kInvalid:
// party, address, authority. On any failure the files made so far are removed; an
// init that is killed leaves kUnfinishedFile, and the folder is no node (kState).
Result<SetupResult> set_up(const SetupOptions& options, const crypto::Secret& passphrase,
                           const crypto::Secret& root_passphrase, const Now& now,
                           crypto::Rng& rng);

// kState: an init was cut short in this folder (the error says what to remove).
Status check_finished(const std::filesystem::path& folder);

}  // namespace focal::node

// `focal init`: makes a party's root keys (into a folder meant for an offline
// medium), the node's keys, its first card, its ledger and its configuration.
// Works without a node and refuses to touch one that exists. Where the root is elsewhere
// already, prepare_node() makes all but card and ledger, and a request for the root.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "crypto/keystore.h"
#include "node/exchange/card.h"
#include "node/node/own_card.h"
#include "node/node/root_box.h"

namespace focal::node {

inline constexpr char kUnfinishedFile[] = "init.unfinished";

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

struct PreparedNode {
  PendingCard pending;
  std::vector<std::filesystem::path> written;
};
// A node without a card: keys, configuration and the request. wish.plan for a party's
// first node; wish.after, its newest card, where the node it was made for is lost. The root
// folder of options is not used. Errors as set_up() and prepare_first_card().
Result<PreparedNode> prepare_node(const SetupOptions& options, const CardWish& wish,
                                  const crypto::Secret& passphrase, const Now& now,
                                  crypto::Rng& rng);

// What `focal card apply` does while no focald runs: the card under way into the ledger,
// which is made if the node has none, then card file and keystore. Again after a kill: goes
// on. kBusy: a focald runs; kNotFound: no node here, or nothing under way; errors of
// check_applied() and of the ledger.
Result<exchange::Card> apply_card_offline(const std::filesystem::path& folder,
                                          std::string_view note, const std::string& detail,
                                          const crypto::Secret& passphrase, const Now& now,
                                          crypto::Rng& rng, const SettleHook& hook = {});

// kState: an init was cut short in this folder (the error says what to remove).
Status check_finished(const std::filesystem::path& folder);

}  // namespace focal::node

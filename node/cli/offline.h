// What the command line does without a node: in its folder init, card show, card apply,
// ledger verify, ledger export; on the root medium everything. The work is done by lower layers; this header keeps their heavy
// headers away from the command line, and lets tests put fakes in their place.
#pragma once

#include <filesystem>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"

namespace focal::api::v1 {
class CardApplyResponse;
class CardCustodyResponse;
class CardPending;
class CardShowResponse;
class InitResponse;
class LedgerCheckpointResponse;
class LedgerFilesResponse;
class LedgerVerifyResponse;
class RestoreResponse;
class RootAct;
}  // namespace focal::api::v1

namespace focal::cli {

struct InitOptions {
  std::filesystem::path folder;        // of the node: config, keystore, card; made 0700
  std::filesystem::path root_folder;   // meant for an offline medium: root and next root
  std::string party;                   // XA
  std::string listen;                  // address the gate binds, "tcp://0.0.0.0:7117"
  std::vector<std::string> endpoints;  // addresses others reach it at; empty = dials out only
  std::vector<std::string> authority;  // 1..8 lines shown on the card
  std::string card_expires;            // last day; empty = the default of the card's rules
  crypto::Secret passphrase;           // of the node's keystore
  crypto::Secret root_passphrase;      // of the two root keystores
  std::string root_plan;               // text; with it or `after` no root is made here
  std::string after;                   // text of the newest card of a node that is lost
};

// kExists: the folder holds a node already; nothing is changed. kInvalid: party, address, date.
Status offline_init(const InitOptions& options, api::v1::InitResponse& out);
// The same without a root: makes the node's keys and the request for the root that made
// root_plan, or that signed `after`; one of the two is given.
Status offline_prepare(const InitOptions& options, api::v1::CardPending& out);
// kNotFound: no node in this folder. kCard, kSignature: the stored card does not verify.
Status offline_card_show(const std::filesystem::path& folder, api::v1::CardShowResponse& out);
// How long it still lasts and what to do; what is under way only the keystore knows.
Status offline_custody(const std::filesystem::path& folder, api::v1::CardCustodyResponse& out);
// What came back from the root. kBusy: a node runs on the folder; kNotFound: nothing is
// under way; kCardChain: another card.
Status offline_card_apply(const std::filesystem::path& folder, const std::string& card,
                          const crypto::Secret& passphrase, api::v1::CardApplyResponse& out);

// What is asked of the root. act as in RootAct, and SHOW.
struct RootOrder {
  std::string act;
  std::vector<std::filesystem::path> folders;
  std::string party;                   // MAKE
  std::string file;                    // what it works on: the text of a request, card or list
  std::string scope, since, reason;    // REVOKE
  std::uint64_t serial = 0;            // REVOKE: of a card the media remember; 0 = the newest
  bool by_next_root = false;           // REVOKE
  crypto::Secret passphrase;
};
// Called with what is about to happen; an error ends the act, and nothing was done.
using RootAgree = std::function<Status(const api::v1::RootAct&)>;
// Errors of node/node/root_acts.h; kUsage: no such act.
Status offline_root(const RootOrder& order, const RootAgree& agree, api::v1::RootAct& out);

// Reads only; needs no passphrase. An answer with ok = false is not an error of the call.
// kNotFound; kBusy: a running node holds the ledger; kCorrupt: cannot be read at all.
using LedgerProgress = std::function<void(std::uint64_t done, std::uint64_t leaves)>;
// log_only: leaves, tiles and checkpoints alone.
Status offline_ledger_verify(const std::filesystem::path& folder, bool log_only,
                             api::v1::LedgerVerifyResponse& out, const LedgerProgress& progress);

// The published log of a node, a page at a time (docs/protocol.md, "Exported log"); a page holds
// what comes from `first` on. Errors as of the routes of the same names.
struct LogSource {
  std::function<Status(api::v1::LedgerCheckpointResponse&)> checkpoint;  // the newest
  std::function<Status(std::uint64_t size, std::uint32_t level, std::uint64_t first,
                       api::v1::LedgerFilesResponse&)> tiles;
  std::function<Status(std::uint64_t size, std::uint64_t first, api::v1::LedgerFilesResponse&)>
      entries;
};
// Of the ledger in a folder that no node has open. Reads only; needs no passphrase. kNotFound;
// kCorrupt; kState: of another version.
Status offline_open_log(const std::filesystem::path& folder, LogSource& out);

struct RestoreOrder {
  std::filesystem::path backup;
  std::filesystem::path keystore;      // may be empty with verify
  std::filesystem::path into;          // of the node; not looked at with verify
  bool verify = false;                 // look at it, write nothing
  crypto::Secret passphrase;           // of the keystore, if there is one
};
// Errors of node/node/restore.h, and with verify of check_backup(); an answer with ok = false is not
// an error of the call.
Status offline_restore(const RestoreOrder& order, api::v1::RestoreResponse& out);

// They, as the command line calls them (main.cc fills it).
struct Offline {
  std::function<Status(const InitOptions&, api::v1::InitResponse&)> init;
  std::function<Status(const std::filesystem::path&, api::v1::CardShowResponse&)> card_show;
  std::function<Status(const std::filesystem::path&, bool log_only,
                       api::v1::LedgerVerifyResponse&, const LedgerProgress&)> ledger_verify;
  std::function<Status(const InitOptions&, api::v1::CardPending&)> prepare{};
  std::function<Status(const std::filesystem::path&, api::v1::CardCustodyResponse&)> custody{};
  std::function<Status(const std::filesystem::path&, const std::string&, const crypto::Secret&,
                       api::v1::CardApplyResponse&)> card_apply{};
  std::function<Status(const RootOrder&, const RootAgree&, api::v1::RootAct&)> root{};
  std::function<Status(const RestoreOrder&, api::v1::RestoreResponse&)> restore{};
  std::function<Status(const std::filesystem::path&, LogSource&)> open_log{};
};

}  // namespace focal::cli

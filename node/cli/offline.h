// What the command line does in the node's folder without a node: init, card show,
// ledger verify. The work is done by lower layers; this header keeps their heavy
// headers away from the command line, and lets tests put fakes in their place.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "crypto/secret.h"

namespace focal::api::v1 {
class CardShowResponse;
class InitResponse;
class LedgerVerifyResponse;
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
};

// kExists: the folder holds a node already; nothing is changed. kInvalid: party, address, date.
Status offline_init(const InitOptions& options, api::v1::InitResponse& out);
// kNotFound: no node in this folder. kCard, kSignature: the stored card does not verify.
Status offline_card_show(const std::filesystem::path& folder, api::v1::CardShowResponse& out);
// Reads only; needs no passphrase. An answer with ok = false is not an error of the call.
// kNotFound; kBusy: a running node holds the ledger; kCorrupt: cannot be read at all.
Status offline_ledger_verify(const std::filesystem::path& folder,
                             api::v1::LedgerVerifyResponse& out);

// The three, as the command line calls them (main.cc fills it).
struct Offline {
  std::function<Status(const InitOptions&, api::v1::InitResponse&)> init;
  std::function<Status(const std::filesystem::path&, api::v1::CardShowResponse&)> card_show;
  std::function<Status(const std::filesystem::path&, api::v1::LedgerVerifyResponse&)> ledger_verify;
};

}  // namespace focal::cli

// Whole nodes with files, made from a fixed seed and a fixed time: the production core on a
// real ledger and keystore, as the loop joins them, without gate and network. Links carry
// frames in order. What is made twice is the same, but for the file of SQLite's own counters.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/keystore.h"
#include "crypto/random.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/node/core.h"
#include "node/node/key_life.h"
#include "node/node/keys.h"

namespace focal::golden {

inline constexpr std::uint64_t kGoldenMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z, a Monday
inline constexpr char kGoldenPassphrase[] = "a golden passphrase";

crypto::Secret passphrase();

// The value, or the program ends and says what went wrong.
template <typename T>
T need(Result<T> result);
void need(const Status& status);
[[noreturn]] void give_up(const Error& error);

struct Place {                 // a node
  std::string party;
  std::filesystem::path folder;
  std::unique_ptr<crypto::SeededRng> rng;
  std::optional<crypto::Keystore> keystore;
  node::OnlineKeys keys;
  exchange::Identity self;
  exchange::Peers peers;
  std::unique_ptr<ledger::KeystoreKek> keks;
  std::unique_ptr<ledger::Ledger> ledger;
  std::unique_ptr<node::Core> core;
  std::optional<config::NodeConfig> config;
  std::unique_ptr<node::KeyLife> life;  // of a node that goes on: it publishes what is due
  std::int64_t clock_offset_ms = 0;
};

class GoldenWorld {
 public:
  // Nodes are made in folder/PARTY, their roots in folder/root-PARTY.
  explicit GoldenWorld(std::filesystem::path folder);

  Place& add(const std::string& party);
  // The node that stands in folder/PARTY.
  Place& resume(const std::string& party);
  Place& at(const std::string& party) { return *places_.at(party); }
  exchange::Machine& machine(const std::string& party) { return at(party).core->machine(); }
  crypto::SigningKey root_key(const std::string& party) const;

  void verify_both(const std::string& a, const std::string& b);
  void meet(const std::string& a, const std::string& b);
  exchange::LinkId connect(const std::string& a, const std::string& b);
  void cut(exchange::LinkId link);
  void inject(exchange::LinkId link, const std::string& from, Bytes frame);
  // No record is checked here: a body of tests/vectors/examples passes.
  store::RecordRef send(const std::string& from, const std::string& to, const std::string& kind,
                        const Bytes& body, std::optional<store::RecordRef> thread = {},
                        std::optional<store::RecordRef> reply_to = {});
  // Into the group under way of that node, and its commit.
  void write(const std::string& party, store::Op op);
  void advance(std::uint64_t ms);
  Now now(const std::string& party) const;
  // A checkpoint of every node whose log has news, kept in its anchor and shown to its witnesses.
  void checkpoints();
  // Ends every node in order: ledger closed, nothing open. Nothing may be asked afterwards.
  void close();

  bool links_may_end = false;  // else the program ends when a node closes one
  std::uint64_t caps = exchange::kCapWitness;  // what nodes speak that come next; 0: an older form

  // Called for every frame on its way.
  std::function<void(const std::string& from, const std::string& to, const Bytes& frame)> on_frame;

 private:
  struct Link {
    std::string a, b;          // a dialed
    bool up = true;
  };
  struct Parcel {
    exchange::LinkId link;
    std::string to;
    Bytes frame;
  };
  void open(Place& place);
  void pin(const std::string& a, const std::string& b);
  void met(const std::string& a, const std::string& b, const crypto::Secret& psk);
  void finish(const std::string& party);
  void end_link(const std::string& party, const exchange::CloseLink& close);
  void deliver(const Parcel& parcel);
  void run();

  std::filesystem::path folder_;
  Now now_;
  crypto::SeededRng rng_;
  std::map<std::string, std::unique_ptr<Place>> places_;
  std::map<exchange::LinkId, Link> links_;
  std::deque<Parcel> parcels_;
  exchange::LinkId next_link_ = 1;
};

template <typename T>
T need(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

}  // namespace focal::golden

// The hostile party: introduced and verified at its target, with valid keys and a valid
// card, made by `focal init` like everybody's. Its node never runs; what stands here
// signs and seals in its name, honestly or not.
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/envelope.h"
#include "node/exchange/manifest.h"
#include "node/node/keys.h"
#include "tests/e2e/harness.h"

namespace focal::hostile {

// What every peer of the target knows of it: its introduction file.
struct Target {
  std::string party;
  int port = 0;
  std::string endpoint;
  exchange::Card card;
  exchange::Schedule schedule;
};
Target target_from(const std::string& introduction, int port);

// A sending that another party has stored and not delivered: a true record, its Inner
// as it would travel. How it came into these hands does not matter.
struct Loot {
  std::string from;
  Bytes inner;
  store::RecordRef ref;
};
std::vector<Loot> steal_outbox(const e2e::Party& stopped);

// A record as the hostile party wants it; the default is a ping that breaks no rule.
struct Recipe {
  std::string kind = "peer.ping";
  std::string from = {};             // empty: itself
  Hash32 from_card{};                // zeros: its own
  std::vector<std::string> to = {};  // empty: the target
  std::optional<Bytes> body = {};    // none: a valid ping
  std::uint32_t version = 1;
  std::uint64_t ahead_ms = 0;        // created in the future
  std::uint64_t signed_late_ms = 0;  // signed that long after it was created
  bool other_commitment = false;     // signed for another body
  bool bad_signature = false;
  std::size_t copies = 1;  // items of the batch
};
struct Made {
  Bytes inner;
  std::vector<Hash32> rids;
};

class Villain {
 public:
  // made: its folder, from `focal init`. endpoints: where it says it can be reached.
  Villain(const e2e::Party& made, Target target, std::vector<std::string> endpoints);

  const std::string& name() const { return self_.party(); }
  const exchange::Identity& self() const { return self_; }
  const exchange::Card& card() const { return self_.card; }
  const crypto::DhKey& transport() const { return keys_.transport; }
  const Target& target() const { return target_; }
  std::string introduction() const;
  // A schedule with a serial higher than all before, with those endpoints.
  std::string next_schedule(const std::vector<std::string>& endpoints);

  Made make(const Recipe& recipe, crypto::Rng& rng) const;
  // Receipts for those records under that name; always signed by this party's key.
  Bytes receipts(const std::vector<store::RecordRef>& refs,
                 const std::vector<std::uint32_t>& statuses, const std::string& from,
                 const Hash32& card) const;
  // The Inner of an envelope that was sealed to this party.
  Result<Bytes> open(ByteView envelope) const;

  // Rids released in this party's name: those that the target has to take, and those
  // that it has to reject with a receipt.
  void released(const std::vector<Hash32>& rids, bool is_good);
  // A rid of which there is no record, in a receipt of this party.
  void invented(const Hash32& rid);
  std::set<std::string> good() const;
  std::set<std::string> bad() const;
  std::set<std::string> invented() const;

 private:
  exchange::Identity self_;
  node::OnlineKeys keys_;
  Target target_;
  mutable std::mutex mutex_;
  std::uint64_t serial_ = 0;
  std::set<std::string> good_, bad_, invented_;
};

// Seals to the target, many envelopes under one HPKE context as honest nodes do.
class Sealer {
 public:
  explicit Sealer(const Target& target) : target_(target) {}
  Bytes seal(ByteView inner, crypto::Rng& rng);

 private:
  const Target& target_;
  std::optional<exchange::SealContext> context_;
};

}  // namespace focal::hostile

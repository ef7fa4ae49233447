// A hostile party with a valid card: it can sign and seal anything it likes.
// Every part of an honest record can be changed before the next step covers it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "node/exchange/envelope.h"
#include "node/exchange/inner.h"
#include "node/exchange/manifest.h"
#include "node/exchange/statement.h"
#include "tests/support/world.h"

namespace focal::test {

// The parts of one batch; change what the attack needs, then ask for the next.
struct Forged {
  std::vector<exchange::Manifest> manifests;
  std::vector<Hash32> salts;
  std::vector<Bytes> bodies;
  std::vector<Bytes> items;        // made by make_items(); or the test's own
  std::vector<Hash32> leaves;
  Bytes stmt;
  Bytes sig;
  Bytes inner;
};

class Forger {
 public:
  // Writes as `from` to `to`; both are nodes of the world.
  Forger(World& world, std::string from, std::string to);

  // An honest batch of n records, up to and including its Inner.
  Forged honest(std::size_t n = 1, const std::string& kind = "future.kind");
  void make_items(Forged& forged);                      // items and leaves from the manifests
  void sign(Forged& forged, std::uint32_t purpose = 1); // statement over the leaves
  void sign_as(Forged& forged, const std::string& from, const Hash32& card, std::uint32_t purpose,
               std::uint32_t size, const Hash32& root, std::uint64_t signed_ms);
  void make_inner(Forged& forged);

  Bytes seal(ByteView inner);                           // an envelope to `to`
  // Seals by hand, so that any part of the envelope can be wrong.
  struct Parts {
    std::uint8_t version = 1, suite = 1, mode = 0;
    Id16 kid{};
    Bytes enc;
    Bytes hint;                                         // empty: that of pair, if any
    const exchange::PairKey* pair = nullptr;            // mode 1
    std::uint64_t idx = 0;
    std::string to_name;                                // in the key schedule; empty = `to`
    Bytes plain;                                        // padded; empty = from inner
  };
  Parts parts(ByteView inner);
  Bytes seal_parts(const Parts& parts);

  exchange::LinkId link() const { return link_; }
  // Delivers the envelope over a live link as the next DATA of `from`.
  void deliver(const Bytes& envelope, std::uint32_t lane = 1);
  // The same, but the group is left open: another delivery may join it.
  void hand_over(const Bytes& envelope, std::uint32_t lane = 1);
  void deliver_inner(const Bytes& inner, std::uint32_t lane = 1) { deliver(seal(inner), lane); }

  // What happened at `to` because of the last deliver().
  struct Effect {
    std::uint64_t leaves = 0;                           // new ones
    std::map<int, std::uint64_t> silent;                // by step, new ones
    std::vector<exchange::BounceEntry> bounces;
    bool bye = false;
    std::size_t waiting = 0;                            // rows now
  };
  Effect effect;

  crypto::SystemRng& rng() { return rng_; }
  const crypto::SigningKey& sign_key() { return world_.keys(from_).sign; }
  const exchange::Card& card() { return world_.core(from_).self().card; }

 private:
  World& world_;
  std::string from_, to_;
  exchange::LinkId link_ = 0;
  std::uint64_t seq_ = 0;
  Id16 stream_{};
  crypto::SystemRng rng_;
};

}  // namespace focal::test

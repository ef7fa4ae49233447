// A hostile party: pinned and verified everywhere, with valid keys and the
// exchange's own encoders. It opens what is sent to it, keeps every frame, and
// says what it likes on its links.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/envelope.h"
#include "node/exchange/frame.h"
#include "node/exchange/manifest.h"
#include "tests/sim/counts.h"
#include "tests/sim/endpoint.h"
#include "tests/sim/parties.h"
#include "tests/sim/queue.h"
#include "tests/sim/wires.h"

namespace focal::sim {

class Hostile final : public Endpoint {
 public:
  Hostile(Queue& queue, Wires& wires, Counts& counts, std::size_t number, std::uint64_t seed);

  const std::string& name() const override { return party_.name; }
  bool is_running() const override { return true; }
  std::vector<Hash32> transports() const override { return {party_.keys->transport.pk}; }
  std::string known_by(const Hash32&) const override { return "anybody"; }
  void link_up(exchange::LinkId link, std::size_t other, const std::string& party,
               bool dialed) override;
  void link_down(exchange::LinkId link) override { links_.erase(link); }
  void frame(exchange::LinkId link, Bytes bytes) override;

  // Does one hostile thing to node `target`; nothing if there is no link to it,
  // or nothing was learnt yet that it needs.
  void attack(What what, std::size_t target, std::uint64_t seed);
  void stop() { stopped_ = true; }  // from now on it only acknowledges
  // As an accomplice: brings what another made over its own link. False: there is none.
  bool carry(std::size_t target, ByteView inner, std::uint32_t lane, crypto::Rng& rng);
  bool carry_notes(std::size_t target, std::vector<std::string> notes);
  std::function<const KeySet&(std::size_t target)> target_keys;  // in use there; else the first
  // Sometimes what several were written goes on with another body at once, to be there first.
  void be_hasty() { hasty_ = true; }

 private:
  struct Link {
    std::size_t other = 0;
    bool dialed = false;
    bool up = false;
    Id16 own_stream{}, peer_stream{};
    std::uint64_t next_seq = 1, received = 0;
    std::uint64_t credit = 0, used = 0;
  };
  struct Learnt {                     // a true batch that was sent to this party
    Bytes inner;
    std::string from;
    std::vector<std::string> to;
    std::vector<Hash32> env_ids;
  };
  void on_hello(exchange::LinkId id, Link& link, const exchange::HelloFrame& hello);
  void on_data(exchange::LinkId id, Link& link, const exchange::DataFrame& data);
  void say(exchange::LinkId link, const exchange::Frame& frame);
  void acknowledge(exchange::LinkId id, const Link& link);
  void hello(exchange::LinkId id, const Link& link, bool is_reply);
  std::optional<exchange::LinkId> link_to(std::size_t target) const;
  Bytes seal(std::size_t target, ByteView inner, crypto::Rng& rng) const;
  bool send_inner(exchange::LinkId id, std::size_t target, ByteView inner, std::uint32_t lane,
                  crypto::Rng& rng);
  const Learnt* learnt(crypto::Rng& rng, bool addressed_to, std::size_t target) const;

  // The attacks; false: not possible now.
  bool garbage(exchange::LinkId id, crypto::Rng& rng);
  bool mutated(exchange::LinkId id, crypto::Rng& rng);
  bool replay(exchange::LinkId id, crypto::Rng& rng);
  bool flood(exchange::LinkId id, crypto::Rng& rng);
  bool forged_ack(exchange::LinkId id, crypto::Rng& rng);
  bool forged_receipt(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  bool forged_bounce(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  bool other_body(exchange::LinkId id, std::size_t target, const Learnt* batch, crypto::Rng& rng);
  void hurry(const Learnt& batch);
  bool forward(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  bool reseal(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  bool own_record(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  // As a witness (attacks_witness.cc).
  bool false_line(exchange::LinkId id, crypto::Rng& rng);
  bool false_conflict(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  bool false_claim(exchange::LinkId id, std::size_t target, crypto::Rng& rng);
  std::string note_of(const std::string& origin, std::uint64_t size, const Hash32& root) const;

  Queue& queue_;
  Wires& wires_;
  Counts& counts_;
  const Party& party_;
  std::size_t number_;
  exchange::Identity self_;
  crypto::SeededRng rng_;
  exchange::OpenContexts contexts_;
  std::map<exchange::LinkId, Link> links_;
  std::vector<Bytes> frames_;         // true ones, sent and received; the latest
  std::vector<Learnt> learnt_;
  void claim(std::size_t target, exchange::HelloFrame& hello);
  std::set<std::size_t> claims_to_;   // whose next HELLO shows what they never signed
  std::vector<std::string> notes_;    // checkpoints that it was asked to cosign; the latest
  bool stopped_ = false;
  bool hasty_ = false;
};

}  // namespace focal::sim

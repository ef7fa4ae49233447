// The dialing half: one peer, one CURVE DEALER at a time, made anew for every
// attempt (see dialer.h for when and why).
#pragma once

#include <poll.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/x25519.h"
#include "node/gate/dialer.h"
#include "node/gate/report.h"
#include "node/gate/resolver.h"
#include "node/gate/zmq_room.h"

namespace focal::gate {

class Peer {
 public:
  // key: ours; other: the one to try when the peer refuses it, or nullptr. All references
  // outlive the peer.
  Peer(Context& context, const crypto::DhKey& key, const crypto::DhKey* other, DialTarget target,
       DialerLimits limits, crypto::Rng& rng, Resolver& resolver, Common& common);
  ~Peer() { resolver_.forget(target_.party); }
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  const DialTarget& target() const { return target_; }
  LinkId link() const { return link_; }  // 0 while not UP

  // False: the party is not the link's.
  bool send(std::string_view party, Bytes frame, const Now& now);
  void close(const Now& now);             // ends the link; dials again later
  void leave(const std::string& reason);  // last words: the peer is about to be destroyed

  void add_descriptors(std::vector<pollfd>& out) const;
  // The answers for what was just added.
  void read_descriptors(const pollfd*& next) { due_.read(next, dealer_.is_open() ? 2 : 0); }
  void set_due() { due_.set(); }
  bool is_due() const { return due_.is_set(); }
  // Does what can be done without waiting, if something is due.
  void work(const Now& now);
  bool is_blocked() const { return !queue_.is_empty(); }
  std::optional<std::uint64_t> next_ms() const;

 private:
  void begin(const Now& now);  // an attempt: look the name up first, if it is one
  void look(const Now& now);   // is there an answer?
  void connect(const std::string& address, const Now& now);
  Status open(const std::string& address);
  void read_monitor(const Now& now);
  void receive();
  void flush();
  void failed(DialWhy why, const std::string& reason, const Now& now);
  const std::string& endpoint() const { return target_.endpoints[dialer_.endpoint()]; }

  Context& context_;
  const crypto::DhKey* key_;        // in use
  const crypto::DhKey* other_key_;  // after the next refusal; nullptr: there is one key
  DialTarget target_;
  crypto::Rng& rng_;
  Resolver& resolver_;
  Common& common_;
  Dialer dialer_;
  std::optional<std::uint64_t> look_until_ms_;  // a name is being looked up
  Socket dealer_;
  Monitor monitor_;
  LinkId link_ = 0;
  SendQueue queue_;
  Due due_;
};

}  // namespace focal::gate

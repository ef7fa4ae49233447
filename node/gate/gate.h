// The gate itself: one loop over the socket to focald and ZeroMQ's sockets.
// It holds the transport key and the lists focald sent, and nothing that
// outlives it.
#pragma once

#include <poll.h>

#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "crypto/random.h"
#include "crypto/x25519.h"
#include "node/gate/peer.h"
#include "node/gate/resolver.h"
#include "node/gate/server.h"

namespace focal::gate {

class Gate {
 public:
  using Clock = Now (*)();

  // fd: the socketpair's end, made non-blocking here, not closed here.
  Gate(int fd, crypto::Rng& rng, Clock clock, Resolver::Ask ask = look_up);

  // Until the other end is closed (0), or something is not as it must be (1).
  int run();

 private:
  enum class Step { kGoOn, kClosed, kBroken };

  Step read_control(const Now& now);
  Status obey(ToGate message, const Now& now);
  Status obey_key(TransportKey message);
  Status obey_other_key(OtherKey message);
  void obey_allow_list(const AllowList& list, const Now& now);
  Status obey_send(Send message, const Now& now);
  void obey_close(LinkId link, const Now& now);
  void plan_peers();  // plan and list -> peers_
  void work_sockets(const Now& now);
  void wait(const Now& now);
  void report_stats(const Now& now);
  int timeout_ms(const Now& now) const;

  int fd_;
  crypto::Rng& rng_;
  Clock clock_;
  MessageParser parser_;
  Common common_;
  Gatekeeper gatekeeper_;
  Settings settings_;
  DialPlan plan_;
  crypto::DhKey key_;
  std::optional<crypto::DhKey> other_key_;
  // Order: sockets go before their context, peers before their resolver.
  Resolver resolver_;
  Context context_;
  std::unique_ptr<Server> server_;  // made when the key has come
  std::list<Peer> peers_;
  std::vector<pollfd> polled_;
  Stats reported_;
  std::uint64_t stats_at_ms_ = 0;      // news not before
  std::uint64_t life_sign_at_ms_ = 0;  // news or not, not later
};

}  // namespace focal::gate

// When to try to reach one peer, and how long to wait after it failed
// (docs/protocol.md, "Dialer"). Pure: no socket, no clock, no timer; the owner
// of the socket tells it what happened and does what it says.
//
//   IDLE -> CONNECTING -> UP -> BACKOFF -> CONNECTING …
//
// UP means that the CURVE handshake succeeded; HELLO is focald's business.
// ZeroMQ's own reconnection is not relied on: after the peer answered ZAP 400
// libzmq never tries again, and an operator may add us to the list later.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "crypto/random.h"

namespace focal::gate {

enum class DialState { kIdle, kConnecting, kUp, kBackoff };
enum class DialAction { kNone, kConnect, kGiveUp };

struct DialerLimits {
  std::uint64_t base_ms = 1000;  // wait = min(base * 2^k, cap) * uniform[0.5, 1.5]
  std::uint64_t cap_ms = 600'000;
  std::uint64_t settled_ms = 60'000;  // after this long UP, k is 0 again
  // Longer than a lookup of the name (10 s), CONNECT_TIMEOUT (10 s) and HANDSHAKE_IVL (10 s).
  std::uint64_t attempt_ms = 35'000;
};

class Dialer {
 public:
  // endpoints > 0: how many the peer has; they are tried in order, and only
  // when all have failed comes a wait.
  Dialer(DialerLimits limits, std::size_t endpoints);

  // Call when next_ms() has come. kConnect: connect to endpoint(). kGiveUp:
  // the attempt took too long; destroy the socket and call failed().
  DialAction tick(const Now& now);
  void up(const Now& now);  // handshake succeeded
  // The attempt failed or the connection ended; the socket is gone. Returns
  // the milliseconds until the next attempt.
  std::uint64_t failed(const Now& now, crypto::Rng& rng);

  DialState state() const { return state_; }
  std::size_t endpoint() const { return endpoint_; }  // index
  std::optional<std::uint64_t> next_ms() const;       // monotonic; nothing while UP

 private:
  std::uint64_t wait_ms(crypto::Rng& rng) const;

  DialerLimits limits_;
  std::size_t endpoints_;
  DialState state_ = DialState::kIdle;
  std::size_t endpoint_ = 0;
  unsigned failures_ = 0;  // k
  std::uint64_t deadline_ms_ = 0;
  std::uint64_t up_since_ms_ = 0;
};

}  // namespace focal::gate

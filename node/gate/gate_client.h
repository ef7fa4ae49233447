// focald's side of the network process: starts focal-gate, keeps it configured,
// hands it frames and brings back what it reports. When the gate ends, for
// whatever reason, every link is reported down and a new gate is started after
// a short wait with the same key, list, listening address and dial plan; frames
// under way are lost, which the layer above repairs (docs/protocol.md,
// "Links and reliability").
//
// One thread. Nothing here blocks, except reaping a gate that was just killed.
// Use in a poll loop:
//   poll(client.fd(), POLLIN | (client.wants_write() ? POLLOUT : 0)),
//     until client.wake_at_ms() at the latest
//   every turn -> for (auto& event : client.poll_events(now)) …; send(…) as wanted;
//                 client.flush_ready(now) last
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "node/gate/frames.h"

namespace focal::gate {

// A link has room again after send() said kBusy.
struct LinkReady {
  LinkId link = 0;
  std::string party;
};

// The gate is gone (its links were reported down before this); a new one is
// started at retry_at_ms (monotonic).
struct GateEnded {
  std::string reason;
  std::uint64_t retry_at_ms = 0;
};

using GateEvent = std::variant<Listening, Failed, LinkUp, LinkDown, FrameIn, LinkReady, Refused,
                               DialFailed, Stats, GateEnded>;

struct GateOptions {
  std::string program;  // path of focal-gate
  std::uint32_t dial_backoff_base_ms = 1000;
  std::uint32_t dial_backoff_cap_ms = 600'000;
  std::uint32_t handshakes_per_minute = 10;  // per peer key
  std::uint64_t restart_base_ms = 100;       // doubles at each early end …
  std::uint64_t restart_cap_ms = 5000;       // … up to this; back to base after a minute's life
};

class GateClient {
 public:
  // All that waits in this process for the gate to read it.
  static constexpr std::size_t kMaxPendingBytes = 64u << 20;
  // A gate that says nothing for this long, or takes nothing while something waits, is
  // killed. It speaks at least every kStatsAtLeastMs (node/gate/frames.h).
  static constexpr std::uint64_t kStuckMs = 30 * kSecondMs;

  // Starts nothing yet.
  // other_key: of OtherKey (frames.h); empty: there is one key.
  GateClient(GateOptions options, crypto::Secret transport_key, crypto::Secret other_key = {});
  ~GateClient();  // ends the gate
  GateClient(const GateClient&) = delete;
  GateClient& operator=(const GateClient&) = delete;

  // What the gate is to do; kept for every restart, sent at once if it runs.
  // kInvalid: not a party, not an endpoint, or a party or key twice; kLimit: too many.
  // A party that leaves the list, or whose key changes, loses its links at once.
  Status set_allow_list(std::vector<Allowed> peers);
  Status set_listen(std::string endpoint);
  Status set_dial_plan(std::vector<DialTarget> peers);

  // Starts the gate. kIo: the program cannot be started (then nothing runs
  // and nothing is tried again). kState: already running.
  Status start(const Now& now);
  // Kills the gate if it runs and starts another at the next poll_events().
  void restart(const Now& now);

  bool is_running() const { return fd_ >= 0; }
  int fd() const { return fd_; }  // -1 while no gate runs
  pid_t pid() const { return pid_; }
  bool wants_write() const { return pending() > 0; }
  // When poll_events() must be called at the latest, without readiness of fd().
  std::optional<std::uint64_t> wake_at_ms() const;

  // Reads what is there (a bounded amount), restarts the gate when due, and
  // returns what happened, in order. FrameIn comes only between LinkUp and
  // LinkDown of its link.
  std::vector<GateEvent> poll_events(const Now& now);
  // Writes what the socket takes.
  void flush_ready(const Now& now);

  // Queues one frame (1..kMaxFrameBytes, else kLimit); flush_ready() writes it.
  // kBusy: the link's window or kMaxPendingBytes is used up: keep the frame,
  // wait for LinkReady. kNotFound: no such link (any more).
  Status send(LinkId link, ByteView frame);
  bool can_send(LinkId link) const;
  // No later poll_events() names this link again; the batch in hand may.
  void close_link(LinkId link);

 private:
  struct Link {
    std::string party;
    std::size_t frames = 0;  // under way: queued here or in the gate
    std::uint64_t bytes = 0;
    bool refused = false;  // send() said kBusy and LinkReady has not come
  };

  Status spawn(const Now& now);
  void gate_ended(const Now& now, const std::string& reason);
  void post(const ToGate& message);
  void read_socket(const Now& now);
  void take(const Now& now, FromGate message);
  void report_ready();
  bool is_allowed(std::string_view party) const;
  bool has_room(const Link& link) const;
  std::size_t pending() const { return out_.size() - out_begin_; }

  GateOptions options_;
  crypto::Secret key_;
  crypto::Secret other_key_;
  std::vector<Allowed> allowed_;
  std::string listen_;
  std::string actual_listen_;  // keeps the port of an earlier gate
  std::vector<DialTarget> plan_;

  int fd_ = -1;
  pid_t pid_ = -1;
  std::uint64_t generation_ = 0;
  std::uint64_t started_ms_ = 0;
  std::uint64_t restart_wait_ms_ = 0;
  std::optional<std::uint64_t> restart_at_ms_;
  std::uint64_t heard_ms_ = 0;          // the gate's last sign of life
  std::uint64_t blocked_since_ms_ = 0;  // 0: nothing waits
  MessageParser parser_;
  Bytes out_;
  std::size_t out_begin_ = 0;
  std::map<LinkId, Link> links_;
  std::vector<GateEvent> events_;
};

}  // namespace focal::gate

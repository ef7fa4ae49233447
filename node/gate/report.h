// What waits to be written to focald, and the bits of state that the two
// kinds of links (accepted, dialed) share.
#pragma once

#include <poll.h>

#include <cstdint>
#include <deque>
#include <utility>

#include "base/bytes.h"
#include "node/gate/frames.h"

namespace focal::gate {

class Report {
 public:
  // Above this no frame is read from the network: a focald that is slow makes
  // its peers wait, not the gate's memory grow.
  static constexpr std::size_t kMaxBytes = 4u << 20;

  void say(const FromGate& message) { encode(out_, message); }
  void frame(LinkId link, std::string_view party, ByteView body) {
    encode_frame_in(out_, link, party, body);
  }
  bool is_full() const { return pending() >= kMaxBytes; }
  std::size_t pending() const { return out_.size() - begin_; }
  // Writes what the socket takes. False: the other end is gone.
  bool write_to(int fd);

 private:
  Bytes out_;
  std::size_t begin_ = 0;
};

// Frames of one link that ZeroMQ has not taken yet.
class SendQueue {
 public:
  bool push(Bytes frame);  // false: beyond the window
  bool is_empty() const { return frames_.empty(); }
  const Bytes& front() const { return frames_.front(); }
  void pop() {
    bytes_ -= frames_.front().size();
    frames_.pop_front();
  }

 private:
  std::deque<Bytes> frames_;
  std::size_t bytes_ = 0;
};

// Shared by the rooms of one gate.
struct Common {
  Report report;
  Stats stats;
  LinkId next_link = 1;
  bool starved = false;  // something was left unread because the report is full
};

// Whether a room's sockets are to be looked at this turn. Descriptors of
// libzmq are edge triggered and any call on a socket may take the edge away,
// so whoever touches a socket outside work() sets this.
class Due {
 public:
  void set() { due_ = true; }
  bool is_set() const { return due_; }
  bool take() { return std::exchange(due_, false); }
  // Reads `count` results of poll(2) and moves on.
  void read(const pollfd*& next, std::size_t count) {
    for (; count > 0; --count, ++next) due_ = due_ || next->revents != 0;
  }

 private:
  bool due_ = true;
};

}  // namespace focal::gate

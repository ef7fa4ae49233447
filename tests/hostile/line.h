// One connection to the target: a Focal link spoken with plain libzmq (Line), or raw
// TCP. They do what they are told, also when no honest node would. Every wait is bounded,
// and waiting in vain is no failure: the attack is tried again.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/frame.h"
#include "tests/hostile/villain.h"

namespace focal::hostile {

inline constexpr int kAnswerMs = 8000;  // how long an answer is waited for

enum class Mechanism { kCurve, kNull, kPlain };

struct LineOptions {
  Mechanism mechanism = Mechanism::kCurve;
  std::string routing_id;            // empty: libzmq's choice
  std::optional<Hash32> server_key;  // none: the target's
  int receive_high_water = 1000;
  int receive_buffer = -1;  // bytes of the kernel's buffer
  bool is_watched = false;  // for is_turned_away()
};

class Line {
 public:
  Line(void* context, const Target& target, const crypto::DhKey& key,
       const LineOptions& options = {});
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // false: not connected, or no room, for kAnswerMs.
  bool send(ByteView frame) { return send_part(frame, false, kAnswerMs); }
  bool say(const exchange::Frame& frame) { return send(exchange::encode_frame(frame)); }
  bool send_part(ByteView part, bool more, int wait_ms);
  bool connects();        // until the handshake has succeeded
  bool is_turned_away();  // until a handshake has failed, or the link ended
  // Reads one frame if one comes in time, and keeps what it tells.
  bool receive(int wait_ms);

  exchange::HelloFrame hello(const Villain& villain, crypto::Rng& rng);
  // HELLO, then waits for HELLO_OK and the first ACK.
  bool open(const Villain& villain, crypto::Rng& rng);
  bool open(const exchange::HelloFrame& hello);
  // What the target may send on this link.
  bool grant(std::uint64_t credit);
  // The next DATA; waits for credit if it is to be kept to.
  bool data(std::vector<Bytes> envelopes, std::uint32_t lane = 1, bool keep_to_credit = true);
  bool sees_bye(exchange::ByeCode code);  // waits for the end of the link
  bool sees_ack(std::uint64_t seq);       // until the target has acknowledged that much
  bool settles() { return sees_ack(next_seq - 1); }
  bool sees_data(std::size_t envelopes);  // until that many were received
  bool is_alive() const { return !bye; }

  Id16 own_stream{}, peer_stream{};
  std::uint64_t next_seq = 1;
  std::uint64_t credit = 0, lane0_credit = 0, used = 0, lane0_used = 0, acked = 0;
  std::uint64_t received = 0;    // envelopes
  std::vector<Bytes> envelopes;  // the latest that came
  std::optional<std::uint32_t> bye;

 private:
  template <typename Done>
  bool until(Done done);
  void* socket_;
  void* monitor_ = nullptr;
};

// A TCP connection without any protocol.
class RawTcp {
 public:
  explicit RawTcp(int port);
  ~RawTcp();
  RawTcp(RawTcp&& other) noexcept;
  RawTcp& operator=(RawTcp&&) = delete;
  bool is_open() const { return fd_ >= 0; }
  bool send(ByteView bytes);  // all of it, or false
  bool waits_for_bytes();     // until the other end said something
  void half_close();          // no more from here; the rest stays open
  void reset();               // gone without a farewell

 private:
  int fd_;
};
Bytes zmtp_greeting(std::string_view mechanism);

}  // namespace focal::hostile

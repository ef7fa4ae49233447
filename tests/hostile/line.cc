#include "tests/hostile/line.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

#include <atomic>
#include <utility>

#include "base/check.h"
#include "base/clock.h"

namespace focal::hostile {
namespace {

constexpr std::size_t kKeptEnvelopes = 32;
constexpr int kTurnedAway = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                            ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

void set(void* socket, int option, int value) {
  FOCAL_CHECK(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}
void set(void* socket, int option, ByteView value) {
  FOCAL_CHECK(zmq_setsockopt(socket, option, value.data(), value.size()) == 0);
}

}  // namespace

Line::Line(void* context, const Target& target, const crypto::DhKey& key,
           const LineOptions& options)
    : socket_(zmq_socket(context, ZMQ_DEALER)) {
  FOCAL_CHECK(socket_ != nullptr);
  set(socket_, ZMQ_LINGER, 0);
  set(socket_, ZMQ_IMMEDIATE, 1);
  set(socket_, ZMQ_RCVHWM, options.receive_high_water);
  if (options.receive_buffer > 0) set(socket_, ZMQ_RCVBUF, options.receive_buffer);
  if (!options.routing_id.empty()) set(socket_, ZMQ_ROUTING_ID, as_bytes(options.routing_id));
  if (options.mechanism == Mechanism::kCurve) {
    set(socket_, ZMQ_CURVE_SERVERKEY, options.server_key.value_or(target.card.transport));
    set(socket_, ZMQ_CURVE_PUBLICKEY, key.pk);
    set(socket_, ZMQ_CURVE_SECRETKEY, key.sk.view());
  } else if (options.mechanism == Mechanism::kPlain) {
    set(socket_, ZMQ_PLAIN_USERNAME, as_bytes("XM"));
    set(socket_, ZMQ_PLAIN_PASSWORD, as_bytes("password"));
  }
  if (options.is_watched) {
    static std::atomic<int> number = 0;
    const std::string name = "inproc://watch-" + std::to_string(++number);
    FOCAL_CHECK(zmq_socket_monitor(socket_, name.c_str(), kTurnedAway) == 0);
    monitor_ = zmq_socket(context, ZMQ_PAIR);
    set(monitor_, ZMQ_LINGER, 0);
    FOCAL_CHECK(zmq_connect(monitor_, name.c_str()) == 0);
  }
  FOCAL_CHECK(zmq_connect(socket_, target.endpoint.c_str()) == 0);
}

Line::~Line() {
  if (monitor_ != nullptr) zmq_socket_monitor(socket_, nullptr, 0);
  zmq_close(socket_);
  if (monitor_ != nullptr) zmq_close(monitor_);
}

bool Line::connects() {
  zmq_pollitem_t item{socket_, 0, ZMQ_POLLOUT, 0};
  return zmq_poll(&item, 1, kAnswerMs) == 1;
}

bool Line::is_turned_away() {
  zmq_pollitem_t items[] = {{monitor_, 0, ZMQ_POLLIN, 0}, {socket_, 0, ZMQ_POLLOUT, 0}};
  return zmq_poll(items, 2, kAnswerMs) >= 1 && items[0].revents != 0 && items[1].revents == 0;
}

bool Line::send_part(ByteView part, bool more, int wait_ms) {
  zmq_pollitem_t item{socket_, 0, ZMQ_POLLOUT, 0};
  if (zmq_poll(&item, 1, wait_ms) != 1) return false;
  return zmq_send(socket_, part.data(), part.size(), ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)) >= 0;
}

bool Line::receive(int wait_ms) {
  zmq_pollitem_t item{socket_, 0, ZMQ_POLLIN, 0};
  if (zmq_poll(&item, 1, wait_ms) != 1) return false;
  zmq_msg_t message;
  zmq_msg_init(&message);
  if (zmq_msg_recv(&message, socket_, ZMQ_DONTWAIT) < 0) {
    zmq_msg_close(&message);
    return false;
  }
  const auto parsed = exchange::parse_frame(
      {static_cast<const std::uint8_t*>(zmq_msg_data(&message)), zmq_msg_size(&message)});
  zmq_msg_close(&message);
  if (!parsed) return false;
  if (const auto* in = std::get_if<exchange::HelloFrame>(&*parsed)) peer_stream = in->stream_id;
  if (const auto* ack = std::get_if<exchange::AckFrame>(&*parsed)) {
    credit = ack->credit;
    lane0_credit = ack->lane0_credit;
    acked = ack->cum_seq;
  }
  if (const auto* end = std::get_if<exchange::ByeFrame>(&*parsed)) bye = end->code;
  if (const auto* in = std::get_if<exchange::DataFrame>(&*parsed)) {
    received += in->envelopes.size();
    for (const Bytes& envelope : in->envelopes)
      if (envelopes.size() < kKeptEnvelopes) envelopes.push_back(envelope);
  }
  return true;
}

template <typename Done>
bool Line::until(Done done) {
  const std::uint64_t end = read_clocks().mono_ms + kAnswerMs;
  while (!done()) {
    const std::uint64_t now = read_clocks().mono_ms;
    if (bye || now >= end) return false;
    receive(static_cast<int>(end - now));
  }
  return true;
}

exchange::HelloFrame Line::hello(const Villain& villain, crypto::Rng& rng) {
  exchange::HelloFrame out;
  out.party = villain.name();
  out.card_id = to_bytes(ByteView(villain.card().card_id));
  out.stream_id = rng.array<16>();
  out.incarnation = rng.array<16>();
  out.now_ms = read_clocks().wall_ms;
  out.seal_serial = villain.self().schedule_serial;
  return out;
}

bool Line::open(const Villain& villain, crypto::Rng& rng) { return open(hello(villain, rng)); }

bool Line::open(const exchange::HelloFrame& hello) {
  own_stream = hello.stream_id;
  return say(hello) && until([this] { return peer_stream != Id16{} && credit > 0; });
}

bool Line::grant(std::uint64_t more) {
  return say(exchange::AckFrame{peer_stream, received, more, more});
}

bool Line::data(std::vector<Bytes> sealed, std::uint32_t lane, bool keep_to_credit) {
  exchange::DataFrame out{own_stream, next_seq, lane, std::move(sealed)};
  const Bytes bytes = exchange::encode_frame(out);
  const std::uint64_t cost = exchange::frame_cost(bytes.size(), out.envelopes.size());
  std::uint64_t& spent = lane == 0 ? lane0_used : used;
  const std::uint64_t& most = lane == 0 ? lane0_credit : credit;
  if (keep_to_credit && !until([&] { return spent + cost <= most; })) return false;
  spent += cost;
  next_seq += out.envelopes.size();
  return send(bytes);
}

bool Line::sees_bye(exchange::ByeCode code) {
  until([] { return false; });  // reads to the end
  return bye == static_cast<std::uint32_t>(code);
}
bool Line::sees_ack(std::uint64_t seq) {
  return until([&] { return acked >= seq; });
}
bool Line::sees_data(std::size_t count) {
  return until([&] { return envelopes.size() >= count; });
}
RawTcp::RawTcp(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd_ >= 0 && ::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    ::close(std::exchange(fd_, -1));
}
RawTcp::RawTcp(RawTcp&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
RawTcp::~RawTcp() {
  if (fd_ >= 0) ::close(fd_);
}

bool RawTcp::send(ByteView bytes) {
  while (!bytes.empty()) {
    pollfd item{fd_, POLLOUT, 0};
    if (fd_ < 0 || ::poll(&item, 1, kAnswerMs) != 1) return false;
    const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return fd_ >= 0;
}

bool RawTcp::waits_for_bytes() {
  pollfd item{fd_, POLLIN, 0};
  char byte = 0;
  return fd_ >= 0 && ::poll(&item, 1, kAnswerMs) == 1 && ::recv(fd_, &byte, 1, MSG_DONTWAIT) == 1;
}
void RawTcp::half_close() { ::shutdown(fd_, SHUT_WR); }
void RawTcp::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(fd_, -1));
}

// ZMTP 3.1: signature, version, mechanism, as-server, filler.
Bytes zmtp_greeting(std::string_view mechanism) {
  Bytes out = to_bytes(std::string_view("\xff\0\0\0\0\0\0\0\1\x7f\3\1", 12));
  append(out, as_bytes(mechanism));
  out.resize(64);
  return out;
}

}  // namespace focal::hostile

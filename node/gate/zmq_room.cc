#include "node/gate/zmq_room.h"

#include <sys/socket.h>
#include <zmq.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "node/gate/frames.h"

namespace focal::gate {
namespace {

constexpr int kIoThreads = 2;  // the bits of IoThread

// CURVE's envelope around a message (RFC 26): 8 bytes of name, 8 of nonce, 16
// of authenticator, 1 of flags. MAXMSGSIZE is compared with all of it.
constexpr std::uint64_t kCurveOverhead = 33;
// Frames of one connection inside libzmq. Out: no more than focald's window. In: what a
// flood of the largest frames may cost is 20 MiB a connection; beyond, TCP holds it back.
constexpr int kSendHighWater = 64;
constexpr int kReceiveHighWater = 16;
constexpr int kHeartbeatMs = 20'000;
constexpr int kHeartbeatTimeoutMs = 60'000;
constexpr int kHeartbeatTtlMs = 90'000;

zmq_msg_t* as_msg(unsigned char* raw) { return reinterpret_cast<zmq_msg_t*>(raw); }
const zmq_msg_t* as_msg(const unsigned char* raw) {
  return reinterpret_cast<const zmq_msg_t*>(raw);
}
static_assert(sizeof(zmq_msg_t) == 64 && alignof(zmq_msg_t) <= 8);

Status outcome(int rc, std::string_view what) {
  if (rc == 0) return {};
  return fail(ErrorCode::kIo, std::string(what) + ": " + zmq_strerror(zmq_errno()));
}

}  // namespace

void seed_libzmq(crypto::Rng& rng) {
  unsigned seed = 0;
  rng.fill({reinterpret_cast<std::uint8_t*>(&seed), sizeof seed});
  std::srand(seed);
}

Context::Context() : raw_(zmq_ctx_new()) {
  FOCAL_CHECK(raw_ != nullptr);
  FOCAL_CHECK(zmq_ctx_set(raw_, ZMQ_IO_THREADS, kIoThreads) == 0);
  // Two sockets a peer, the router, its monitor, ZAP.
  FOCAL_CHECK(zmq_ctx_set(raw_, ZMQ_MAX_SOCKETS, 8 * static_cast<int>(kMaxPeers)) == 0);
}

Context::~Context() {
  while (zmq_ctx_term(raw_) != 0 && zmq_errno() == EINTR) {
  }
}

std::string Context::new_inproc_name() { return "inproc://focal-" + std::to_string(++names_); }

Socket::Socket(Context& context, int type) : raw_(zmq_socket(context.raw(), type)) {
  FOCAL_CHECK(raw_ != nullptr);
  const int none = 0;
  FOCAL_CHECK(zmq_setsockopt(raw_, ZMQ_LINGER, &none, sizeof none) == 0);
  std::size_t size = sizeof fd_;
  FOCAL_CHECK(zmq_getsockopt(raw_, ZMQ_FD, &fd_, &size) == 0);
}

Socket::Socket(Socket&& other) noexcept
    : raw_(std::exchange(other.raw_, nullptr)), fd_(std::exchange(other.fd_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    reset();
    raw_ = std::exchange(other.raw_, nullptr);
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Socket::reset() {
  if (raw_ == nullptr) return;
  zmq_socket_monitor(raw_, nullptr, 0);
  zmq_close(std::exchange(raw_, nullptr));
  fd_ = -1;
}

void Socket::refresh() const {
  int events = 0;
  std::size_t size = sizeof events;
  while (zmq_getsockopt(raw_, ZMQ_EVENTS, &events, &size) != 0) {
    FOCAL_CHECK(zmq_errno() == EINTR);
  }
}

Status Socket::set(int option, int value) {
  return outcome(zmq_setsockopt(raw_, option, &value, sizeof value),
                 "ZeroMQ option " + std::to_string(option));
}

Status Socket::set(int option, ByteView value) {
  return outcome(zmq_setsockopt(raw_, option, value.data(), value.size()),
                 "ZeroMQ option " + std::to_string(option));
}

Status Socket::bind(const std::string& endpoint) {
  return outcome(zmq_bind(raw_, endpoint.c_str()), endpoint);
}

Status Socket::connect(const std::string& endpoint) {
  return outcome(zmq_connect(raw_, endpoint.c_str()), endpoint);
}

void Socket::unbind(const std::string& endpoint) { zmq_unbind(raw_, endpoint.c_str()); }

std::string Socket::last_endpoint() const {
  char text[256] = {};
  std::size_t size = sizeof text;
  if (zmq_getsockopt(raw_, ZMQ_LAST_ENDPOINT, text, &size) != 0) return {};
  return text;
}

Message::Message() { zmq_msg_init(as_msg(raw_)); }
Message::~Message() { zmq_msg_close(as_msg(raw_)); }

bool Message::receive(Socket& socket) {
  while (zmq_msg_recv(as_msg(raw_), socket.raw(), ZMQ_DONTWAIT) < 0) {
    if (zmq_errno() == EINTR) continue;
    FOCAL_CHECK(zmq_errno() == EAGAIN);
    return false;
  }
  return true;
}

ByteView Message::body() const {
  zmq_msg_t* msg = const_cast<zmq_msg_t*>(as_msg(raw_));
  return {static_cast<const std::uint8_t*>(zmq_msg_data(msg)), zmq_msg_size(msg)};
}

bool Message::has_more() const { return zmq_msg_more(as_msg(raw_)) != 0; }

const char* Message::property(const char* name) const { return zmq_msg_gets(as_msg(raw_), name); }

int Message::connection() const { return zmq_msg_get(as_msg(raw_), ZMQ_SRCFD); }

void cut_connection(int connection) {
  if (connection >= 0) ::shutdown(connection, SHUT_RDWR);
}

void skip_parts(Socket& socket, const Message& last) {
  bool more = last.has_more();
  while (more) {
    Message part;
    if (!part.receive(socket)) return;
    more = part.has_more();
  }
}

bool receive_parts(Socket& socket, std::size_t most, std::vector<std::string>& parts) {
  parts.clear();
  for (bool more = true; more;) {
    Message part;
    if (!part.receive(socket)) return !parts.empty();
    if (parts.size() < most) parts.push_back(to_string(part.body()));
    more = part.has_more();
  }
  return true;
}

SendOutcome send_part(Socket& socket, ByteView body, bool more) {
  const int flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0);
  while (zmq_send(socket.raw(), body.data(), body.size(), flags) < 0) {
    const int error = zmq_errno();
    if (error == EINTR) continue;
    if (error == EAGAIN) return SendOutcome::kFull;
    FOCAL_CHECK(error == EHOSTUNREACH);
    return SendOutcome::kGone;
  }
  return SendOutcome::kSent;
}

Monitor::Monitor(Context& context, Socket& watched, int events) {
  const std::string name = context.new_inproc_name();
  FOCAL_CHECK(zmq_socket_monitor(watched.raw(), name.c_str(), events) == 0);
  socket_ = Socket(context, ZMQ_PAIR);
  FOCAL_CHECK(socket_.connect(name).has_value());
}

bool Monitor::next(ConnectionEvent& event) {
  Message head;
  if (!head.receive(socket_)) return false;
  FOCAL_CHECK(head.body().size() == sizeof event.event + sizeof event.value);
  std::memcpy(&event.event, head.body().data(), sizeof event.event);
  std::memcpy(&event.value, head.body().data() + sizeof event.event, sizeof event.value);
  skip_parts(socket_, head);
  return true;
}

Status set_common_options(Socket& socket, ByteView secret_key, IoThread thread) {
  const auto set_u64 = [&socket](int option, std::uint64_t value) {
    return socket.set(option,
                      ByteView(reinterpret_cast<const std::uint8_t*>(&value), sizeof value));
  };
  FOCAL_TRY(set_u64(ZMQ_AFFINITY, static_cast<std::uint64_t>(thread)));
  FOCAL_TRY(set_u64(ZMQ_MAXMSGSIZE, kMaxFrameBytes + kCurveOverhead));  // default: no limit
  FOCAL_TRY(socket.set(ZMQ_CURVE_SECRETKEY, secret_key));
  FOCAL_TRY(socket.set(ZMQ_SNDHWM, kSendHighWater));
  FOCAL_TRY(socket.set(ZMQ_RCVHWM, kReceiveHighWater));
  FOCAL_TRY(socket.set(ZMQ_HEARTBEAT_IVL, kHeartbeatMs));
  FOCAL_TRY(socket.set(ZMQ_HEARTBEAT_TIMEOUT, kHeartbeatTimeoutMs));
  FOCAL_TRY(socket.set(ZMQ_HEARTBEAT_TTL, kHeartbeatTtlMs));
  FOCAL_TRY(socket.set(ZMQ_LINGER, 0));
  return socket.set(ZMQ_IPV6, 1);
}

}  // namespace focal::gate

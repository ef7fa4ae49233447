#include "tests/attack/gate/gate_world.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <zmq.h>

#include <cstring>
#include <stdexcept>

#include "base/check.h"
#include "crypto/hash.h"
#include "tests/support/paths.h"

namespace focal::gate::testing_world {
namespace {

// A crowd of callers is a crowd of libzmq contexts, and libzmq ends the process when no
// descriptor is left. A user of a fresh Debian may open 1024 files until asking for more.
class Descriptors : public ::testing::Environment {
 public:
  void SetUp() override {
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    ASSERT_GE(files.rlim_max, 4096U) << "raise the hard limit: ulimit -Hn";
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
  }
};
[[maybe_unused]] const ::testing::Environment* const kDescriptors =
    ::testing::AddGlobalTestEnvironment(new Descriptors);

constexpr std::uint64_t kLimitMs = 30'000;
constexpr int kTurnMs = 20;  // callers have no descriptor in our poll

GateOptions options_for(std::uint32_t handshakes_per_minute) {
  GateOptions options;
  options.program = test::in_build("bin/focal-gate");
  options.dial_backoff_base_ms = 20;
  options.dial_backoff_cap_ms = 200;
  options.handshakes_per_minute = handshakes_per_minute;
  options.restart_base_ms = 10;
  options.restart_cap_ms = 100;
  return options;
}

void set(void* socket, int option, int value) {
  FOCAL_CHECK(zmq_setsockopt(socket, option, &value, sizeof value) == 0);
}
void set(void* socket, int option, ByteView value) {
  FOCAL_CHECK(zmq_setsockopt(socket, option, value.data(), value.size()) == 0);
}

}  // namespace

crypto::DhKey key_named(const std::string& name) {
  const Hash32 seed = crypto::sha256(as_bytes("test transport key " + name));
  return crypto::dh_key_from_secret(crypto::Secret::copy_of(seed));
}

Node::Node(std::string name, const std::vector<std::string>& allowed,
           std::uint32_t handshakes_per_minute)
    : party(std::move(name)),
      client(options_for(handshakes_per_minute), key_named(party).sk.clone()) {
  allow(allowed);
}

void Node::allow(const std::vector<std::string>& names) {
  std::vector<Allowed> list;
  for (const std::string& name : names) list.push_back({name, key_named(name).pk});
  FOCAL_CHECK(client.set_allow_list(list).has_value());
}

void Node::dial(const Node& other, const crypto::DhKey& expected) {
  FOCAL_CHECK(client.set_dial_plan({{other.party, expected.pk, {other.endpoint}}}).has_value());
}

void Node::turn() {
  Now now = read_clocks();
  now.mono_ms += ahead_ms;
  for (GateEvent& event : client.poll_events(now)) take(std::move(event));
  client.flush_ready(now);
}

void Node::take(GateEvent event) {
  if (auto* m = std::get_if<FrameIn>(&event)) {
    if (echo) (void)client.send(m->link, m->frame);
    frames.push_back(std::move(*m));
  } else if (auto* link = std::get_if<LinkUp>(&event)) {
    up[link->link] = *link;
    ups.push_back(*link);
  } else if (auto* down = std::get_if<LinkDown>(&event)) {
    up.erase(down->link);
    downs.push_back(*down);
  } else if (auto* listening = std::get_if<Listening>(&event)) {
    endpoint = listening->endpoint;
    ++listenings;
  } else if (auto* counters = std::get_if<Stats>(&event)) {
    stats = *counters;
    ++reports;
  } else if (auto* r = std::get_if<Refused>(&event)) {
    refused.push_back(*r);
  } else if (auto* d = std::get_if<DialFailed>(&event)) {
    dial_failures.push_back(*d);
  } else if (auto* f = std::get_if<Failed>(&event)) {
    failures.push_back(*f);
  } else if (auto* e = std::get_if<GateEnded>(&event)) {
    ends.push_back(*e);
  } else if (auto* ready = std::get_if<LinkReady>(&event)) {
    readies.push_back(*ready);
  }
}

LinkId Node::link_to(const std::string& other) const {
  LinkId newest = 0;
  for (const auto& [id, link] : up) {
    if (link.party == other) newest = id;
  }
  return newest;
}

std::size_t Node::frames_from(const std::string& other) const {
  std::size_t count = 0;
  for (const FrameIn& frame : frames) count += frame.party == other ? 1 : 0;
  return count;
}

std::string Node::last_frame_from(const std::string& other) const {
  for (auto it = frames.rbegin(); it != frames.rend(); ++it) {
    if (it->party == other) return to_string(it->frame);
  }
  return {};
}

std::unique_ptr<Node> make_node(const std::string& party, const std::vector<std::string>& allowed,
                                std::uint32_t handshakes_per_minute) {
  auto node = std::make_unique<Node>(party, allowed, handshakes_per_minute);
  FOCAL_CHECK(node->client.set_listen("tcp://127.0.0.1:0").has_value());
  FOCAL_CHECK(node->client.start(read_clocks()).has_value());
  FOCAL_CHECK(run_until({node.get()}, [&node] { return !node->endpoint.empty(); }));
  return node;
}

bool run_until(const std::vector<Node*>& nodes, const std::function<bool()>& done) {
  const std::uint64_t end = read_clocks().mono_ms + kLimitMs;
  for (;;) {
    std::vector<pollfd> items;
    for (Node* node : nodes) {
      node->turn();
      if (!node->client.is_running()) continue;
      const short events = node->client.wants_write() ? POLLIN | POLLOUT : POLLIN;
      items.push_back({node->client.fd(), events, 0});
    }
    if (done()) return true;
    if (read_clocks().mono_ms >= end) return false;
    poll(items.data(), items.size(), kTurnMs);
  }
}

Caller::Caller(const std::string& endpoint, const CallerOptions& options)
    : context_(zmq_ctx_new()), socket_(zmq_socket(context_, ZMQ_DEALER)) {
  set(socket_, ZMQ_LINGER, 0);
  set(socket_, ZMQ_IMMEDIATE, 1);
  set(socket_, ZMQ_RECONNECT_IVL, 50);
  set(socket_, ZMQ_RCVHWM, options.receive_high_water);
  if (options.receive_buffer > 0) set(socket_, ZMQ_RCVBUF, options.receive_buffer);
  if (!options.routing_id.empty()) set(socket_, ZMQ_ROUTING_ID, as_bytes(options.routing_id));
  if (options.mechanism == Mechanism::kCurve) {
    const crypto::DhKey key = key_named(options.name);
    set(socket_, ZMQ_CURVE_SERVERKEY, key_named(options.server).pk);
    set(socket_, ZMQ_CURVE_PUBLICKEY, key.pk);
    set(socket_, ZMQ_CURVE_SECRETKEY, key.sk.view());
  } else if (options.mechanism == Mechanism::kPlain) {
    set(socket_, ZMQ_PLAIN_USERNAME, as_bytes(options.name));
    set(socket_, ZMQ_PLAIN_PASSWORD, as_bytes("password"));
  }
  FOCAL_CHECK(zmq_socket_monitor(socket_, "inproc://watch", ZMQ_EVENT_ALL) == 0);
  monitor_ = zmq_socket(context_, ZMQ_PAIR);
  set(monitor_, ZMQ_LINGER, 0);
  FOCAL_CHECK(zmq_connect(monitor_, "inproc://watch") == 0);
  FOCAL_CHECK(zmq_connect(socket_, endpoint.c_str()) == 0);
}

Caller::~Caller() {
  zmq_socket_monitor(socket_, nullptr, 0);
  zmq_close(socket_);
  zmq_close(monitor_);
  zmq_ctx_term(context_);
}

bool Caller::send(const std::vector<std::string>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const int more = i + 1 < parts.size() ? ZMQ_SNDMORE : 0;
    if (zmq_send(socket_, parts[i].data(), parts[i].size(), ZMQ_DONTWAIT | more) < 0) return false;
  }
  return true;
}

bool Caller::receive(std::string& body) {
  zmq_msg_t message;
  zmq_msg_init(&message);
  const bool got = zmq_msg_recv(&message, socket_, ZMQ_DONTWAIT) >= 0;
  if (got) body.assign(static_cast<const char*>(zmq_msg_data(&message)), zmq_msg_size(&message));
  zmq_msg_close(&message);
  return got;
}

void Caller::turn() {
  for (;;) {
    zmq_msg_t head;
    zmq_msg_init(&head);
    if (zmq_msg_recv(&head, monitor_, ZMQ_DONTWAIT) < 0) {
      zmq_msg_close(&head);
      return;
    }
    std::uint16_t event = 0;
    std::uint32_t value = 0;
    std::memcpy(&event, zmq_msg_data(&head), sizeof event);
    std::memcpy(&value, static_cast<char*>(zmq_msg_data(&head)) + sizeof event, sizeof value);
    zmq_msg_close(&head);
    zmq_msg_t address;
    zmq_msg_init(&address);
    zmq_msg_recv(&address, monitor_, 0);
    zmq_msg_close(&address);
    if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED) ++admitted;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value == 400) ++refused;
    if (event == ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL ||
        event == ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL ||
        (event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH && value != 400)) {
      ++failed;
    }
    if (event == ZMQ_EVENT_DISCONNECTED) ++disconnected;
  }
}

}  // namespace focal::gate::testing_world

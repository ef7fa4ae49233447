// Real focal-gate processes on loopback and hostile or honest callers made
// with plain libzmq, for the attack tests of the network process. All waiting
// is for events, with one generous limit.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "crypto/x25519.h"
#include "node/gate/gate_client.h"

namespace focal::gate::testing_world {

crypto::DhKey key_named(const std::string& name);  // the same for the same name

// One focald: a GateClient and everything its gate ever told it.
class Node {
 public:
  // allowed: names; each is allowed under its name with key_named(name).
  Node(std::string party, const std::vector<std::string>& allowed,
       std::uint32_t handshakes_per_minute = 1000);

  void allow(const std::vector<std::string>& names);
  // Dials `other` where it listens, expecting this key.
  void dial(const Node& other, const crypto::DhKey& expected);
  void dial(const Node& other) { dial(other, key_named(other.party)); }
  void turn();  // one round of events

  // The newest link to this party that is up; 0 if there is none.
  LinkId link_to(const std::string& party) const;
  std::size_t frames_from(const std::string& party) const;
  std::string last_frame_from(const std::string& party) const;

  std::string party;
  GateClient client;
  std::string endpoint;  // where it listens
  std::map<LinkId, LinkUp> up;
  std::vector<LinkUp> ups;
  std::vector<LinkDown> downs;
  std::vector<FrameIn> frames;
  std::vector<Refused> refused;
  std::vector<DialFailed> dial_failures;
  std::vector<Failed> failures;
  std::vector<GateEnded> ends;
  std::vector<LinkReady> readies;
  std::size_t listenings = 0;
  std::size_t reports = 0;     // of Stats
  std::uint64_t ahead_ms = 0;  // this node's clock is ahead of the machine's
  Stats stats;
  bool echo = false;  // every frame goes back on its link

 private:
  void take(GateEvent event);
};

// Starts the node listening on a free port of the loopback; waits until it does.
std::unique_ptr<Node> make_node(const std::string& party, const std::vector<std::string>& allowed,
                                std::uint32_t handshakes_per_minute = 1000);

// Turns all nodes until done() or half a minute has passed; true if done.
bool run_until(const std::vector<Node*>& nodes, const std::function<bool()>& done);

enum class Mechanism { kCurve, kNull, kPlain };

struct CallerOptions {
  Mechanism mechanism = Mechanism::kCurve;
  std::string name;        // whose key it uses
  std::string server;      // whose key it expects
  std::string routing_id;  // empty: libzmq's choice
  int receive_high_water = 1000;
  int receive_buffer = -1;  // bytes of the kernel's buffer
};

// One caller with libzmq's own reconnection; not our code on purpose.
class Caller {
 public:
  Caller(const std::string& endpoint, const CallerOptions& options);
  ~Caller();
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  bool send(const std::vector<std::string>& parts);  // false: no room, or not connected
  bool receive(std::string& body);                   // false: nothing there
  void turn();                                       // reads what its monitor says

  std::size_t admitted = 0;      // handshakes that succeeded
  std::size_t refused = 0;       // ZAP 400
  std::size_t failed = 0;        // other handshake failures
  std::size_t disconnected = 0;  // connections that ended

 private:
  void* context_;
  void* socket_;
  void* monitor_;
};

}  // namespace focal::gate::testing_world

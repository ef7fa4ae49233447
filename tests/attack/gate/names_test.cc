// Goal: a pinned peer that publishes a name whose server never answers stalls only itself:
// others are reached meanwhile, and its attempt ends after its time.
// Method: the gate's loop in a thread of this process, with a lookup that the test holds
// back and a clock that the test puts forward; a real focal-gate is the honest peer.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "crypto/random.h"
#include "node/gate/gate.h"
#include "tests/attack/gate/gate_world.h"

namespace focal::gate::testing_world {
namespace {

std::atomic<std::uint64_t> ahead_ms{0};
Now clock_ahead() {
  Now now = read_clocks();
  now.mono_ms += ahead_ms;
  return now;
}

// focald's end of the socket to a gate in this process.
class GateHere {
 public:
  explicit GateHere(Resolver::Ask ask) {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    fd_ = ends[0];
    thread_ = std::thread([end = ends[1], ask = std::move(ask)] {
      crypto::SystemRng rng;
      Gate(end, rng, clock_ahead, ask).run();
      close(end);
    });
  }
  ~GateHere() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  GateHere(const GateHere&) = delete;
  GateHere& operator=(const GateHere&) = delete;

  void say(ByteView bytes) {
    ASSERT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  void say(const ToGate& message) {
    Bytes bytes;
    encode(bytes, message);
    say(ByteView(bytes));
  }
  // Takes what has come.
  void turn() {
    for (;;) {
      const auto room = parser_.room(4096);
      const ssize_t n = recv(fd_, room.data(), room.size(), MSG_DONTWAIT);
      if (n <= 0) return;
      parser_.commit(static_cast<std::size_t>(n));
      for (;;) {
        const auto raw = parser_.next();
        ASSERT_TRUE(raw.has_value());
        if (!*raw) break;
        const auto message = decode_from_gate(**raw);
        ASSERT_TRUE(message.has_value());
        if (const auto* up = std::get_if<LinkUp>(&*message)) ups.push_back(*up);
        if (const auto* failed = std::get_if<DialFailed>(&*message)) failures.push_back(*failed);
      }
    }
  }

  std::vector<LinkUp> ups;
  std::vector<DialFailed> failures;

 private:
  int fd_ = -1;
  std::thread thread_;
  MessageParser parser_;
};

TEST(Names, ANameServerThatNeverAnswersStallsNobody) {
  const auto xc = make_node("XC", {"XA"});
  const std::string port = xc->endpoint.substr(xc->endpoint.rfind(':'));
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  // Outlives the test: a look-up may begin after everybody has gone.
  const auto asked = std::make_shared<std::atomic<int>>(0);
  ahead_ms = 0;
  {
    GateHere gate([asked, released](const std::string& name) -> std::string {
      if (name == "fast.example") return "127.0.0.1";
      ++*asked;
      released.wait();
      return "";
    });
    const crypto::Secret key = encode_transport_key(key_named("XA").sk);
    gate.say(key.view());
    gate.say(AllowList{{{"XB", key_named("XB").pk}, {"XC", key_named("XC").pk}}});
    DialPlan slow{{{"XB", key_named("XB").pk, {"tcp://slow.example:1", "tcp://slow.example:2"}}}};
    gate.say(slow);
    EXPECT_TRUE(run_until({xc.get()}, [&] { return *asked == 1; }));
    // Now the honest one, by its name as well.
    DialPlan both = slow;
    both.peers.push_back({"XC", key_named("XC").pk, {"tcp://fast.example" + port}});
    gate.say(both);
    EXPECT_TRUE(run_until({xc.get()}, [&] {
      gate.turn();
      return !gate.ups.empty();
    }));
    EXPECT_TRUE(gate.failures.empty());
    if (!gate.ups.empty()) {
      EXPECT_EQ(gate.ups[0].party, "XC");
      EXPECT_EQ(gate.ups[0].detail, "tcp://fast.example" + port);
    }
    // Ten seconds later the attempt is over. The thread is not: no second one is started.
    ahead_ms = 10'000;
    gate.say(both);
    EXPECT_TRUE(run_until({xc.get()}, [&] {
      gate.turn();
      return gate.failures.size() >= 2;
    }));
    if (gate.failures.size() >= 2) {
      EXPECT_EQ(gate.failures[0].party, "XB");
      EXPECT_EQ(gate.failures[0].endpoint, "tcp://slow.example:1");
      EXPECT_NE(gate.failures[0].reason.find("name server does not answer"), std::string::npos);
      EXPECT_EQ(gate.failures[1].endpoint, "tcp://slow.example:2");
    }
    EXPECT_EQ(*asked, 1);
    // When it has answered, a name that is not known is said so.
    release.set_value();
    EXPECT_TRUE(run_until({xc.get()}, [&] {
      ahead_ms += 1000;
      gate.say(both);
      gate.turn();
      return !gate.failures.empty() &&
             gate.failures.back().reason.find("not known") != std::string::npos;
    }));
    EXPECT_EQ(gate.ups.size(), 1u);
  }
}

}  // namespace
}  // namespace focal::gate::testing_world

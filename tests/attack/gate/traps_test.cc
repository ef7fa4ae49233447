// Goal: the traps of the ZeroMQ library we build on are still what we think
// they are, and each is closed on our side (protocol tests 73-75, traps 1-3).
// Method: the library alone, in this process or in a forked one where it is
// expected to abort, first without our measure (the trap must show itself),
// then with it. The gate process then meets the same attack.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include <cstdlib>

#include "crypto/random.h"
#include "node/gate/process.h"
#include "node/gate/server.h"
#include "tests/attack/gate/gate_world.h"
#include "tests/support/paths.h"

namespace focal::gate::testing_world {
namespace {

constexpr int kWaitMs = 20'000;

// Waits for a message or an event; false after a long time.
bool wait_readable(void* socket) {
  zmq_pollitem_t item{socket, 0, ZMQ_POLLIN, 0};
  return zmq_poll(&item, 1, kWaitMs) == 1;
}

// The routing id libzmq gives to the first caller of a fresh ROUTER. Every
// socket of its family draws one number, so one made before shifts the draw.
std::string first_routing_id(bool after_a_rep) {
  void* context = zmq_ctx_new();
  void* rep = after_a_rep ? zmq_socket(context, ZMQ_REP) : nullptr;
  void* router = zmq_socket(context, ZMQ_ROUTER);
  void* dealer = zmq_socket(context, ZMQ_DEALER);
  char id[256] = {};
  int size = 0;
  if (zmq_bind(router, "inproc://first") == 0 && zmq_connect(dealer, "inproc://first") == 0 &&
      zmq_send(dealer, "x", 1, 0) == 1 && wait_readable(router)) {
    size = zmq_recv(router, id, sizeof id, 0);
  }
  const int none = 0;
  for (void* socket : {router, dealer, rep}) {
    if (socket == nullptr) continue;
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_close(socket);
  }
  zmq_ctx_term(context);
  return std::string(id, static_cast<std::size_t>(size > 0 ? size : 0));
}

// first_routing_id() in a fresh process, after prepare().
std::string first_routing_id_elsewhere(void (*prepare)(), bool after_a_rep = false) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    prepare();
    const std::string id = first_routing_id(after_a_rep);
    _exit(write(ends[1], id.data(), id.size()) == static_cast<ssize_t>(id.size()) ? 0 : 1);
  }
  close(ends[1]);
  char id[256];
  const ssize_t size = read(ends[0], id, sizeof id);
  close(ends[0]);
  int status = 0;
  waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  return std::string(id, size > 0 ? static_cast<std::size_t>(size) : 0);
}

void seed_as_the_gate_does() {
  crypto::SystemRng rng;
  seed_libzmq(rng);
}
void seed_as_at_program_start() { std::srand(1); }

// Claims the id that libzmq would give next, then lets an honest caller in.
void claim_the_next_id() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  void* context = zmq_ctx_new();
  void* router = zmq_socket(context, ZMQ_ROUTER);
  void* first = zmq_socket(context, ZMQ_DEALER);
  void* claimer = zmq_socket(context, ZMQ_DEALER);
  void* honest = zmq_socket(context, ZMQ_DEALER);
  char id[256] = {};
  char body[8];
  if (zmq_bind(router, "inproc://trap") != 0) _exit(2);
  zmq_connect(first, "inproc://trap");
  zmq_send(first, "x", 1, 0);
  if (!wait_readable(router) || zmq_recv(router, id, sizeof id, 0) != 5) _exit(3);
  zmq_recv(router, body, sizeof body, 0);
  for (int i = 4; i > 0 && ++id[i] == 0; --i) {
  }
  if (zmq_setsockopt(claimer, ZMQ_ROUTING_ID, id, 5) != 0) _exit(4);
  zmq_connect(claimer, "inproc://trap");
  zmq_send(claimer, "y", 1, 0);
  if (!wait_readable(router)) _exit(5);
  zmq_recv(router, id, sizeof id, 0);
  zmq_recv(router, body, sizeof body, 0);
  zmq_connect(honest, "inproc://trap");
  zmq_send(honest, "z", 1, 0);
  wait_readable(router);
  _exit(0);
}

TEST(Traps, N075_AClaimedRoutingIdAbortsTheLibrary) {
  // If this ever ends well, libzmq has been mended: good news, change the text.
  const pid_t pid = fork();
  if (pid == 0) claim_the_next_id();
  int status = 0;
  waitpid(pid, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
  EXPECT_EQ(WTERMSIG(status), SIGABRT);
}

TEST(Traps, N075_RoutingIdsCannotBeGuessedOnceSeeded) {
  const std::string plain = first_routing_id_elsewhere(seed_as_at_program_start);
  ASSERT_EQ(plain.size(), 5u);
  EXPECT_EQ(first_routing_id_elsewhere(seed_as_at_program_start), plain);  // the trap
  const std::string one = first_routing_id_elsewhere(seed_as_the_gate_does);
  const std::string two = first_routing_id_elsewhere(seed_as_the_gate_does);
  EXPECT_EQ(one.size(), 5u);
  EXPECT_NE(one, two);
  EXPECT_NE(one, plain);
  EXPECT_NE(two, plain);
}

TEST(Traps, N075_TheGuessThatWouldKillAnUnseededGateDoesNot) {
  // Whether the gate makes its ZAP handler or its ROUTER first is its affair:
  // both orders are guessed, and four numbers of each.
  std::vector<std::string> guesses;
  for (const bool after_a_rep : {false, true}) {
    std::string guess = first_routing_id_elsewhere(seed_as_at_program_start, after_a_rep);
    ASSERT_EQ(guess.size(), 5u);
    for (int i = 0; i < 4; ++i) {
      guesses.push_back(guess);
      guess[4] = static_cast<char>(guess[4] + 1);
    }
  }
  const auto node = make_node("XA", {"XB", "XC"});
  const pid_t before = node->client.pid();
  std::vector<std::unique_ptr<Caller>> attackers;
  for (const std::string& guess : guesses) {
    CallerOptions options;
    options.name = "XB";
    options.server = "XA";
    options.routing_id = guess;
    attackers.push_back(std::make_unique<Caller>(node->endpoint, options));
  }
  ASSERT_TRUE(run_until({node.get()}, [&] {
    for (const auto& attacker : attackers) attacker->send({"attack"});
    return node->stats.admitted >= 8;
  }));
  for (int i = 0; i < 4; ++i) {
    CallerOptions options;
    options.name = "XC";
    options.server = "XA";
    Caller honest(node->endpoint, options);
    const std::size_t had = node->frames_from("XC");
    ASSERT_TRUE(run_until({node.get()}, [&] {
      honest.send({"honest"});
      return node->frames_from("XC") > had;
    }));
  }
  EXPECT_EQ(node->client.pid(), before);
  EXPECT_TRUE(node->ends.empty());
}

// A CURVE server without any ZAP handler, and one caller that sends a frame.
// Returns whether the frame came through; then `user` says whose it was.
bool comes_through(bool enforced, bool& has_user) {
  Context context;
  Socket router(context, ZMQ_ROUTER);
  const crypto::DhKey key = key_named("XA");
  const int option = enforced ? kZapEnforceDomain : ZMQ_IPV6;  // else any harmless one
  EXPECT_TRUE(configure_router(router, key.sk.view(), option).has_value());
  EXPECT_TRUE(router.bind("tcp://127.0.0.1:0").has_value());
  CallerOptions options;
  options.name = "XB";
  options.server = "XA";
  Caller caller(router.last_endpoint(), options);
  const std::uint64_t end = read_clocks().mono_ms + kWaitMs;
  while (read_clocks().mono_ms < end) {
    caller.turn();
    caller.send({"frame"});
    Message id;
    if (id.receive(router)) {
      Message body;
      EXPECT_TRUE(body.receive(router));
      has_user = body.property("User-Id") != nullptr && *body.property("User-Id") != '\0';
      Gatekeeper gatekeeper(10);
      gatekeeper.set_list(AllowList{{{"XB", key_named("XB").pk}}});
      EXPECT_FALSE(gatekeeper.is_allowed(body.property("User-Id"), body.property(kKeyProperty)));
      return true;
    }
    if (enforced && caller.failed + caller.disconnected + caller.refused >= 2) return false;
    poll(nullptr, 0, 5);
  }
  return false;
}

TEST(Traps, N073_WithoutAZapHandlerNoMessageIsAccepted) {
  bool has_user = true;
  // The trap: the library alone lets everybody in. The second net: such a
  // message has no sender, and the gatekeeper drops it.
  EXPECT_TRUE(comes_through(false, has_user));
  EXPECT_FALSE(has_user);
  // The first net: option 93.
  EXPECT_FALSE(comes_through(true, has_user));
}

TEST(Traps, N074_AnOptionThatTheLibraryRefusesStopsTheStart) {
  Context context;
  Common common;
  Gatekeeper gatekeeper(10);
  const crypto::DhKey key = key_named("XA");
  const auto refused = Server::open(context, key.sk.view(), gatekeeper, common, 99'993);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kIo);
  EXPECT_NE(refused.error().message.find("99993"), std::string::npos);
  // The true number is one that this library knows.
  Context other;
  EXPECT_TRUE(Server::open(other, key.sk.view(), gatekeeper, common).has_value());
}

TEST(Traps, Trap3_ZapDoesNotSeeTheCallersRoutingId) {
  Context context;
  Socket zap(context, ZMQ_REP);
  ASSERT_TRUE(zap.bind("inproc://zeromq.zap.01").has_value());
  Socket router(context, ZMQ_ROUTER);
  ASSERT_TRUE(configure_router(router, key_named("XA").sk.view()).has_value());
  ASSERT_TRUE(router.bind("tcp://127.0.0.1:0").has_value());
  CallerOptions options;
  options.name = "XB";
  options.server = "XA";
  options.routing_id = "claimed";
  Caller caller(router.last_endpoint(), options);
  ASSERT_TRUE(wait_readable(zap.raw()));
  std::vector<std::string> request;
  ASSERT_TRUE(receive_parts(zap, kMaxZapFrames, request));
  ASSERT_EQ(request.size(), 7u);
  EXPECT_EQ(request[4], "");  // so a routing id cannot be refused here
  EXPECT_EQ(request[6], to_string(ByteView(key_named("XB").pk)));
}

// What a gate process does with these first bytes from its parent: its exit,
// and what it said.
std::string gate_after(ByteView bytes, std::string& said) {
  const auto child = spawn_gate(test::in_build("bin/focal-gate"));
  EXPECT_TRUE(child.has_value());
  EXPECT_EQ(send(child->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
  for (;;) {
    pollfd item{child->fd, POLLIN, 0};
    if (poll(&item, 1, kWaitMs) != 1) break;
    char buffer[4096];
    const ssize_t n = read(child->fd, buffer, sizeof buffer);
    if (n <= 0) break;
    said.append(buffer, static_cast<std::size_t>(n));
  }
  close(child->fd);
  return reap(child->pid);
}

TEST(Traps, AGateEndsWhenItsParentTalksNonsense) {
  const crypto::Secret key_message = encode_transport_key(key_named("XA").sk);
  const Bytes key = to_bytes(key_message.view());
  Bytes list_first;
  encode(list_first, ToGate(AllowList{}));
  Bytes two_keys = key;
  append(two_keys, key);
  Bytes reply = key;
  encode(reply, FromGate(Sent{1, 1, 1}));
  for (const Bytes& bytes :
       {Bytes{0, 0, 0, 0}, Bytes{0xff, 0xff, 0xff, 0xff}, list_first, two_keys, reply}) {
    std::string said;
    EXPECT_EQ(gate_after(bytes, said), "exit code 1") << hex(bytes);
    EXPECT_NE(said.find("gate message"), std::string::npos) << hex(bytes);
    EXPECT_EQ(said.find(as_text(key_named("XA").sk.view())), std::string::npos);
  }
}

TEST(Traps, AGateEndsWithItsParent) {
  const auto child = spawn_gate(test::in_build("bin/focal-gate"));
  ASSERT_TRUE(child.has_value());
  const crypto::Secret key = encode_transport_key(key_named("XA").sk);
  ASSERT_EQ(send(child->fd, key.view().data(), key.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(key.size()));
  shutdown(child->fd, SHUT_WR);
  ssize_t n = 1;
  while (n > 0) {  // what it still has to say
    pollfd item{child->fd, POLLIN, 0};
    ASSERT_EQ(poll(&item, 1, kWaitMs), 1);
    char said[256];
    n = read(child->fd, said, sizeof said);
  }
  EXPECT_EQ(n, 0);
  close(child->fd);
  EXPECT_EQ(reap(child->pid), "exit code 0");
}

}  // namespace
}  // namespace focal::gate::testing_world

// Goal: links between honest nodes come up, come back and stay apart: a peer
// added late is reached, a revoked one is cut off at once, a wrong key is
// never spoken to, a gate that dies is replaced, a peer that does not read
// stalls nobody (protocol tests 85, 86, trap 4).
// Method: two or three real focal-gate processes on loopback under GateClient;
// killed with signals, revoked, misconfigured; then an honest frame must pass.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "tests/attack/gate/gate_world.h"

namespace focal::gate::testing_world {
namespace {

// One frame over the newest link of `from` to `to`, waited for.
void expect_frame(Node& from, Node& to, const std::string& text) {
  ASSERT_TRUE(run_until({&from, &to}, [&] { return from.link_to(to.party) != 0; }));
  ASSERT_TRUE(from.client.send(from.link_to(to.party), as_bytes(text)).has_value());
  ASSERT_TRUE(run_until({&from, &to}, [&] { return to.last_frame_from(from.party) == text; }));
}

// The same, sent again as often as links come and go.
void expect_frame_in_the_end(Node& from, Node& to, const std::string& text) {
  LinkId used = 0;
  ASSERT_TRUE(run_until({&from, &to}, [&] {
    const LinkId link = from.link_to(to.party);
    if (link != 0 && link != used && from.client.send(link, as_bytes(text))) used = link;
    return to.last_frame_from(from.party) == text;
  }));
}

bool has_failure(const Node& node, const std::string& words) {
  return std::any_of(
      node.dial_failures.begin(), node.dial_failures.end(),
      [&](const DialFailed& one) { return one.reason.find(words) != std::string::npos; });
}

TEST(Links, BothDirectionsShareOneConnection) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "there");
  expect_frame(*xb, *xa, "and back");
  ASSERT_EQ(xa->ups.size(), 1u);
  EXPECT_EQ(xa->ups[0].direction, Direction::kDialed);
  ASSERT_EQ(xb->ups.size(), 1u);
  EXPECT_EQ(xb->ups[0].direction, Direction::kAccepted);
  EXPECT_EQ(xb->ups[0].party, "XA");
  // Closed at one end, it goes down at the other and is dialed again.
  xa->client.close_link(xa->link_to("XB"));
  xa->up.clear();
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return !xb->downs.empty(); }));
  expect_frame(*xa, *xb, "again");
}

TEST(Links, AClosedAcceptedLinkIsSilent) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "one");
  xb->client.close_link(xb->link_to("XA"));
  xb->up.clear();
  // One that overtakes the order to close is dropped by focald's side, uncounted.
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] {
    (void)xa->client.send(xa->link_to("XB"), as_bytes("two"));
    return xb->stats.dropped_closed >= 1;
  }));
  EXPECT_EQ(xb->frames.size(), 1u);
}

TEST(Links, Trap4_APeerAddedLateIsReachedWithoutARestart) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {});
  xa->dial(*xb);
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] {
    return has_failure(*xa, "peer refused our key") && !xb->refused.empty();
  }));
  EXPECT_EQ(xb->refused[0].key, key_named("XA").pk);
  EXPECT_TRUE(xa->ups.empty());
  // It keeps trying, more than the once that libzmq would.
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return xb->stats.refused_unknown >= 3; }));
  xb->allow({"XA"});
  expect_frame(*xa, *xb, "now I am known");
}

TEST(Links, N085_RevocationCutsALiveLink) {
  const auto xa = make_node("XA", {"XB", "XC"});
  const auto xb = make_node("XB", {"XA"});
  const auto xc = make_node("XC", {"XA"});
  xb->dial(*xa);
  xc->dial(*xa);
  expect_frame(*xb, *xa, "before");
  expect_frame(*xc, *xa, "before");
  const LinkId at_xb = xb->link_to("XA");
  xa->allow({"XC"});
  ASSERT_TRUE(xb->client.send(at_xb, as_bytes("after")).has_value());
  const std::vector<Node*> all = {xa.get(), xb.get(), xc.get()};
  // XB is cut off and refused; nothing of it came through; XC comes back.
  ASSERT_TRUE(run_until(
      all, [&] { return !xb->up.contains(at_xb) && has_failure(*xb, "peer refused our key"); }));
  EXPECT_EQ(xa->link_to("XB"), 0u);
  EXPECT_EQ(xa->frames_from("XB"), 1u);
  ASSERT_TRUE(run_until(all, [&] { return xa->stats.rebinds == 1; }));
  expect_frame_in_the_end(*xc, *xa, "still welcome");
  EXPECT_EQ(xa->frames_from("XB"), 1u);
  // The other direction as well: XA does not dial whom it does not allow.
  xa->dial(*xb);
  expect_frame_in_the_end(*xc, *xa, "later");
  EXPECT_EQ(xa->link_to("XB"), 0u);
  EXPECT_TRUE(xa->dial_failures.empty());
}

TEST(Links, N085_AReplacedKeyIsRefusedOnALiveConnection) {
  const auto xa = make_node("XA", {"XB", "XC"});
  CallerOptions options;
  options.name = "XB";
  options.server = "XA";
  Caller caller(xa->endpoint, options);
  ASSERT_TRUE(run_until({xa.get()}, [&] {
    caller.turn();
    return caller.admitted > 0;
  }));
  // The party stays, its key is another: only the gate can tell the difference.
  ASSERT_TRUE(
      xa->client.set_allow_list({{"XB", key_named("XB's new").pk}, {"XC", key_named("XC").pk}})
          .has_value());
  // The answer to a hopeless dial proves that the gate has read the list.
  ASSERT_TRUE(
      xa->client.set_dial_plan({{"XC", key_named("XC").pk, {"tcp://127.0.0.1:1"}}}).has_value());
  ASSERT_TRUE(run_until({xa.get()}, [&] { return !xa->dial_failures.empty(); }));
  caller.send({"by the old key"});
  ASSERT_TRUE(run_until({xa.get()}, [&] {
    caller.turn();
    return !xa->ups.empty() || xa->stats.dropped_revoked > 0 || caller.refused > 0;
  }));
  EXPECT_TRUE(xa->ups.empty());
  EXPECT_TRUE(xa->frames.empty());
}

TEST(Links, RevocationEndsADialedLinkToo) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "before");
  expect_frame(*xb, *xa, "before");
  xa->allow({});
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return xb->link_to("XA") == 0; }));
  EXPECT_EQ(xa->link_to("XB"), 0u);
}

TEST(Links, N086_AWrongServerKeyIsNeverSpokenTo) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  // XA holds another key for XB: somebody else may be listening there.
  ASSERT_TRUE(xa->client.set_allow_list({{"XB", key_named("impostor").pk}}).has_value());
  xa->dial(*xb, key_named("impostor"));
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return xa->dial_failures.size() >= 2; }));
  EXPECT_TRUE(xa->ups.empty());  // no link: nothing can be sent
  EXPECT_TRUE(xb->ups.empty());
  EXPECT_TRUE(xb->frames.empty());
  xa->allow({"XB"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "the true one");
}

TEST(Links, AKilledGateIsReplacedAndLinksComeBack) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "before");
  for (const int number : {SIGKILL, SIGABRT, SIGTERM}) {
    for (Node* victim : {xa.get(), xb.get()}) {
      const std::size_t ends = victim->ends.size();
      const std::string endpoint = victim->endpoint;
      const std::size_t listenings = victim->listenings;
      ASSERT_EQ(kill(victim->client.pid(), number), 0);
      ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return victim->ends.size() > ends; }));
      EXPECT_NE(victim->ends.back().reason.find("signal"), std::string::npos);
      EXPECT_TRUE(victim->up.empty());
      ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return victim->listenings > listenings; }));
      EXPECT_EQ(victim->endpoint, endpoint);  // its peers know no other
      expect_frame_in_the_end(
          *xa, *xb, "after signal " + std::to_string(number) + std::to_string(victim->ends.size()));
    }
  }
  // No number of a link came twice.
  std::map<LinkId, int> seen;
  for (const LinkUp& up : xb->ups) EXPECT_EQ(++seen[up.link], 1);
}

// Stopped, it neither ends nor fills a buffer: only its silence can be noticed.
TEST(Links, AGateThatHangsIsReplaced) {
  const auto xa = make_node("XA", {"XB"});
  const auto xb = make_node("XB", {"XA"});
  xa->dial(*xb);
  expect_frame(*xa, *xb, "before");
  // One that works gives signs of life, though nothing happens.
  const std::size_t reports = xb->reports + 2;
  ASSERT_TRUE(run_until({xa.get(), xb.get()}, [&] { return xb->reports >= reports; }));
  const pid_t hung = xb->client.pid();
  ASSERT_EQ(kill(hung, SIGSTOP), 0);
  int status = 0;
  ASSERT_EQ(waitpid(hung, &status, WUNTRACED), hung);
  ASSERT_TRUE(WIFSTOPPED(status));
  ASSERT_TRUE(xb->client.send(xb->link_to("XA"), as_bytes("into the void")).has_value());
  xb->turn();
  EXPECT_FALSE(xb->client.wants_write());
  EXPECT_TRUE(xb->ends.empty());
  xb->ahead_ms = GateClient::kStuckMs;
  xb->turn();
  ASSERT_EQ(xb->ends.size(), 1u);
  EXPECT_NE(xb->ends[0].reason.find("no sign of life"), std::string::npos) << xb->ends[0].reason;
  expect_frame_in_the_end(*xa, *xb, "after");
  EXPECT_NE(xb->client.pid(), hung);
}

TEST(Links, APortInUseIsSaidAndTakenWhenFree) {
  const int squatter = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(bind(squatter, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(squatter, 1), 0);
  socklen_t size = sizeof address;
  ASSERT_EQ(getsockname(squatter, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string endpoint = "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));

  Node node("XA", {"XB"});
  ASSERT_TRUE(node.client.set_listen(endpoint).has_value());
  ASSERT_TRUE(node.client.start(read_clocks()).has_value());
  ASSERT_TRUE(run_until({&node}, [&] { return !node.failures.empty(); }));
  EXPECT_FALSE(node.failures[0].fatal);
  EXPECT_NE(node.failures[0].reason.find(endpoint), std::string::npos);
  EXPECT_NE(node.failures[0].reason.find("in use"), std::string::npos);
  EXPECT_EQ(node.listenings, 0u);
  close(squatter);
  ASSERT_TRUE(run_until({&node}, [&] { return node.listenings == 1; }));
  EXPECT_EQ(node.endpoint, endpoint);
  EXPECT_EQ(node.failures.size(), 1u);
  EXPECT_TRUE(node.ends.empty());
}

TEST(Links, APeerThatDoesNotReadStallsNobody) {
  const auto xa = make_node("XA", {"XB", "XC"});
  CallerOptions lazy_options;
  lazy_options.name = "XB";
  lazy_options.server = "XA";
  lazy_options.receive_high_water = 100;
  lazy_options.receive_buffer = 65'536;
  Caller lazy(xa->endpoint, lazy_options);
  const auto xc = make_node("XC", {"XA"});
  xc->dial(*xa);
  expect_frame(*xc, *xa, "here");
  ASSERT_TRUE(run_until({xa.get()}, [&] {
    if (xa->frames_from("XB") == 0) lazy.send({"here"});
    return xa->link_to("XB") != 0;
  }));
  const LinkId stuck = xa->link_to("XB");
  const LinkId free = xa->link_to("XC");
  // Numbered frames until libzmq's queue is full and nothing has moved for a
  // while, in which the other link was served many times.
  std::size_t sent = 0;
  const auto fill = [&] {
    for (;;) {
      std::string frame(16'384, '.');
      frame.replace(0, 8, std::to_string(10'000'000 + sent));
      if (!xa->client.send(stuck, as_bytes(frame))) return;
      ++sent;
    }
  };
  std::size_t served = 0;
  std::size_t rounds_without = 0;
  xc->echo = true;
  ASSERT_TRUE(run_until({xa.get(), xc.get()}, [&] {
    const std::size_t before = sent;
    fill();
    // Few under way: what echoes does not wait for room.
    const bool few = served < xa->frames_from("XC") + kLinkWindowFrames / 4;
    if (few && xa->client.send(free, as_bytes("ping"))) ++served;
    rounds_without = sent == before ? rounds_without + 1 : 0;
    return sent >= 2 * kLinkWindowFrames && rounds_without >= 30 && xa->frames_from("XC") >= 30;
  }));
  ASSERT_TRUE(run_until({xa.get(), xc.get()}, [&] { return xa->frames_from("XC") == served + 1; }));
  // It reads after all: every frame, in order, and the link takes more again.
  fill();
  EXPECT_FALSE(xa->client.can_send(stuck));
  xa->readies.clear();
  std::size_t got = 0;
  std::string body;
  ASSERT_TRUE(run_until({xa.get(), xc.get()}, [&] {
    while (lazy.receive(body)) {
      EXPECT_EQ(body.substr(0, 8), std::to_string(10'000'000 + got));
      ++got;
    }
    return got == sent && std::any_of(xa->readies.begin(), xa->readies.end(),
                                      [&](const LinkReady& one) { return one.link == stuck; });
  }));
  EXPECT_TRUE(xa->client.can_send(stuck));
  EXPECT_TRUE(xa->downs.empty());
}

TEST(Links, ASlowFocaldLosesNothing) {
  const auto xa = make_node("XA", {"XB"});
  CallerOptions options;
  options.name = "XB";
  options.server = "XA";
  Caller caller(xa->endpoint, options);
  // Far more than all buffers between: libzmq says no, later it goes on.
  constexpr std::size_t kFrames = 6000;
  std::size_t sent = 0;
  std::size_t refusals = 0;
  ASSERT_TRUE(run_until({xa.get()}, [&] {
    while (sent < kFrames) {
      std::string frame(16'384, '.');
      frame.replace(0, 8, std::to_string(10'000'000 + sent));
      if (!caller.send({frame})) break;
      ++sent;
    }
    refusals += sent < kFrames ? 1 : 0;
    return xa->frames.size() == kFrames;
  }));
  EXPECT_GT(refusals, 0u);
  for (std::size_t i = 0; i < kFrames; ++i) {
    ASSERT_EQ(as_text(xa->frames[i].frame).substr(0, 8), std::to_string(10'000'000 + i));
  }
}

}  // namespace
}  // namespace focal::gate::testing_world

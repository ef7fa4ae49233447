// Goal: nobody gets a frame through the gate but a caller whose key is on the
// list now, and a misbehaving caller harms only itself (protocol tests 71, 72,
// 76-80).
// Method: a real focal-gate on loopback, attacked with plain libzmq and plain
// TCP; each attack is followed by an honest caller, whose frame must arrive,
// so that a silent gate cannot pass.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "tests/attack/gate/gate_world.h"

namespace focal::gate::testing_world {
namespace {

CallerOptions caller_of(const std::string& name, const std::string& server = "XA") {
  CallerOptions options;
  options.name = name;
  options.server = server;
  return options;
}

// Sends one frame as `name` over a fresh connection and waits for its arrival.
void expect_served(Node& node, const std::string& name) {
  Caller honest(node.endpoint, caller_of(name));
  const std::size_t before = node.frames_from(name);
  bool sent = false;
  EXPECT_TRUE(run_until({&node}, [&] {
    sent = sent || honest.send({"honest"});
    return node.frames_from(name) > before;
  }));
  EXPECT_EQ(node.last_frame_from(name), "honest");
}

TEST(Callers, N071_NullAndPlainAreTurnedAway) {
  const auto node = make_node("XA", {"XB"});
  for (const Mechanism mechanism : {Mechanism::kNull, Mechanism::kPlain}) {
    CallerOptions options = caller_of("XB");
    options.mechanism = mechanism;
    Caller intruder(node->endpoint, options);
    const std::size_t before = intruder.failed + intruder.disconnected;
    EXPECT_TRUE(run_until({node.get()}, [&] {
      intruder.turn();
      intruder.send({"intruder"});
      return intruder.failed + intruder.disconnected > before + 1;
    }));
    EXPECT_EQ(intruder.admitted, 0u);
    EXPECT_FALSE(intruder.send({"intruder"}));
  }
  EXPECT_TRUE(node->frames.empty());
  expect_served(*node, "XB");
  EXPECT_EQ(node->frames.size(), 1u);
}

TEST(Callers, N072_UnknownKeyIsRefusedAndTheOperatorSeesIt) {
  const auto node = make_node("XA", {"XB"});
  Caller stranger(node->endpoint, caller_of("XC"));
  EXPECT_TRUE(run_until({node.get()}, [&] {
    stranger.turn();
    stranger.send({"stranger"});
    return stranger.refused > 0 && !node->refused.empty() && node->stats.refused_unknown > 0;
  }));
  EXPECT_EQ(stranger.admitted, 0u);
  EXPECT_EQ(node->refused[0].party, "");
  EXPECT_EQ(node->refused[0].key, key_named("XC").pk);
  EXPECT_EQ(node->refused[0].address, "127.0.0.1");
  expect_served(*node, "XB");
  EXPECT_EQ(node->frames.size(), 1u);
}

TEST(Callers, N076_AClaimedRoutingIdTakesNothingOver) {
  const auto node = make_node("XA", {"XB", "XC"});
  CallerOptions first_options = caller_of("XB");
  first_options.routing_id = "same";
  CallerOptions second_options = caller_of("XC");
  second_options.routing_id = "same";
  auto first = std::make_unique<Caller>(node->endpoint, first_options);
  ASSERT_TRUE(run_until({node.get()}, [&] {
    if (node->frames_from("XB") == 0) first->send({"from XB"});
    return node->link_to("XB") != 0;
  }));
  const LinkId link = node->link_to("XB");
  Caller second(node->endpoint, second_options);
  ASSERT_TRUE(run_until({node.get()}, [&] {
    second.turn();
    return second.admitted > 0;
  }));
  for (int i = 0; i < 5; ++i) second.send({"from XC " + std::to_string(i)});
  // The victim's link still leads to the victim, and to nobody else.
  ASSERT_TRUE(node->client.send(link, as_bytes("for XB only")).has_value());
  std::string got;
  ASSERT_TRUE(run_until({node.get()}, [&] { return first->receive(got); }));
  EXPECT_EQ(got, "for XB only");
  EXPECT_FALSE(second.receive(got));
  // Whatever of the second caller came through bears its own name.
  for (const FrameIn& frame : node->frames) {
    EXPECT_EQ(frame.party, to_string(frame.frame).starts_with("from XC") ? "XC" : "XB");
  }
  EXPECT_NE(node->link_to("XB"), 0u);
  // When the victim has gone, the id used again is another link of another party.
  first.reset();
  ASSERT_TRUE(run_until({node.get()}, [&] { return node->link_to("XB") == 0; }));
  Caller third(node->endpoint, second_options);
  const std::size_t before = node->frames_from("XC");
  ASSERT_TRUE(run_until({node.get()}, [&] {
    third.send({"from XC again"});
    return node->frames_from("XC") > before;
  }));
  EXPECT_NE(node->link_to("XC"), link);
  EXPECT_EQ(node->ends.size(), 0u);
}

TEST(Callers, N077_MultipartIsDroppedAndCounted) {
  const auto node = make_node("XA", {"XB"});
  Caller caller(node->endpoint, caller_of("XB"));
  ASSERT_TRUE(run_until({node.get()}, [&] { return caller.send({"one"}); }));
  ASSERT_TRUE(caller.send({"two", "parts"}));
  ASSERT_TRUE(caller.send({"now", "three", "parts"}));
  ASSERT_TRUE(caller.send({""}));
  ASSERT_TRUE(caller.send({"last"}));
  ASSERT_TRUE(run_until({node.get()}, [&] {
    return node->frames.size() == 2 && node->stats.dropped_multipart == 2 &&
           node->stats.dropped_empty == 1;
  }));
  EXPECT_EQ(to_string(node->frames[0].frame), "one");
  EXPECT_EQ(to_string(node->frames[1].frame), "last");
}

TEST(Callers, N078_AnOversizeFrameEndsItsConnectionOnly) {
  const auto node = make_node("XA", {"XB", "XC"});
  Caller bystander(node->endpoint, caller_of("XC"));
  ASSERT_TRUE(run_until({node.get()}, [&] {
    if (node->frames_from("XC") == 0) bystander.send({"hello"});
    return node->link_to("XC") != 0;
  }));
  Caller caller(node->endpoint, caller_of("XB"));
  const std::string largest(kMaxFrameBytes, 'x');
  ASSERT_TRUE(run_until({node.get()}, [&] { return caller.send({largest}); }));
  ASSERT_TRUE(run_until({node.get()}, [&] { return node->frames_from("XB") == 1; }));
  EXPECT_EQ(node->last_frame_from("XB"), largest);
  const LinkId link = node->link_to("XB");
  ASSERT_TRUE(caller.send({largest + "x"}));
  ASSERT_TRUE(run_until({node.get()}, [&] {
    caller.turn();
    return caller.disconnected > 0 && !node->up.contains(link);
  }));
  EXPECT_EQ(node->frames_from("XB"), 1u);
  ASSERT_TRUE(bystander.send({"still here"}));
  ASSERT_TRUE(run_until({node.get()}, [&] { return node->last_frame_from("XC") == "still here"; }));
  for (const LinkDown& down : node->downs) EXPECT_EQ(down.party, "XB");
}

int tcp_connect(const std::string& endpoint) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

// True when the other end has closed; what it sent before is thrown away.
bool is_closed(int fd) {
  char buffer[256];
  for (;;) {
    const ssize_t n = recv(fd, buffer, sizeof buffer, MSG_DONTWAIT);
    if (n < 0) return errno != EAGAIN && errno != EINTR;
    if (n == 0) return true;
  }
}

TEST(Callers, N079_ASlowHandshakeIsCutAndHoldsUpNobody) {
  const auto node = make_node("XA", {"XB"});
  std::vector<int> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(tcp_connect(node->endpoint));
    // Nothing at all, a part of ZMTP's greeting, or all of it and no handshake.
    const std::string greeting =
        std::string("\xff\0\0\0\0\0\0\0\1\x7f\3\1CURVE", 17) + std::string(47, '\0');
    const std::size_t length = i % 3 == 0 ? 0 : i % 3 == 1 ? 11 : greeting.size();
    EXPECT_EQ(send(slow.back(), greeting.data(), length, MSG_NOSIGNAL),
              static_cast<ssize_t>(length));
  }
  expect_served(*node, "XB");
  EXPECT_FALSE(is_closed(slow[0]));  // they were still holding on
  EXPECT_TRUE(run_until({node.get()}, [&slow] {
    for (const int fd : slow) {
      if (!is_closed(fd)) return false;
    }
    return true;
  }));
  for (const int fd : slow) close(fd);
  expect_served(*node, "XB");
}

TEST(Callers, N080_ManyConnectionsOfOneKeyAreThrottled) {
  const auto node = make_node("XA", {"XB", "XC"}, 10);
  std::vector<std::unique_ptr<Caller>> crowd;
  for (int i = 0; i < 200; ++i) {
    crowd.push_back(std::make_unique<Caller>(node->endpoint, caller_of("XB")));
  }
  EXPECT_TRUE(run_until({node.get()}, [&] {
    for (const auto& caller : crowd) caller->send({"crowd"});
    return node->stats.refused_throttled >= 190;
  }));
  EXPECT_EQ(node->stats.admitted, 10u);
  expect_served(*node, "XC");
  EXPECT_LE(node->ups.size(), 11u);
  std::size_t held = 0;
  for (const auto& [id, link] : node->up) held += link.party == "XB" ? 1 : 0;
  EXPECT_LE(held, 8u);
  // Honest or not, a throttled peer is put off, not refused for good.
  for (const auto& caller : crowd) {
    caller->turn();
    EXPECT_EQ(caller->refused, 0u);
  }
  ASSERT_FALSE(node->refused.empty());
  EXPECT_EQ(node->refused[0].party, "XB");
}

// Connections of one key as they are, each with one frame sent.
using Crowd = std::vector<std::unique_ptr<Caller>>;
void join(Node& node, Crowd& crowd, const std::string& name, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t before = node.frames_from(name);
    crowd.push_back(std::make_unique<Caller>(node.endpoint, caller_of(name)));
    bool sent = false;
    ASSERT_TRUE(run_until({&node}, [&] {
      sent = sent || crowd.back()->send({"crowd"});
      return node.frames_from(name) > before;
    }));
  }
}

TEST(Callers, N080_OneKeyHoldsFewConnections) {
  const auto node = make_node("XA", {"XB", "XC"});
  Crowd honest;
  join(*node, honest, "XC", 1);
  Crowd crowd;
  join(*node, crowd, "XB", 20);
  EXPECT_TRUE(run_until({node.get()}, [&] { return node->stats.disconnects >= 12; }));
  EXPECT_NE(node->link_to("XC"), 0u);
  expect_served(*node, "XC");
  EXPECT_TRUE(node->ends.empty());
}

// What a connection had sent before it was cut must not make another link of it.
TEST(Callers, N080_ACutConnectionDoesNotComeBackAsALink) {
  const auto node = make_node("XA", {"XB", "XC"});
  {
    Crowd crowd;
    for (int i = 0; i < 30; ++i) {
      crowd.push_back(std::make_unique<Caller>(node->endpoint, caller_of("XB")));
    }
    EXPECT_TRUE(run_until({node.get()}, [&] {
      for (const auto& caller : crowd) {
        for (int i = 0; i < 20; ++i) caller->send({"crowd"});
      }
      return node->stats.disconnects >= 200;
    }));
  }
  expect_served(*node, "XC");
  std::size_t reports = node->reports + 2;  // the second one counts all that was before
  EXPECT_TRUE(run_until({node.get()}, [&] { return node->reports >= reports; }));
  EXPECT_LE(node->ups.size(), node->stats.admitted);
}

TEST(Callers, N080_ClosingALinkIsNoWayToKeepItsConnection) {
  const auto node = make_node("XA", {"XB"});
  Crowd crowd;
  for (int i = 0; i < 12; ++i) {
    join(*node, crowd, "XB", 1);
    ASSERT_NE(node->link_to("XB"), 0u);
    node->client.close_link(node->link_to("XB"));
    node->up.clear();
  }
  EXPECT_TRUE(run_until({node.get()}, [&] { return node->stats.disconnects >= 4; }));
  expect_served(*node, "XB");
}

TEST(Callers, N080_WhoSaysNothingLosesTheConnection) {
  const auto node = make_node("XA", {"XB", "XC"});
  Crowd honest;
  join(*node, honest, "XC", 1);
  Crowd silent;
  for (int i = 0; i < 3; ++i) {
    silent.push_back(std::make_unique<Caller>(node->endpoint, caller_of("XB")));
  }
  EXPECT_TRUE(run_until({node.get()}, [&] {
    for (const auto& caller : silent) caller->turn();
    return std::all_of(silent.begin(), silent.end(), [](const auto& caller) {
      return caller->admitted > 0 && caller->disconnected > 0;
    });
  }));
  honest[0]->turn();
  EXPECT_EQ(honest[0]->disconnected, 0u);
  EXPECT_NE(node->link_to("XC"), 0u);
}

// Peers that conspire: few descriptors are left for the others, who are still served.
TEST(Callers, N080_AllTogetherHoldNoMoreThanThereAreDescriptorsFor) {
  const std::vector<std::string> parties = {"XB", "XC", "XD", "XE", "XF"};
  const auto node = make_node("XA", {"XB", "XC", "XD", "XE", "XF", "XG", "XH"});
  const rlimit few{64, 64};
  ASSERT_EQ(prlimit(node->client.pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  Crowd honest;
  join(*node, honest, "XG", 1);
  Crowd crowd;
  for (const std::string& party : parties) join(*node, crowd, party, 8);
  // 41 of them, 32 may stay.
  EXPECT_TRUE(run_until({node.get()}, [&] { return node->stats.disconnects >= 9; }));
  EXPECT_NE(node->link_to("XG"), 0u);
  expect_served(*node, "XH");
  EXPECT_TRUE(node->ends.empty());
}

}  // namespace
}  // namespace focal::gate::testing_world

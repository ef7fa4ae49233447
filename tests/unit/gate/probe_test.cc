// Goal: what answers at an endpoint is told apart, within the time that was given, and a name server
// that does not answer holds nobody up for longer. Method: sockets of this process on loopback, and
// a name server played by the test.
#include "node/gate/probe.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/clock.h"

namespace focal::gate {
namespace {

constexpr int kShortMs = 300;

// A socket on loopback that listens, or only holds its port.
class Place {
 public:
  explicit Place(bool listens) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where), 0);
    socklen_t size = sizeof where;
    EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&where), &size), 0);
    port_ = ntohs(where.sin_port);
    if (listens) {
      EXPECT_EQ(::listen(fd_, 4), 0);
    }
  }
  ~Place() {
    if (speaker_.joinable()) speaker_.join();
    ::close(fd_);
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  // Says that to the next caller, and hangs up.
  void says(std::string words) {
    speaker_ = std::thread([this, words = std::move(words)] {
      const int caller = ::accept(fd_, nullptr, nullptr);
      EXPECT_EQ(::send(caller, words.data(), words.size(), 0), static_cast<ssize_t>(words.size()));
      ::close(caller);
    });
  }
  std::string at(const std::string& host = "127.0.0.1") const {
    return "tcp://" + host + ":" + std::to_string(port_);
  }

 private:
  int fd_;
  int port_ = 0;
  std::thread speaker_;
};

ProbeOutcome outcome(const std::string& endpoint, Resolver::Ask ask = look_up) {
  Resolver resolver(std::move(ask));
  return probe(endpoint, resolver, kShortMs).outcome;
}

TEST(Probe, NobodyListens) {
  const Place closed(false);
  EXPECT_EQ(outcome(closed.at()), ProbeOutcome::kRefused);
}

TEST(Probe, SomebodyTakesTheConnectionAndSaysNothing) {
  const Place silent(true);
  const std::uint64_t before = read_clocks().mono_ms;
  EXPECT_EQ(outcome(silent.at()), ProbeOutcome::kSilent);
  EXPECT_LT(read_clocks().mono_ms - before, 10u * kShortMs);
  Place hangs_up(true);
  hangs_up.says("");
  EXPECT_EQ(outcome(hangs_up.at()), ProbeOutcome::kSilent);
}

TEST(Probe, AnotherProgramSpeaks) {
  for (const std::string words : {"SSH-2.0-OpenSSH_9.2p1", "HTTP/1.0", "\xff"}) {
    Place other(true);
    other.says(words);
    EXPECT_EQ(outcome(other.at()), ProbeOutcome::kOther) << words;
  }
}

TEST(Probe, AFocalNodeBeginsByItself) {
  Place node(true);
  node.says(std::string("\xff\0\0\0\0\0\0\0\1\x7f\3", 11));
  Resolver resolver;
  const Probe seen = probe(node.at(), resolver, kShortMs);
  EXPECT_EQ(seen.outcome, ProbeOutcome::kFocal);
  EXPECT_EQ("tcp://" + seen.address, node.at());
  EXPECT_EQ(seen.endpoint, node.at());
}

TEST(Probe, ANameIsLookedUpFirst) {
  const Place closed(false);
  EXPECT_EQ(outcome(closed.at("xb.example"), [](const std::string&) { return "127.0.0.1"; }),
            ProbeOutcome::kRefused);
  EXPECT_EQ(outcome(closed.at("xb.example"), [](const std::string&) { return ""; }),
            ProbeOutcome::kNoName);
}

TEST(Probe, ANameServerThatSaysNothingIsWaitedForNoLonger) {
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false, done = false;
  const auto ask = [&](const std::string&) -> std::string {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return released; });
    done = true;
    changed.notify_all();
    return "127.0.0.1";
  };
  {
    Resolver resolver(ask);
    const std::uint64_t before = read_clocks().mono_ms;
    EXPECT_EQ(probe("tcp://slow.example:7117", resolver, kShortMs).outcome,
              ProbeOutcome::kNameServer);
    EXPECT_LT(read_clocks().mono_ms - before, 10u * kShortMs);
    std::unique_lock lock(mutex);
    released = true;
    changed.notify_all();
    changed.wait(lock, [&] { return done; });
  }
}

TEST(Probe, WhatIsNoEndpointIsNotTried) {
  EXPECT_EQ(outcome("tcp://[zz]:7117"), ProbeOutcome::kFailed);
  EXPECT_EQ(outcome(""), ProbeOutcome::kFailed);
}

}  // namespace
}  // namespace focal::gate

// Goal: a name server that does not answer holds up only the peer whose name it has, and
// no number of such peers takes all threads.
// Method: a lookup played by the test, which lets it answer or not; waiting is poll(2).
#include "node/gate/resolver.h"

#include <gtest/gtest.h>
#include <netdb.h>
#include <poll.h>

#include <condition_variable>
#include <mutex>
#include <set>

namespace focal::gate {
namespace {

// Names that begin with "slow" are answered when the test says so.
struct Servers {
  std::mutex mutex;
  std::condition_variable changed;
  bool released = false;
  int waiting = 0;

  Resolver::Ask ask() {
    return [this](const std::string& name) -> std::string {
      std::unique_lock lock(mutex);
      if (!name.starts_with("slow")) return name == "nobody" ? "" : "192.0.2.1";
      ++waiting;
      changed.notify_all();
      changed.wait(lock, [this] { return released; });
      --waiting;
      changed.notify_all();
      return "192.0.2.2";
    };
  }
  void wait_for_waiting(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this, count] { return waiting == count; });
  }
  void release() {
    const std::lock_guard lock(mutex);
    released = true;
    changed.notify_all();
  }
};

std::string answer_for(Resolver& resolver, const std::string& owner) {
  for (;;) {
    if (const auto answer = resolver.take(owner)) return *answer;
    pollfd item{resolver.fd(), POLLIN, 0};
    if (poll(&item, 1, 20'000) != 1) return "no answer";
    resolver.clear_fd();
  }
}

TEST(Resolver, ASlowNameHoldsUpNobodyElse) {
  Servers servers;
  Resolver resolver(servers.ask());
  ASSERT_TRUE(resolver.start("XA", "slow.example").has_value());
  servers.wait_for_waiting(1);
  ASSERT_TRUE(resolver.start("XB", "fast.example").has_value());
  EXPECT_EQ(answer_for(resolver, "XB"), "192.0.2.1");
  ASSERT_TRUE(resolver.start("XB", "nobody").has_value());
  EXPECT_EQ(answer_for(resolver, "XB"), "");
  EXPECT_FALSE(resolver.take("XB").has_value());
  EXPECT_FALSE(resolver.take("XA").has_value());
  // One question of one peer at a time, even if its answer is not wanted any more.
  EXPECT_EQ(resolver.start("XA", "fast.example").error().code, ErrorCode::kBusy);
  resolver.forget("XA");
  EXPECT_EQ(resolver.start("XA", "fast.example").error().code, ErrorCode::kBusy);
  servers.release();
  pollfd item{resolver.fd(), POLLIN, 0};
  ASSERT_EQ(poll(&item, 1, 20'000), 1);
  EXPECT_FALSE(resolver.take("XA").has_value());  // the forgotten answer
  ASSERT_TRUE(resolver.start("XA", "fast.example").has_value());
  EXPECT_EQ(answer_for(resolver, "XA"), "192.0.2.1");
}

TEST(Resolver, LookupsAreBounded) {
  Servers servers;
  Resolver resolver(servers.ask());
  std::set<std::string> owners;
  for (std::size_t i = 0; i < Resolver::kMaxLookups; ++i) {
    const std::string owner = "P" + std::to_string(i);
    owners.insert(owner);
    ASSERT_TRUE(resolver.start(owner, "slow.example").has_value());
  }
  EXPECT_EQ(resolver.start("XA", "fast.example").error().code, ErrorCode::kBusy);
  servers.wait_for_waiting(static_cast<int>(Resolver::kMaxLookups));
  servers.release();
  for (const std::string& owner : owners) EXPECT_EQ(answer_for(resolver, owner), "192.0.2.2");
  EXPECT_TRUE(resolver.start("XA", "fast.example").has_value());
  EXPECT_EQ(answer_for(resolver, "XA"), "192.0.2.1");
}

TEST(Resolver, MayEndBeforeItsThreads) {
  Servers servers;
  {
    Resolver resolver(servers.ask());
    ASSERT_TRUE(resolver.start("XA", "slow.example").has_value());
    servers.wait_for_waiting(1);
  }
  servers.release();
  servers.wait_for_waiting(0);
}

TEST(Resolver, OnlyNamesAreLookedUp) {
  EXPECT_EQ(name_in("tcp://focal.example:7117"), "focal.example");
  EXPECT_EQ(name_in("tcp://198.51.100.7:7117"), "");
  EXPECT_EQ(name_in("tcp://[2001:db8::7]:7117"), "");
  EXPECT_EQ(name_in("tcp://127.1:7117"), "127.1");  // no spelling that a schedule allows
  EXPECT_EQ(with_address("tcp://focal.example:7117", "192.0.2.1"), "tcp://192.0.2.1:7117");
  EXPECT_EQ(with_address("tcp://focal.example:7117", "[2001:db8::7]"), "tcp://[2001:db8::7]:7117");
}

// What the machine's own files say of names differs: a bare root has no /etc/hosts.
TEST(Resolver, TheSystemKnowsItself) {
  EXPECT_EQ(look_up("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(look_up("::1"), "[::1]");
  addrinfo* found = nullptr;
  const bool known = ::getaddrinfo("localhost", nullptr, nullptr, &found) == 0;
  if (known) ::freeaddrinfo(found);
  const std::string self = look_up("localhost");
  EXPECT_EQ(self == "127.0.0.1" || self == "[::1]", known) << self;
  EXPECT_EQ(look_up("no-such-name.invalid"), "");  // RFC 6761: never exists
}

}  // namespace
}  // namespace focal::gate

// Goal: a service manager hears READY once, signs of life as often as it wants them and only while
// the loop turns, a status line when it changes, and STOPPING; without a manager nothing is sent,
// and nothing that it does holds the node up.
// Method: a datagram socket of the test's, by path and by abstract name; time is the test's.
#include "node/main/service.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "tests/support/temp_folder.h"

namespace focal {
namespace {

class Manager : public ::testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
    if (fd_ >= 0) ::close(fd_);
  }
  // name: as NOTIFY_SOCKET has it.
  void listen(const std::string& name) {
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    name.copy(address.sun_path, sizeof address.sun_path - 1);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ASSERT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0) << name;
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  std::vector<std::string> heard() const {
    std::vector<std::string> out;
    char text[4096];
    for (ssize_t n = 0; (n = ::recv(fd_, text, sizeof text, 0)) > 0;)
      out.emplace_back(text, static_cast<std::size_t>(n));
    return out;
  }
  void turn(Service& service, std::uint64_t mono_ms, const std::string& status = "RUNNING") {
    service.turned({mono_ms, 0}, [&] {
      ++asked_;
      return status;
    });
  }
  using Words = std::vector<std::string>;

  test::TempFolder folder_;
  int fd_ = -1;
  int asked_ = 0;
};

TEST_F(Manager, HearsTheLifeOfANode) {
  listen((folder_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "60000000", 1);
  Service service;
  EXPECT_EQ(heard(), Words{}) << "not before the loop turns";
  turn(service, 1000);
  EXPECT_EQ(heard(), Words{"READY=1\nSTATUS=RUNNING\nWATCHDOG=1\n"});
  for (std::uint64_t t = 1001; t < 11'000; t += 100) turn(service, t);
  EXPECT_EQ(heard(), Words{}) << "every turn is not told";
  EXPECT_EQ(asked_, 1);
  turn(service, 11'000, "STARTING");
  EXPECT_EQ(heard(), Words{"STATUS=STARTING\n"});
  turn(service, 16'000);
  EXPECT_EQ(heard(), Words{"WATCHDOG=1\n"}) << "four signs in its time";
  turn(service, 60'000, "STARTING");
  EXPECT_EQ(heard(), Words{"WATCHDOG=1\n"}) << "no sign came of itself meanwhile";
  service.still_here();
  service.stopping();
  EXPECT_EQ(heard(), (Words{"WATCHDOG=1\n", "STOPPING=1\nSTATUS=ending in order\n"}));
}

TEST_F(Manager, MayHaveANameThatIsNoFile) {
  listen("@focal-test-" + std::to_string(::getpid()));
  Service service;
  turn(service, 1);
  EXPECT_EQ(heard(), Words{"READY=1\nSTATUS=RUNNING\n"}) << "no watchdog is wanted";
  service.still_here();
  EXPECT_EQ(heard(), Words{});
}

TEST_F(Manager, ChildrenDoNotInheritIt) {
  listen((folder_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "1000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getpid()).c_str(), 1);
  const Service service;
  for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
    EXPECT_EQ(std::getenv(name), nullptr) << name;
}

TEST_F(Manager, ItsWatchdogMayBeForAnotherProcess) {
  listen((folder_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "1000000", 1);
  ::setenv("WATCHDOG_PID", std::to_string(::getppid()).c_str(), 1);
  Service service;
  turn(service, 1);
  EXPECT_EQ(heard(), Words{"READY=1\nSTATUS=RUNNING\n"});
}

TEST_F(Manager, NeedNotBeThere) {
  for (const std::string& name : {std::string(), std::string("relative/path"), std::string(200, 'x'),
                                  "/" + std::string(200, 'x'), (folder_ / "nobody").string()}) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    Service service;
    turn(service, 1);
    service.stopping();
  }
  ::setenv("WATCHDOG_USEC", "12x", 1);
  listen((folder_ / "notify").string());
  Service service;
  turn(service, 1);
  EXPECT_EQ(heard(), Words{"READY=1\nSTATUS=RUNNING\n"});
}

// A manager that reads nothing fills its socket; the node goes on.
TEST_F(Manager, ThatDoesNotReadHoldsNothingUp) {
  listen((folder_ / "notify").string());
  ::setenv("WATCHDOG_USEC", "4000", 1);
  Service service;
  for (std::uint64_t t = 0; t < 100'000; ++t) turn(service, t);
  EXPECT_GT(heard().size(), 1u);
}

}  // namespace
}  // namespace focal

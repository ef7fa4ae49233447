// Goal: what other programs are told is off unless it is asked for, and what is asked for wrongly
// is refused with its place: no address but loopback, no address without a token, no program that
// is not there or that anybody may change.
// Method: one text per rule, as in config_test.cc.
#include "config/telling.h"

#include <sys/stat.h>

#include "tests/support/paths.h"
#include "tests/unit/config/config_fixture.h"

namespace focal::config {
namespace {

using Telling = ConfigTest;
const std::string kHead = "party = \"XA\"\n";

TEST_F(Telling, IsOff) {
  for (const NodeConfig& c :
       {good(kHead), *load_config(test::in_tree("config/examples/focal.toml"))}) {
    EXPECT_FALSE(c.metrics.is_on());
    EXPECT_FALSE(c.metrics.parties);
    EXPECT_FALSE(c.notify.program.has_value());
    EXPECT_EQ(c.notify.every_s, 60u);
    EXPECT_FALSE(c.exports.folder.has_value());
    EXPECT_FALSE(c.exports.content);
  }
}

TEST_F(Telling, Metrics) {
  const NodeConfig socket =
      good(kHead + "[metrics]\nsocket = \"metrics.sock\"\ngroup = \"40100\"\nparties = true\n");
  EXPECT_TRUE(socket.metrics.is_on());
  EXPECT_EQ(socket.metrics.socket, folder / "metrics.sock");
  EXPECT_EQ(socket.metrics.group, 40100u);
  EXPECT_TRUE(socket.metrics.parties);
  const NodeConfig tcp =
      good(kHead + "[metrics]\nlisten = \"127.0.0.1:9117\"\ntoken_file = \"metrics.token\"\n");
  EXPECT_TRUE(tcp.metrics.is_on());
  EXPECT_EQ(tcp.metrics.listen, (LoopbackAddress{"127.0.0.1", 9117}));
  EXPECT_EQ(tcp.metrics.token_file, folder / "metrics.token");
  EXPECT_FALSE(tcp.metrics.parties);
}

TEST_F(Telling, MetricsRefused) {
  const std::string head = kHead + "[metrics]\n";
  expect_refused(head, "2:1", "where the metrics are given");
  expect_refused(head + "parties = true\n", "2:1", "where the metrics are given");
  expect_refused(head + "port = 9117\n", "3:1", "unknown key \"port\"");
  expect_refused(head + "socket = \"\"\n", "3:10", "names nothing");
  expect_refused(head + "socket = \"" + std::string(108, 's') + "\"\n", "3:10", "longer than 107");
  expect_refused(head + "socket = \"api.sock\"\n", "3:10", "the socket of the API");
  expect_refused(head + "socket = \"m\"\ngroup = \"no such group here\"\n", "4:9", "no group");
  expect_refused(head + "socket = \"m\"\nparties = \"yes\"\n", "4:11", "neither true nor false");
  expect_refused(head + "socket = \"m\"\nlisten = \"127.0.0.1:1\"\ntoken_file = \"t\"\n", "4:10",
                 "a socket already");
  expect_refused(head + "listen = \"127.0.0.1:9117\"\n", "3:10", "anybody on this machine");
  expect_refused(head + "listen = \"127.0.0.1:9117\"\ntoken_file = \"t\"\ngroup = \"0\"\n", "5:9",
                 "for a socket");
  expect_refused(head + "socket = \"m\"\ntoken_file = \"t\"\n", "4:14", "no token");
  for (const char* wrong : {"0.0.0.0:9117", "*:9117", "192.0.2.1:9117", "[::]:9117", "[2001:db8::1]:9117",
                            "localhost:9117", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", ":9117",
                            "127.0.0.1:9117x", "::1:9117", "[127.0.0.1]:9117", "128.0.0.1:1", ""})
    expect_refused(head + "listen = \"" + wrong + "\"\ntoken_file = \"t\"\n", "3:10",
                   "no address of this machine alone");
}

TEST(Loopback, Addresses) {
  EXPECT_EQ(parse_loopback("127.9.8.7:65535"), (LoopbackAddress{"127.9.8.7", 65535}));
  EXPECT_EQ(parse_loopback("[::1]:1"), (LoopbackAddress{"::1", 1}));
}

TEST_F(Telling, Notify) {
  fs::copy_file("/proc/self/exe", folder / "tell");
  const NodeConfig c = good(kHead + "[notify]\nprogram = \"tell\"\nevery_s = 86400\n");
  EXPECT_EQ(c.notify.program, folder / "tell");
  EXPECT_EQ(c.notify.every_s, 86'400u);
  EXPECT_EQ(good(kHead + "[notify]\nprogram = \"tell\"\n").notify.every_s, 60u);
}

TEST_F(Telling, NotifyRefused) {
  const std::string head = kHead + "[notify]\n";
  fs::copy_file("/proc/self/exe", folder / "tell");
  std::ofstream(folder / "text") << "x";
  expect_refused(head, "2:1", "no program is named");
  expect_refused(head + "after = \"22:00\"\n", "3:1", "unknown key");
  for (const char* wrong : {"nowhere", "text", ".", "tell/x"})
    expect_refused(head + "program = \"" + wrong + "\"\n", "3:11", "no program ");
  expect_refused(head + "program = \"\"\n", "3:11", "names nothing");
  expect_refused(head + "program = [\"tell\", \"--now\"]\n", "3:11", "not a string");
  expect_refused(head + "program = \"tell\"\nevery_s = 59\n", "4:11", "out of range");
  expect_refused(head + "program = \"tell\"\nevery_s = 86401\n", "4:11", "out of range");
  ASSERT_EQ(::chmod((folder / "tell").c_str(), 0757), 0);
  expect_refused(head + "program = \"tell\"\n", "3:11", "everybody on this machine may change");
}

TEST_F(Telling, Export) {
  const NodeConfig c = good(kHead + "[export]\nfolder = \"spool/\"\ncontent = true\n");
  EXPECT_EQ(c.exports.folder, folder / "spool") << "whether it is there shows when it is written to";
  EXPECT_TRUE(c.exports.content);
  const std::string head = kHead + "[export]\n";
  expect_refused(head, "2:1", "no folder is named");
  expect_refused(head + "content = true\n", "2:1", "no folder is named");
  expect_refused(head + "folder = \"\"\n", "3:10", "names nothing");
  expect_refused(head + "folder = \"/\"\n", "3:10", "names nothing");
  expect_refused(head + "folder = \".\"\n", "3:10", "the node's own folder");
  expect_refused(head + "folder = \"a\"\ncontent = 1\n", "4:11", "neither true nor false");
  expect_refused(head + "folder = \"a\"\nkinds = []\n", "4:1", "unknown key");
}

}  // namespace
}  // namespace focal::config

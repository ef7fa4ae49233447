// Goal: focald's side trusts its network process with nothing: whatever that
// process writes or however it ends, links are reported down and a new one is
// started after the right wait.
// Method: shell scripts that use only the shell's own words play the network
// process; time is invented, waiting is poll(2) on the socket.
#include "node/gate/gate_client.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace focal::gate {
namespace {

constexpr std::uint64_t kLink = (std::uint64_t{1} << 32) + 1;  // first of the first gate

crypto::Secret some_key() {
  crypto::Secret key(32);
  for (std::size_t i = 0; i < 32; ++i) key.bytes()[i] = static_cast<std::uint8_t>(0x30 + i);
  return key;
}

Hash32 key_of(std::uint8_t fill) {
  Hash32 key;
  key.fill(fill);
  return key;
}

class GateClientTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "focal-gate-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(dir_); }

  // A program that does this; fd 3 is its socket.
  std::string script(const std::string& body) {
    const std::string path = dir_ + "/gate" + std::to_string(++scripts_) + ".sh";
    std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
    chmod(path.c_str(), 0700);
    return path;
  }
  // printf words for these bytes.
  static std::string print(ByteView bytes) {
    std::string out = "printf '";
    for (const std::uint8_t byte : bytes) {
      char octal[8];
      std::snprintf(octal, sizeof octal, "\\%03o", byte);
      out += octal;
    }
    return out + "' >&3\n";
  }
  static std::string say(const FromGate& message) {
    Bytes bytes;
    encode(bytes, message);
    return print(bytes);
  }
  static constexpr const char* kStay = "read line <&3; while read line <&3; do :; done";

  std::unique_ptr<GateClient> client(const std::string& program) {
    GateOptions options;
    options.program = program;
    auto out = std::make_unique<GateClient>(options, some_key());
    EXPECT_TRUE(out->set_allow_list({{"XA", key_of(1)}, {"XB", key_of(2)}}).has_value());
    return out;
  }

  // Polls the socket until an event of type T has come; returns it.
  template <typename T>
  std::optional<T> wait_for(GateClient& gate, const Now& now) {
    for (int turns = 0; turns < 1000; ++turns) {
      for (GateEvent& event : gate.poll_events(now)) seen_.push_back(std::move(event));
      gate.flush_ready(now);
      while (!seen_.empty()) {
        GateEvent event = std::move(seen_.front());
        seen_.erase(seen_.begin());
        if (auto* found = std::get_if<T>(&event)) return std::move(*found);
        passed_.push_back(std::move(event));
      }
      if (!gate.is_running()) return std::nullopt;
      pollfd item{gate.fd(), POLLIN, 0};
      if (poll(&item, 1, 20'000) <= 0) return std::nullopt;
    }
    return std::nullopt;
  }

  std::string dir_;
  int scripts_ = 0;
  std::vector<GateEvent> seen_;
  std::vector<GateEvent> passed_;
};

TEST_F(GateClientTest, AMissingProgramIsSaidAtOnce) {
  auto gate = client(dir_ + "/no-such-program");
  const Status started = gate->start(Now{});
  ASSERT_FALSE(started.has_value());
  EXPECT_EQ(started.error().code, ErrorCode::kIo);
  EXPECT_NE(started.error().message.find("no-such-program"), std::string::npos);
  EXPECT_FALSE(gate->is_running());
  EXPECT_FALSE(gate->wake_at_ms().has_value());
}

TEST_F(GateClientTest, EndsAreReportedAndTheWaitDoubles) {
  auto gate = client(script("exit 3"));
  std::uint64_t now = 1000;
  ASSERT_TRUE(gate->start(Now{now, 0}).has_value());
  for (const std::uint64_t wait : {100u, 200u, 400u, 800u, 1600u, 3200u, 5000u, 5000u}) {
    const auto ended = wait_for<GateEnded>(*gate, Now{now, 0});
    ASSERT_TRUE(ended.has_value());
    EXPECT_NE(ended->reason.find("exit code 3"), std::string::npos) << ended->reason;
    EXPECT_EQ(ended->retry_at_ms, now + wait);
    EXPECT_EQ(gate->wake_at_ms(), now + wait);
    EXPECT_FALSE(gate->is_running());
    gate->poll_events(Now{now + wait - 1, 0});
    EXPECT_FALSE(gate->is_running());
    now += wait;
  }
  // One that lived a minute was healthy: the wait starts over.
  for (GateEvent& event : gate->poll_events(Now{now, 0})) seen_.push_back(std::move(event));
  const auto ended = wait_for<GateEnded>(*gate, Now{now + 60'000, 0});
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->retry_at_ms, now + 60'100);
}

TEST_F(GateClientTest, ASignalIsNamedAndLinksGoDownFirst) {
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kDialed, ""}) + "kill -ABRT $$"));
  ASSERT_TRUE(gate->start(Now{}).has_value());
  const auto ended = wait_for<GateEnded>(*gate, Now{});
  ASSERT_TRUE(ended.has_value());
  EXPECT_NE(ended->reason.find("signal 6"), std::string::npos) << ended->reason;
  ASSERT_EQ(passed_.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<LinkUp>(passed_[0]));
  ASSERT_TRUE(std::holds_alternative<LinkDown>(passed_[1]));
  EXPECT_EQ(std::get<LinkDown>(passed_[1]).link, kLink);
  EXPECT_EQ(gate->send(kLink, as_bytes("x")).error().code, ErrorCode::kNotFound);
}

TEST_F(GateClientTest, WhatBreaksTheRulesEndsTheGate) {
  const std::string up = say(LinkUp{kLink, "XA", Direction::kDialed, ""});
  const struct {
    std::string says;
    const char* reason;
  } scripts[] = {
      {print(Bytes{0, 0, 0, 0}), "length out of bounds"},
      {print(Bytes{0x7f, 0xff, 0xff, 0xff}), "length out of bounds"},
      {print(Bytes{0, 0, 0, 1, 0x44}), "unknown type"},
      {say(LinkUp{1, "XA", Direction::kDialed, ""}), "link id"},  // an earlier gate's number
      {up + up, "link id"},                                       // a number twice
      {up + say(FrameIn{kLink, "XB", to_bytes("as somebody else")}), "party of a link"},
      {up + say(Sent{kLink, 1, 1}), "count of frames"},           // more sent than given
  };
  for (const auto& step : scripts) {
    auto gate = client(script(step.says + kStay));
    ASSERT_TRUE(gate->start(Now{}).has_value());
    const auto ended = wait_for<GateEnded>(*gate, Now{});
    ASSERT_TRUE(ended.has_value()) << step.says;
    // Killed, unless the closed socket ended it first: the reason is what counts.
    EXPECT_NE(ended->reason.find(step.reason), std::string::npos) << ended->reason;
    for (const GateEvent& event : passed_) EXPECT_FALSE(std::holds_alternative<FrameIn>(event));
    passed_.clear();
    seen_.clear();
  }
}

TEST_F(GateClientTest, APartyThatIsNotOnTheListNeverAppears) {
  auto gate = client(script(say(LinkUp{kLink, "XC", Direction::kAccepted, ""}) +
                            say(FrameIn{kLink, "XC", to_bytes("hello")}) +
                            say(LinkUp{kLink + 1, "XB", Direction::kAccepted, ""}) + kStay));
  ASSERT_TRUE(gate->start(Now{}).has_value());
  const auto up = wait_for<LinkUp>(*gate, Now{});
  ASSERT_TRUE(up.has_value());
  EXPECT_EQ(up->party, "XB");
  EXPECT_TRUE(passed_.empty());
}

TEST_F(GateClientTest, RevocationEndsLinksHereWithoutWaitingForTheGate) {
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kAccepted, ""}) +
                            say(LinkUp{kLink + 1, "XB", Direction::kAccepted, ""}) + kStay));
  ASSERT_TRUE(gate->start(Now{}).has_value());
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{}).has_value());
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{}).has_value());
  ASSERT_TRUE(gate->set_allow_list({{"XA", key_of(1)}, {"XB", key_of(7)}}).has_value());
  const auto down = wait_for<LinkDown>(*gate, Now{});
  ASSERT_TRUE(down.has_value());
  EXPECT_EQ(down->link, kLink + 1);  // XB's key was replaced, XA's was not
  EXPECT_TRUE(gate->can_send(kLink));
  EXPECT_FALSE(gate->can_send(kLink + 1));
}

TEST_F(GateClientTest, TheWindowOfALinkIsBoundedAndOpensAgain) {
  const std::string opens = say(Sent{kLink, kLinkWindowFrames, kLinkWindowFrames * 100}) + kStay;
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kDialed, ""}) + "until [ -e " +
                            dir_ + "/go ]; do read line <&3; done\n" + opens));
  ASSERT_TRUE(gate->start(Now{}).has_value());
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{}).has_value());
  const Bytes frame(100, '\n');
  for (std::size_t i = 0; i < kLinkWindowFrames; ++i) {
    ASSERT_TRUE(gate->send(kLink, frame).has_value()) << i;
  }
  const Status full = gate->send(kLink, frame);
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().code, ErrorCode::kBusy);
  std::ofstream(dir_ + "/go") << "go";
  const auto ready = wait_for<LinkReady>(*gate, Now{});
  ASSERT_TRUE(ready.has_value());
  EXPECT_EQ(ready->link, kLink);
  EXPECT_TRUE(gate->send(kLink, frame).has_value());
}

TEST_F(GateClientTest, TheWindowCountsBytesToo) {
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kDialed, ""}) + kStay));
  ASSERT_TRUE(gate->start(Now{}).has_value());
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{}).has_value());
  const Bytes large(kMaxFrameBytes, 'x');
  std::size_t taken = 0;
  while (gate->send(kLink, large).has_value()) ++taken;
  EXPECT_GE(taken, 1u);
  EXPECT_LE(taken * kMaxFrameBytes, kLinkWindowBytes);
  EXPECT_EQ(gate->send(kLink, Bytes()).error().code, ErrorCode::kLimit);
  EXPECT_EQ(gate->send(kLink, Bytes(kMaxFrameBytes + 1)).error().code, ErrorCode::kLimit);
}

TEST_F(GateClientTest, AGateThatTakesNothingIsReplaced) {
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kDialed, ""}) + "while :; do\n" +
                            say(Stats{}) + "sleep 0.1; done"));
  ASSERT_TRUE(gate->start(Now{1, 0}).has_value());
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{1, 0}).has_value());
  const Bytes large(kMaxFrameBytes, 'x');
  ASSERT_TRUE(gate->send(kLink, large).has_value());
  gate->flush_ready(Now{1000, 0});
  ASSERT_TRUE(gate->wants_write());
  // It goes on talking, which is not enough.
  for (const std::uint64_t now : {std::uint64_t{20'000}, 1000 + GateClient::kStuckMs - 1}) {
    seen_.clear();
    ASSERT_TRUE(wait_for<Stats>(*gate, Now{now, 0}).has_value());
    EXPECT_EQ(gate->wake_at_ms(), 1000 + GateClient::kStuckMs);
  }
  const auto ended = wait_for<GateEnded>(*gate, Now{1000 + GateClient::kStuckMs, 0});
  ASSERT_TRUE(ended.has_value());
  EXPECT_NE(ended->reason.find("does not take its messages"), std::string::npos) << ended->reason;
}

TEST_F(GateClientTest, AGateThatSaysNothingIsReplacedThoughNothingWaits) {
  auto gate = client(script(say(LinkUp{kLink, "XA", Direction::kDialed, ""}) + kStay));
  ASSERT_TRUE(gate->start(Now{1, 0}).has_value());
  EXPECT_EQ(gate->wake_at_ms(), 1 + GateClient::kStuckMs);
  ASSERT_TRUE(wait_for<LinkUp>(*gate, Now{1000, 0}).has_value());
  ASSERT_TRUE(gate->send(kLink, as_bytes("small")).has_value());
  gate->flush_ready(Now{2000, 0});
  ASSERT_FALSE(gate->wants_write());
  EXPECT_EQ(gate->wake_at_ms(), 1000 + GateClient::kStuckMs);
  EXPECT_TRUE(gate->poll_events(Now{1000 + GateClient::kStuckMs - 1, 0}).empty());
  const auto ended = wait_for<GateEnded>(*gate, Now{1000 + GateClient::kStuckMs, 0});
  ASSERT_TRUE(ended.has_value());
  EXPECT_NE(ended->reason.find("no sign of life"), std::string::npos) << ended->reason;
}

TEST_F(GateClientTest, TheChildInheritsOnlyItsSocketAndNoSecretInItsArguments) {
  // A descriptor that somebody forgot to mark close-on-exec.
  const int leak = fcntl(open("/dev/null", O_RDONLY), F_DUPFD, 77);
  ASSERT_GE(leak, 77);
  auto gate =
      client(script("for f in /proc/$$/fd/*; do echo \"$f\"; done > " + dir_ +
                    "/fds\necho \"$@\" > " + dir_ + "/args\nset > " + dir_ + "/env\nexit 0"));
  ASSERT_EQ(setenv("FOCAL_TEST_CANARY", "canary-value", 1), 0);
  ASSERT_TRUE(gate->start(Now{}).has_value());
  ASSERT_TRUE(wait_for<GateEnded>(*gate, Now{}).has_value());
  const auto read = [this](const std::string& name) {
    std::ifstream in(dir_ + "/" + name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  EXPECT_NE(read("fds").find("/fd/3\n"), std::string::npos);
  EXPECT_EQ(read("fds").find("/fd/" + std::to_string(leak) + "\n"), std::string::npos);
  EXPECT_EQ(read("args"), "--fd 3\n");
  EXPECT_EQ(read("env").find("canary-value"), std::string::npos);
  close(leak);
}

TEST_F(GateClientTest, ConfigurationIsChecked) {
  auto gate = client("unused");
  EXPECT_EQ(gate->set_allow_list({{"xa", key_of(1)}}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(gate->set_allow_list({{"XA", key_of(1)}, {"XA", key_of(2)}}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(gate->set_allow_list({{"XA", key_of(1)}, {"XB", key_of(1)}}).error().code,
            ErrorCode::kInvalid);
  EXPECT_EQ(gate->set_allow_list(std::vector<Allowed>(1025)).error().code, ErrorCode::kLimit);
  EXPECT_EQ(gate->set_listen("ipc:///x").error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(gate->set_listen("").has_value());
  EXPECT_EQ(gate->set_dial_plan({{"XA", key_of(1), {}}}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(gate->set_dial_plan({{"XA", key_of(1), {"inproc://zeromq.zap.01"}}}).error().code,
            ErrorCode::kInvalid);
  EXPECT_TRUE(gate->set_dial_plan({{"XA", key_of(1), {"tcp://a:1"}}}).has_value());
}

}  // namespace
}  // namespace focal::gate

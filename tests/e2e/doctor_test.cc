// Goal: an operator whose link does not work is told at which step and what to do, what he is told to
// do helps, and nothing is named once it does. Method: real programs on loopback; XA can only call XB,
// so that a link has one way; one fault at a time is made, named, and mended as the cure says. Faults
// of clock, card and disk: tests/scenario/doctor_test.cc.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

std::string address(int port) { return "tcp://127.0.0.1:" + std::to_string(port); }

// Replaces a line of focal.toml that begins so.
void set_line(const Party& at, const std::string& begins, const std::string& line) {
  const fs::path file = at.folder() / "focal.toml";
  std::string text = read_text(file);
  const auto from = text.find(begins);
  ASSERT_NE(from, std::string::npos) << begins;
  text.replace(from, text.find('\n', from) - from, line);
  write_text(file, text);
}

// Takes connections on a port of loopback and says nothing.
class Firewall {
 public:
  explicit Firewall(int port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int one = 1;
    ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(static_cast<std::uint16_t>(port));
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where), 0);
    EXPECT_EQ(::listen(fd_, 64), 0);
  }
  ~Firewall() { ::close(fd_); }
  Firewall(const Firewall&) = delete;
  Firewall& operator=(const Firewall&) = delete;

 private:
  int fd_;
};

struct Walked {
  int code = 0;
  std::set<std::string> failed;   // "CONNECTION OURS REFUSED"
  std::set<std::string> cures;    // of those
  std::string id;
  std::string all;                // the answer, for messages
};
using Names = std::set<std::string>;

Walked doctor(Party& at, const std::string& of, bool ask = true) {
  Words words{"--json", "doctor", of};
  if (ask) words.push_back("--ask");
  const Ran ran = at.focal(words);
  Walked out{ran.code, {}, {}, {}, ran.out + ran.err};
  const Json json(ran.out);
  if (!json.ok() || !json.has("ok")) {
    ADD_FAILURE() << out.all;
    return out;
  }
  out.id = json["id"];
  for (std::size_t i = 0; i < json.size("steps"); ++i) {
    const std::string step = "steps[" + std::to_string(i) + "].";
    EXPECT_NE(json[step + "text"], "") << json[step + "step"];
    if (!json.is(step + "state", "FAILED")) continue;
    out.failed.insert(json[step + "step"] + " " + json[step + "where"] + " " + json[step + "code"]);
    out.cures.insert(json[step + "cure"]);
    EXPECT_NE(json[step + "cure"], "") << json[step + "code"];
  }
  EXPECT_EQ(out.code, out.failed.empty() ? 0 : 1) << out.all;
  return out;
}

// What the gate tried last is some tries old when a fault is new. The other end is asked once all is
// as it should be here: it answers a few times a minute.
void expect_named(Party& at, const std::string& of, const Names& faults, bool ask = true) {
  Names ours;
  for (const std::string& fault : faults)
    if (fault.find(" OURS ") != std::string::npos) ours.insert(fault);
  Walked last;
  EXPECT_TRUE(eventually([&] { return (last = doctor(at, of, false)).failed == ours; })) << last.all;
  if (!ask) return;
  last = doctor(at, of);
  EXPECT_EQ(last.failed, faults) << last.all;
}
void expect_well(Party& at, const std::string& of) { expect_named(at, of, {}); }

class OneWay : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    set_line(xa_, "reach = ", "reach = \"dialout\"");
    set_line(xa_, "endpoints = ", "endpoints = []");
    start_both();
    ASSERT_TRUE(eventually([&] { return xb_.ask({"peer", "show", "XA"}).is("peer.card.reach", "dialout"); }));
  }
  // XB publishes another address, and XA learns it; the link does not come back where it is wrong.
  void xb_moves_to(const std::string& endpoint) {
    set_line(xb_, "endpoints = ", "endpoints = [\"" + endpoint + "\"]");
    EXPECT_EQ(xb_.stop(), 0);
    xb_.start();
    ASSERT_TRUE(eventually([&] {
      return xa_.ask({"peer", "show", "XB"}).is("peer.card.endpoints[0]", endpoint);
    }));
  }
  // What the cure says: a new introduction file.
  void xa_takes_a_new_file() {
    const std::string file = xa_.file("again.focalcard");
    EXPECT_EQ(xb_.focal({"card", "export", "--to", file}).code, 0);
    EXPECT_EQ(xa_.focal({"notes", "add", file, "--yes"}).code, 0);
    fs::remove(file);
  }
  void xb_is_back() {
    if (!xb_.runs()) xb_.start();
    ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
    expect_well(xa_, "XB");
  }
};

TEST_F(OneWay, TheWayToTheOtherEnd) {
  expect_well(xa_, "XB");
  expect_well(xb_, "XA");

  const int wrong = free_port();
  xb_moves_to(address(wrong));
  expect_named(xa_, "XB", {"CONNECTION OURS REFUSED"});
  set_line(xb_, "endpoints = ", "endpoints = [\"tcp://no-such-host.invalid:7117\"]");
  EXPECT_EQ(xb_.stop(), 0);
  xb_.start();
  xa_takes_a_new_file();
  expect_named(xa_, "XB", {"ADDRESS OURS NAME_NOT_FOUND"});
  set_line(xb_, "endpoints = ", "endpoints = [\"" + address(xb_.port()) + "\"]");
  EXPECT_EQ(xb_.stop(), 0);
  xb_.start();
  xa_takes_a_new_file();
  xb_is_back();

  xb_.crash();
  expect_named(xa_, "XB", {"CONNECTION OURS PEER_GONE"});
  xb_is_back();
  // Its farewell ends with its network process, so that it looks like one that crashed.
  EXPECT_EQ(xb_.stop(), 0);
  expect_named(xa_, "XB", {"CONNECTION OURS PEER_GONE"});
  {
    const Firewall firewall(xb_.port());
    expect_named(xa_, "XB", {"CONNECTION OURS SILENT"});
  }
  xb_is_back();
}

TEST_F(OneWay, ANodeWithOtherKeysAtTheAddress) {
  EXPECT_EQ(xb_.stop(), 0);
  Party other(temp_.path(), "XC", xb_.port());
  ASSERT_EQ(other.init().code, 0);
  other.start();
  expect_named(xa_, "XB", {"KEY OURS OTHER_KEY"});
  EXPECT_EQ(other.stop(), 0);
  xb_is_back();
}

TEST_F(Fresh, APartyThatHasNotAddedUs) {
  xa_.start();
  xb_.start();
  introduce(xb_, xa_);
  const std::string number = digits_shown(xa_.focal({"peer", "show", "XB"}).out);
  xa_.ask({"peer", "verify", "XB", "--how", "phone", "--number", number});
  expect_named(xa_, "XB", {"KEY OURS REFUSED_BY_PEER"});
  introduce(xa_, xb_);  // what the cure says; and now the other end has not verified us
  ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB") && xb_.is_linked_to("XA"); }));
  expect_named(xa_, "XB", {"TRUST THEIRS NOT_VERIFIED_THERE"});
  expect_named(xb_, "XA", {"TRUST OURS NOT_VERIFIED"});
  xb_.ask({"peer", "verify", "XA", "--how", "phone", "--number", number});
  expect_well(xa_, "XB");
  expect_well(xb_, "XA");
}

TEST_F(OneWay, SuspendedHereAndThere) {
  xa_.ask({"peer", "suspend", "XB", "--reason", "their server was stolen", "--yes"});
  expect_named(xa_, "XB", {"TRUST OURS SUSPENDED"});
  // The other end is not told that it is: as if it had never been verified.
  expect_named(xb_, "XA", {"TRUST THEIRS NOT_VERIFIED_THERE"});
  EXPECT_EQ(doctor(xb_, "XA").all.find("stolen"), std::string::npos);
  xa_.ask({"peer", "resume", "XB", "--yes"});
  expect_well(xa_, "XB");
  expect_well(xb_, "XA");
}

TEST_F(OneWay, ANodeThatWasSetBack) {
  EXPECT_EQ(xb_.stop(), 0);
  const fs::path kept = xb_.file("older-ledger");
  fs::copy_file(xb_.ledger(), kept);
  xb_.start();
  ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
  EXPECT_EQ(xa_.focal({"peer", "ping", "XB"}).code, 0);
  EXPECT_EQ(xb_.stop(), 0);
  fs::copy_file(xb_.ledger(), xb_.file("newer-ledger"));
  for (const char* part : {"-wal", "-shm"}) fs::remove(xb_.ledger().string() + part);
  fs::copy_file(kept, xb_.ledger(), fs::copy_options::overwrite_existing);
  xb_.start();
  expect_named(xa_, "XB", {"CONNECTION OURS PEER_STOPPED"});
  const Walked there = doctor(xb_, "XA", false);
  EXPECT_TRUE(there.failed.contains("NODE OURS ROLLED_BACK")) << there.all;
  fs::remove(kept);
  fs::remove(xb_.file("newer-ledger"));
}

TEST_F(OneWay, TheIdStandsInTheLogsOfBothEnds) {
  const Walked asked = doctor(xa_, "XB");
  ASSERT_EQ(asked.id.size(), 8u) << asked.all;
  EXPECT_NE(read_text(xa_.log()).find(asked.id), std::string::npos);
  EXPECT_NE(read_text(xb_.log()).find(asked.id), std::string::npos);
  EXPECT_EQ(doctor(xa_, "XB", false).id, "") << "who asks nobody has no id";
  const Ran shown = xa_.focal({"doctor", "XB", "--ask"});
  EXPECT_EQ(shown.code, 0) << shown.out << shown.err;
  EXPECT_NE(shown.out.find("XB has verified us"), std::string::npos) << shown.out;
  EXPECT_EQ(xa_.focal({"doctor"}).code, 0);
}

TEST_F(OneWay, WhoIsSetToAnswerNothing) {
  xb_.append_config("\n[doctor]\nanswer = false\n");
  EXPECT_EQ(xb_.stop(), 0);
  xb_.start();
  ASSERT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
  const Walked asked = doctor(xa_, "XB");
  EXPECT_TRUE(asked.failed.empty()) << asked.all;
  EXPECT_NE(asked.all.find("DECLINED"), std::string::npos) << asked.all;
}

}  // namespace
}  // namespace focal::e2e

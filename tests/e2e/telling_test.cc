// Goal: a node tells a service manager, a monitoring system, the operator's program and other
// systems what they are to know, also when it is killed in between; and nobody else learns of it.
// Method: the real program with a datagram socket of the test's as NOTIFY_SOCKET, its metrics asked
// for as raw HTTP, a script as notify program, a spool folder.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

sockaddr_un address_of(const fs::path& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  path.native().copy(out.sun_path, sizeof out.sun_path - 1);
  return out;
}

class Telling : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    fs::create_directory(spool());
    manager_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(temp_ / "manager");
    ASSERT_EQ(::bind(manager_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    write_text(temp_ / "tell", "#!/bin/sh\ncat >> " + noted().string() + "\n");
    fs::permissions(temp_ / "tell", fs::perms(0700));
    xb_.append_config("\n[metrics]\nsocket = \"metrics.sock\"\n[notify]\nprogram = \"" +
                      (temp_ / "tell").string() + "\"\n[export]\nfolder = \"" + spool().string() +
                      "\"\n");
    xb_.set_environment({"NOTIFY_SOCKET=" + (temp_ / "manager").string(), "WATCHDOG_USEC=1000000"});
  }
  ~Telling() override { ::close(manager_); }

  fs::path spool() const { return temp_ / "spool"; }
  fs::path noted() const { return temp_ / "noted"; }
  std::vector<std::string> files() const {
    std::vector<std::string> out;
    for (const auto& each : fs::directory_iterator(spool()))
      if (each.path().filename().string().front() != '.') out.push_back(each.path().filename());
    std::sort(out.begin(), out.end());
    return out;
  }
  // What the manager has heard since it was asked last.
  std::string heard() const {
    std::string out;
    char text[4096];
    for (ssize_t n = 0; (n = ::recv(manager_, text, sizeof text, 0)) > 0;)
      out.append(text, static_cast<std::size_t>(n));
    return out;
  }
  std::string page() const {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un address = address_of(xb_.folder() / "metrics.sock");
    std::string out;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      const std::string ask = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
      static_cast<void>(::send(fd, ask.data(), ask.size(), MSG_NOSIGNAL));
      char part[4096];
      for (ssize_t n = 0; (n = ::recv(fd, part, sizeof part, 0)) > 0;)
        out.append(part, static_cast<std::size_t>(n));
    }
    ::close(fd);
    return out;
  }
  bool shows(const std::string& sample) const {
    return page().find("\n" + sample + "\n") != std::string::npos;
  }

  int manager_ = -1;
};

TEST_F(Telling, EverybodyHearsWhatHeIsToKnow) {
  start_both();
  std::string said = heard();
  EXPECT_EQ(said.rfind("READY=1\nSTATUS=RUNNING, ", 0), 0u) << said;
  EXPECT_NE(said.find("WATCHDOG=1\n"), std::string::npos) << said;
  EXPECT_EQ(said.find("XA"), std::string::npos) << "the status names no party: " << said;
  EXPECT_TRUE(eventually([&] { return heard().find("WATCHDOG=1\n") != std::string::npos; }))
      << "and goes on, with nothing to do";
  EXPECT_EQ(proc_text(xb_.gate_pid(), "environ"), "") << "the gate inherits nothing";

  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return files().size() == 1; }));
  const std::string notice = read_text(spool() / files()[0]);
  EXPECT_NE(notice.find("\"kind\":\"trace.request\",\"case_number\":\"T-1\",\"party\":\"XA\""),
            std::string::npos) << notice;
  ASSERT_TRUE(eventually([&] { return !read_text(noted()).empty(); }));
  // The targets of the example lie in the past.
  const std::string told = "{\"party\":\"XB\",\"state\":\"RUNNING\",\"needs_action\":1,\"overdue\":1,"
                           "\"releases\":0,\"failed\":0,\"urgency\":\"OVERDUE\"}\n";
  EXPECT_EQ(read_text(noted()), told);
  EXPECT_TRUE(eventually([&] { return shows("focal_inbox_needs_action_cases 1"); })) << page();
  EXPECT_TRUE(shows("focal_links_up 1")) << page();
  EXPECT_TRUE(shows("focal_run_state{state=\"RUNNING\"} 1"));
  EXPECT_EQ(page().find("XA"), std::string::npos);
  EXPECT_EQ(page().find("Kestrel"), std::string::npos);

  fs::remove(spool() / files()[0]);
  xb_.crash();
  EXPECT_EQ(page(), "");
  static_cast<void>(heard());
  xb_.start();
  ASSERT_TRUE(eventually([&] { return heard().find("READY=1\n") != std::string::npos; }));
  xb_.ask({"trace", "ack", "T-1", "--ref", "XB/1", "--expected-by", days_from_now(5)});
  ASSERT_TRUE(eventually([&] { return files().size() == 1; }));
  EXPECT_NE(read_text(spool() / files()[0]).find("trace.ack"), std::string::npos)
      << "what was taken does not come again";
  EXPECT_EQ(read_text(noted()), told) << "not told twice, across a kill";
  EXPECT_EQ(xb_.stop(), 0);
  EXPECT_NE(heard().find("STOPPING=1\n"), std::string::npos);
  EXPECT_FALSE(fs::exists(xb_.folder() / "metrics.sock"));
}

TEST_F(Telling, WhatIsWrongStopsTheStartOrStandsInTheStatus) {
  fs::remove_all(spool());
  start_both();
  ASSERT_TRUE(eventually([&] {
    return xb_.focal({"status"}).out.find("Nothing is written into the export folder") != std::string::npos;
  }));
  EXPECT_EQ(xb_.stop(), 0);
  const fs::path config = xb_.folder() / "focal.toml";
  std::string text = read_text(config);
  const std::string socket = "socket = \"metrics.sock\"";
  text.replace(text.find(socket), socket.size(), "listen = \"127.0.0.1:" + std::to_string(free_port()) +
                                                     "\"\ntoken_file = \"metrics.token\"");
  write_text(config, text);
  Ran ran = xb_.try_start();
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("there is no file"), std::string::npos) << ran.err;
  write_text(xb_.folder() / "metrics.token", "short\n");
  fs::permissions(xb_.folder() / "metrics.token", fs::perms(0600));
  ran = xb_.try_start();
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("holds no token"), std::string::npos) << ran.err;
  EXPECT_EQ(ran.err.find("short\n"), std::string::npos) << "and does not say what stands there";
}

// The node opens itself again under its next card: whoever watches it goes on watching.
TEST_F(Telling, ANewCardInterruptsNobody) {
  xb_.start();
  const std::string request = xb_.file("2.request"), card = xb_.file("2.focalcard");
  ASSERT_EQ(xb_.focal({"card", "renew", "--to", request}).code, 0);
  Launch sign;
  sign.words = {program("focal"), "root", "sign", request, "--root-folder", xb_.root_folder(),
                "--out", card, "--yes", "--root-passphrase-fd", "4"};
  sign.secrets = {{4, xb_.root_passphrase()}};
  const Ran signed_card = run(sign);
  ASSERT_EQ(signed_card.code, 0) << signed_card.err;
  ASSERT_EQ(xb_.focal({"card", "apply", card}).code, 0);
  ASSERT_TRUE(eventually([&] { return xb_.ask({"card", "show"}).is("card.serial", "2"); }));
  ASSERT_TRUE(eventually([&] { return shows("focal_run_state{state=\"RUNNING\"} 1"); }));
  const std::string said = heard();
  EXPECT_EQ(said.find("STOPPING=1"), std::string::npos) << said;
  EXPECT_EQ(said.find("READY=1"), said.rfind("READY=1")) << "once: " << said;
  EXPECT_EQ(xb_.stop(), 0);
}

}  // namespace
}  // namespace focal::e2e

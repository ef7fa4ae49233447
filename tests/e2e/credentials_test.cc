// Goal: who may do what is decided by the kernel's word about the caller, at the real socket of a
// real node: strangers are turned away, each role gets exactly its acts, and nothing is taken from
// what a caller says about himself.
// Method: children change to unprivileged users (and make sure that they did) and send raw
// requests; what comes back is compared with the table and with a list by hand.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <map>

#include "node/api/desk_routes.h"
#include "node/desk/desk.h"
#include "node/desk/permissions.h"
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

constexpr gid_t kGroup = 40'100;
constexpr uid_t kStranger = 40'050;

Ids user(uid_t uid, bool in_group = true) {
  return {uid, static_cast<gid_t>(uid), in_group ? std::vector<gid_t>{kGroup} : std::vector<gid_t>{}};
}

// What a request of that user gets: the status line and all, or "errno N" of connect().
std::string raw_as(const Ids& who, const fs::path& socket, const std::string& request) {
  int ends[2];
  if (::pipe(ends) != 0) return "no pipe";
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(who);
    if (::getuid() != who.uid || ::geteuid() != who.uid) refuse_ids();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    std::string said;
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      said = "errno " + std::to_string(errno);
    } else {
      [[maybe_unused]] auto n = ::send(fd, request.data(), request.size(), MSG_NOSIGNAL);
      char buffer[4096];
      while ((n = ::recv(fd, buffer, sizeof buffer, 0)) > 0)
        said.append(buffer, static_cast<std::size_t>(n));
    }
    [[maybe_unused]] const auto written = ::write(ends[1], said.data(), said.size());
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string out;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the child did not become uid " << who.uid;
  return out;
}

// A child of that user that holds connections on which it says nothing, while this lives.
class Holder {
 public:
  Holder(const Ids& who, const fs::path& socket, int connections) {
    int told[2], over[2];
    if (::pipe(told) != 0 || ::pipe(over) != 0) return;
    pid_ = ::fork();
    if (pid_ == 0) {
      become(who);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      socket.native().copy(address.sun_path, sizeof address.sun_path - 1);
      char connected = 1;
      for (int i = 0; i < connections; ++i) {
        const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
        if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
          connected = 0;
      }
      ::close(over[1]);
      [[maybe_unused]] auto n = ::write(told[1], &connected, 1);
      n = ::read(over[0], &connected, 1);
      ::_exit(0);
    }
    ::close(told[1]);
    ::close(over[0]);
    char connected = 0;
    holds_ = ::read(told[0], &connected, 1) == 1 && connected == 1;
    ::close(told[0]);
    over_ = over[1];
  }
  ~Holder() {
    ::close(over_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    EXPECT_EQ(status, 0);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  bool holds() const { return holds_; }

 private:
  pid_t pid_ = -1;
  int over_ = -1;
  bool holds_ = false;
};

std::string request_text(const std::string& method, const std::string& target) {
  const std::string body = method == "POST" ? "{}" : "";
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: focal\r\nConnection: close\r\n";
  if (method == "POST")
    out += "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n";
  return out + "\r\n" + body;
}

// The code of a Problem, or "" if it is none.
std::string code_in(const std::string& answer) {
  constexpr char kCode[] = "\"code\":\"";
  const auto at = answer.find(kCode);
  if (at == std::string::npos) return {};
  const auto begin = at + sizeof kCode - 1;
  return answer.substr(begin, answer.find('"', begin) - begin);
}

class Credentials : public Fresh {
 protected:
  void SetUp() override {
    Fresh::SetUp();
    ASSERT_EQ(::geteuid(), 0u);
    xa_.share_socket(kGroup);
    xa_.start();
  }
  void TearDown() override {
    if (xa_.runs()) {
      EXPECT_EQ(xa_.stop(), 0);
    }
    Fresh::TearDown();
  }
  std::string get_as(const Ids& who, const std::string& target = "/v1/status") {
    return raw_as(who, xa_.socket(), request_text("GET", target));
  }
  void name(const std::string& person, uid_t uid, const std::string& role) {
    const Json done = xa_.ask({"people", "add", person, "--unix", std::to_string(uid), "--role",
                               role});
    EXPECT_EQ(done["person.name"], person);
  }
};

TEST_F(Credentials, TheChildrenReallyAreOthers) {
  for (const uid_t uid : {uid_t{40'001}, uid_t{65'534}}) {
    Launch launch;
    launch.words = {"/usr/bin/id", "-u"};
    launch.as = user(uid);
    EXPECT_EQ(run(launch).out, std::to_string(uid) + "\n");
    launch.words = {"/usr/bin/id", "-ru"};
    EXPECT_EQ(run(launch).out, std::to_string(uid) + "\n");
  }
}

TEST_F(Credentials, TheSocketIsForItsGroupAndTheFolderForItsOwner) {
  struct stat st {};
  ASSERT_EQ(::stat(xa_.socket().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0660u);
  EXPECT_EQ(st.st_gid, kGroup);
  EXPECT_EQ(st.st_uid, 0u);
  ASSERT_EQ(::stat(xa_.folder().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0077, 0u);
  EXPECT_EQ(get_as(user(kStranger, false)), "errno " + std::to_string(EACCES));
  const Ran ran = xa_.focal_as(user(kStranger, false), {"status", "--json"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(Json(ran.out)["code"], "PERMISSION");
}

TEST_F(Credentials, AStrangerInTheGroupIsTurnedAwayBeforeAnythingIsRead) {
  for (const bool named : {false, true}) {
    if (named) name("jo", 40'001, "officer");
    const std::string answer = get_as(user(kStranger));
    EXPECT_NE(answer.find("HTTP/1.1 403"), std::string::npos) << answer;
    EXPECT_EQ(code_in(answer), "HTTP_FORBIDDEN") << answer;
    // Also with a body that would be too long, and with what he says he is.
    const std::string lies = "POST /v1/people HTTP/1.1\r\nHost: focal\r\nConnection: close\r\n"
                             "X-Uid: 0\r\nAuthorization: Basic cm9vdDo=\r\n"
                             "Content-Type: application/json\r\nContent-Length: 99999999\r\n\r\n";
    EXPECT_EQ(code_in(raw_as(user(kStranger), xa_.socket(), lies)), "HTTP_FORBIDDEN");
    const Ran ran = xa_.focal_as(user(kStranger), {"people", "list", "--json"});
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(Json(ran.out)["code"], "HTTP_FORBIDDEN");
    EXPECT_NE(Json(ran.out)["hint"], "");
  }
}

TEST_F(Credentials, WhoHoldsConnectionsKeepsNobodyElseOut) {
  name("jo", 40'001, "officer");
  name("mia", 40'002, "supervisor");
  constexpr int kAll = static_cast<int>(api::http::Limits{}.connections);
  for (const uid_t uid : {kStranger, uid_t{40'002}}) {
    const Holder holder(user(uid), xa_.socket(), kAll);
    ASSERT_TRUE(holder.holds());
    const Ran ran = xa_.focal_as(user(40'001), {"status"});
    EXPECT_EQ(ran.code, 0) << "with " << kAll << " connections of " << uid << "\n" << ran.err;
    EXPECT_EQ(code_in(get_as(user(kStranger + 1))), "HTTP_FORBIDDEN") << "told why";
  }
}

TEST_F(Credentials, TheOwnerIsTheOnlyPersonUntilSomebodyIsNamed) {
  EXPECT_NE(get_as({0, 0, {}}).find("HTTP/1.1 200"), std::string::npos);
  EXPECT_EQ(code_in(get_as(user(40'001))), "HTTP_FORBIDDEN");
  name("jo", 40'001, "officer");
  EXPECT_NE(get_as(user(40'001)).find("HTTP/1.1 200"), std::string::npos);
  EXPECT_NE(get_as(user(40'001), "/v1/traces").find("HTTP/1.1 200"), std::string::npos);
  EXPECT_EQ(code_in(get_as({0, 0, {}}, "/v1/traces")), "PERMISSION")
      << "root owns the folder and is administrator now";
  xa_.ask({"people", "remove", "jo", "--reason", "left", "--yes"});
  EXPECT_EQ(code_in(get_as(user(40'001))), "HTTP_FORBIDDEN") << "at once";
}

TEST_F(Credentials, EveryRouteForEveryRole) {
  std::map<desk::Role, uid_t> persons;
  uid_t next = 40'001;
  for (const desk::Role role : desk::kAllRoles) {
    std::string word(desk::role_name(role));
    for (char& c : word) c = c == '_' ? '-' : static_cast<char>(std::tolower(c));
    name("p" + std::to_string(next), next, word);
    persons[role] = next++;
  }
  std::map<std::string, desk::Roles> table;
  for (const auto& each : desk::permissions()) table[std::string(each.operation)] = each.roles;
  // The routes as they are registered; the desk behind them is never asked, so none is made.
  alignas(desk::Desk) static std::array<std::byte, sizeof(desk::Desk)> nobody{};
  api::Router router([](std::string_view, const Caller&) { return Status{}; });
  api::add_desk_routes(router, *reinterpret_cast<desk::Desk*>(nobody.data()));
  std::size_t asked = 0;
  for (const auto& entry : router.entries()) {
    std::string target;
    for (const std::string& word : entry.pattern)
      target += "/" + (word.front() == '{' ? std::string("no-such") : word);
    for (const auto& [role, uid] : persons) {
      const std::string code =
          code_in(raw_as(user(uid), xa_.socket(), request_text(entry.method, target)));
      const bool allowed = desk::has(table[entry.name], role);
      EXPECT_EQ(code == "PERMISSION", !allowed)
          << entry.name << " by " << desk::role_name(role) << ": " << code;
      ++asked;
    }
  }
  EXPECT_GE(asked, 5u * 40u);
}

// A few lines by hand, so that a mistake in the table does not prove itself.
TEST_F(Credentials, WhatEachRoleCanAndCannot) {
  name("jo", 40'001, "officer");
  name("mia", 40'002, "supervisor");
  name("ann", 40'003, "auditor");
  name("kim", 40'004, "key-custodian");
  name("ada", 40'005, "administrator");
  const auto code = [&](uid_t uid, const Words& words) {
    Words all = words;
    all.push_back("--json");
    const Ran ran = xa_.focal_as(user(uid), all);
    return ran.code == 0 ? std::string("ok") : Json(ran.out)["code"];
  };
  for (const uid_t uid : {40'001, 40'002, 40'003, 40'004, 40'005}) {
    EXPECT_EQ(code(uid, {"status"}), "ok");
    EXPECT_EQ(code(uid, {"ledger", "verify"}), "ok");
    EXPECT_EQ(code(uid, {"people", "list"}), "ok");
  }
  const std::string no = "PERMISSION";
  EXPECT_EQ(code(40'001, {"inbox"}), "ok");
  EXPECT_EQ(code(40'002, {"inbox"}), "ok");
  for (const uid_t uid : {40'003, 40'004, 40'005}) {
    EXPECT_EQ(code(uid, {"inbox"}), no) << uid << " cannot read cases";
    EXPECT_EQ(code(uid, {"trace", "show", "T-1"}), no);
    EXPECT_EQ(code(uid, {"find", "DA017342"}), no);
    EXPECT_EQ(code(uid, {"trace", "sheet", "T-1"}), no);
  }
  EXPECT_EQ(code(40'003, {"ledger", "tail"}), "ok");
  EXPECT_EQ(code(40'005, {"ledger", "tail"}), no);
  EXPECT_EQ(code(40'003, {"outbox", "cancel", "1-XB", "--reason", "r", "--yes"}), no);
  EXPECT_EQ(code(40'002, {"trace", "withdraw", "T-1", "--reason", "solved", "--yes"}), no)
      << "a supervisor does no casework";
  EXPECT_EQ(code(40'001, {"trace", "withdraw", "T-1", "--reason", "solved", "--yes"}), "NOT_FOUND");
  EXPECT_EQ(code(40'001, {"people", "add", "eve", "--unix", "40099", "--role", "administrator"}),
            no);
  EXPECT_EQ(code(40'001, {"release", "reject", "R-1", "--reason", "r"}), "NOT_FOUND");
  EXPECT_EQ(code(40'005, {"release", "list"}), no);
}

}  // namespace
}  // namespace focal::e2e

// Goal: the page of metrics is given to whoever may have it, on its own server alone: the mode of
// its socket decides, or a token that nobody is told a byte of; nothing else can be asked there, and
// nobody keeps others out for long.
// Method: a real server on a socket and on a loopback address; requests as raw bytes.
#include "node/api/metrics_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

#include "tests/support/other_user.h"

namespace focal::api {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kToken = "0123456789abcdef0123456789abcdef";

class MetricsAt : public ::testing::Test {
 protected:
  MetricsAt() {
    char name[] = "/tmp/focal-metrics-XXXXXX";
    folder_ = ::mkdtemp(name);
    write_token(kToken + "\n");
  }
  ~MetricsAt() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  void write_token(const std::string& text, mode_t mode = 0600) {
    std::ofstream(folder_ / "token", std::ios::trunc) << text;
    ::chmod((folder_ / "token").c_str(), mode);
  }
  static int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  Status start(bool tcp) {
    config::MetricsSettings settings;
    if (tcp) {
      port_ = free_port();
      settings.listen = config::LoopbackAddress{"127.0.0.1", static_cast<std::uint16_t>(port_)};
      settings.token_file = folder_ / "token";
    } else {
      settings.socket = folder_ / "metrics.sock";
    }
    auto started = MetricsServer::start(settings);
    if (!started) return started.error();
    server_ = std::move(*started);
    server_->open([this]() -> Result<std::string> {
      ++pages_;
      return "focal_x 1\n";
    });
    return {};
  }
  int connect() const {
    if (port_ == 0) {
      const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      sockaddr_un address{};
      address.sun_family = AF_UNIX;
      (folder_ / "metrics.sock").native().copy(address.sun_path, sizeof address.sun_path - 1);
      return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? fd : -1;
    }
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? fd : -1;
  }
  std::string ask(const std::string& bytes) const {
    const int fd = connect();
    EXPECT_GE(fd, 0);
    EXPECT_EQ(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
    std::string out;
    char part[4096];
    pollfd p{fd, POLLIN, 0};
    while (::poll(&p, 1, 20'000) == 1) {
      const ssize_t n = ::recv(fd, part, sizeof part, 0);
      if (n <= 0) break;
      out.append(part, static_cast<std::size_t>(n));
    }
    ::close(fd);
    return out;
  }
  static std::string get(const std::string& target, const std::string& headers = "") {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + "\r\n";
  }
  static std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

  std::filesystem::path folder_;
  int port_ = 0;
  std::atomic<int> pages_{0};
  std::unique_ptr<MetricsServer> server_;
};

TEST_F(MetricsAt, ASocketGivesThePage) {
  ASSERT_TRUE(start(false).has_value());
  const std::string answer = ask(get("/metrics"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nfocal_x 1\n")) << answer;
  struct stat st {};
  ASSERT_EQ(::lstat((folder_ / "metrics.sock").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(folder_ / "metrics.sock"));
}

TEST_F(MetricsAt, ASocketIsForItsOwnerAndItsGroupOnly) {
  ASSERT_TRUE(start(false).has_value());
  ::chmod(folder_.c_str(), 0755);
  EXPECT_EQ(test::unprivileged([this] { return connect() < 0 ? 1 : 0; }), ::geteuid() == 0 ? 1 : 0);
  server_.reset();
  config::MetricsSettings settings;
  settings.socket = folder_ / "metrics.sock";
  settings.group = ::getegid();
  server_ = std::move(*MetricsServer::start(settings));
  struct stat st {};
  ASSERT_EQ(::lstat((folder_ / "metrics.sock").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0660u);
  EXPECT_EQ(st.st_gid, ::getegid());
}

TEST_F(MetricsAt, NothingElseIsThere) {
  ASSERT_TRUE(start(false).has_value());
  for (const char* target : {"/", "/v1/status", "/metrics/x", "/metric", "/metrics%2f", "/../metrics"})
    EXPECT_THAT(ask(get(target)), ::testing::AnyOf(StartsWith("HTTP/1.1 404"), StartsWith("HTTP/1.1 400")))
        << target;
  EXPECT_THAT(ask("POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"),
              StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(ask("POST /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  "Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n"),
              StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(pages_, 0);
}

TEST_F(MetricsAt, ALoopbackAddressAsksForTheToken) {
  ASSERT_TRUE(start(true).has_value());
  EXPECT_THAT(ask(get("/metrics", bearer(kToken))), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(get("/metrics?x=1", bearer(kToken))), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(pages_, 2);
  std::string last = kToken;
  last.back() = 'x';
  for (const std::string& headers :
       {std::string(), bearer(""), bearer(last), bearer(kToken + "0"), bearer(kToken.substr(1)),
        bearer("\"" + kToken + "\""), "Authorization: Basic " + kToken + "\r\n",
        "Authorization: Digest " + kToken + "\r\n",
        "Authorization: " + kToken + "\r\n", "X-Token: " + kToken + "\r\n"}) {
    const std::string answer = ask(get("/metrics", headers));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 401")) << headers;
    EXPECT_THAT(answer, HasSubstr("WWW-Authenticate: Bearer\r\n"));
    EXPECT_THAT(answer, Not(HasSubstr(kToken)));
    EXPECT_THAT(ask(get("/v1/status", headers)), StartsWith("HTTP/1.1 401")) << "nor what there is";
  }
  EXPECT_EQ(pages_, 2);
}

TEST_F(MetricsAt, ATokenHasToBeOneAndPrivate) {
  for (const std::string& wrong :
       {std::string(), std::string("\n"), kToken.substr(1), std::string(kMostToken + 1, 'x'),
        kToken + "\n" + kToken, kToken + " ", "\t" + kToken, kToken + "\r\n", std::string(40, '\x80'),
        std::string(100'000, 'x')}) {
    write_token(wrong);
    const Status started = start(true);
    ASSERT_FALSE(started.has_value()) << wrong.substr(0, 80);
    EXPECT_THAT(started.error().message, Not(HasSubstr(kToken)));
  }
  write_token(kToken, 0640);
  EXPECT_EQ(start(true).error().code, ErrorCode::kPermission);
  std::filesystem::remove(folder_ / "token");
  EXPECT_EQ(start(true).error().code, ErrorCode::kNotFound);
  write_token(std::string(kMostToken, 'x'));
  EXPECT_TRUE(start(true).has_value()) << "the longest, without a line end";
}

TEST_F(MetricsAt, APortInUseIsSaid) {
  ASSERT_TRUE(start(true).has_value());
  config::MetricsSettings settings;
  settings.listen = config::LoopbackAddress{"127.0.0.1", static_cast<std::uint16_t>(port_)};
  settings.token_file = folder_ / "token";
  const auto second = MetricsServer::start(settings);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  EXPECT_THAT(ask(get("/metrics", bearer(kToken))), StartsWith("HTTP/1.1 200"));
}

TEST_F(MetricsAt, ItIsOnLoopbackOnly) {
  ASSERT_TRUE(start(true).has_value());
  std::ifstream in("/proc/net/tcp");
  char port[8];
  std::snprintf(port, sizeof port, ":%04X", port_);
  bool seen = false;
  for (std::string line; std::getline(in, line);) {
    if (line.find(std::string("0100007F") + port + " 00000000:0000 0A") != std::string::npos) seen = true;
    EXPECT_EQ(line.find(std::string("00000000") + port + " 00000000:0000 0A"), std::string::npos);
  }
  EXPECT_TRUE(seen);
}

TEST_F(MetricsAt, WithoutANodeItIsSaidAtOnce) {
  ASSERT_TRUE(start(false).has_value());
  server_->close();
  EXPECT_THAT(ask(get("/metrics")), StartsWith("HTTP/1.1 503"));
  server_->open([]() -> Result<std::string> { return fail(ErrorCode::kBusy, "too much"); });
  EXPECT_THAT(ask(get("/metrics")), StartsWith("HTTP/1.1 503"));
}

TEST_F(MetricsAt, ClosingWaitsForThePageThatIsMade) {
  ASSERT_TRUE(start(false).has_value());
  std::atomic<bool> inside{false}, done{false};
  server_->open([&]() -> Result<std::string> {
    inside = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    done = true;
    return "focal_x 1\n";
  });
  std::thread asker([&] { ask(get("/metrics")); });
  while (!inside) std::this_thread::yield();
  server_->close();
  EXPECT_TRUE(done) << "what the page looks at may end now";
  asker.join();
}

TEST_F(MetricsAt, ConnectionsThatAskNothingKeepNobodyOut) {
  ASSERT_TRUE(start(true).has_value());
  std::vector<int> idle;
  for (int i = 0; i < 40; ++i) idle.push_back(connect());
  EXPECT_THAT(ask(get("/metrics", bearer(kToken))), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(ask(get("/metrics", "X: " + std::string(20'000, 'x') + "\r\n" + bearer(kToken))),
              Not(HasSubstr("focal_x 1")))
      << "a head of more than 8 KiB";
  EXPECT_THAT(ask(get("/metrics", bearer(kToken))), StartsWith("HTTP/1.1 200"));
  for (const int fd : idle) ::close(fd);
}

}  // namespace
}  // namespace focal::api

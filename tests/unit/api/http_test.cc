// Goal: the socket is ours alone, the caller is known, and no client can make the
// server hold more than its limits or stop serving others.
// Method: a real server on a temporary unix socket; requests are raw bytes, so that
// broken ones can be sent; after each attack an ordinary request must still work.
#include "node/api/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

namespace focal::api::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class TempFolder {
 public:
  TempFolder() {
    char name[] = "/tmp/focal-http-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

sockaddr_un address_of(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.native().copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

class Client {
 public:
  explicit Client(const std::filesystem::path& path)
      : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = address_of(path);
    connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  // False when the other side cut the connection.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Everything until the other side closes, or nothing came for timeout_ms.
  std::string read_all(int timeout_ms = 20000) {
    std::string out;
    char buffer[4096];
    pollfd p{fd_, POLLIN, 0};
    while (::poll(&p, 1, timeout_ms) == 1) {
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) {
        closed_ = true;
        break;
      }
      out.append(buffer, static_cast<std::size_t>(n));
    }
    return out;
  }
  bool closed() const { return closed_; }

 private:
  int fd_;
  bool connected_ = false;
  bool closed_ = false;
};

std::string get(std::string_view target, std::string_view headers = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: focal\r\nConnection: close\r\n" +
         std::string(headers) + "\r\n";
}
std::string post(std::string_view target, std::string_view body, std::string_view headers = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: focal\r\nConnection: close\r\nContent-Type: application/json\r\n" +
         std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

class Http : public ::testing::Test {
 protected:
  static Options with_a_mebibyte() {  // for bodies: less than usual, to be over it soon
    Options out;
    out.limits.body_bytes = 1u << 20;
    return out;
  }
  void start(Options options = {}) {
    options.socket = socket_;
    auto server = Server::start(std::move(options), [this](const Request& r) {
      ++calls_;
      last_ = r;
      Response out;
      out.body = "{\"bytes\":" + std::to_string(r.body.size()) + "}";
      return out;
    });
    ASSERT_TRUE(server.has_value()) << server.error().message;
    server_ = std::move(server).value();
  }
  std::string ask(const std::string& bytes) {
    Client client(socket_);
    EXPECT_TRUE(client.connected());
    client.send(bytes);
    return client.read_all();
  }
  void expect_alive() { EXPECT_THAT(ask(get("/v1/alive")), StartsWith("HTTP/1.1 200")); }

  TempFolder folder_;
  std::filesystem::path socket_ = folder_ / "api.sock";
  std::atomic<int> calls_ = 0;
  Request last_;
  std::unique_ptr<Server> server_;
};

TEST_F(Http, ARequestArrivesWholeWithItsCaller) {
  start();
  const std::string answer = ask(post("/v1/traces/A%2F1/ack", R"({"ref":"x"})"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("{\"bytes\":11}"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  EXPECT_EQ(last_.method, "POST");
  EXPECT_EQ(last_.segments, (std::vector<std::string>{"v1", "traces", "A/1", "ack"}));
  EXPECT_EQ(last_.body, R"({"ref":"x"})");
  EXPECT_EQ(last_.caller.uid, ::geteuid());
  EXPECT_EQ(last_.caller.gid, ::getegid());
  EXPECT_EQ(last_.caller.pid, ::getpid());
}

TEST_F(Http, TwoRequestsOnOneConnection) {
  start();
  Client client(socket_);
  ASSERT_TRUE(client.send("GET /v1/a HTTP/1.1\r\nHost: f\r\n\r\n" + get("/v1/b?x=1")));
  const std::string answers = client.read_all();
  EXPECT_EQ(calls_, 2);
  EXPECT_EQ(last_.segments.back(), "b");
  EXPECT_THAT(answers, HasSubstr("{\"bytes\":0}"));
}

TEST_F(Http, TheSocketIsForItsOwnerOnlyAndGoesWithTheServer) {
  start();
  struct stat st {};
  ASSERT_EQ(::lstat(socket_.c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(socket_));
}

TEST_F(Http, AnotherServerOnTheSocketIsRefusedAndTheFirstGoesOn) {
  start();
  Options options;
  options.socket = socket_;
  const auto second = Server::start(options, [](const Request&) { return Response(); });
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  expect_alive();
}

TEST_F(Http, AStaleSocketIsReplaced) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = address_of(socket_);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
  ASSERT_TRUE(std::filesystem::exists(socket_));
  start();
  expect_alive();
}

TEST_F(Http, SomethingElseInTheSocketsPlaceIsKept) {
  std::ofstream(socket_) << "precious";
  Options options;
  options.socket = socket_;
  const auto handler = [](const Request&) { return Response(); };
  const auto file = Server::start(options, handler);
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().code, ErrorCode::kExists);
  EXPECT_EQ(std::filesystem::file_size(socket_), 8u);
  options.socket = folder_ / "link";
  std::filesystem::create_symlink(folder_ / "elsewhere", options.socket);
  const auto link = Server::start(options, handler);
  ASSERT_FALSE(link.has_value());
  EXPECT_EQ(link.error().code, ErrorCode::kExists);
  options.socket = folder_ / std::string(200, 'x').c_str();
  const auto longer = Server::start(options, handler);
  ASSERT_FALSE(longer.has_value());
  EXPECT_EQ(longer.error().code, ErrorCode::kLimit);
  options.socket = folder_ / "no/such/folder";
  EXPECT_EQ(Server::start(options, handler).error().code, ErrorCode::kIo);
}

TEST_F(Http, AStrangerGets403AndTheHandlerHearsNothing) {
  Options options;
  options.admit = [](const Caller& caller) { return caller.pid != ::getpid(); };
  start(std::move(options));
  const std::string answer = ask(post("/v1/traces", "{}"));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(answer, HasSubstr("HTTP_FORBIDDEN"));
  EXPECT_EQ(calls_, 0);
}

TEST_F(Http, AnAnnouncedBodyOverTheLimitIsRefusedUnread) {
  start(with_a_mebibyte());
  Client client(socket_);
  ASSERT_TRUE(client.send("POST /v1/x HTTP/1.1\r\nHost: f\r\nContent-Type: application/json\r\n"
                          "Content-Length: 1048577\r\n\r\n"));
  const std::string answer = client.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer, HasSubstr("split the file"));
  EXPECT_THAT(answer, HasSubstr("HTTP_BODY_TOO_LONG"));
  EXPECT_EQ(calls_, 0);
  const std::string most(1u << 20, ' ');
  EXPECT_THAT(ask(post("/v1/x", most)), HasSubstr("{\"bytes\":1048576}"));
}

TEST_F(Http, AChunkedBodyOverTheLimitGets413AndAFloodIsCutOff) {
  start(with_a_mebibyte());
  const std::string head =
      "POST /v1/x HTTP/1.1\r\nHost: f\r\nConnection: close\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  Client honest(socket_);
  ASSERT_TRUE(honest.send(head));
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(honest.send(chunk));
  ASSERT_TRUE(honest.send("0\r\n\r\n"));
  EXPECT_THAT(honest.read_all(), StartsWith("HTTP/1.1 413"));

  Client flood(socket_);
  ASSERT_TRUE(flood.send(head));
  int sent = 0;
  while (sent < 3200 && flood.send(chunk)) ++sent;  // 200 MiB if nobody stopped it
  EXPECT_LT(sent, 100);
  EXPECT_EQ(calls_, 0);
  expect_alive();
}

TEST_F(Http, HeaderFloodsAreCutOff) {
  start();
  Client many(socket_);
  ASSERT_TRUE(many.send("GET /v1/x HTTP/1.1\r\nHost: f\r\n"));
  int sent = 0;
  while (sent < 100000 && many.send("X-Flood: " + std::string(1000, 'x') + "\r\n")) ++sent;
  EXPECT_LT(sent, 2000);

  Client line(socket_);
  ASSERT_TRUE(line.send("GET /v1/x HTTP/1.1\r\nHost: f\r\nX: "));
  sent = 0;
  while (sent < 1600 && line.send(std::string(1u << 16, 'x'))) ++sent;  // 100 MiB line
  EXPECT_LT(sent, 100);
  EXPECT_EQ(calls_, 0);
  expect_alive();
}

TEST_F(Http, MalformedRequestsGet400) {
  start();
  for (const char* bytes :
       {"GET /v1/x HTTP/1.1\r\n\r\n",                         // no Host
        "GET /v1/../x HTTP/1.1\r\nHost: f\r\nConnection: close\r\n\r\n",
        "GET /v1/%00 HTTP/1.1\r\nHost: f\r\nConnection: close\r\n\r\n",
        "GET /v1//x HTTP/1.1\r\nHost: f\r\nConnection: close\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: f\r\nContent-Type: application/json\r\n"
        "Content-Length: -1\r\n\r\n",
        "POST /v1/x HTTP/1.1\r\nHost: f\r\nContent-Type: application/json\r\n"
        "Content-Length: 1x\r\n\r\n"}) {
    EXPECT_THAT(ask(bytes), StartsWith("HTTP/1.1 400")) << bytes;
  }
  for (const char* bytes :
       {"\r\n\r\n\r\n", "nonsense\r\n\r\n", "\x16\x03\x01\x02\x00\x01\r\n\r\n"}) {
    Client client(socket_);
    client.send(bytes);
    client.send("\r\n\r\n");
    EXPECT_THAT(client.read_all(300), ::testing::Not(HasSubstr(" 200 ")));
  }
  EXPECT_EQ(calls_, 0);
  expect_alive();
}

TEST_F(Http, OnlyGetAndPostAndOnlyJsonBodies) {
  start();
  for (const char* method : {"PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "BREW"}) {
    EXPECT_THAT(
        ask(std::string(method) + " /v1/x HTTP/1.1\r\nHost: f\r\nConnection: close\r\n\r\n"),
        StartsWith("HTTP/1.1 405"))
        << method;
  }
  EXPECT_THAT(ask("POST /v1/x HTTP/1.1\r\nHost: f\r\nConnection: close\r\n"
                  "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
              StartsWith("HTTP/1.1 415"));
  EXPECT_EQ(calls_, 0);
}

TEST_F(Http, ASilentClientIsDroppedAndAnEndlessBodyToo) {
  Options options;
  options.limits.timeout_s = 1;
  start(std::move(options));
  Client half(socket_);
  ASSERT_TRUE(half.send("GET /v1/x HTTP/1.1\r\nHos"));
  Client slow(socket_);
  ASSERT_TRUE(slow.send("POST /v1/x HTTP/1.1\r\nHost: f\r\nContent-Type: application/json\r\n"
                        "Content-Length: 1000\r\n\r\n"));
  // Always in time for the idle limit, never done: only the limit on the whole body ends it.
  int bytes = 0;
  while (bytes < 200 && slow.send("x")) {
    ++bytes;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_LT(bytes, 200);
  half.read_all();
  EXPECT_TRUE(half.closed());
  EXPECT_EQ(calls_, 0);
  expect_alive();
}

TEST_F(Http, ConnectionsAreBoundedAndComeBack) {
  Options options;
  options.limits.connections = 4;
  start(std::move(options));
  {
    std::vector<std::unique_ptr<Client>> held;
    for (int i = 0; i < 4; ++i) {
      held.push_back(std::make_unique<Client>(socket_));
      ASSERT_TRUE(held.back()->send("GET /v1/x HTTP/1.1\r\nHost: f\r\n\r\n"));
      std::string answer;
      for (int tries = 0; tries < 100 && answer.empty(); ++tries)
        answer = held.back()->read_all(200);
      EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    }
    EXPECT_EQ(calls_, 4);
    Client fifth(socket_);
    fifth.send(get("/v1/x"));
    EXPECT_THAT(fifth.read_all(300), ::testing::Not(StartsWith("HTTP/1.1 200")));
    EXPECT_EQ(calls_, 4);
  }
  // The held connections are closed now; the server needs a moment to notice.
  std::string answer;
  for (int i = 0; i < 500 && answer.empty(); ++i) {
    answer = ask(get("/v1/x"));
    if (answer.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

TEST_F(Http, StrangersDoNotKeepPersonsOut) {
  std::atomic<bool> is_person = false;
  Options options;
  options.admit = [&](const Caller&) { return is_person.load(); };
  const unsigned all = options.limits.connections, allowed = options.limits.of_strangers;
  start(std::move(options));
  std::vector<std::unique_ptr<Client>> strangers;
  for (unsigned i = 0; i < all; ++i) {
    strangers.push_back(std::make_unique<Client>(socket_));
    strangers.back()->send("GET /v1/x HT");  // may be cut already
  }
  // The last of them is still told why.
  EXPECT_THAT(ask(get("/v1/x")), HasSubstr("HTTP_FORBIDDEN"));
  is_person = true;
  expect_alive();
  for (unsigned i = 0; i < all - allowed; ++i) {
    strangers[i]->read_all();
    EXPECT_TRUE(strangers[i]->closed()) << i;
  }
}

TEST_F(Http, OneUserHoldsOnlyAPartAndLosesWhatHasWaitedLongest) {
  Options options;
  options.limits.connections = 8;
  options.limits.of_a_user = 3;
  start(std::move(options));
  std::vector<std::unique_ptr<Client>> held;
  for (int i = 0; i < 8; ++i) {
    held.push_back(std::make_unique<Client>(socket_));
    held.back()->send("GET /v1/" + std::to_string(i) + " HTTP/1.1\r\n");
  }
  expect_alive();
  for (std::size_t i = 0; i < 6; ++i) {
    held[i]->read_all();
    EXPECT_TRUE(held[i]->closed()) << i;
  }
  ASSERT_TRUE(held[7]->send("Host: f\r\nConnection: close\r\n\r\n"));
  EXPECT_THAT(held[7]->read_all(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(last_.segments.back(), "7");
}

TEST_F(Http, ARequestUnderWayIsNotCutForAnother) {
  std::atomic<bool> go = false;
  std::atomic<int> inside = 0;
  Options options;
  options.socket = socket_;
  options.limits.of_a_user = 2;
  auto server = Server::start(options, [&](const Request& r) -> Response {
    ++inside;
    while (r.segments.back() == "wait" && !go) std::this_thread::yield();
    return {};
  });
  ASSERT_TRUE(server.has_value());
  Client one(socket_), two(socket_);
  ASSERT_TRUE(one.send(get("/v1/wait")));
  ASSERT_TRUE(two.send(get("/v1/wait")));
  while (inside < 2) std::this_thread::yield();
  EXPECT_EQ(ask(get("/v1/x")), "") << "no room for a third";
  go = true;
  EXPECT_THAT(one.read_all(), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(two.read_all(), StartsWith("HTTP/1.1 200"));
}

TEST_F(Http, AHeadThatNeverEndsIsCutWhenSomebodyComes) {
  Options options;
  options.limits.timeout_s = 1;
  start(std::move(options));
  Client slow(socket_);
  ASSERT_TRUE(slow.send("GET /v1/x HTTP/1.1\r\nX: "));
  // Always in time for the limit on silence.
  int bytes = 0;
  while (bytes < 200 && slow.send("x")) {
    ++bytes;
    if (bytes % 5 == 0) expect_alive();
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_LT(bytes, 200);
  EXPECT_EQ(last_.segments.back(), "alive");
}

TEST_F(Http, AHandlerThatBlocksOrThrowsDoesNotStopOthers) {
  std::atomic<bool> go = false;
  Options options;
  options.socket = socket_;
  auto server = Server::start(options, [&go](const Request& r) -> Response {
    if (r.segments.back() == "throw") throw std::runtime_error("x");
    while (r.segments.back() == "wait" && !go) std::this_thread::yield();
    return {};
  });
  ASSERT_TRUE(server.has_value());
  Client waiting(socket_);
  ASSERT_TRUE(waiting.send(get("/v1/wait")));
  EXPECT_THAT(ask(get("/v1/throw")), StartsWith("HTTP/1.1 500"));
  expect_alive();
  go = true;
  EXPECT_THAT(waiting.read_all(), StartsWith("HTTP/1.1 200"));
}

}  // namespace
}  // namespace focal::api::http

// Goal: on the console's port only who is in gets anywhere, a session is always a fresh one, files
// are the console's and no others, and no client keeps others out or stops the server.
// Method: a real server on a port of 127.0.0.1 with a node that is made up; requests are raw bytes.
#include "node/api/web.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "crypto/random.h"
#include "node/api/routes.h"
#include "node/api/web_guard.h"

namespace focal::api {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr uid_t kJo = 1001;

constexpr Asset kFiles[] = {
    {"/index.html", "text/html; charset=utf-8", "INDEX", "\"i\"", false},
    {"/assets/app-1.js", "text/javascript; charset=utf-8", "SCRIPT", "\"a\"", true}};

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  }
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // Until the other side closes, or `enough` has come.
  std::string read(std::string_view enough = {}) {
    std::string out;
    char buffer[4096];
    pollfd p{fd_, POLLIN, 0};
    while ((enough.empty() || out.find(enough) == std::string::npos) && ::poll(&p, 1, 20000) == 1) {
      const ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
      if (n <= 0) break;
      out.append(buffer, static_cast<std::size_t>(n));
    }
    return out;
  }

 private:
  int fd_;
};

class WebTest : public ::testing::Test {
 protected:
  WebTest() { crypto::init(); }
  void start(http::Limits limits = {}) {
    limits.of_strangers = limits.connections;
    web_ = std::make_unique<Web>(sessions_, inside(), kFiles, [this] { return now_.load(); });
    http::Options options;
    options.listen = config::LoopbackAddress{"127.0.0.1", 0};
    options.limits = limits;
    options.enter = [this](const http::Head& head) { return web_->enter(head); };
    options.dress = harden;
    auto server = http::Server::start(std::move(options),
                                      [this](const http::Request& r) { return web_->handle(r); });
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    port_ = server_->port();
    web_->set_port(port_);
  }
  Web::Inside inside() {
    return {[this](uid_t uid) {
              return uid == kJo && is_person_ ? std::optional<std::int64_t>(person_) : std::nullopt;
            },
            [this](const http::Request& request) {
              ++asked_;
              last_ = request;
              if (knows_nothing_) return http::plain_problem(404, "HTTP_NO_ROUTE", "", "");
              http::Response out;
              out.body = "{\"uid\":" + std::to_string(request.caller.uid) + "}";
              return out;
            },
            [](const std::string& name, std::optional<uid_t> of,
               const crypto::Secret& password) -> Result<uid_t> {
              if ((name == "jo" || of == kJo) && as_text(password.view()) == "four odd words")
                return kJo;
              return fail(ErrorCode::kPassphrase, "name or password is wrong");
            },
            [](std::optional<std::uint64_t> after) {
              http::Response out;
              out.body = after ? "after " + std::to_string(*after) : "from now on";
              return out;
            }};
  }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string cookie(const std::string& token) const {
    return "Cookie: " + session_cookie(port_) + "=" + token + "\r\n";
  }
  std::string get(const std::string& target, const std::string& headers = "") {
    return ask("GET " + target + " HTTP/1.1\r\nHost: " + host() +
               "\r\nX-Focal: 1\r\nConnection: close\r\n" + headers + "\r\n");
  }
  std::string post(const std::string& target, const std::string& body,
                   const std::string& headers = "") {
    return ask("POST " + target + " HTTP/1.1\r\nHost: " + host() + "\r\nOrigin: http://" + host() +
               "\r\nX-Focal: 1\r\nConnection: close\r\nContent-Type: application/json\r\n" +
               headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  std::string ask(const std::string& bytes) {
    Client client(port_);
    client.send(bytes);
    return client.read();
  }
  // The token that an answer sets; empty: none.
  std::string token_in(const std::string& answer) const {
    const std::string mark = "Set-Cookie: " + session_cookie(port_) + "=";
    const auto at = answer.find(mark);
    if (at == std::string::npos) return {};
    const auto end = answer.find(';', at);
    return answer.substr(at + mark.size(), end - at - mark.size());
  }
  std::string enter() {
    const std::string url = web_->make_link(kJo);
    const std::string answer =
        post("/v1/session", R"({"link":")" + url.substr(url.find('=') + 1) + "\"}");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
    return token_in(answer);
  }
  void expect_alive() { EXPECT_THAT(get("/"), StartsWith("HTTP/1.1 200")); }

  crypto::SeededRng rng_{7};
  Sessions sessions_{rng_};
  std::atomic<std::uint64_t> now_ = 1'000'000;
  std::atomic<bool> is_person_ = true;
  std::atomic<std::int64_t> person_ = 1;
  std::atomic<int> asked_ = 0;
  std::atomic<bool> knows_nothing_ = false;
  http::Request last_;
  std::unique_ptr<Web> web_;
  std::unique_ptr<http::Server> server_;
  std::uint16_t port_ = 0;
};

TEST_F(WebTest, ALinkOpensASessionThatIsTheUsers) {
  start();
  const std::string token = enter();
  ASSERT_EQ(token.size(), 43u);
  EXPECT_THAT(get("/v1/inbox?limit=3", cookie(token)), HasSubstr("{\"uid\":1001}"));
  EXPECT_EQ(last_.caller.came, Came::kSession);
  EXPECT_TRUE(last_.caller.confirmed());
  EXPECT_EQ(last_.caller.idle_ms, sessions_.limits().idle_ms);
  EXPECT_EQ(last_.segments, (std::vector<std::string>{"v1", "inbox"}));
  now_ += sessions_.limits().confirmed_ms;
  get("/v1/inbox", cookie(token));
  EXPECT_FALSE(last_.caller.confirmed());
}

TEST_F(WebTest, TheRootIsAPageWithOrWithoutAQuery) {
  start();
  for (const char* target : {"/", "/?view=all", "/?view=all&q=%E6%9E%AA"})
    EXPECT_THAT(get(target), StartsWith("HTTP/1.1 200")) << target;
  for (const char* target : {"/?=all", "/?q=%00", "/?q=%zz", "//?view=all"})
    EXPECT_THAT(get(target), StartsWith("HTTP/1.1 400")) << target;
}

TEST_F(WebTest, WhatAPageAsksByItselfKeepsNobodyIn) {
  start();
  const std::string token = enter();
  const auto by_itself = [&] {
    return ask("GET /v1/inbox HTTP/1.1\r\nHost: " + host() +
               "\r\nX-Focal: by-itself\r\nConnection: close\r\n" + cookie(token) + "\r\n");
  };
  now_ += sessions_.limits().idle_ms - 1;
  EXPECT_THAT(by_itself(), StartsWith("HTTP/1.1 200"));
  now_ += 1;
  EXPECT_THAT(by_itself(), StartsWith("HTTP/1.1 401"));
}

TEST_F(WebTest, TheCookieIsForTheBrowserAlone) {
  start();
  const std::string url = web_->make_link(kJo);
  const std::string answer =
      post("/v1/session", R"({"link":")" + url.substr(url.find('=') + 1) + "\"}");
  EXPECT_THAT(answer, HasSubstr("; Path=/; HttpOnly; SameSite=Strict"));
  EXPECT_THAT(answer, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(answer, HasSubstr("Content-Security-Policy: default-src 'none'"));
}

TEST_F(WebTest, AStrangerGetsFilesAndNothingElse) {
  start();
  EXPECT_THAT(get("/"), HasSubstr("INDEX"));
  EXPECT_THAT(get("/cases/T-1"), HasSubstr("INDEX")) << "a page that the script shows";
  const std::string script = get("/assets/app-1.js");
  EXPECT_THAT(script, HasSubstr("SCRIPT"));
  EXPECT_THAT(script, HasSubstr("immutable"));
  EXPECT_THAT(script, HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(script, HasSubstr("X-Content-Type-Options: nosniff"));
  for (const char* target : {"/v1/inbox", "/v1", "/v1/session", "/v1/openapi.json"})
    EXPECT_THAT(get(target), StartsWith("HTTP/1.1 401")) << target;
  EXPECT_THAT(post("/v1/traces", "{}"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(post("/v1/session/end", "{}"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(post("/v1/session/confirm", "{}"), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(get("/v1/inbox"), HasSubstr(std::string(error_name(ErrorCode::kSession))));
  EXPECT_EQ(asked_, 0) << "nobody asked the node";
}

TEST_F(WebTest, NoFileButThoseOfTheConsole) {
  start();
  for (const char* target :
       {"/../../etc/passwd", "/assets/../index.html", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd",
        "/assets/app-2.js", "/index.html/", "/assets/app-1.js%00.html", "/..%5c..%5cx.ini",
        "/.git/config", "/v1/../index.html"}) {
    const std::string answer = get(target);
    EXPECT_THAT(answer, Not(StartsWith("HTTP/1.1 200"))) << target;
    EXPECT_THAT(answer, Not(HasSubstr("root:"))) << target;
  }
  EXPECT_THAT(post("/index.html", "{}"), AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET\r")));
}

// Whoever plants a cookie in somebody's browser gains nothing.
TEST_F(WebTest, ASessionIsAlwaysAFreshOne) {
  start();
  const std::string planted(43, 'A');
  const std::string url = web_->make_link(kJo);
  const std::string body = R"({"link":")" + url.substr(url.find('=') + 1) + "\"}";
  const std::string token = token_in(post("/v1/session", body, cookie(planted)));
  ASSERT_EQ(token.size(), 43u);
  EXPECT_NE(token, planted);
  EXPECT_THAT(get("/v1/inbox", cookie(planted)), StartsWith("HTTP/1.1 401"));
  const std::string again = [&] {
    const std::string other = web_->make_link(kJo);
    return token_in(post("/v1/session", R"({"link":")" + other.substr(other.find('=') + 1) + "\"}",
                         cookie(token)));
  }();
  EXPECT_NE(again, token);
  EXPECT_THAT(get("/v1/inbox", cookie(token)), StartsWith("HTTP/1.1 401")) << "it ended";
  EXPECT_THAT(post("/v1/session", body), StartsWith("HTTP/1.1 403")) << "the link was used";
}

TEST_F(WebTest, NameAndPasswordEnterToo) {
  start();
  EXPECT_THAT(post("/v1/session", R"({"name":"jo","password":"four odd words"})"),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(post("/v1/session", R"({"name":"jo","password":"wrong"})"),
              StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(post("/v1/session", R"({"name":"jo"})"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/session", "{}"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/session", "["), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/session", R"({"name":"jo","passwort":"x"})"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/session?name=jo", "{}"), StartsWith("HTTP/1.1 400"));
}

TEST_F(WebTest, WrongPasswordsLockTheNameAlsoForTheRightOne) {
  start();
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(post("/v1/session", R"({"name":"jo","password":"wrong"})"),
                StartsWith("HTTP/1.1 403"));
  const std::string locked = post("/v1/session", R"({"name":"jo","password":"four odd words"})");
  EXPECT_THAT(locked, StartsWith("HTTP/1.1 503"));
  EXPECT_THAT(locked, HasSubstr("Wait 60 seconds"));
  now_ += 60'000;
  EXPECT_THAT(post("/v1/session", R"({"name":"jo","password":"four odd words"})"),
              StartsWith("HTTP/1.1 200"));
}

// Whoever has a session that was left open does not try passwords by it, and no new session or link
// forgives what was wrong.
TEST_F(WebTest, WrongConfirmationsLockToo) {
  start();
  const std::string token = enter();
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(post("/v1/session/confirm", R"({"password":"wrong"})", cookie(token)),
                StartsWith("HTTP/1.1 403"));
  const std::string right = R"({"password":"four odd words"})";
  EXPECT_THAT(post("/v1/session/confirm", right, cookie(token)), StartsWith("HTTP/1.1 503"));
  const std::string other = enter();
  EXPECT_THAT(post("/v1/session/confirm", right, cookie(other)), StartsWith("HTTP/1.1 503"));
  now_ += 60'000;
  EXPECT_THAT(post("/v1/session/confirm", R"({"password":"wrong"})", cookie(other)),
              StartsWith("HTTP/1.1 403"));
  now_ += 119'999;
  EXPECT_THAT(post("/v1/session/confirm", right, cookie(other)), StartsWith("HTTP/1.1 503"))
      << "twice as long";
  now_ += 1;
  EXPECT_THAT(post("/v1/session/confirm", right, cookie(other)), StartsWith("HTTP/1.1 200"));
}

TEST_F(WebTest, ConfirmingTakesOnesOwnPasswordOrLink) {
  start();
  const std::string token = enter();
  now_ += sessions_.limits().confirmed_ms;
  EXPECT_THAT(post("/v1/session/confirm", R"({"password":"wrong"})", cookie(token)),
              StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(post("/v1/session/confirm", R"({"name":"jo","password":"four odd words"})",
                   cookie(token)),
              StartsWith("HTTP/1.1 400"));
  get("/v1/x", cookie(token));
  EXPECT_FALSE(last_.caller.confirmed());
  EXPECT_THAT(post("/v1/session/confirm", R"({"password":"four odd words"})", cookie(token)),
              StartsWith("HTTP/1.1 200"));
  get("/v1/x", cookie(token));
  EXPECT_TRUE(last_.caller.confirmed());
  now_ += sessions_.limits().confirmed_ms;
  const std::string word = sessions_.make_link({kJo + 1, 2}, now_);  // of somebody else
  EXPECT_THAT(post("/v1/session/confirm", R"({"link":")" + word + "\"}", cookie(token)),
              StartsWith("HTTP/1.1 403"));
}

TEST_F(WebTest, ItEndsAtOnceForWhoIsAPersonNoMore) {
  start();
  const std::string token = enter();
  is_person_ = false;
  EXPECT_THAT(get("/v1/inbox", cookie(token)), StartsWith("HTTP/1.1 401"));
  is_person_ = true;
  EXPECT_THAT(get("/v1/inbox", cookie(token)), StartsWith("HTTP/1.1 401")) << "for good";
  const std::string other = enter();
  EXPECT_THAT(post("/v1/session/end", R"({"x":1})", cookie(other)), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(post("/v1/session/end", "{}", cookie(other)), HasSubstr("Max-Age=0"));
  EXPECT_THAT(get("/v1/inbox", cookie(other)), StartsWith("HTTP/1.1 401"));
}

// The same user number, given to somebody else while nothing was asked.
TEST_F(WebTest, WhoIsAnotherPersonByNowIsNotInByTheOldSession) {
  start();
  const std::string token = enter();
  const std::string url = web_->make_link(kJo);
  person_ = 2;
  EXPECT_THAT(get("/v1/inbox", cookie(token)), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(post("/v1/session", R"({"link":")" + url.substr(url.find('=') + 1) + "\"}"),
              StartsWith("HTTP/1.1 403")) << "nor by a link of before";
  enter();
}

TEST_F(WebTest, OtherPagesAreRefusedBeforeTheirBodyIsRead) {
  start();
  const std::string token = enter();
  Client client(port_);
  client.send("POST /v1/traces HTTP/1.1\r\nHost: " + host() +
              "\r\nOrigin: http://evil.example\r\nX-Focal: 1\r\nContent-Type: application/json\r\n" +
              cookie(token) + "Content-Length: 1000000\r\n\r\n");
  EXPECT_THAT(client.read("}"), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(ask("GET /v1/inbox HTTP/1.1\r\nHost: evil.example:" + std::to_string(port_) +
                  "\r\nConnection: close\r\nX-Focal: 1\r\n" + cookie(token) + "\r\n"),
              StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(ask("GET /v1/inbox HTTP/1.1\r\nHost: " + host() + "\r\nHost: " + host() +
                  "\r\nConnection: close\r\nX-Focal: 1\r\n" + cookie(token) + "\r\n"),
              StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(ask("OPTIONS /v1/inbox HTTP/1.1\r\nHost: " + host() +
                  "\r\nOrigin: http://evil.example\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 403"));
  EXPECT_EQ(asked_, 1) << "entering asked for the session, nothing else came through";
}

TEST_F(WebTest, FloodsOfHeadersAndBodiesEndAtTheirLimit) {
  start();
  const std::string token = enter();
  const std::string line = "X-Much: " + std::string(1000, 'a') + "\r\n";
  std::string much;
  for (int i = 0; i < 100; ++i) much += line;
  EXPECT_THAT(get("/", much), Not(StartsWith("HTTP/1.1 200")));
  EXPECT_THAT(get("/" + std::string(20000, 'a')), Not(StartsWith("HTTP/1.1 200")));
  const std::string body = "{\"x\":\"" + std::string(5u << 20, 'a') + "\"}";
  const std::string answer = post("/v1/traces", body, cookie(token));
  EXPECT_THAT(answer, ::testing::AnyOf(StartsWith("HTTP/1.1 413"), std::string()));
  expect_alive();
}

TEST_F(WebTest, SlowClientsKeepNobodyOut) {
  http::Limits limits;
  limits.connections = 8;
  limits.timeout_s = 1;
  start(limits);
  std::vector<std::unique_ptr<Client>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(std::make_unique<Client>(port_));
    slow.back()->send("GET / HTTP/1.1\r\nHost: ");
  }
  expect_alive();
}

TEST_F(WebTest, AStreamGoesOnUntilItsEndAndHoldsNothingUp) {
  std::atomic<int> pieces = 0;
  http::Options options;
  options.listen = config::LoopbackAddress{"127.0.0.1", 0};
  options.enter = [](const http::Head&) { return http::Entry{}; };
  auto server = http::Server::start(std::move(options), [&](const http::Request&) {
    http::Response out;
    out.content_type = "text/event-stream";
    out.stream = [&]() -> std::optional<std::string> {
      if (++pieces > 3) return std::nullopt;
      return "data: " + std::to_string(pieces) + "\n\n";
    };
    return out;
  });
  ASSERT_TRUE(server);
  Client client((*server)->port());
  client.send("GET /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string all = client.read();
  EXPECT_THAT(all, HasSubstr("data: 1\n\n"));
  EXPECT_THAT(all, HasSubstr("data: 3\n\n"));
}

TEST_F(WebTest, EventsAreForWhoIsInAndComeAfterANumber) {
  start();
  EXPECT_THAT(get("/v1/events"), StartsWith("HTTP/1.1 401"));
  const std::string token = enter();
  EXPECT_THAT(get("/v1/events?after=7", cookie(token)), HasSubstr("after 7"));
  EXPECT_THAT(get("/v1/events", cookie(token)), HasSubstr("from now on"));
  for (const char* wrong : {"?after=", "?after=-1", "?after=1x", "?since=1",
                            "?after=99999999999999999999999"})
    EXPECT_THAT(get(std::string("/v1/events") + wrong, cookie(token)), StartsWith("HTTP/1.1 400"))
        << wrong;
}

TEST_F(WebTest, WhatThePortAloneKnowsRefusesOtherMethods) {
  start();
  const std::string token = enter();
  knows_nothing_ = true;
  EXPECT_THAT(post("/v1/events", "{}", cookie(token)),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET\r")));
  EXPECT_THAT(get("/v1/session/end", cookie(token)),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: POST\r")));
  EXPECT_THAT(get("/v1/nothing", cookie(token)), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(get("/v1/session/end"), StartsWith("HTTP/1.1 401")) << "strangers learn nothing";
}

TEST_F(WebTest, APortThatIsTakenIsTold) {
  start();
  http::Options options;
  options.listen = config::LoopbackAddress{"127.0.0.1", port_};
  options.enter = [](const http::Head&) { return http::Entry{}; };
  const auto second = http::Server::start(std::move(options), [](const http::Request&) {
    return http::Response();
  });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
}

}  // namespace
}  // namespace focal::api

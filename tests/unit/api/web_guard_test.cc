// Goal: what a page of somebody else can make a browser send is refused, and what the console's own
// page sends is let in. Method: heads as browsers make them, one thing changed at a time.
#include "node/api/web_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace focal::api {
namespace {

constexpr std::uint16_t kPort = 8787;

http::Head by_console(std::string method, std::string target) {
  http::Head head;
  head.method = std::move(method);
  head.target = std::move(target);
  head.host = "127.0.0.1:8787";
  head.fetch_site = "same-origin";
  head.mark = "1";
  if (head.method == "POST") head.origin = "http://127.0.0.1:8787";
  return head;
}
int status(const http::Head& head) {
  const auto refusal = refuse_head(head, kPort);
  return refusal ? refusal->status : 0;
}

TEST(WebGuard, TheConsoleIsLetIn) {
  EXPECT_EQ(status(by_console("GET", "/v1/inbox")), 0);
  EXPECT_EQ(status(by_console("POST", "/v1/session")), 0);
  http::Head by_hand;
  by_hand.method = "GET";
  by_hand.target = "/";
  by_hand.host = "localhost:8787";
  by_hand.fetch_site = "none";
  EXPECT_EQ(status(by_hand), 0) << "an address that was typed";
  auto stream = by_console("GET", "/v1/events?after=3");
  stream.mark.clear();
  EXPECT_EQ(status(stream), 0) << "an EventSource sends no header of its own";
  http::Head script;  // curl
  script.method = "GET";
  script.target = "/v1/inbox";
  script.host = "127.0.0.1:8787";
  script.mark = "1";
  EXPECT_EQ(status(script), 0);
}

// DNS rebinding: the name is the attacker's, the address ours.
TEST(WebGuard, AnotherHostIsRefused) {
  for (const char* host : {"evil.example:8787", "evil.example", "", "127.0.0.1", "127.0.0.1:80",
                           "127.0.0.1:87870", "localhost", "127.0.0.1:8787.evil.example",
                           "evil@127.0.0.1:8787", "[::1]:8787", "127.1:8787", "LOCALHOST:8787"}) {
    auto head = by_console("GET", "/");
    head.host = host;
    EXPECT_EQ(status(head), 421) << host;
  }
}

TEST(WebGuard, APageOfAnotherPlaceIsRefused) {
  for (const char* origin : {"http://evil.example", "null", "https://127.0.0.1:8787",
                             "http://127.0.0.1:8788", "http://localhost:8787",
                             "http://127.0.0.1:8787.evil.example", "http://127.0.0.1"}) {
    auto head = by_console("POST", "/v1/session");
    head.origin = origin;
    EXPECT_EQ(status(head), 403) << origin;
  }
  for (const char* site : {"cross-site", "same-site", "none", "SAME-ORIGIN", "x"}) {
    auto head = by_console("POST", "/v1/session");
    head.fetch_site = site;
    EXPECT_EQ(status(head), 403) << site;
    head = by_console("GET", "/v1/inbox");
    head.fetch_site = site;
    EXPECT_EQ(status(head), 403) << site;
  }
  auto framed = by_console("GET", "/");
  framed.fetch_site = "cross-site";
  EXPECT_EQ(status(framed), 403) << "a frame, a picture or a script of another page";
}

TEST(WebGuard, APageMayAskByItself) {
  auto head = by_console("GET", "/v1/inbox");
  head.mark = "by-itself";
  EXPECT_EQ(status(head), 0);
  head.host = "evil.example";
  EXPECT_EQ(status(head), 421);
}

TEST(WebGuard, AFormOrALinkCannotSendTheMark) {
  for (const char* mark : {"", "0", "1 ", "11", "by-itself "}) {
    auto head = by_console("POST", "/v1/traces");
    head.mark = mark;
    EXPECT_EQ(status(head), 403) << mark;
    head = by_console("GET", "/v1/inbox");
    head.mark = mark;
    EXPECT_EQ(status(head), 403) << mark;
  }
  auto near = by_console("GET", "/v1/eventsx");
  near.mark.clear();
  EXPECT_EQ(status(near), 403);
  near = by_console("POST", "/v1/events");
  near.mark.clear();
  EXPECT_EQ(status(near), 403);
}

TEST(WebGuard, APostOfABrowserSaysWhereItComesFrom) {
  auto head = by_console("POST", "/v1/session");
  head.origin.clear();
  EXPECT_EQ(status(head), 403);
}

TEST(WebGuard, AHeaderThatComesTwiceIsNobodys) {
  auto head = by_console("GET", "/");
  head.repeated = true;
  EXPECT_EQ(status(head), 400);
}

TEST(WebGuard, ACookieIsReadOnceAndOnlyAToken) {
  EXPECT_EQ(cookie_of("a=1; s=tok-en_1; b=2", "s"), "tok-en_1");
  EXPECT_EQ(cookie_of("s=x", "s"), "x");
  EXPECT_EQ(cookie_of("xs=1;s2=3", "s"), std::nullopt);
  EXPECT_EQ(cookie_of("s=1; s=2", "s"), std::nullopt) << "fixed by somebody else, perhaps";
  EXPECT_EQ(cookie_of("s=a b", "s"), std::nullopt);
  EXPECT_EQ(cookie_of("s=<script>", "s"), std::nullopt);
  EXPECT_EQ(cookie_of("s=" + std::string(200, 'a'), "s"), std::nullopt);
  EXPECT_EQ(cookie_of("", "s"), std::nullopt);
  EXPECT_EQ(cookie_of(";;; ;", "s"), std::nullopt);
  EXPECT_EQ(cookie_of("s", "s"), std::nullopt);
}

TEST(WebGuard, EveryAnswerIsHardened) {
  http::Response out;
  harden(out);
  std::string all;
  for (const auto& [name, value] : out.headers) all += name + ": " + value + "\n";
  using ::testing::HasSubstr;
  EXPECT_THAT(all, HasSubstr("default-src 'none'"));
  EXPECT_THAT(all, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(all, HasSubstr("base-uri 'none'"));
  EXPECT_EQ(all.find("unsafe"), std::string::npos);
  EXPECT_EQ(all.find("http:"), std::string::npos) << "nothing from elsewhere";
}

}  // namespace
}  // namespace focal::api

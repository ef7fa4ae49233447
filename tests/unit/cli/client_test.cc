// Goal: the client says plainly why it cannot reach the node, and bounds what it takes.
// Method: temporary folders with no socket, a dead one, a real server.
#include "node/cli/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "node/api/http.h"

namespace focal::cli {
namespace {

using ::testing::HasSubstr;
namespace http = api::http;

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    char name[] = "/tmp/focal-client-XXXXXX";
    folder_ = ::mkdtemp(name);
  }
  ~ClientTest() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<http::Server> serve(http::Handler handler) {
    http::Options options;
    options.socket = folder_ / http::kSocketName;
    auto server = http::Server::start(options, std::move(handler));
    EXPECT_TRUE(server.has_value());
    return std::move(server).value();
  }
  std::filesystem::path folder_;
};

TEST_F(ClientTest, NoNodeIsSaidWithFolderAndHint) {
  for (const auto& folder : {folder_, folder_ / "no such folder"}) {
    Client client(folder);
    const auto reply = client.request("GET", "/v1/status");
    ASSERT_FALSE(reply.has_value());
    EXPECT_EQ(reply.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(reply.error().message, "focald is not running for " + folder.string());
    EXPECT_THAT(reply.error().hint, HasSubstr("focald --folder"));
    EXPECT_TRUE(client.not_running());
  }
}

TEST_F(ClientTest, ADeadSocketIsNoNode) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (folder_ / http::kSocketName).native().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(fd);
  Client client(folder_);
  EXPECT_FALSE(client.request("GET", "/v1/status").has_value());
  EXPECT_TRUE(client.not_running());
}

TEST_F(ClientTest, ATooLongFolderIsNoStoppedNode) {
  Client client(folder_ / std::string(150, 'x'));
  const auto reply = client.request("GET", "/v1/status");
  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().code, ErrorCode::kLimit);
  EXPECT_FALSE(client.not_running());
}

TEST_F(ClientTest, RequestAndReplyTravelWhole) {
  http::Request seen;
  const auto server = serve([&seen](const http::Request& r) {
    seen = r;
    http::Response out;
    out.status = r.method == "POST" ? 404 : 200;
    out.body = "{\"a\":\"\xC3\xA9\"}";
    return out;
  });
  Client client(folder_);
  std::string target = target_of({"v1", "traces", "XA/26 #1?%", "ack"});
  add_query(target, "a", "b&c=d +");
  add_query(target, "empty", "");
  add_query(target, "e", "f");
  const auto got = client.request("GET", target);
  ASSERT_TRUE(got.has_value()) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "{\"a\":\"\xC3\xA9\"}");
  EXPECT_EQ(seen.segments[2], "XA/26 #1?%");
  ASSERT_EQ(seen.query.size(), 2u);
  EXPECT_EQ(seen.query[0].second, "b&c=d +");
  const std::string body(1u << 20, 'x');
  const auto posted = client.request("POST", "/v1/x", body);
  ASSERT_TRUE(posted.has_value()) << posted.error().message;
  EXPECT_EQ(posted->status, 404);
  EXPECT_EQ(seen.body.size(), body.size());
}

TEST_F(ClientTest, TheSocketItselfMayBeNamed) {
  const auto server = serve([](const http::Request&) { return http::Response(); });
  Client client(folder_ / http::kSocketName);
  EXPECT_TRUE(client.request("GET", "/v1/x").has_value());
}

TEST_F(ClientTest, ABodyOverTheNodesLimitBringsItsProblem) {
  const auto server = serve([](const http::Request&) { return http::Response(); });
  Client client(folder_);
  const auto reply = client.request("POST", "/v1/x", std::string(http::Limits{}.body_bytes + 1, 'x'));
  ASSERT_TRUE(reply.has_value()) << reply.error().message;
  EXPECT_EQ(reply->status, 413);
  EXPECT_THAT(reply->body, HasSubstr("HTTP_BODY_TOO_LONG"));
}

TEST_F(ClientTest, AnAnswerWithoutEndIsCutOff) {
  const auto server = serve([](const http::Request&) {
    http::Response out;
    out.body.assign(kMaxAnswerBytes + 1, ' ');
    return out;
  });
  Client client(folder_);
  EXPECT_EQ(client.request("GET", "/v1/x").error().code, ErrorCode::kLimit);
}

TEST_F(ClientTest, ANodeThatStopsBetweenRequestsIsNoticed) {
  auto server = serve([](const http::Request&) { return http::Response(); });
  Client client(folder_);
  EXPECT_TRUE(client.request("GET", "/v1/x").has_value());
  server.reset();
  EXPECT_FALSE(client.request("GET", "/v1/x").has_value());
  EXPECT_TRUE(client.not_running());
}

}  // namespace
}  // namespace focal::cli

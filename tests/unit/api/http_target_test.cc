// Goal: path tricks end in the parser of the target; only the owner and root may call.
// Method: the pure functions alone.
#include <gtest/gtest.h>

#include "node/api/http.h"

namespace focal::api::http {
namespace {

TEST(HttpTarget, SegmentsAndQueryAreDecodedOnce) {
  const auto t = parse_target("/v1/traces/XA%2F26%2f1?a=b+c%26&x&y=", {});
  ASSERT_TRUE(t.has_value());
  EXPECT_EQ(t->segments, (std::vector<std::string>{"v1", "traces", "XA/26/1"}));
  ASSERT_EQ(t->query.size(), 3u);
  EXPECT_EQ(t->query[0].second, "b c&");
  EXPECT_EQ(t->query[1], (std::pair<std::string, std::string>{"x", ""}));
  EXPECT_EQ(parse_target("/a%252e", {})->segments[0], "a%2e") << "not decoded twice";
  EXPECT_EQ(parse_target("/a+b", {})->segments[0], "a+b");
}

// A page of the console that is loaded again: "/?view=all".
TEST(HttpTarget, TheRootHasNoSegmentsAndMayHaveAQuery) {
  ASSERT_TRUE(parse_target("/", {}).has_value());
  EXPECT_TRUE(parse_target("/", {})->segments.empty());
  const auto t = parse_target("/?view=all&q=a%20b", {});
  ASSERT_TRUE(t.has_value());
  EXPECT_TRUE(t->segments.empty());
  EXPECT_EQ(t->query.size(), 2u);
  EXPECT_FALSE(parse_target("/?", {}).has_value());
}

TEST(HttpTarget, TricksAreRefused) {
  for (const char* raw :
       {"", "v1/status", "//", "//?x=1", "/v1//status", "/v1/status/", "/v1/../status", "/v1/./status",
        "/v1/%2e%2e/status", "/v1/%2E/x", "/v1/a%00b", "/v1/a%0ab", "/v1/a%7f", "/v1/%", "/v1/%4",
        "/v1/%zz", "/v1/%ff", "/v1/%c0%af", "/v1/a#b", "http://h/v1/status", "*", "/v1/a?=b",
        "/v1/a?x=%0d", "/v1/a?", "/v1/a?x=1&&y=2", "/1/2/3/4/5/6/7/8/9"}) {
    EXPECT_FALSE(parse_target(raw, {}).has_value()) << raw;
  }
}

TEST(HttpTarget, LengthAndCountAreBounded) {
  const Limits limits;
  EXPECT_TRUE(parse_target("/" + std::string(limits.target_bytes - 1, 'a'), limits).has_value());
  EXPECT_FALSE(parse_target("/" + std::string(limits.target_bytes, 'a'), limits).has_value());
  std::string raw = "/a?";
  for (std::size_t i = 0; i < limits.query_pairs; ++i) raw += (i ? "&k=v" : "k=v");
  EXPECT_TRUE(parse_target(raw, limits).has_value());
  EXPECT_FALSE(parse_target(raw + "&k=v", limits).has_value());
}

TEST(HttpCaller, OnlyTheOwnerAndRoot) {
  EXPECT_TRUE(may_call({1000, 1000, 1}, 1000));
  EXPECT_TRUE(may_call({0, 0, 1}, 1000));
  EXPECT_FALSE(may_call({1001, 1000, 1}, 1000)) << "the group does not count";
  EXPECT_FALSE(may_call({1000, 0, 1}, 0));
}

}  // namespace
}  // namespace focal::api::http

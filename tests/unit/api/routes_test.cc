// Goal: every route reaches its operation with its parameters; every failure is a
// Problem with status, code, path and an id.
// Method: the real table over a fake desk; requests are made by hand.
#include "node/api/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "node/api/desk_routes.h"
#include "tests/unit/api/fake_desk.h"

namespace focal::api {
namespace {

using ::testing::HasSubstr;

class Routes : public ::testing::Test {
 protected:
  Routes() {
    add_desk_routes(router_, desk_);
    add_port_routes(router_, desk_);
  }

  http::Response ask(std::string method, std::string_view target, std::string body = {}) {
    http::Request request;
    request.method = std::move(method);
    auto parsed = http::parse_target(target, {});
    EXPECT_TRUE(parsed.has_value()) << target;
    if (!parsed) return {};
    request.segments = parsed->segments;
    request.query = parsed->query;
    request.body = std::move(body);
    request.caller.uid = 4711;
    return router_.handle(request);
  }
  v1::Problem problem(const http::Response& response) {
    v1::Problem out;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_TRUE(json::read(response.body, out).has_value()) << response.body;
    EXPECT_EQ(out.status(), static_cast<unsigned>(response.status));
    EXPECT_EQ(out.id().size(), 8u);
    EXPECT_EQ(out.type(), "urn:focal:problem:" + out.code());
    return out;
  }

  FakeDesk desk_;
  Status gate_;  // what it says to everything
  std::string asked_of_gate_;
  Router router_{[this](std::string_view name, const http::Caller& caller) {
    asked_of_gate_ = std::string(name) + " by " + std::to_string(caller.uid);
    return gate_;
  }};
};

TEST_F(Routes, EveryRouteReachesItsOwnOperation) {
  std::set<std::string> names;
  for (const Router::Entry& entry : router_.entries()) {
    std::string target;
    for (const std::string& word : entry.pattern)
      target += "/" + (word.front() == '{' ? std::string("A7") : word);
    const bool secret = entry.name == "people_key" || entry.name == "release_approve";
    const bool two = entry.name == "people_passphrase";
    const http::Response response =
        ask(entry.method, target,
            two ? R"({"officer_passphrase":"twelve bytes","officer_new_passphrase":"others"})"
                : secret ? R"({"officer_passphrase":"twelve bytes"})"
                : entry.name == "session_password" ? R"({"password":"twelve bytes"})"
                : entry.name == "pair_finish" ? R"({"code":"FOCAL:1:THEIRS"})" : "");
    EXPECT_EQ(response.status, 200) << target << response.body;
    EXPECT_TRUE(names.insert(entry.name).second);
    if (entry.name == "openapi") continue;  // of the routes themselves: openapi_test.cc
    EXPECT_EQ(desk_.called, entry.name) << target;
    const bool has_parameter = target.find("A7") != std::string::npos;
    EXPECT_EQ(desk_.detail.find("A7") != std::string::npos, has_parameter) << target;
  }
  EXPECT_EQ(names.size(), 106u);
}

TEST_F(Routes, TheGateIsAskedBeforeEveryOperation) {
  gate_ = fail(ErrorCode::kPermission, "not for you", "ask a supervisor");
  for (const Router::Entry& entry : router_.entries()) {
    std::string target;
    for (const std::string& word : entry.pattern)
      target += "/" + (word.front() == '{' ? std::string("A7") : word);
    const http::Response response = ask(entry.method, target);
    EXPECT_EQ(response.status, 403) << target;
    EXPECT_EQ(problem(response).code(), "PERMISSION");
    EXPECT_EQ(problem(response).hint(), "ask a supervisor");
    EXPECT_EQ(asked_of_gate_, entry.name + " by 4711");
    EXPECT_EQ(desk_.called, "") << target;
  }
  Router without{Gate{}};
  add_desk_routes(without, desk_);
  http::Request request;
  request.method = "GET";
  request.segments = {"v1", "status"};
  EXPECT_EQ(without.handle(request).status, 403) << "no gate, no entry";
  EXPECT_EQ(desk_.called, "");
}

TEST_F(Routes, APassphraseIsTakenOutOfTheBody) {
  const std::string body = R"({"seen":"ab","officer_passphrase":"w\u00f6rter \"x\""})";
  EXPECT_EQ(ask("POST", "/v1/releases/R-3/approve", body).status, 200);
  EXPECT_EQ(desk_.secret, "w\xc3\xb6rter \"x\"");
  EXPECT_EQ(desk_.detail, "id: \"R-3\" seen: \"ab\"") << "the message has no copy";
  for (const char* wrong : {"", "{}", R"({"officer_passphrase":""})", R"({"officer_passphrase":7})",
                            R"({"officerPassphrase":"twelve bytes"})",
                            R"({"officer_passphrase":"a","officer_passphrase":"b"})",
                            R"({"officer_passphrase":"a"} {})"}) {
    desk_.called.clear();
    EXPECT_NE(ask("POST", "/v1/officer-key", wrong).status, 200) << wrong;
    EXPECT_EQ(desk_.called, "") << wrong;
  }
}

TEST_F(Routes, TheCodeOfAMeetingIsInNoMessage) {
  EXPECT_EQ(ask("POST", "/v1/peers/XB/meet/finish", R"({"party":"XB","code":"FOCAL:1:A B "})").status,
            200);
  EXPECT_EQ(desk_.secret, "FOCAL:1:A B ");
  EXPECT_EQ(desk_.detail, "party: \"XB\"");
  EXPECT_EQ(problem(ask("POST", "/v1/peers/XB/meet/finish", "{}")).code(), "INVALID");
  const http::Response shown = ask("POST", "/v1/peers/XB/meet", "");
  v1::PairBeginResponse out;
  ASSERT_TRUE(json::read(shown.body, out)) << shown.body;
  EXPECT_EQ(out.code(), "FOCAL:1:A\"B ");
}

TEST_F(Routes, TwoPassphrasesAreTakenOutOfOneBody) {
  const std::string target = "/v1/officer-key/passphrase";
  for (const char* body : {R"({"officer_passphrase":"the old","officer_new_passphrase":"the new"})",
                           R"({"officer_new_passphrase":"the new","officer_passphrase":"the old"})"}) {
    EXPECT_EQ(ask("POST", target, body).status, 200) << body;
    EXPECT_EQ(desk_.secret, "the old -> the new");
    EXPECT_EQ(desk_.detail, "") << "the message has no copy";
  }
  for (const char* wrong : {"{}", R"({"officer_passphrase":"a"})", R"({"officer_new_passphrase":"a"})",
                            R"({"officer_passphrase":"a","officer_new_passphrase":""})",
                            R"({"officer_passphrase":"a","officer_new_passphrase":"b","x":1})"}) {
    desk_.called.clear();
    EXPECT_NE(ask("POST", target, wrong).status, 200) << wrong;
    EXPECT_EQ(desk_.called, "") << wrong;
  }
}

TEST_F(Routes, WhatWaitsForASecondOfficerIsAnsweredWith202) {
  desk_.failure = fail(ErrorCode::kAwaitsRelease, "stored as R-3", "a supervisor", "R-3");
  const auto response = ask("POST", "/v1/traces", R"({"to":["XB"]})");
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(problem(response).code(), "AWAITS_RELEASE");
  EXPECT_EQ(problem(response).path(), "R-3");
}

TEST_F(Routes, AnswerIsTheMessageAsJson) {
  const http::Response response = ask("GET", "/v1/status");
  EXPECT_EQ(response.content_type, "application/json");
  v1::StatusResponse status;
  ASSERT_TRUE(json::read(response.body, status));
  EXPECT_EQ(status.party(), "XA");
}

TEST_F(Routes, QueryAndPathFillTheRequest) {
  EXPECT_EQ(ask("GET", "/v1/traces/XA%2F26%2F0001?with_records=true").status, 200);
  EXPECT_EQ(desk_.detail, "case_number: \"XA/26/0001\" with_records: true");
}

TEST_F(Routes, BodyAndPathFillTheRequestAndTheCallerArrives) {
  EXPECT_EQ(ask("POST", "/v1/outbox/12/cancel", R"({"reason":"sent twice"})").status, 200);
  EXPECT_EQ(desk_.detail, "id: \"12\" reason: \"sent twice\"");
  EXPECT_EQ(desk_.uid, 4711u);
  EXPECT_EQ(ask("POST", "/v1/outbox/12/cancel", R"({"id":"12","reason":"r"})").status, 200);
}

TEST_F(Routes, UnknownFieldIsAProblemWithItsPathAndNothingIsCalled) {
  const auto p = problem(ask("POST", "/v1/traces/7/ack", R"({"reff":"XB/1"})"));
  EXPECT_EQ(p.status(), 400u);
  EXPECT_EQ(p.code(), "INVALID");
  EXPECT_EQ(p.path(), "reff");
  EXPECT_EQ(desk_.called, "");
}

TEST_F(Routes, WhatDoesNotFitTheRequestIsRefused) {
  EXPECT_EQ(problem(ask("GET", "/v1/traces?nonsense=1")).path(), "nonsense");
  EXPECT_EQ(problem(ask("GET", "/v1/traces?limit=x")).path(), "limit");
  EXPECT_EQ(problem(ask("GET", "/v1/traces?limit=1&limit=2")).path(), "limit");
  EXPECT_EQ(problem(ask("GET", "/v1/traces/7?case_number=8")).path(), "case_number");
  EXPECT_EQ(problem(ask("POST", "/v1/outbox/12/retry?x=1")).path(), "x");
  EXPECT_EQ(problem(ask("POST", "/v1/outbox/12/retry", R"({"id":"13"})")).path(), "id");
  EXPECT_EQ(problem(ask("GET", "/v1/status", "{}")).code(), "INVALID");
  EXPECT_EQ(problem(ask("POST", "/v1/outbox/12/retry", "{'id':'12'}")).code(), "INVALID");
  EXPECT_EQ(desk_.called, "");
}

TEST_F(Routes, NoSuchPathAndNoSuchMethod) {
  EXPECT_EQ(problem(ask("GET", "/v1/nonsense")).status(), 404u);
  EXPECT_EQ(problem(ask("GET", "/v1/status/more")).status(), 404u);
  const http::Response response = ask("POST", "/v1/status");
  EXPECT_EQ(problem(response).status(), 405u);
  EXPECT_EQ(response.allow, "GET");
  EXPECT_EQ(ask("GET", "/v1/outbox/1/retry").allow, "POST");
}

TEST_F(Routes, ADeskErrorKeepsItsWords) {
  desk_.failure =
      fail(ErrorCode::kNotFound, "there is no case 7", "see `focal trace list`", "case_number");
  const auto p = problem(ask("GET", "/v1/traces/7"));
  EXPECT_EQ(p.status(), 404u);
  EXPECT_EQ(p.code(), "NOT_FOUND");
  EXPECT_EQ(p.detail(), "there is no case 7");
  EXPECT_EQ(p.hint(), "see `focal trace list`");
  EXPECT_EQ(p.path(), "case_number");
}

TEST_F(Routes, EveryErrorCodeHasAStatusAndATitle) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kFrame); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    EXPECT_GE(http_status(code), 400) << error_name(code);
    desk_.failure = fail(code, "m");
    const auto p = problem(ask("GET", "/v1/status"));
    EXPECT_EQ(p.code(), error_name(code));
    EXPECT_FALSE(p.title().empty());
  }
}

TEST_F(Routes, TwoRoutesOfOneShapeAreABug) {
  const Operation nothing{[](const http::Request&, const Params&) -> Result<std::string> {
    return std::string("{}");
  }};
  EXPECT_DEATH(router_.add("twice", "GET", "/v1/peers/{other}", nothing), "");
}

TEST(ProblemId, IsReadableAndNotRepeated) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = new_problem_id();
    EXPECT_EQ(id.size(), 8u);
    EXPECT_EQ(id.find_first_of("01IO"), std::string::npos);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace focal::api

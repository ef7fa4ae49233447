// Goal: every route reaches its operation with its parameters; every failure is a
// Problem with status, code, path and an id.
// Method: the real table over a fake desk; requests are made by hand.
#include "node/api/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "node/api/desk_routes.h"

namespace focal::api {
namespace {

using ::testing::HasSubstr;

// Remembers what was called; an operation named in fail_ fails with it.
struct FakeDesk {
  std::string called;
  std::string detail;
  uid_t uid = 0;
  std::optional<Error> failure;

  template <typename Response>
  Result<Response> done(std::string name, std::string what = {}) {
    called = std::move(name);
    detail = std::move(what);
    if (failure) return *failure;
    return Response();
  }
#define FOCAL_FAKE(name, request, response)                 \
  Result<v1::response> name(const v1::request& m) {         \
    return done<v1::response>(#name, m.ShortDebugString()); \
  }
  FOCAL_FAKE(card_show, CardShowRequest, CardShowResponse)
  FOCAL_FAKE(card_export, CardExportRequest, CardExportResponse)
  FOCAL_FAKE(card_custody, CardCustodyRequest, CardCustodyResponse)
  FOCAL_FAKE(card_prepare, CardPrepareRequest, CardPrepareResponse)
  FOCAL_FAKE(card_cancel, CardCancelRequest, CardCancelResponse)
  FOCAL_FAKE(card_apply, CardApplyRequest, CardApplyResponse)
  FOCAL_FAKE(card_revoke, CardRevokeRequest, CardRevokeResponse)
  FOCAL_FAKE(peer_list, PeerListRequest, PeersResponse)
  FOCAL_FAKE(peer_add, PeerAddRequest, PeerAddResponse)
  FOCAL_FAKE(peer_show, PeerDetailsRequest, PeerDetailsResponse)
  FOCAL_FAKE(peer_verify, PeerVerifyRequest, PeerVerifyResponse)
  FOCAL_FAKE(peer_ping, PeerPingRequest, PeerPingResponse)
  FOCAL_FAKE(pair_show, PairShowRequest, PairShowResponse)
  FOCAL_FAKE(pair_begin, PairBeginRequest, PairBeginResponse)
  FOCAL_FAKE(pair_finish, PairFinishRequest, PairFinishResponse)
  FOCAL_FAKE(pair_stop, PairStopRequest, PairStopResponse)
  FOCAL_FAKE(pair_drop, PairDropRequest, PairDropResponse)
  FOCAL_FAKE(card_code, CardCodeRequest, CardCodeResponse)
  FOCAL_FAKE(trace_sheet, TraceSheetRequest, TraceSheetResponse)
  FOCAL_FAKE(trace_list, TraceListRequest, TraceListResponse)
  FOCAL_FAKE(clock_show, ClockShowRequest, ClockShowResponse)
  FOCAL_FAKE(clock_confirm, ClockConfirmRequest, ClockConfirmResponse)
  FOCAL_FAKE(keys_show, KeysShowRequest, KeysShowResponse)
  FOCAL_FAKE(keys_replace, KeysReplaceRequest, KeysReplaceResponse)
  FOCAL_FAKE(trace_import, TraceImportRequest, TraceImportResponse)
  FOCAL_FAKE(trace_open, TraceOpenRequest, TraceOpenResponse)
  FOCAL_FAKE(trace_show, TraceShowRequest, TraceShowResponse)
  FOCAL_FAKE(trace_ack, TraceAckRequest, TraceActResponse)
  FOCAL_FAKE(trace_ask, TraceAskRequest, TraceActResponse)
  FOCAL_FAKE(trace_supply, TraceSupplyRequest, TraceActResponse)
  FOCAL_FAKE(trace_delay, TraceDelayRequest, TraceActResponse)
  FOCAL_FAKE(trace_interim, TraceInterimRequest, TraceActResponse)
  FOCAL_FAKE(trace_answer, TraceAnswerRequest, TraceActResponse)
  FOCAL_FAKE(trace_refuse, TraceRefuseRequest, TraceActResponse)
  FOCAL_FAKE(trace_clarify, TraceClarifyRequest, TraceActResponse)
  FOCAL_FAKE(trace_reply, TraceReplyRequest, TraceActResponse)
  FOCAL_FAKE(trace_correct, TraceCorrectRequest, TraceActResponse)
  FOCAL_FAKE(trace_withdraw, TraceWithdrawRequest, TraceActResponse)
  FOCAL_FAKE(trace_close, TraceCloseRequest, TraceActResponse)
  FOCAL_FAKE(trace_reopen, TraceReopenRequest, TraceActResponse)
  FOCAL_FAKE(trace_follow, TraceFollowRequest, TraceFollowResponse)
  FOCAL_FAKE(trace_link, TraceLinkRequest, TraceLinkResponse)
  FOCAL_FAKE(find, FindRequest, FindResponse)
  FOCAL_FAKE(inbox, InboxRequest, InboxResponse)
  FOCAL_FAKE(outbox_list, OutboxListRequest, OutboxListResponse)
  FOCAL_FAKE(outbox_show, OutboxShowRequest, OutboxShowResponse)
  FOCAL_FAKE(outbox_retry, OutboxRetryRequest, OutboxRetryResponse)
  FOCAL_FAKE(ledger_verify, LedgerVerifyRequest, LedgerVerifyResponse)
  FOCAL_FAKE(ledger_tail, LedgerTailRequest, LedgerViewResponse)
  FOCAL_FAKE(peer_suspend, PeerSuspendRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_resume, PeerResumeRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_confirm, PeerConfirmRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_reject, PeerRejectRequest, PeerTrustResponse)
  FOCAL_FAKE(notes_add, NotesAddRequest, NotesAddResponse)
  FOCAL_FAKE(directory_list, DirectoryListRequest, DirectoryListResponse)
  FOCAL_FAKE(directory_show, DirectoryShowRequest, DirectoryShowResponse)
  FOCAL_FAKE(directory_compare, DirectoryCompareRequest, DirectoryCompareResponse)
#undef FOCAL_FAKE
  Result<v1::StatusResponse> status(const v1::StatusRequest&) {
    FOCAL_TRY(done<v1::StatusResponse>("status"));
    v1::StatusResponse out;
    out.set_party("XA");
    return out;
  }
  // The form that also wants to know who asks.
  Result<v1::OutboxCancelResponse> outbox_cancel(const v1::OutboxCancelRequest& m,
                                                 const http::Caller& caller) {
    uid = caller.uid;
    return done<v1::OutboxCancelResponse>("outbox_cancel", m.ShortDebugString());
  }
};

class Routes : public ::testing::Test {
 protected:
  Routes() { add_desk_routes(router_, desk_); }

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
  Router router_;
};

TEST_F(Routes, EveryRouteReachesItsOwnOperation) {
  std::set<std::string> names;
  for (const Router::Entry& entry : router_.entries()) {
    std::string target;
    for (const std::string& word : entry.pattern)
      target += "/" + (word.front() == '{' ? std::string("A7") : word);
    const http::Response response = ask(entry.method, target);
    EXPECT_EQ(response.status, 200) << target << response.body;
    EXPECT_EQ(desk_.called, entry.name) << target;
    const bool has_parameter = target.find("A7") != std::string::npos;
    EXPECT_EQ(desk_.detail.find("A7") != std::string::npos, has_parameter) << target;
    EXPECT_TRUE(names.insert(entry.name).second);
  }
  EXPECT_EQ(names.size(), 53u);
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
  const Operation nothing = [](const http::Request&, const Params&) -> Result<std::string> {
    return std::string("{}");
  };
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

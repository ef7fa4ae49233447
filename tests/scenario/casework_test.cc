// Goal: a tracing request walks to the other State and its answer walks back;
// both ends fold the same case. Method: example records between two whole nodes,
// in order, out of order, and against the life-cycle.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "node/node/cases.h"
#include "proto/record.pb.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

struct Desk : ::testing::Test {
  World w;
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
  }
  node::OpenedCase only_case(const std::string& party) {
    const auto rows = w.view(party).cases({});
    EXPECT_EQ(rows.size(), 1u);
    return node::open_case(w.view(party), rows.at(0));
  }
  void expect_same_case() {
    const auto a = only_case("XA");
    const auto b = only_case("XB");
    EXPECT_EQ(a.fold, b.fold) << "a case is a function of its records, not of the place";
  }
  static Bytes withdrawal(const std::string& by) {
    v1::Record record;
    record.ParseFromString(
        to_string(example_body("01_trace_request_XA_XB.json", "XA", "XB")));
    record.clear_unknown_fields();
    record.mutable_header()->mutable_label()->set_provider(by);
    record.mutable_trace_withdraw()->set_case_ref_requester("XA-NPC-2026-0117");
    record.mutable_trace_withdraw()->set_reason("SOLVED");
    return to_bytes(record.SerializeAsString());
  }
  store::RecordRef open() {
    return w.send("XA", "XB", "trace.request",
                  example_body("01_trace_request_XA_XB.json", "XA", "XB"));
  }
};

TEST_F(Desk, RequestAcknowledgementRestrictedAnswer) {
  w.connect("XA", "XB");
  const auto request = open();
  w.run();
  EXPECT_EQ(only_case("XB").row.state, "RECEIVED");
  EXPECT_TRUE(only_case("XB").row.needs_action);
  w.advance(kMinuteMs);
  const auto ack = w.send("XB", "XA", "trace.ack",
                          example_body("02_trace_ack_XB_XA.json", "XB", "XA"), request, request);
  w.run();
  EXPECT_EQ(only_case("XA").row.state, "ACKNOWLEDGED");
  w.advance(kMinuteMs);
  w.send("XB", "XA", "trace.response", example_body("05_trace_response_XB_XA.json", "XB", "XA"),
         request, ack);
  w.run();
  const auto at_xa = only_case("XA");
  EXPECT_EQ(at_xa.row.state, "RESTRICTED");
  EXPECT_TRUE(at_xa.row.needs_action) << "they spoke last";
  expect_same_case();
}

TEST_F(Desk, RefusalCarriesItsGround) {
  w.connect("XA", "XB");
  const auto request = w.send("XA", "XB", "trace.request",
                              example_body("06_trace_request_XA_XB.json", "XA", "XB"));
  w.run();
  w.advance(kMinuteMs);
  w.send("XB", "XA", "trace.refusal", example_body("07_trace_refusal_XB_XA.json", "XB", "XA"),
         request, request);
  w.run();
  EXPECT_EQ(only_case("XA").row.state, "REFUSED");
  expect_same_case();
}

TEST_F(Desk, N138_LifeCycleBreachIsAcceptedAndTakesNoEffectAtBothEnds) {
  w.connect("XA", "XB");
  const auto request = open();
  w.run();
  w.advance(kMinuteMs);
  const Bytes body = example_body("02_trace_ack_XB_XA.json", "XB", "XA");
  const auto ack = w.send("XB", "XA", "trace.ack", body, request, request);
  w.run();
  w.advance(kMinuteMs);
  const auto breach = w.send("XB", "XA", "trace.ack", body, request, ack);  // a second time
  w.run();
  EXPECT_EQ(w.status_of("XB", breach, "XA"), 1u) << "well-formed: stored and receipted";
  const auto at_xa = only_case("XA");
  EXPECT_EQ(at_xa.row.state, "ACKNOWLEDGED");
  ASSERT_EQ(at_xa.events.size(), 3u);
  const auto refused = std::count_if(at_xa.fold.effects.begin(), at_xa.fold.effects.end(),
                                     [](const auto& e) { return e.effect == casework::Effect::kNoEffect; });
  EXPECT_EQ(refused, 1) << "the breach alone has no effect";
  expect_same_case();
}

TEST_F(Desk, AnswerBeforeItsParentWaitsAndThenTakesEffect) {
  const auto request = open();
  // XB learns the request while XA is cut off, answers twice; XA gets the second
  // record first because the first one is held back.
  const auto link = w.connect("XA", "XB");
  w.cut(link);
  w.advance(kMinuteMs);
  const auto ack = w.send("XB", "XA", "trace.ack",
                          example_body("02_trace_ack_XB_XA.json", "XB", "XA"), request, request);
  const auto held = w.view("XB").find(ack)->batch;
  w.advance(kMinuteMs);
  w.send("XB", "XA", "trace.response", example_body("05_trace_response_XB_XA.json", "XB", "XA"),
         request, ack);
  // Hold the acknowledgement back by cancelling and re-sending it later by hand.
  auto& outbox = const_cast<exchange::Outbox&>(w.core("XB").machine().outbox());
  outbox.find(held, "XA")->row.next_ms = w.now().wall_ms + kHourMs;
  w.connect("XA", "XB");
  const auto early = only_case("XA");
  EXPECT_EQ(early.row.state, "DELIVERED") << "the answer waits for the record it replies to";
  w.advance(2 * kHourMs);
  EXPECT_EQ(only_case("XA").row.state, "RESTRICTED");
  expect_same_case();
}

// A record of a kind that is not known here is stored unread; that it is named as the root
// of a thread must not harm anybody who looks at the case.
TEST_F(Desk, ThreadThatBeginsWithAnUnknownKindCanBeLookedAt) {
  w.connect("XA", "XB");
  const auto unknown = w.send("XA", "XB", "zz.later", test::ping_body());
  w.run();
  ASSERT_EQ(w.status_of("XA", unknown, "XB"), 2u) << "stored unread";
  w.advance(kMinuteMs);
  w.send("XA", "XB", "trace.request", example_body("01_trace_request_XA_XB.json", "XA", "XB"),
         unknown, unknown);
  w.run();
  for (int after_restart = 0; after_restart < 2; ++after_restart) {
    desk::v1::InboxResponse inbox;
    ASSERT_TRUE(desk::list_inbox(w.node("XB"), {}, w.now(), &inbox).has_value());
    ASSERT_EQ(inbox.entries_size(), 1);
    desk::v1::TraceListResponse list;
    ASSERT_TRUE(desk::list_cases(w.node("XB"), {}, w.now(), &list).has_value());
    desk::v1::TraceShowRequest request;
    request.set_case_number(inbox.entries(0).case_number());
    request.set_with_records(true);
    desk::v1::TraceShowResponse shown;
    ASSERT_TRUE(desk::show_case(w.node("XB"), request, w.now(), &shown).has_value());
    ASSERT_EQ(shown.timeline_size(), 1);
    EXPECT_NE(shown.timeline(0).effect(), "TAKES_EFFECT");
    desk::v1::TraceAckRequest ack;
    ack.set_case_number(request.case_number());
    EXPECT_EQ(desk::release_act(w.node("XB"), ack, w.now()).error().code, ErrorCode::kCase);
    w.crash("XB");
  }
}

TEST_F(Desk, TheRootSaysWhoseCaseItIs) {
  w.add("XC");
  w.verify_both("XC", "XB");
  w.connect("XC", "XB");
  // XC names a request of XA that XB has not got yet.
  const auto request = open();
  w.send("XC", "XB", "trace.withdraw", withdrawal("XC"), request, request);
  w.run();
  EXPECT_EQ(only_case("XB").row.peer, "XC");
  w.connect("XA", "XB");
  EXPECT_EQ(only_case("XB").row.peer, "XA");
  EXPECT_EQ(only_case("XB").row.state, "RECEIVED");
}

TEST_F(Desk, CaseSurvivesTheEndOfTheProcess) {
  w.connect("XA", "XB");
  const auto request = open();
  w.run();
  w.crash("XB");
  w.crash("XA");
  w.connect("XA", "XB");
  w.advance(kMinuteMs);
  w.send("XB", "XA", "trace.ack", example_body("02_trace_ack_XB_XA.json", "XB", "XA"), request,
         request);
  w.run();
  EXPECT_EQ(only_case("XA").row.state, "ACKNOWLEDGED");
  expect_same_case();
}

}  // namespace
}  // namespace focal::test

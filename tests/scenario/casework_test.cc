// Goal: a tracing request walks to the other State and its answer walks back;
// both ends fold the same case. Method: example records between two whole nodes,
// in order, out of order, and against the life-cycle.
#include <gtest/gtest.h>

#include <algorithm>

#include "node/node/cases.h"
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
  EXPECT_EQ(early.row.state, "SENT") << "the answer waits for the record it replies to";
  w.advance(2 * kHourMs);
  EXPECT_EQ(only_case("XA").row.state, "RESTRICTED");
  expect_same_case();
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

// Goal: a rule of [trust] holds in both directions: what needs more trust here is neither sent nor
// judged, and goes on when the trust is there. Method: two whole nodes, one of them with a rule.
#include "node/desk/writing.h"
#include "tests/unit/desk/trust_fixture.h"

namespace focal::desk {
namespace {

class KindRules : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* party : {"XA", "XB"}) w.add(party);
    w.pin("XA", "XB", store::PeerLevel::kIntroduced);
    w.pin("XB", "XA", store::PeerLevel::kVerified);
    w.core("XA").peers().set_kinds(
        exchange::KindPolicy({{"peer.*", record::TrustLevel::kVerified}}));
  }
  test::World w;
};

TEST_F(KindRules, NothingThatNeedsMoreIsReleased) {
  const Status refused = may_pass(w.node("XA"), "peer.ping", "XB", w.now());
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kTrust);
  EXPECT_THAT(refused.error().hint, HasSubstr("focal peer verify XB"));
  w.core("XA").peers().set_kinds({});
  EXPECT_TRUE(may_pass(w.node("XA"), "peer.ping", "XB", w.now()).has_value());
}

TEST_F(KindRules, WhatComesWaitsUntilTheTrustIsThere) {
  w.connect("XA", "XB");
  const auto ping = w.send("XB", "XA", "peer.ping", test::ping_body());
  w.run();
  EXPECT_FALSE(w.has("XA", ping));
  EXPECT_EQ(w.core("XA").machine().waiting().count_of("XB"), 1u);
  v1::PeerVerifyRequest request;
  request.set_party("XB");
  request.set_how("PHONE");
  request.set_number(safety_number_of(w.node("XA"), *w.core("XA").peers().find("XB")));
  ASSERT_TRUE(verify_peer(w.node("XA"), request, {}, w.now()).has_value());
  w.run();
  w.advance(2 * kMinuteMs);
  EXPECT_TRUE(w.has("XA", ping));
}

}  // namespace
}  // namespace focal::desk

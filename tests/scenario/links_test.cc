// Goal: before a request goes, an officer sees what the node knows of its weapons, and does not
// ask the same party twice by accident; the same weapon in two cases is offered as a link that a
// person confirms or dismisses, durably and undoably.
// Method: three whole nodes whose officers ask about the same pistol in different writings.
#include "tests/scenario/three_states.h"

namespace focal::test {
namespace {

pb::Record about(pb::Record record, const std::string& reference, const std::string& serial) {
  auto* request = record.mutable_trace_request();
  request->set_case_ref_requester(reference);
  request->mutable_items()->DeleteSubrange(1, request->items_size() - 1);
  request->mutable_items(0)->set_serial_raw(serial);
  request->mutable_items(0)->clear_serial_alternatives();
  record.clear_unknown_fields();
  record.add_unknown_fields("trace_request.items[0].country_of_import");
  return record;
}

class AskedBefore : public ThreeStates {
 protected:
  static pb::Record pistol(const std::string& reference, const std::string& serial = "DA017342") {
    return about(request(), reference, serial);
  }
};

TEST_F(AskedBefore, IsShownWithOutcomeAndReason) {
  ASSERT_TRUE(send("XA", opening("XB", pistol("XA-1"))).has_value());
  const auto nothing = preview("XA", opening("XB", pistol("XA-2", "ZZ999111")));
  EXPECT_TRUE(nothing.preview());
  EXPECT_EQ(nothing.asked_before_size(), 0);
  EXPECT_EQ(nothing.will_reach(), "") << "the desk method adds it";
  EXPECT_EQ(nothing.trace().party_name(), "Fictional State B");
  EXPECT_EQ(nothing.trace().our_ref(), "XA-2");
  EXPECT_NE(nothing.trace().answer_due_at(), "");
  EXPECT_EQ(w.view("XA").cases({}).size(), 1u) << "nothing was sent";

  const auto seen = preview("XA", opening("XC", pistol("XA-2", "DA O17 342")));
  ASSERT_EQ(seen.asked_before_size(), 1);
  ASSERT_EQ(seen.asked_before(0).matches_size(), 1);
  const auto& match = seen.asked_before(0).matches(0);
  EXPECT_EQ(match.case_number(), "T-1");
  EXPECT_EQ(match.party(), "XB");
  EXPECT_TRUE(match.by_us());
  EXPECT_EQ(match.state(), "DELIVERED");
  EXPECT_EQ(match.tier(), "FOLD") << "O was read as 0";
  EXPECT_GT(match.score(), 0);
  EXPECT_EQ(seen.open_case(), "") << "XC has not been asked";
  pb::Record of_xb = pistol("XB-1");
  of_xb.mutable_trace_request()->mutable_circumstances()->set_found_country("XB");
  const auto theirs = preview("XB", opening("XC", of_xb));
  ASSERT_EQ(theirs.asked_before_size(), 1);
  EXPECT_FALSE(theirs.asked_before(0).matches(0).by_us()) << "XA asked XB";
}

TEST_F(AskedBefore, AnOpenRequestToTheSamePartyNeedsAgain) {
  ASSERT_TRUE(send("XA", opening("XB", pistol("XA-1"))).has_value());
  auto twice = opening("XB", pistol("XA-2", "da-017342"));
  EXPECT_EQ(preview("XA", twice).open_case(), "T-1");
  EXPECT_EQ(preview("XA", twice).asked_weapon(), 1u);
  const auto refused = send("XA", twice);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kExists);
  EXPECT_NE(refused.error().message.find("case T-1"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("--again"), std::string::npos);
  EXPECT_TRUE(send("XA", opening("XC", pistol("XA-3"))).has_value()) << "another party";
  EXPECT_TRUE(send("XA", opening("XB", pistol("XA-4", "DA017343"))).has_value())
      << "another number";
  pb::Record rifle = pistol("XA-5");
  rifle.mutable_trace_request()->mutable_items(0)->set_calibre_raw("7,62x39");
  rifle.mutable_trace_request()->mutable_items(0)->set_calibre_code("7.62X39");
  EXPECT_TRUE(send("XA", opening("XB", rifle)).has_value()) << "same number, another calibre";
  twice.set_again(true);
  EXPECT_TRUE(send("XA", twice).has_value());
}

TEST_F(AskedBefore, TwoOfficersWhoAskAtOnce) {
  const auto first = desk::release_request(w.node("XA"), opening("XB", pistol("XA-1")), w.now());
  const auto second = desk::release_request(w.node("XA"), opening("XB", pistol("XA-2")), w.now());
  EXPECT_TRUE(first.has_value());
  ASSERT_FALSE(second.has_value()) << "not in the index yet, and seen all the same";
  EXPECT_EQ(second.error().code, ErrorCode::kExists);
}

TEST_F(AskedBefore, AnAnsweredRequestIsNoObstacle) {
  ASSERT_TRUE(send("XA", opening("XB", pistol("XA-1"))).has_value());
  does("XB", ack());
  does("XB", refusal());
  const auto again = opening("XB", pistol("XA-2"));
  EXPECT_EQ(preview("XA", again).open_case(), "");
  EXPECT_EQ(preview("XA", again).asked_before(0).matches(0).state(), "REFUSED");
  EXPECT_TRUE(send("XA", again).has_value());
}

// ---- links

class Links : public AskedBefore {
 protected:
  // XB has been asked about the pistol by XA and by XC.
  void SetUp() override {
    AskedBefore::SetUp();
    ASSERT_TRUE(send("XA", opening("XB", pistol("XA-1"))).has_value());
    pb::Record theirs = pistol("XC-9", "DA0I7342");
    theirs.mutable_header()->mutable_label()->set_provider("XC");
    theirs.mutable_trace_request()->mutable_circumstances()->set_found_country("XC");
    const auto sent = send("XC", opening("XB", theirs));
    ASSERT_TRUE(sent.has_value()) << sent.error().message << sent.error().path;
  }
  Status decides(const std::string& a, const std::string& b, const std::string& verdict,
                 const std::string& reason = "Compared by photo.") {
    api::TraceLinkRequest request;
    request.set_case_number(a);
    request.set_other(b);
    request.set_verdict(verdict);
    request.set_reason(reason);
    desk::By by;
    by.actor = {"ann", 1000, "OFFICER"};
    by.operation = "trace_link";
    const Status done = desk::decide_link(w.node("XB"), request, by);
    w.advance(kMinuteMs);
    return done;
  }
};

TEST_F(Links, TheSameWeaponIsOfferedAtBothCases) {
  for (const char* number : {"T-1", "T-2"}) {
    const auto shown = show_case("XB", number);
    ASSERT_EQ(shown.links_size(), 1) << number;
    EXPECT_EQ(shown.links(0).item_no(), 1u);
    EXPECT_EQ(shown.links(0).match().case_number(), number == std::string("T-1") ? "T-2" : "T-1");
    EXPECT_EQ(shown.links(0).match().tier(), "FOLD");
    EXPECT_EQ(shown.links(0).verdict(), "") << "nobody has decided";
  }
  EXPECT_EQ(show_case("XA", "T-1").links_size(), 0) << "XA knows nothing of XC's case";
}

TEST_F(Links, APersonDecidesAndCanDecideAnew) {
  const std::size_t before = w.leaves("XB", store::LeafType::kAdmin);
  ASSERT_TRUE(decides("T-2", "T-1", "DIFFERENT", "The makers differ.").has_value());
  EXPECT_EQ(w.leaves("XB", store::LeafType::kAdmin), before + 1);
  EXPECT_EQ(show_case("XB", "T-1").links_size(), 0);
  EXPECT_EQ(show_case("XB", "T-1").links_dismissed(), 1u);
  const auto all = show_case("XB", "T-1", true);
  ASSERT_EQ(all.links_size(), 1) << "what was dismissed can be found";
  EXPECT_EQ(all.links(0).verdict(), "DIFFERENT");
  EXPECT_NE(all.links(0).decision().find("The makers differ."), std::string::npos);
  EXPECT_NE(all.links(0).decided_at(), "");
  w.crash("XB");
  EXPECT_EQ(show_case("XB", "T-1").links_dismissed(), 1u) << "it is kept";
  ASSERT_TRUE(decides("T-1", "T-2", "SAME", "The same photo after all.").has_value());
  EXPECT_EQ(show_case("XB", "T-2").links(0).verdict(), "SAME");
  EXPECT_EQ(show_case("XB", "T-2").links_dismissed(), 0u);
}

TEST_F(Links, WhatIsNoDecisionIsRefused) {
  EXPECT_EQ(decides("T-1", "T-1", "SAME").error().code, ErrorCode::kInvalid);
  EXPECT_EQ(decides("T-1", "T-2", "MAYBE").error().path, "verdict");
  EXPECT_EQ(decides("T-1", "T-2", "SAME", "").error().path, "reason");
  EXPECT_EQ(decides("T-1", "T-2", "SAME", std::string(1001, 'x')).error().path, "reason");
  EXPECT_EQ(decides("T-1", "T-7", "SAME").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(show_case("XB", "T-1").links(0).verdict(), "");
}

TEST_F(Links, ThreadsOfOneCaseAreNoLinks) {
  ASSERT_TRUE(send("XA", opening("XC", pistol("XA-1/2"))).has_value());
  const auto shown = show_case("XA", "T-1");
  EXPECT_EQ(shown.threads_size(), 1);
  EXPECT_EQ(shown.links_size(), 0);
}

}  // namespace
}  // namespace focal::test

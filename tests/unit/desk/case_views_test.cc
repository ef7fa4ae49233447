// Goal: an officer sees how a case stands: whose turn it is, what was answered last, which
// ground is in force, and that a request never arrived. Method: records between two whole
// nodes, looked at through the desk's views.
#include <set>

#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class CaseViews : public DeskWorld {
 protected:
  // A record of XB about example 01, in answer to `parent`.
  store::RecordRef from_xb(const std::string& kind, const focal::v1::Record& record,
                           const store::RecordRef& parent) {
    w.advance(kMinuteMs);
    const auto ref = w.send("XB", "XA", kind, body_of(record), root_, parent);
    w.run();
    return ref;
  }
  focal::v1::Record of_xb() {
    focal::v1::Record out;
    *out.mutable_header() = example("05_trace_response_XB_XA.json").header();
    return out;
  }
  focal::v1::Record of_xa() {
    focal::v1::Record out;
    *out.mutable_header() = example("01_trace_request_XA_XB.json").header();
    return out;
  }
  focal::v1::Record delay() {
    auto out = of_xb();
    out.mutable_trace_delay()->set_case_ref_requester("XA-NPC-2026-0117");
    out.mutable_trace_delay()->set_ground("ONGOING_INVESTIGATION");
    out.mutable_trace_delay()->set_reason_text("A court has to allow it first.");
    out.mutable_trace_delay()->set_expected_by("2027-01-31");
    return out;
  }
  focal::v1::Record correction(const store::RecordRef& of) {
    auto out = example("05_trace_response_XB_XA.json");
    auto all = out.trace_response().results();
    out.mutable_header()->mutable_supersedes()->set_rid(of.rid.data(), of.rid.size());
    out.mutable_header()->mutable_supersedes()->set_created_ms(of.created_ms);
    auto* corrected = out.mutable_trace_correction();
    corrected->set_case_ref_requester("XA-NPC-2026-0117");
    corrected->set_reason_text("The ministry has released the details.");
    auto* result = corrected->add_results();
    *result = all[1];
    result->set_completeness("FULL");
    result->clear_ground();
    result->clear_reason_text();
    result->clear_withheld();
    result->set_note("released now");
    return out;
  }
  std::string turns() {  // who has to act: at XA, at XB
    std::string out;
    for (const char* party : {"XA", "XB"}) {
      const auto seen = inbox(party);
      EXPECT_EQ(seen.entries_size(), 1);
      if (seen.entries_size() == 1 && seen.entries(0).needs_action())
        out += (out.empty() ? "" : " ") + std::string(party);
      EXPECT_EQ(seen.counts().needs_action(), seen.entries(0).needs_action() ? 1u : 0u);
    }
    return out;
  }

  store::RecordRef root_;
};

TEST_F(CaseViews, TheTurnIsTheFoldsAndNotTheLastSpeakers) {
  w.connect("XA", "XB");
  root_ = opened();
  EXPECT_EQ(turns(), "XB");
  const auto acked = from_xb("trace.ack", example("02_trace_ack_XB_XA.json"), root_);
  EXPECT_EQ(turns(), "XB") << "an acknowledgement asks nothing of the requester";
  const auto late = from_xb("trace.delay", delay(), acked);
  EXPECT_EQ(turns(), "XB");
  // Both ends know that this has no effect.
  from_xb("trace.ack", example("02_trace_ack_XB_XA.json"), late);
  EXPECT_EQ(turns(), "XB");
  const auto answered =
      from_xb("trace.response", example("05_trace_response_XB_XA.json"), late);
  EXPECT_EQ(turns(), "XA");
  w.advance(kMinuteMs);
  auto close = of_xa();
  close.mutable_trace_close()->set_case_ref_requester("XA-NPC-2026-0117");
  close.mutable_trace_close()->set_useful(true);
  w.send("XA", "XB", "trace.close", body_of(close), root_, answered);
  w.run();
  ASSERT_EQ(show("XB").trace().state(), "CLOSED");
  for (const char* party : {"XA", "XB"}) {
    EXPECT_EQ(inbox(party).entries_size(), 0) << "the inbox holds open cases";
    EXPECT_EQ(inbox(party).counts().cases(), 0u);
  }
}

TEST_F(CaseViews, OverdueStandsFirstWhoeverHasToAct) {
  const auto request = [&](const std::string& answer_by) {
    std::string text = example_text("01_trace_request_XA_XB.json");
    text.replace(text.find("1772643600000"), 13, answer_by);  // ack_by_ms
    text.replace(text.find("1775062800000"), 13, answer_by);
    const auto made = open(text);
    EXPECT_TRUE(made.has_value()) << made.error().message;
    w.run();
    return made->ref;
  };
  const std::uint64_t now = w.now().wall_ms;
  w.connect("XA", "XB");
  const auto later = request(std::to_string(now + 5 * kDayMs));    // T-1
  request(std::to_string(now + kHourMs));                          // T-2: XB's turn
  w.advance(2 * kHourMs);
  root_ = later;
  auto question = of_xb();
  question.mutable_header()->clear_supersedes();
  *question.mutable_trace_info_request() =
      example("03_trace_info_request_XB_XA.json").trace_info_request();
  const auto acked = from_xb("trace.ack", example("02_trace_ack_XB_XA.json"), later);
  from_xb("trace.info_request", question, acked);
  const auto seen = inbox("XA");
  ASSERT_EQ(seen.entries_size(), 2);
  EXPECT_EQ(seen.entries(0).case_number(), "T-2");
  EXPECT_TRUE(seen.entries(0).overdue());
  EXPECT_FALSE(seen.entries(0).needs_action());
  EXPECT_EQ(seen.entries(1).state(), "INFO_REQUESTED");
  EXPECT_TRUE(seen.entries(1).needs_action());
  v1::TraceListResponse list;
  ASSERT_TRUE(list_cases(w.node("XA"), {}, w.now(), &list).has_value());
  EXPECT_EQ(list.traces(0).case_number(), "T-2");
}

TEST_F(CaseViews, ResultsAndGroundAreThoseInForce) {
  w.connect("XA", "XB");
  root_ = opened();
  const auto late = from_xb("trace.delay", delay(), root_);
  EXPECT_EQ(show("XA").ground(), "ONGOING_INVESTIGATION");
  auto interim = of_xb();
  interim.mutable_trace_interim()->set_case_ref_requester("XA-NPC-2026-0117");
  interim.mutable_trace_interim()->set_expected_by("2027-01-31");
  *interim.mutable_trace_interim()->add_results() =
      example("05_trace_response_XB_XA.json").trace_response().results(0);
  const auto partly = from_xb("trace.interim", interim, late);
  auto seen = show("XA");
  ASSERT_EQ(seen.trace().state(), "INTERIM");
  EXPECT_EQ(seen.items(0).result(), "EXPORTED") << "an interim answer is an answer";
  EXPECT_EQ(seen.items(1).result(), "");
  EXPECT_EQ(seen.ground(), "") << "no longer delayed";
  const auto answered =
      from_xb("trace.response", example("05_trace_response_XB_XA.json"), partly);
  seen = show("XA");
  EXPECT_EQ(seen.items(1).completeness(), "RESTRICTED");
  EXPECT_EQ(seen.ground(), "NATIONAL_SECURITY");
  from_xb("trace.correction", correction(answered), answered);
  for (const char* party : {"XA", "XB"}) {
    seen = show(party);
    ASSERT_EQ(seen.trace().state(), "ANSWERED");
    EXPECT_EQ(seen.items(1).completeness(), "FULL");
    EXPECT_EQ(seen.items(1).note(), "released now");
    EXPECT_EQ(seen.ground(), "");
    EXPECT_EQ(seen.reason(), "");
  }
}

TEST_F(CaseViews, ReferenceIsThatOfTheAcknowledgementThatCounts) {
  w.connect("XA", "XB");
  root_ = opened();
  const auto acked = from_xb("trace.ack", example("02_trace_ack_XB_XA.json"), root_);
  auto again = example("02_trace_ack_XB_XA.json");
  again.mutable_trace_ack()->set_case_ref_requested("XB/other");
  from_xb("trace.ack", again, acked);
  EXPECT_EQ(show("XA").trace().their_ref(), "XB/T/26/0458");
}

TEST_F(CaseViews, DeliveredWhenTheReceiptIsHere) {
  root_ = opened();
  EXPECT_EQ(show("XA").trace().state(), "SENT");
  w.connect("XA", "XB");
  EXPECT_EQ(show("XA").trace().state(), "DELIVERED");
  v1::TraceListRequest request;
  request.set_state("DELIVERED");
  v1::TraceListResponse list;
  ASSERT_TRUE(list_cases(w.node("XA"), request, w.now(), &list).has_value());
  EXPECT_EQ(list.total(), 1u);
  w.crash("XA");
  EXPECT_EQ(show("XA").trace().state(), "DELIVERED");
  w.connect("XA", "XB");
  from_xb("trace.ack", example("02_trace_ack_XB_XA.json"), root_);
  EXPECT_EQ(show("XA").trace().state(), "ACKNOWLEDGED");
}

TEST_F(CaseViews, ARequestThatEndedOnItsWayShows) {
  w.pin("XB", "XA", store::PeerLevel::kNone);
  w.connect("XA", "XB");
  root_ = opened();
  EXPECT_EQ(show("XA").trace().flags_size(), 0);
  EXPECT_FALSE(inbox("XA").entries(0).needs_action());
  w.advance(31 * kDayMs);  // XB did not verify XA within 30 days: rejected for good
  w.pin("XB", "XA", store::PeerLevel::kVerified);  // and only now may be told so
  w.run();
  auto seen = inbox("XA");
  ASSERT_EQ(seen.entries_size(), 1);
  EXPECT_EQ(seen.entries(0).state(), "SENT");
  ASSERT_EQ(seen.entries(0).flags_size(), 1);
  EXPECT_EQ(seen.entries(0).flags(0), "REJECTED");
  EXPECT_TRUE(seen.entries(0).needs_action()) << "no answer will come";
  EXPECT_EQ(seen.counts().needs_action(), 1u);
  v1::TraceListResponse list;
  ASSERT_TRUE(list_cases(w.node("XA"), {}, w.now(), &list).has_value());
  EXPECT_EQ(list.traces(0).flags(0), "REJECTED");
  EXPECT_TRUE(list.traces(0).needs_action());

  w.crash("XA");  // the link is gone with it
  const auto second = open(example_text("01_trace_request_XA_XB.json"));
  ASSERT_TRUE(second.has_value());
  w.run();
  w.core("XA").machine().cancel(w.view("XA").find(second->ref)->batch, "XB", "a test");
  w.run();
  seen = inbox("XA");
  ASSERT_EQ(seen.entries_size(), 2);
  std::set<std::string> flags;
  for (const auto& entry : seen.entries()) flags.insert(entry.flags(0));
  EXPECT_EQ(flags, (std::set<std::string>{"CANCELLED", "REJECTED"}));
}

}  // namespace
}  // namespace focal::desk

// Goal: what happens in a week of a focal point comes out right as a whole. Method: stories told
// from the desks of up to three States. After each act both ends of a case hold the same case,
// in the state that the story says; at its end each ledger holds exactly the story's records.
#include "tests/scenario/stories.h"

namespace focal::test {
namespace {

using TwoAtOnce = Stories;

// --- a trace across three States to the point of diversion ---------------------

// Made in XB, exported to the army of XC, stolen from a depot there, found in XA.
TEST_F(Stories, ATraceAcrossThreeStatesEndsAtThePointOfDiversion) {
  const Thread maker{"XB", "T-1", "T-1"};
  open(rifle_request());
  expect(maker, "SENT", "RECEIVED", "XB");
  does("XB", ack());
  expect(maker, "ACKNOWLEDGED", "ACKNOWLEDGED", "XB");
  does("XB", ask("item1.serial"));
  expect(maker, "INFO_REQUESTED", "AWAITING_INFO", "XA");
  does("XA", supply());
  expect(maker, "ACKNOWLEDGED", "ACKNOWLEDGED", "XB");
  pb::ItemResult exported = restricted(1);
  exported.set_completeness("FULL");
  exported.clear_ground();
  exported.clear_reason_text();
  exported.clear_withheld();
  does("XB", answer_with(exported));
  expect(maker, "ANSWERED", "ANSWERED", "XA");
  does("XA", close());
  expect(maker, "CLOSED", "CLOSED", "");
  EXPECT_EQ(last_line("XB"), "the answer was useful; asks XC next");

  const Thread importer{"XC", "T-2", "T-1"};
  open(example("08_trace_request_XA_XC.json", "XA", "XC"), "XC");
  expect(importer, "SENT", "RECEIVED", "XC");
  does("XC", delay());
  expect(importer, "DELAYED", "DELAYED", "XC");
  does("XA", clarify(), "T-2");
  expect(importer, "CLARIFICATION_SOUGHT", "CLARIFYING", "XC");
  does("XC", reply());
  expect(importer, "DELAYED", "DELAYED", "XC");
  pb::ItemResult stolen;
  stolen.set_item_no(1);
  stolen.set_result("REPORTED_STOLEN");
  stolen.set_completeness("FULL");
  stolen.set_country("XC");
  stolen.mutable_date()->set_value("2024-08-02");
  stolen.set_register_ref("XC/LOSS/24/17");
  auto* step = stolen.add_supply_chain();
  step->set_seq(1);
  step->set_from_party_class("ARMED_FORCES");
  step->set_from_country("XC");
  step->set_to_party_class("UNKNOWN");
  step->set_to_country("XC");
  step->mutable_date()->set_value("2024-08");
  step->set_confidence("HIGH");
  does("XC", answer_with(stolen));
  expect(importer, "ANSWERED", "ANSWERED", "XA");
  auto end = close();
  end.clear_next_asked();
  end.set_action("Diversion from a depot in XC, August 2024; XC was told.");
  does("XA", end, "T-2");
  expect(importer, "CLOSED", "CLOSED", "");
  EXPECT_EQ(last_line("XC"),
            "the answer was useful; Diversion from a depot in XC, August 2024; XC was told.");

  // The steps of both answers join: each goes on where the last one ended, and the last owner
  // by law is the armed forces of XC.
  std::vector<pb::SupplyStep> steps = chain("XA", "T-1");
  for (const auto& more : chain("XA", "T-2")) steps.push_back(more);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].from_country(), "XB");
  EXPECT_EQ(steps[1].from_country(), steps[0].to_country());
  EXPECT_EQ(steps[1].from_party_class(), steps[0].to_party_class());
  EXPECT_EQ(steps[1].to_party_class(), "UNKNOWN") << "here it left lawful custody";
  EXPECT_EQ(show("XA", "T-2").items(0).result(), "REPORTED_STOLEN");

  // Nobody learns of the other's thread.
  EXPECT_EQ(cases("XA"), 2u);
  EXPECT_EQ(cases("XB"), 1u);
  EXPECT_EQ(cases("XC"), 1u);
  expect_ledger("XA", 6, 6);
  expect_ledger("XB", 3, 3);
  expect_ledger("XC", 3, 3);
}

// --- a requester that cannot guarantee confidentiality -------------------------

TEST_F(Stories, ARequesterWithoutConfidentialityLearnsWhatMayBePublic) {
  const Thread open_court{"XB", "T-1", "T-1"};
  pb::Record request = example("06_trace_request_XA_XB.json", "XA", "XB");
  request.mutable_trace_request()->mutable_confidentiality_guarantee()->clear_text();
  api::TraceOpenRequest silent;
  silent.add_to("XB");
  ASSERT_TRUE(json::to_struct(request, *silent.mutable_record()).has_value());
  const auto without_words = desk::release_request(w.node("XA"), silent, w.now());
  ASSERT_FALSE(without_words.has_value()) << "who cannot guarantee it says why";
  EXPECT_EQ(without_words.error().path, "trace_request.confidentiality_guarantee.text");
  EXPECT_EQ(w.leaves("XA", store::LeafType::kSent), 0u);

  open(example("06_trace_request_XA_XB.json", "XA", "XB"));
  expect(open_court, "SENT", "RECEIVED", "XB");
  // Only a ground of the closed list, and with its reason; nothing else leaves XB.
  auto refusal = this->refusal();
  refusal.set_ground("");
  EXPECT_EQ(tries("XB", refusal).error().path, "trace_refusal.ground");
  refusal.set_ground("POLITICAL");
  EXPECT_EQ(tries("XB", refusal).error().path, "trace_refusal.ground");
  refusal.set_ground("NO_CONFIDENTIALITY_GUARANTEE");
  refusal.set_reason("No.");
  EXPECT_EQ(tries("XB", refusal).error().path, "trace_refusal.reason_text");
  EXPECT_EQ(w.leaves("XB", store::LeafType::kSent), 0u);
  refusal.set_reason("The court file is public: the holder cannot be named in it.");
  does("XB", refusal);
  expect(open_court, "REFUSED", "REFUSED", "XA");
  for (const char* party : {"XA", "XB"})
    EXPECT_EQ(show(party).ground(), "NO_CONFIDENTIALITY_GUARANTEE") << party;

  does("XA", clarify());
  expect(open_court, "CLARIFICATION_SOUGHT", "CLARIFYING", "XB");
  // What may become public: that it was sold at home. The holder is withheld, on that ground.
  pb::ItemResult at_home;
  at_home.set_item_no(1);
  at_home.set_result("MADE_HERE_DOMESTIC");
  at_home.set_completeness("RESTRICTED");
  at_home.add_withheld("holder");
  pb::Record reply;
  reply.mutable_trace_clarify_reply()->set_text("Yes: without the holder.");
  *reply.mutable_trace_clarify_reply()->add_results() = at_home;
  const auto without_ground = tries("XB", whole<api::TraceReplyRequest>(reply));
  ASSERT_FALSE(without_ground.has_value());
  EXPECT_EQ(without_ground.error().path, "trace_clarify_reply.results[0].ground");
  auto* result = reply.mutable_trace_clarify_reply()->mutable_results(0);
  result->set_ground("NO_CONFIDENTIALITY_GUARANTEE");
  result->set_reason_text("The court file is public: the holder cannot be named in it.");
  does("XB", whole<api::TraceReplyRequest>(reply));
  expect(open_court, "RESTRICTED", "RESTRICTED", "XA");
  for (const char* party : {"XA", "XB"}) {
    EXPECT_EQ(show(party).ground(), "NO_CONFIDENTIALITY_GUARANTEE") << party;
    EXPECT_EQ(show(party).items(0).result(), "MADE_HERE_DOMESTIC") << party;
    EXPECT_EQ(show(party).items(0).completeness(), "RESTRICTED") << party;
  }
  auto end = close();
  end.set_outcome("NOT_USEFUL");
  end.clear_next_asked();
  end.set_action("A new request with a guarantee follows.");
  does("XA", end);
  expect(open_court, "CLOSED", "CLOSED", "");

  // With a guarantee the same question has its whole answer.
  const Thread guaranteed{"XB", "T-2", "T-2"};
  request.mutable_trace_request()->set_case_ref_requester("XA-NPC-2026-0131/2");
  request.mutable_trace_request()->mutable_confidentiality_guarantee()->set_level("FULL");
  open(request);
  at_home.set_completeness("FULL");
  at_home.clear_withheld();
  at_home.mutable_holder()->set_class_("PRIVATE");
  w.advance(kMinuteMs);
  pb::Record whole_answer;
  whole_answer.mutable_trace_response()->set_case_ref_requested("XB/2");
  *whole_answer.mutable_trace_response()->add_results() = at_home;
  does("XB", whole<api::TraceAnswerRequest>(whole_answer), "T-2");
  expect(guaranteed, "ANSWERED", "ANSWERED", "XA");
  EXPECT_EQ(show("XA", "T-2").ground(), "");
  expect(open_court, "CLOSED", "CLOSED", "");
  expect_ledger("XA", 4, 3);
  expect_ledger("XB", 3, 4);
}

// --- a correction after closing ------------------------------------------------

TEST_F(Stories, ACorrectionAfterClosingComesBackToTheDesk) {
  const Thread thread;
  open(rifle_request());
  does("XB", ack());
  does("XB", answer_with(exported(1)));
  does("XA", close());
  expect(thread, "CLOSED", "CLOSED", "");
  const auto inbox_of_xa = [this] {
    api::InboxResponse out;
    EXPECT_TRUE(desk::list_inbox(w.node("XA"), {}, w.now(), &out).has_value());
    return out;
  };
  EXPECT_EQ(inbox_of_xa().entries_size(), 0);

  // It replaces an answer of this case, and nothing else.
  pb::ItemResult corrected = exported(1);
  corrected.set_country("XD");
  auto wrong = correct_with(corrected);
  pb::Record record;
  ASSERT_TRUE(json::from_struct(wrong.record(), record).has_value());
  const auto of_xb = opened("XB");
  for (const auto& event : of_xb.events)
    if (event.kind == "trace.ack") {
      record.mutable_header()->CopyFrom(example("02_trace_ack_XB_XA.json", "XB", "XA").header());
      record.mutable_header()->mutable_supersedes()->set_rid(to_string(event.rid));
      record.mutable_header()->mutable_supersedes()->set_created_ms(event.created_ms);
    }
  const auto of_no_answer = tries("XB", whole<api::TraceCorrectRequest>(record));
  ASSERT_FALSE(of_no_answer.has_value());
  EXPECT_EQ(of_no_answer.error().code, ErrorCode::kCase);
  EXPECT_EQ(of_no_answer.error().message, "'correct' would have no effect: SUPERSEDES_NO_ANSWER");

  // Made while XA cannot be reached, known there as soon as it can.
  w.cut(link_);
  does("XB", correct_with(corrected));
  EXPECT_EQ(fold("XB").responder_state, "ANSWERED");
  EXPECT_EQ(fold("XA").requester_state, "CLOSED");
  w.crash("XA");
  w.connect("XA", "XB");
  w.connect("XA", "XC");
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  const auto inbox = inbox_of_xa();
  ASSERT_EQ(inbox.entries_size(), 1) << "the case is back on XA's desk";
  EXPECT_EQ(inbox.entries(0).last_kind(), "trace.correction");
  EXPECT_TRUE(inbox.entries(0).needs_action());
  EXPECT_EQ(last_line("XA"), "item 1 EXPORTED; The consignment book was misread.");

  // A correction of the correction, and the case is closed again.
  corrected.set_country("XE");
  does("XB", correct_with(corrected));
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  does("XA", close());
  expect(thread, "CLOSED", "CLOSED", "");
  EXPECT_EQ(inbox_of_xa().entries_size(), 0);
  for (const char* party : {"XA", "XB"})
    EXPECT_EQ(effects(party), std::vector<std::string>(7, "TAKES_EFFECT")) << party;
  expect_ledger("XA", 3, 4);
  expect_ledger("XB", 4, 3);
}

// The requester reopens the case as the responder corrects its answer: what was made first takes
// effect, and both ends agree on which that was.
TEST_F(Stories, ACorrectionMeetsAReopening) {
  const Thread thread;
  open(rifle_request());
  does("XB", answer_with(exported(1)));
  does("XA", close());
  w.cut(link_);
  does("XB", correct_with(exported(1)));
  does("XA", reopen());
  EXPECT_EQ(fold("XA").requester_state, "IN_PROGRESS") << "XA does not know yet";
  link_ = w.connect("XA", "XB");
  w.run();
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  const std::vector<std::string> came_late = {"TAKES_EFFECT", "TAKES_EFFECT", "TAKES_EFFECT",
                                              "TAKES_EFFECT", "NOT_ALLOWED_IN_STATE"};
  EXPECT_EQ(effects("XA"), came_late);
  EXPECT_EQ(effects("XB"), came_late);

  does("XA", close());
  w.cut(link_);
  does("XA", reopen());
  does("XB", correct_with(exported(1)));
  link_ = w.connect("XA", "XB");
  w.run();
  expect(thread, "IN_PROGRESS", "IN_PROGRESS", "XB");
  EXPECT_EQ(effects("XB").back(), "NOT_ALLOWED_IN_STATE");
  does("XB", answer_with(exported(1)));  // what the correction said is said again
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  expect_ledger("XA", 5, 4);
  expect_ledger("XB", 4, 5);
}

// --- two officers who act at once ----------------------------------------------

// At one desk: the second is refused before anything is sent, and told what is possible instead.
TEST_F(TwoAtOnce, OfTwoAnswersOneIsRefused) {
  const Thread thread;
  open(rifle_request());
  w.advance(kMinuteMs);
  ASSERT_TRUE(tries("XB", answer_with(exported(1))).has_value());
  const auto expect_refused = [&](const auto& request, const std::string& act) {
    const auto second = tries("XB", request);
    ASSERT_FALSE(second.has_value()) << act;
    EXPECT_EQ(second.error().code, ErrorCode::kCase);
    EXPECT_EQ(second.error().message, "'" + act + "' is not possible in state ANSWERED");
    EXPECT_EQ(second.error().hint,
              "Possible now: correct. 'focal trace show T-1' shows the commands.");
  };
  const auto all_refused = [&] {
    expect_refused(refusal(), "refuse");
    expect_refused(answer_with(exported(1)), "answer");
    expect_refused(delay(), "delay");
  };
  all_refused();  // nothing was committed between the two
  w.run();
  all_refused();  // and when it was
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  expect_ledger("XA", 1, 1);
  expect_ledger("XB", 1, 1);
}

TEST_F(TwoAtOnce, OfTwoClosingsOneIsRefused) {
  open(rifle_request());
  does("XB", answer_with(exported(1)));
  w.advance(kMinuteMs);
  ASSERT_TRUE(tries("XA", close()).has_value());
  const auto second = tries("XA", close());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kCase);
  EXPECT_EQ(second.error().message, "'close' is not possible in state CLOSED");
  w.run();
  expect({}, "CLOSED", "CLOSED", "");
  expect_ledger("XA", 2, 1);
}

// At two desks, neither of which can know of the other: both records are kept at both ends, one
// takes effect.
TEST_F(TwoAtOnce, BothEndsReopen) {
  const Thread thread;
  open(rifle_request());
  does("XB", answer_with(exported(1)));
  does("XA", close());
  w.cut(link_);
  does("XA", reopen());
  does("XB", reopen());
  w.connect("XA", "XB");
  w.run();
  expect(thread, "IN_PROGRESS", "IN_PROGRESS", "XB");
  for (const char* party : {"XA", "XB"}) {
    EXPECT_EQ(effects(party).back(), "NOT_ALLOWED_IN_STATE") << party;
    EXPECT_EQ(show(party).trace().flags(0), "REOPENED") << party;
  }
  expect_ledger("XA", 3, 2);
  expect_ledger("XB", 2, 3);
}

// The requester asks back about a restriction as the responder lifts it.
TEST_F(TwoAtOnce, AQuestionMeetsItsAnswer) {
  const Thread thread;
  open(rifle_request());
  does("XB", answer_with(restricted(1)));
  expect(thread, "RESTRICTED", "RESTRICTED", "XA");
  w.cut(link_);
  does("XB", correct_with(exported(1)));
  does("XA", clarify());
  w.connect("XA", "XB");
  w.run();
  expect(thread, "ANSWERED", "ANSWERED", "XA");
  EXPECT_EQ(effects("XA").back(), "NOT_ALLOWED_IN_STATE");
  EXPECT_EQ(effects("XB").back(), "NOT_ALLOWED_IN_STATE");
  does("XA", close());
  expect(thread, "CLOSED", "CLOSED", "");
  expect_ledger("XA", 3, 2);
  expect_ledger("XB", 2, 3);
}

}  // namespace
}  // namespace focal::test

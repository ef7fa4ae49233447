// Goal: whoever sends a request sees first whom it reaches and what is known of its weapons; a
// follow-up says what it carried over and what it left out; what is not meant is not sent.
// Method: the whole program against canned answers; what it asked the node for is looked at.
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::TraceOpenResponse ahead() {
  v1::TraceOpenResponse out;
  out.set_preview(true);
  out.set_will_reach("Fictional State B (XB)");
  auto* trace = out.mutable_trace();
  trace->set_party("XB");
  trace->set_subject("Two weapons seized");
  trace->set_our_ref("XA-1");
  trace->set_items(2);
  return out;
}

v1::TraceOpenResponse sent() {
  v1::TraceOpenResponse out;
  *out.mutable_trace() = a_case();
  out.mutable_trace()->set_case_number("T-7");
  out.set_will_reach("Fictional State B (XB)");
  return out;
}

void add_match(v1::TraceOpenResponse& to) {
  auto* asked = to.add_asked_before();
  asked->set_item_no(1);
  asked->set_total(7);
  auto* match = asked->add_matches();
  match->set_case_number("T-3");
  match->set_party("XC");
  match->set_by_us(true);
  match->set_date("2026-02-01");
  match->set_state("ANSWERED");
  match->set_outcome("NO_RECORD");
  match->set_outcome_text("no record found");
  match->set_score(90);
  match->set_tier_text("equal once look-alikes are read alike");
  match->set_serial_text("O read as 0");
}

TEST_F(App, ARequestIsShownAndAskedAboutAtATerminal) {
  serve();
  const std::string record = file("request.json", "{}");
  auto looked = ahead();
  add_match(looked);
  answer("POST /v1/traces", looked);
  answer("POST /v1/traces", sent());
  const Done no = focal({"trace", "open", "--from", record, "--to", "XB"}, "no\n");
  EXPECT_EQ(no.code, kExitFailed);
  EXPECT_THAT(no.err, HasSubstr("will reach: Fictional State B (XB)\n"));
  EXPECT_THAT(no.err, HasSubstr("by us to XC"));
  EXPECT_THAT(no.err, HasSubstr("NO_RECORD (no record found)"));
  EXPECT_THAT(no.err, HasSubstr("90 equal once look-alikes are read alike; O read as 0"));
  EXPECT_THAT(no.err, HasSubstr("weapon 1: 6 more"));
  EXPECT_THAT(no.err, HasSubstr("nothing was sent"));
  EXPECT_EQ(asked_.size(), 1u) << "only the preview";
  EXPECT_THAT(body_, HasSubstr("\"preview\":true"));

  answers_.clear();
  answer("POST /v1/traces", ahead());
  answer("POST /v1/traces", sent());
  const Done yes = focal({"trace", "open", "--from", record, "--to", "XB"}, "yes\n");
  EXPECT_EQ(yes.code, kExitOk) << yes.err;
  EXPECT_THAT(yes.err, HasSubstr("asked before: none of these weapons is in this node"));
  EXPECT_THAT(yes.out, HasSubstr("T-7"));
  EXPECT_THAT(body_, HasSubstr("\"preview\":false"));
}

TEST_F(App, AScriptIsNotAskedAndPreviewSendsNothing) {
  serve();
  const std::string record = file("request.json", "{}");
  answer("POST /v1/traces", sent());
  EXPECT_EQ(focal({"trace", "open", "--from", record, "--to", "XB"}).code, kExitOk);
  EXPECT_EQ(asked_.size(), 1u);
  EXPECT_THAT(body_, HasSubstr("\"preview\":false"));
  EXPECT_EQ(focal({"trace", "open", "--from", record, "--to", "XB", "--yes"}, "?\n").code, kExitOk);
  EXPECT_EQ(asked_.size(), 2u) << "--yes at a terminal";
  answers_.clear();
  answer("POST /v1/traces", ahead());
  const Done looked = focal({"trace", "open", "--from", record, "--to", "XB", "--preview"});
  EXPECT_EQ(looked.code, kExitOk);
  EXPECT_THAT(looked.out, HasSubstr("will reach: Fictional State B (XB)"));
  EXPECT_THAT(body_, HasSubstr("\"preview\":true"));
}

TEST_F(App, TheVeryWeaponInAnOpenRequestNeedsAgain) {
  serve();
  const std::string record = file("request.json", "{}");
  auto looked = ahead();
  looked.set_open_case("T-3");
  looked.set_asked_weapon(2);
  answer("POST /v1/traces", looked);
  const Done refused = focal({"trace", "open", "--from", record, "--to", "XB"}, "yes\n");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_THAT(refused.err, HasSubstr("weapon 2 is in an open request to XB already: case T-3"));
  EXPECT_THAT(refused.err, HasSubstr("--again"));
  EXPECT_EQ(asked_.size(), 1u);
  answer("POST /v1/traces", sent());
  EXPECT_EQ(focal({"trace", "open", "--from", record, "--to", "XB", "--again"}, "yes\n").code,
            kExitOk);
  EXPECT_THAT(body_, HasSubstr("\"again\":true"));
}

v1::TraceFollowResponse made() {
  v1::TraceFollowResponse out;
  out.set_to("XC");
  out.set_will_reach("Fictional State C (XC)");
  out.set_ref("XA-1/2");
  (*out.mutable_record()->mutable_fields())["trace_request"].mutable_struct_value();
  out.add_carried_over("weapon 2 (5268841) as weapon 1");
  out.add_left_out("what XB answered, because XB has to consent first (ask XB)");
  out.set_can_send(true);
  return out;
}

TEST_F(App, AFollowUpSaysWhatItCarriesAndAsks) {
  serve();
  answer("POST /v1/traces/T-1/follow", made());
  answer("POST /v1/traces", ahead());
  answer("POST /v1/traces", sent());
  const Done script = focal({"trace", "follow", "T-1", "--to", "XC"});
  EXPECT_EQ(script.code, kExitUsage) << "nobody to ask";
  EXPECT_THAT(script.err, HasSubstr("--yes"));
  answers_["POST /v1/traces"].clear();
  answer("POST /v1/traces", ahead());
  answer("POST /v1/traces", sent());
  const Done done = focal({"trace", "follow", "T-1", "--to", "XC", "--item", "2"}, "yes\n");
  EXPECT_EQ(done.code, kExitOk) << done.err;
  EXPECT_THAT(done.err, HasSubstr("weapon 2 (5268841) as weapon 1"));
  EXPECT_THAT(done.err, HasSubstr("because XB has to consent first (ask XB)"));
  EXPECT_THAT(done.out, HasSubstr("T-7"));
  EXPECT_THAT(body_, HasSubstr("\"to\":[\"XC\"]"));
}

TEST_F(App, AFollowUpThatCannotGoIsKept) {
  serve();
  auto not_met = made();
  not_met.set_can_send(false);
  not_met.set_why_not("there is no peer XC");
  not_met.set_hint("Add its card with 'focal peer add FILE'.");
  answer("POST /v1/traces/T-1/follow", not_met);
  const Done refused = focal({"trace", "follow", "T-1"}, "yes\n");
  EXPECT_EQ(refused.code, kExitFailed);
  EXPECT_THAT(refused.err, HasSubstr("there is no peer XC"));
  EXPECT_THAT(refused.err, HasSubstr("--save FILE"));
  const std::string name = folder_ / "kept.json";
  const Done kept = focal({"trace", "follow", "T-1", "--save", name});
  EXPECT_EQ(kept.code, kExitOk) << kept.err;
  EXPECT_THAT(kept.out, HasSubstr("focal trace open --from " + name + " --to XC"));
  std::ifstream in(name);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(text, HasSubstr("trace_request"));
  EXPECT_EQ(focal({"trace", "follow", "T-1", "--save", name}).code, kExitFailed)
      << "no file is overwritten";
  EXPECT_EQ(asked_.size(), 3u) << "nothing was sent";
}

TEST_F(App, LinksAreListedAndDecided) {
  serve();
  v1::TraceShowResponse shown;
  *shown.mutable_trace() = a_case();
  shown.mutable_trace()->set_case_number("T-1");
  shown.set_links_dismissed(1);
  auto* link = shown.add_links();
  link->set_item_no(1);
  link->mutable_match()->set_case_number("T-9");
  link->mutable_match()->set_party("XC");
  link->mutable_match()->set_score(97);
  link->mutable_match()->set_tier_text("look-alike letters");
  auto* thread = shown.add_threads();
  *thread = a_case();
  thread->set_case_number("T-4");
  answer("GET /v1/traces/T-1", shown);
  const Done out = focal({"trace", "show", "T-1"});
  EXPECT_THAT(out.out, HasSubstr("97 look-alike letters"));
  EXPECT_THAT(out.out, HasSubstr("focal trace link T-1 OTHER-CASE --same|--different"));
  EXPECT_THAT(out.out, HasSubstr("1 case was found to be about another weapon; --all lists them"));
  EXPECT_THAT(out.out, HasSubstr("Threads of"));
  EXPECT_THAT(out.out, HasSubstr("T-4"));

  EXPECT_EQ(focal({"trace", "link", "T-1", "T-9", "--reason", "r"}).code, kExitUsage);
  EXPECT_EQ(focal({"trace", "link", "T-1", "T-9", "--same", "--different", "--reason", "r"}).code,
            kExitUsage);
  v1::TraceLinkResponse decided;
  decided.mutable_trace()->set_case_number("T-1");
  decided.mutable_other()->set_case_number("T-9");
  decided.set_verdict("SAME");
  decided.set_decision("jo (uid 7): photos");
  answer("POST /v1/traces/T-1/link", decided);
  const Done same = focal({"trace", "link", "T-1", "T-9", "--same", "--reason", "photos"});
  EXPECT_EQ(same.code, kExitOk) << same.err;
  EXPECT_THAT(same.out, HasSubstr("T-1 and T-9: the same weapon"));
  EXPECT_THAT(body_, HasSubstr("\"verdict\":\"SAME\""));
}

}  // namespace
}  // namespace focal::cli

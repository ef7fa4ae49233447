// Goal: the State that an answer points to is asked by one act; the follow-up carries our own
// request as it stands now, and of the other State's answer only what its label lets pass.
// Method: three whole nodes, the story of the example files; answers filled to the brim with words
// that must not turn up elsewhere; answers that point to everybody.
#include <algorithm>

#include "proto/record_options.pb.h"
#include "tests/scenario/three_states.h"
#include "tests/unit/record/filler.h"

namespace focal::test {
namespace {

using Follow = ThreeStates;

bool holds(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

// The thread of the example files up to XB's answer.
class Story : public ThreeStates {
 protected:
  void SetUp() override {
    ThreeStates::SetUp();
    open();
    does("XB", ack());
    does("XB", ask("item1.serial"));
    auto supplied = example("04_trace_info_supply_XA_XB.json", "XA", "XB");
    supplied.mutable_trace_info_supply()->clear_case_ref_requested();
    does("XA", whole<api::TraceSupplyRequest>(supplied));
  }
  void as_in_the_example() { answers(label_of_answer(), {exported(1), restricted(2)}); }
};

TEST_F(Story, TheNextStateIsAskedWithWhatMayBeTold) {
  as_in_the_example();
  EXPECT_TRUE(holds(commands("XA"), "focal trace follow T-1 --to XC\n")) << commands("XA");
  EXPECT_TRUE(holds(commands("XA"), "focal trace follow T-1 --to XE\n"));
  EXPECT_FALSE(holds(commands("XB"), "trace follow")) << "it is not XB's request";

  const auto made = follows(follow("XC"));
  EXPECT_TRUE(made.can_send()) << made.why_not() << " " << made.hint();
  EXPECT_EQ(made.will_reach(), "Fictional State C (XC)");
  EXPECT_EQ(made.ref(), "XA-NPC-2026-0117/2");
  const pb::Record record = record_of(made);
  const auto& asked = record.trace_request();
  EXPECT_EQ(asked.case_ref_requester(), made.ref());
  ASSERT_EQ(asked.items_size(), 1) << "only the weapon for which the answer points to XC";
  EXPECT_EQ(asked.items(0).item_no(), 1u);
  EXPECT_EQ(asked.items(0).serial_raw(), "5268841") << "as it was supplied later";
  EXPECT_EQ(asked.items(0).serial_confidence(), "RECOVERED_FORENSIC");
  EXPECT_EQ(asked.legal_justification(), request().trace_request().legal_justification());
  EXPECT_EQ(asked.circumstances().narrative(),
            request().trace_request().circumstances().narrative());
  ASSERT_EQ(asked.prior_searches().other_requests_size(), 1);
  const auto& other = asked.prior_searches().other_requests(0);
  EXPECT_TRUE(asked.prior_searches().others_asked());
  EXPECT_EQ(other.party(), "XB");
  EXPECT_EQ(other.date(), format_date(w.view("XA").case_by_id(1)->opened_ms));
  EXPECT_EQ(other.result(),
            "Item 1: legally exported, XC, 2009; State factory (XB) → armed forces (XC), 2009");
  const auto& bears = record.header().label();
  EXPECT_EQ(bears.tlp(), "AMBER+STRICT");
  EXPECT_EQ(bears.onward(), "ASK") << "ours; XB would name XC and XE";
  EXPECT_EQ(bears.use(), "INVESTIGATION") << "XB's";
  EXPECT_EQ(bears.retain_until(), "2031-03-20") << "XB's";
  ASSERT_EQ(bears.named_recipients_size(), 1);
  EXPECT_EQ(bears.named_recipients(0), "POLICE") << "whom both labels name";
  EXPECT_EQ(bears.provider(), "XA");
  EXPECT_TRUE(holds(text(made.carried_over()), "weapon 2 (5268841) as weapon 1"));
  EXPECT_TRUE(holds(text(made.left_out()), "1 weapon of the first request"));

  ASSERT_TRUE(sends(made).has_value());
  const auto threads = show_case("XA", "T-1");
  ASSERT_EQ(threads.threads_size(), 1);
  EXPECT_EQ(threads.threads(0).case_number(), "T-2");
  EXPECT_EQ(threads.threads(0).party_name(), "Fictional State C");
  EXPECT_EQ(threads.trace().case_base(), "XA-NPC-2026-0117");
  EXPECT_FALSE(holds(commands("XA"), "--to XC")) << "XC has been asked";
  EXPECT_EQ(show_case("XA", "T-2").threads(0).case_number(), "T-1");
  EXPECT_EQ(show_case("XC", "T-1").items(0).serial(), "5268841");
  EXPECT_TRUE(show_case("XC", "T-1").threads().empty()) << "XC knows of one request only";
  api::TraceListResponse list;
  ASSERT_TRUE(desk::list_cases(w.node("XA"), {}, w.now(), &list).has_value());
  ASSERT_EQ(list.traces_size(), 2);
  for (const auto& each : list.traces()) EXPECT_EQ(each.case_base(), "XA-NPC-2026-0117");
}

TEST_F(Story, WithoutConsentOnlyThatXbWasAsked) {
  answers(label("ASK"), {exported(1), restricted(2)});
  const auto made = follows(follow("XC"));
  EXPECT_TRUE(made.can_send()) << made.why_not();
  const auto record = record_of(made);
  EXPECT_EQ(record.trace_request().prior_searches().other_requests(0).result(), "asked");
  EXPECT_TRUE(
      holds(text(made.left_out()), "what XB answered, because XB has to consent first (ask XB)"))
      << text(made.left_out());
  EXPECT_EQ(record.header().label().SerializeAsString(),
            request().header().label().SerializeAsString())
      << "nothing of XB's is in it";
}

// ---- nothing of an answer that may not be passed on

constexpr char kCanary[] = "CANARY";

// Every text of the record that is no code, date, country or path.
void plant(pb::Record& record) {
  const auto visit = [](google::protobuf::Message& message,
                        const google::protobuf::FieldDescriptor* field, const std::string&) {
    const pb::FieldRule& rule = field->options().GetExtension(pb::rule);
    const bool text = field->type() == google::protobuf::FieldDescriptor::TYPE_STRING;
    if (!text || !rule.code_list().empty() || rule.format() != pb::FORMAT_TEXT) return;
    const auto* r = message.GetReflection();
    const std::string word =
        std::string(kCanary) + (rule.min_chars() > 0 ? " " + std::string(30, 'y') : "");
    if (!field->is_repeated()) return r->SetString(&message, field, word);
    for (int i = 0; i < r->FieldSize(message, field); ++i)
      r->SetRepeatedString(&message, field, i, word);
  };
  record::test::for_each_field(record, "", visit);
}

// An answer about both weapons with everything in it that an answer can hold.
pb::Record full_answer(const std::string& kind, const pb::Label& label) {
  pb::Record record = record::test::full_record(kind);
  plant(record);
  *record.mutable_header()->mutable_label() = label;
  record.mutable_header()->mutable_label()->set_personal_data(true);
  record.mutable_header()->clear_supersedes();
  record.clear_unknown_fields();
  auto* results = kind == "trace.interim" ? record.mutable_trace_interim()->mutable_results()
                                          : record.mutable_trace_response()->mutable_results();
  pb::ItemResult result = results->Get(0);
  result.set_result("EXPORTED");
  result.set_completeness("FULL");
  result.clear_ground();
  result.clear_reason_text();
  result.clear_withheld();
  result.set_country("XC");
  result.mutable_date()->set_value("1931");
  result.set_consignee_class("IMPORTER");
  result.clear_suggested_next();
  result.add_suggested_next("XC");
  for (auto& step : *result.mutable_supply_chain()) {
    step.set_from_country("XG");
    step.set_to_country("XG");
    step.mutable_date()->set_value("1931-05");
  }
  results->Clear();
  for (const std::uint32_t number : {1u, 2u}) {
    result.set_item_no(number);
    *results->Add() = result;
  }
  return record;
}

struct Leak {
  const char* kind;
  const char* onward;
};
class Leaks : public ThreeStates, public ::testing::WithParamInterface<Leak> {};

TEST_P(Leaks, NothingOfAnAnswerThatMayNotBePassedOn) {
  open();
  does("XB", ack());
  const std::string onward = GetParam().onward;
  pb::Label bears = label(
      onward, onward == "NAMED" ? std::vector<std::string>{"XE"} : std::vector<std::string>{});
  bears.set_provider_ref(kCanary);
  bears.clear_purposes();  // distinctive: it is not among ours
  bears.add_purposes("CRIMINAL_INVESTIGATION");
  bears.add_purposes("STATISTICS");
  pb::Record record = full_answer(GetParam().kind, bears);
  record.mutable_header()->set_to_desk("TRACE");
  if (record.has_trace_interim()) {
    record.mutable_trace_interim()->set_case_ref_requester("XA-NPC-2026-0117");
    record.mutable_trace_interim()->set_expected_by("2027-02-28");
    does("XB", whole<api::TraceInterimRequest>(record));
  } else {
    record.mutable_trace_response()->set_case_ref_requester("XA-NPC-2026-0117");
    does("XB", whole<api::TraceAnswerRequest>(record));
  }
  ASSERT_EQ(show("XA").items(0).result(), "EXPORTED") << "the answer is here";

  const auto made = follows(follow("XC"));
  ASSERT_TRUE(made.can_send()) << made.why_not() << made.hint();
  const std::string bytes = record_of(made).SerializeAsString();
  for (const char* word : {kCanary, "1931", "XG", "STATISTICS", "legally exported", "yyyy"})
    EXPECT_FALSE(holds(bytes, word)) << word;
  EXPECT_TRUE(holds(bytes, "asked"));
  // And what travels is those bytes: nothing is added on the way.
  ASSERT_TRUE(sends(made).has_value());
  const auto at_xc = desk::root_record(w.view("XC"), *w.view("XC").case_by_id(1));
  ASSERT_TRUE(at_xc && at_xc->record);
  for (const char* word : {kCanary, "1931", "XG"})
    EXPECT_FALSE(holds(to_string(at_xc->record->body()), word)) << word;
}

INSTANTIATE_TEST_SUITE_P(Follow, Leaks,
                         ::testing::Values(Leak{"trace.response", "NONE"},
                                           Leak{"trace.response", "ASK"},
                                           Leak{"trace.response", "NAMED"},
                                           Leak{"trace.interim", "NONE"},
                                           Leak{"trace.interim", "ASK"}));

TEST_F(Follow, AlsoAFreeAnswerGivesCodesAndDatesOnly) {
  open();
  does("XB", ack());
  pb::Record record = full_answer("trace.response", label("FREE"));
  record.mutable_header()->set_to_desk("TRACE");
  record.mutable_trace_response()->set_case_ref_requester("XA-NPC-2026-0117");
  for (auto& result : *record.mutable_trace_response()->mutable_results())
    result.mutable_supply_chain(0)->set_to_country("XC");
  does("XB", whole<api::TraceAnswerRequest>(record));
  const auto made = follows(follow("XC"));
  const std::string bytes = record_of(made).SerializeAsString();
  EXPECT_TRUE(holds(bytes, "1931")) << "the test above would see it";
  EXPECT_TRUE(holds(bytes, "XG"));
  EXPECT_FALSE(holds(bytes, kCanary)) << "no free text, reference or holder is copied";
  EXPECT_TRUE(holds(text(made.left_out()), "of XB's answer: holders, references"));
}

TEST_F(Follow, AThirdThreadDoesNotTellWhatTheSecondMight) {
  open();
  does("XB", ack());
  auto first = exported(1), second = exported(2);
  for (auto* each : {&first, &second}) {
    each->set_country("XC");
    each->clear_suggested_next();
    each->add_suggested_next("XC");
  }
  answers(label("NAMED", {"XC"}), {first, second});
  const auto to_xc = follows(follow("XC"));
  EXPECT_NE(record_of(to_xc).trace_request().prior_searches().other_requests(0).result(), "asked");
  ASSERT_TRUE(sends(to_xc).has_value());
  w.add("XD");
  w.verify_both("XA", "XD");
  auto on = follow("XD", "T-2");
  on.add_items(1);
  const auto to_xd = follows(on);
  EXPECT_EQ(to_xd.ref(), "XA-NPC-2026-0117/3");
  const auto others = record_of(to_xd).trace_request().prior_searches().other_requests();
  ASSERT_EQ(others.size(), 2);
  EXPECT_EQ(others[0].party() + others[1].party(), "XBXC");
  for (const auto& each : others) EXPECT_EQ(each.result(), "asked") << each.party();
  EXPECT_TRUE(holds(text(to_xd.left_out()), "XB allows it for XC only"));
}

TEST_F(Follow, NamesOfPersonsStayUnlessTheyAreMeantToGo) {
  pb::Record first = request();
  auto* person = first.mutable_trace_request()->mutable_circumstances()->mutable_persons(0);
  person->set_name("Jo Doe");
  person->add_aliases("Kestrel Jo");
  first.mutable_trace_request()->set_personal_data_included(true);
  first.mutable_header()->mutable_label()->set_personal_data(true);
  open(first);
  auto ask_xc = follow("XC");
  ask_xc.add_items(2);
  const auto made = follows(ask_xc);
  EXPECT_FALSE(holds(record_of(made).SerializeAsString(), "Jo"));
  EXPECT_TRUE(holds(record_of(made).SerializeAsString(), "SUBJECT-1")) << "role and pseudonym stay";
  EXPECT_TRUE(holds(text(made.left_out()), "personal data of persons (2 fields)"));
  ask_xc.set_with_persons(true);
  EXPECT_TRUE(holds(record_of(follows(ask_xc)).SerializeAsString(), "Jo Doe"));
}

// ---- attacks and errors

TEST_F(Follow, AnAnswerThatPointsEverywhereIsKeptInBounds) {
  open();
  does("XB", ack());
  auto first = exported(1), second = exported(2);
  first.clear_suggested_next();
  second.clear_suggested_next();
  for (const char* code : {"XA", "XB", "ZZ", "SUHH"}) first.add_suggested_next(code);
  for (const char* code : {"FR", "DE", "IT", "ES", "PT", "BE", "NL", "LU", "DK", "SE", "FI", "NO"})
    first.add_suggested_next(code);
  for (const char* code : {"XB", "XA", "YUCS", "PL", "CZ", "SK", "HU", "RO", "BG", "GR",
                           "CY", "MT", "EE",   "LV", "LT", "IE", "AT", "CH", "HR", "SI"})
    second.add_suggested_next(code);
  first.set_country("XB");
  second.set_country("XA");
  answers(label("FREE"), {first, second});
  std::string offered;
  const auto shown = show("XA");
  for (const auto& next : shown.next_acts())
    if (next.act() == "follow") offered += next.command() + "\n";
  EXPECT_EQ(std::count(offered.begin(), offered.end(), '\n'), 5) << offered;
  for (const char* nobody : {"--to XA", "--to XB", "--to ZZ", "--to SUHH", "--to YUCS"})
    EXPECT_FALSE(holds(offered, nobody)) << nobody;
  const Status open_choice = tries_to_follow(follow());
  ASSERT_FALSE(open_choice.has_value());
  EXPECT_EQ(open_choice.error().code, ErrorCode::kInvalid);
  EXPECT_TRUE(holds(open_choice.error().hint, "France (FR) for weapon 1"))
      << open_choice.error().hint;
  EXPECT_LT(open_choice.error().hint.size(), 2000u);
  for (const char* nobody : {"XA", "XB"}) {
    const Status refused = tries_to_follow(follow(nobody));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().path, "to") << nobody;
  }
  // Somebody we have not met: the request can be kept, not sent.
  const auto made = follows(follow("FR"));
  EXPECT_FALSE(made.can_send());
  EXPECT_NE(made.why_not(), "");
  EXPECT_EQ(record_of(made).trace_request().items_size(), 1);
  EXPECT_EQ(made.will_reach(), "France (FR)");
}

TEST_F(Follow, WhatCannotBeFollowedIsSaid) {
  open();
  const Status early = tries_to_follow(follow());
  ASSERT_FALSE(early.has_value());
  EXPECT_TRUE(holds(early.error().message, "has not answered yet"));
  EXPECT_EQ(tries_to_follow(follow("XC")).error().path, "items") << "no weapon points there";
  auto wrong = follow("XC");
  wrong.add_items(7);
  EXPECT_TRUE(holds(tries_to_follow(wrong).error().message, "no weapon 7"));
  EXPECT_EQ(tries_to_follow(follow("XC", "T-9")).error().code, ErrorCode::kNotFound);
  api::TraceFollowResponse out;
  EXPECT_EQ(desk::prepare_follow_up(w.node("XB"), follow("XC"), w.now(), &out).error().code,
            ErrorCode::kCase)
      << "at XB it is XA's request";
}

TEST_F(Follow, TwoOfficersAtOnceDoNotGetOneReference) {
  open();
  auto to_xc = follow("XC");
  to_xc.add_items(1);
  auto to_xd = follow("XD");
  to_xd.add_items(2);
  w.add("XD");
  w.verify_both("XA", "XD");
  const auto one = follows(to_xc), two = follows(to_xd);
  EXPECT_EQ(one.ref(), two.ref()) << "both looked at the same moment";
  // Both send before anything is committed.
  const auto first = desk::release_request(w.node("XA"), opening("XC", record_of(one)), w.now());
  const auto second = desk::release_request(w.node("XA"), opening("XD", record_of(two)), w.now());
  ASSERT_TRUE(first.has_value());
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kExists);
  EXPECT_EQ(second.error().hint, "The next free number of the case is /3.");
  EXPECT_EQ(follows(to_xd).ref(), "XA-NPC-2026-0117/3") << "not committed yet, but counted";
  w.run();
  const auto late = desk::release_request(w.node("XA"), opening("XD", record_of(two)), w.now());
  ASSERT_FALSE(late.has_value()) << "after the commit as well";
  EXPECT_EQ(late.error().code, ErrorCode::kExists);
  EXPECT_TRUE(holds(late.error().message, "by case T-2"));
  EXPECT_TRUE(sends(follows(to_xd)).has_value());
}

}  // namespace
}  // namespace focal::test

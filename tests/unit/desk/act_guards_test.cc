// Goal: what an officer sends fits the case it is sent in, and what the case already says need
// not be typed. Method: acts at XB and XA of one case, with one thing wrong each.
#include <set>

#include "node/desk/act_table.h"
#include "node/record/kinds.h"
#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

class Guards : public DeskWorld {
 protected:
  void SetUp() override {
    DeskWorld::SetUp();
    w.connect("XA", "XB");
    opened();
  }
  template <typename Request>
  Error refused(const std::string& party, Request request) {
    request.set_case_number("T-1");
    const auto made = release_act(w.node(party), request, w.now());
    EXPECT_FALSE(made.has_value());
    return made ? Error{} : made.error();
  }
  template <typename Request>
  store::RecordRef done(const std::string& party, Request request) {
    w.advance(kMinuteMs);
    request.set_case_number("T-1");
    const auto made = release_act(w.node(party), request, w.now());
    EXPECT_TRUE(made.has_value()) << made.error().message << " " << made.error().path;
    w.run();
    return made ? made->ref : store::RecordRef{};
  }
  template <typename Request>
  static Request whole(const focal::v1::Record& record) {
    Request out;
    EXPECT_TRUE(json::to_struct(record, *out.mutable_record()).has_value());
    return out;
  }
  focal::v1::Record stored(const store::RecordRef& ref) {
    return show_record(w.view("XB"), w.view("XB").find(ref)->idx)->record->message();
  }
  v1::TraceDelayRequest delay() {
    v1::TraceDelayRequest out;
    out.set_ground("CONFIDENTIALITY_LAW");
    out.set_reason("The archive has to be asked first.");
    out.set_expected_by("2027-03-31");
    return out;
  }
};

TEST_F(Guards, HeaderAndReferencesComeFromTheCase) {
  ASSERT_TRUE(ack("XB/1").has_value());
  w.run();
  focal::v1::Record results;
  *results.mutable_trace_response()->mutable_results() =
      example("05_trace_response_XB_XA.json").trace_response().results();
  const auto made = stored(done("XB", whole<v1::TraceAnswerRequest>(results)));
  EXPECT_EQ(made.trace_response().case_ref_requester(), "XA-NPC-2026-0117");
  EXPECT_EQ(made.trace_response().case_ref_requested(), "XB/1");
  EXPECT_EQ(made.header().subject(), "Answer to XA-NPC-2026-0117");
  EXPECT_EQ(made.header().label().provider(), "XB");
  EXPECT_EQ(made.header().label().tlp(), "AMBER+STRICT");
}

TEST_F(Guards, ACorrectionNamesTheLastAnswerIfItNamesNone) {
  const auto first =
      done("XB", whole<v1::TraceAnswerRequest>(example("05_trace_response_XB_XA.json")));
  focal::v1::Record record;
  record.mutable_trace_correction()->set_reason_text("The consignment book was misread.");
  *record.mutable_trace_correction()->add_results() =
      example("05_trace_response_XB_XA.json").trace_response().results(0);
  const auto second = done("XB", whole<v1::TraceCorrectRequest>(record));
  const auto third = done("XB", whole<v1::TraceCorrectRequest>(record));
  EXPECT_EQ(stored(second).header().supersedes().rid(), to_string(first.rid));
  EXPECT_EQ(stored(third).header().supersedes().rid(), to_string(second.rid));
  record.mutable_header()->CopyFrom(stored(third).header());
  record.mutable_header()->mutable_supersedes()->set_rid(std::string(32, 'x'));
  const Error none = refused("XB", whole<v1::TraceCorrectRequest>(record));
  EXPECT_EQ(none.code, ErrorCode::kCase) << "an answer that is not here";
}

TEST_F(Guards, AFileOfAnotherCaseIsNotSent) {
  const Error error =
      refused("XB", whole<v1::TraceRefuseRequest>(example("07_trace_refusal_XB_XA.json")));
  EXPECT_EQ(error.code, ErrorCode::kInvalid);
  EXPECT_EQ(error.path, "trace_refusal.case_ref_requester");
  EXPECT_NE(error.message.find("this is case T-1 about XA-NPC-2026-0117"), std::string::npos);
}

TEST_F(Guards, ADayThatHasPassedIsNoDelay) {
  auto late = delay();
  late.set_expected_by("2026-11-22");  // today is 2026-11-23
  EXPECT_EQ(refused("XB", late).path, "trace_delay.expected_by");
  late.set_expected_by("2026-11-23");
  done("XB", late);
}

TEST_F(Guards, GroundAndReasonAreNeededAndWrongCodesAreExplained) {
  for (const char* field : {"ground", "reason", "expected_by"}) {
    auto less = delay();
    const auto* f = v1::TraceDelayRequest::descriptor()->FindFieldByName(field);
    less.GetReflection()->ClearField(&less, f);
    const Error error = refused("XB", less);
    EXPECT_EQ(error.code, ErrorCode::kRecord) << field;
    EXPECT_EQ(error.path.rfind("trace_delay.", 0), 0u) << error.path;
  }
  auto wrong = delay();
  wrong.set_ground("NO_TIME");
  const Error error = refused("XB", wrong);
  EXPECT_EQ(error.path, "trace_delay.ground");
  EXPECT_NE(error.hint.find("NATIONAL_SECURITY (national security)"), std::string::npos)
      << error.hint;
}

TEST_F(Guards, FieldsAndAWholeRecordExcludeEachOther) {
  auto both = delay();
  (*both.mutable_record()->mutable_fields())["header"].set_bool_value(true);
  EXPECT_EQ(refused("XB", both).code, ErrorCode::kUsage);
  const Error none = refused("XB", v1::TraceInterimRequest());
  EXPECT_EQ(none.code, ErrorCode::kUsage);
  EXPECT_EQ(none.path, "record");
  EXPECT_EQ(refused("XB", whole<v1::TraceDelayRequest>(example("02_trace_ack_XB_XA.json"))).code,
            ErrorCode::kUsage)
      << "a record of another kind";
}

TEST_F(Guards, QuestionsAreAboutWeaponsOfTheRequest) {
  ASSERT_TRUE(ack().has_value());
  w.run();
  v1::TraceAskRequest ask;
  ask.add_missing()->set_path("item1.serial");
  ask.mutable_missing(0)->set_text("0 or O?");
  ask.add_missing()->set_path("item3.serial");
  ask.mutable_missing(1)->set_text("Any?");
  EXPECT_EQ(refused("XB", ask).path, "missing[1].path");
  auto record = example("03_trace_info_request_XB_XA.json");
  record.mutable_trace_info_request()->mutable_missing(1)->set_path("trace_request.items[2].make");
  EXPECT_EQ(refused("XB", whole<v1::TraceAskRequest>(record)).path,
            "trace_info_request.missing[1].path");
  ask.mutable_missing(1)->set_path("item2.serial");
  done("XB", ask);

  v1::TraceSupplyRequest supply;
  supply.add_answers()->set_value("DA017342");
  EXPECT_EQ(refused("XA", supply).path, "answers[0].path") << "two were asked for: which?";
  auto amended = example("04_trace_info_supply_XA_XB.json");
  amended.mutable_trace_info_supply()->mutable_amended(0)->set_version(3);
  EXPECT_EQ(refused("XA", whole<v1::TraceSupplyRequest>(amended)).path,
            "trace_info_supply.amended[0].version");
  amended.mutable_trace_info_supply()->mutable_amended(0)->set_version(2);
  amended.mutable_trace_info_supply()->mutable_amended(0)->mutable_item()->set_item_no(9);
  EXPECT_EQ(refused("XA", whole<v1::TraceSupplyRequest>(amended)).path,
            "trace_info_supply.amended[0].item.item_no");
  EXPECT_EQ(refused("XA", v1::TraceSupplyRequest()).path, "trace_info_supply.answers");
}

TEST_F(Guards, AnOutcomeIsOneOfThree) {
  done("XB", whole<v1::TraceAnswerRequest>(example("05_trace_response_XB_XA.json")));
  v1::TraceCloseRequest close;
  EXPECT_EQ(refused("XA", close).path, "outcome");
  close.set_outcome("PERHAPS");
  EXPECT_EQ(refused("XA", close).code, ErrorCode::kInvalid);
  close.set_outcome("NOT_KNOWN");
  const auto made = stored(done("XA", close));
  EXPECT_FALSE(made.trace_close().has_useful());
  EXPECT_EQ(made.unknown_fields(0), "trace_close.useful");
}

// Each act of the table has its request message and its kind, and no two share one.
TEST_F(Guards, EveryKindOfTheLifeHasOneAct) {
  std::set<std::string_view> kinds, words;
  for (const Act& act : act_table()) {
    EXPECT_TRUE(kinds.insert(act.kind).second);
    EXPECT_TRUE(words.insert(act.word).second);
    EXPECT_NE(record::find_kind(act.kind), nullptr) << act.kind;
  }
  std::size_t of_the_life = 0;
  for (const record::KindInfo& kind : record::kinds())
    of_the_life += kind.life == "tracing" && kind.name != "trace.request" ? 1 : 0;
  EXPECT_EQ(kinds.size(), of_the_life);
}

}  // namespace
}  // namespace focal::desk

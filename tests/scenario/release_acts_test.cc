// Goal: in a case one person does not do by a later act what two must do at the beginning; and an
// act that waited is as right on the day it is released as it was when it was asked for.
// Method: two States with a case under way, acts with a policy of release; time is injected.
#include "node/desk/release.h"
#include "tests/scenario/officers.h"
#include "tests/support/party_fixture.h"

namespace focal::test {
namespace {

using desk::By;

constexpr char kPersons[] = "circumstances.persons";
constexpr char kName[] = "trace_request.circumstances.persons[0].name";

class ReleasedActs : public Officers {
 protected:
  // jo of that party, where `rules` ask for a second officer.
  By jo(const char* operation, std::vector<std::string> rules = {"personal_data"}) {
    policy_.require = std::move(rules);
    By by;
    by.actor = {"jo", 1000, "OFFICER"};
    by.operation = operation;
    by.policy = &policy_;
    return by;
  }
  template <typename Request>
  Result<desk::Released> asks(const std::string& party, Request request, By& by) {
    request.set_case_number("T-1");
    return desk::release_act(w.node(party), request, w.now(), by);
  }
  // The other State has asked for the persons; the request named none.
  void asked_for_persons() {
    pb::Record first = request();
    ASSERT_FALSE(first.header().label().personal_data());
    open(first);
    does("XB", ack());
    does("XB", ask(kPersons));
  }
  static api::TraceSupplyRequest a_name(const std::string& path = kName) {
    auto out = supply(path);
    out.mutable_answers(0)->set_value("Ilse Varga");
    return out;
  }
  static pb::Record whole_supply(bool label) {
    auto out = example("04_trace_info_supply_XA_XB.json", "XA", "XB");
    auto* supply = out.mutable_trace_info_supply();
    supply->clear_case_ref_requested();
    supply->clear_amended();
    out.clear_unknown_fields();
    supply->clear_answers();
    supply->add_answers()->set_path(kName);
    supply->mutable_answers(0)->set_value("Ilse Varga");
    out.mutable_header()->mutable_label()->set_personal_data(label);
    return out;
  }
  std::size_t sent(const std::string& party) { return w.leaves(party, store::LeafType::kSent); }
  // The second officer of what by has withheld.
  desk::Second second_of(const By& by) {
    desk::Second out;
    out.id = by.held;
    out.approver = {"mia", 1001, "SUPERVISOR"};
    out.key = &officer_;
    out.effects = by.withheld;
    out.check = [](const Now&) { return Status{}; };
    return out;
  }

  crypto::SigningKey officer_ = signing_key(210);
  config::ReleasePolicy policy_;
};

TEST_F(ReleasedActs, ANameThatIsSuppliedLaterWaitsLikeOneInTheRequest) {
  asked_for_persons();
  const std::size_t before = sent("XA");
  By by = jo("trace_supply");
  const auto unmarked = asks("XA", whole<api::TraceSupplyRequest>(whole_supply(false)), by);
  ASSERT_FALSE(unmarked.has_value());
  EXPECT_EQ(unmarked.error().code, ErrorCode::kRecord);
  EXPECT_EQ(unmarked.error().path, "header.label.personal_data");
  const auto marked = asks("XA", whole<api::TraceSupplyRequest>(whole_supply(true)), by);
  ASSERT_FALSE(marked.has_value());
  EXPECT_EQ(marked.error().code, ErrorCode::kAwaitsRelease) << marked.error().message;
  EXPECT_EQ(by.rule, "personal_data");
  EXPECT_EQ(sent("XA"), before);
}

TEST_F(ReleasedActs, WhereTheProgramMakesTheLabelItSaysSo) {
  asked_for_persons();
  for (const std::string& path : {std::string(), std::string(kPersons), std::string(kName)}) {
    By by = jo("trace_supply");
    const auto held = asks("XA", a_name(path), by);
    ASSERT_FALSE(held.has_value()) << path;
    EXPECT_EQ(held.error().code, ErrorCode::kAwaitsRelease) << path << held.error().message;
    ASSERT_EQ(by.withheld_bodies.size(), 1u);
    pb::Record record;
    ASSERT_TRUE(record.ParseFromString(to_string(by.withheld_bodies[0])));
    EXPECT_TRUE(record.header().label().personal_data()) << path;
  }
}

TEST_F(ReleasedActs, OtherInformationAndTheAnswersOfTheOtherSideWaitForNobody) {
  open();
  does("XB", ack());
  does("XB", ask());
  By by = jo("trace_supply");
  EXPECT_TRUE(asks("XA", supply(), by).has_value());
  w.run();
  w.advance(kMinuteMs);
  by = jo("trace_answer");
  auto record = example("05_trace_response_XB_XA.json", "XB", "XA");
  record.mutable_trace_response()->clear_case_ref_requester();
  record.mutable_trace_response()->set_case_ref_requested("XB/1");
  record.mutable_header()->mutable_label()->set_personal_data(true);
  const auto answered = asks("XB", whole<api::TraceAnswerRequest>(record), by);
  EXPECT_TRUE(answered.has_value()) << answered.error().message << " " << answered.error().path;
}

TEST_F(ReleasedActs, ADayThatHasPassedMeanwhileIsNotReleased) {
  open();
  w.run();
  auto soon = delay();
  const std::string day = format_utc(w.now().wall_ms + kDayMs).substr(0, 10);
  soon.set_expected_by(day);
  By by = jo("trace_delay", {"trace.delay"});
  const auto held = asks("XB", soon, by);
  ASSERT_FALSE(held.has_value());
  ASSERT_EQ(held.error().code, ErrorCode::kAwaitsRelease) << held.error().message;
  soon.set_case_number("T-1");
  ASSERT_TRUE(desk::conclude(w.node("XB"), by, soon, Status(held.error()), {}, w.now())
                  .has_value());
  w.run();
  const auto row = desk::find_release(w.node("XB"), desk::release_id(by.held));
  ASSERT_TRUE(row.has_value());
  api::TraceDelayRequest stored;
  ASSERT_TRUE(stored.ParseFromString(row->stored.request()));
  ASSERT_TRUE(stored.has_record()) << "it waits as a whole record";
  By released = jo("trace_delay", {"trace.delay"});
  released.second = second_of(by);

  w.advance(3 * kDayMs);
  const std::size_t before = sent("XB");
  const auto late = desk::release_act(w.node("XB"), stored, w.now(), released);
  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().code, ErrorCode::kInvalid);
  EXPECT_EQ(late.error().path, "trace_delay.expected_by");
  w.run();
  EXPECT_EQ(sent("XB"), before);
  EXPECT_TRUE(desk::still_waits(w.node("XB"), *row, w.now()).has_value()) << "to be rejected";
}

TEST_F(ReleasedActs, AWholeRecordWithSuchADayIsNotStoredToWait) {
  open();
  auto record = pb::Record();
  *record.mutable_trace_delay() =
      example("09_trace_delay_XC_XA.json", "XC", "XA").trace_delay();
  record.mutable_trace_delay()->clear_case_ref_requester();
  record.mutable_trace_delay()->clear_item_nos();
  record.mutable_trace_delay()->set_expected_by("2020-01-01");
  By by = jo("trace_delay", {"trace.delay"});
  const auto said = asks("XB", whole<api::TraceDelayRequest>(record), by);
  ASSERT_FALSE(said.has_value());
  EXPECT_EQ(said.error().path, "trace_delay.expected_by") << said.error().message;
  EXPECT_EQ(said.error().code, ErrorCode::kInvalid);
}

}  // namespace
}  // namespace focal::test

// Test help: two officers, at XA (asks) and XB, who do the acts of a case from their desks. A case
// is T-1 at either end unless a test says otherwise.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/support/world.h"

namespace focal::test {

namespace api = focal::api::v1;
namespace pb = focal::v1;

class Officers : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* party : {"XA", "XB"}) w.add(party);
    w.verify_both("XA", "XB");
    link_ = w.connect("XA", "XB");
  }

  static pb::Record example(const std::string& file, const char* from, const char* to) {
    pb::Record out;
    out.ParseFromString(to_string(example_body(file, from, to)));
    return out;
  }
  // Of two weapons, by XA.
  static pb::Record request() { return example("01_trace_request_XA_XB.json", "XA", "XB"); }
  static pb::ItemResult exported(std::uint32_t item_no) {
    auto out = example("05_trace_response_XB_XA.json", "XB", "XA").trace_response().results(0);
    out.set_item_no(item_no);
    return out;
  }
  static pb::ItemResult restricted(std::uint32_t item_no) {
    auto out = example("05_trace_response_XB_XA.json", "XB", "XA").trace_response().results(1);
    out.set_item_no(item_no);
    return out;
  }

  void open(const pb::Record& record = request(), const std::string& to = "XB") {
    api::TraceOpenRequest ask;
    ask.add_to(to);
    ASSERT_TRUE(json::to_struct(record, *ask.mutable_record()).has_value());
    const auto made = desk::release_request(w.node("XA"), ask, w.now());
    ASSERT_TRUE(made.has_value()) << made.error().message << " " << made.error().path;
    w.run();
  }

  template <typename Request>
  Result<desk::Released> tries(const std::string& party, Request request,
                               const std::string& number = "T-1") {
    request.set_case_number(number);
    return desk::release_act(w.node(party), request, w.now());
  }
  // Done a minute later, and known at the other end if there is a link.
  template <typename Request>
  void does(const std::string& party, const Request& request, const std::string& number = "T-1") {
    w.advance(kMinuteMs);
    const auto done = tries(party, request, number);
    ASSERT_TRUE(done.has_value()) << done.error().message << " " << done.error().path << " "
                                  << done.error().hint;
    w.run();
  }
  // A whole record, of which the case gives header and references.
  template <typename Request>
  static Request whole(const pb::Record& record) {
    Request out;
    EXPECT_TRUE(json::to_struct(record, *out.mutable_record()).has_value());
    return out;
  }

  static api::TraceAckRequest ack() {
    api::TraceAckRequest out;
    out.set_ref("XB/1");
    out.set_expected_by("2027-01-15");
    return out;
  }
  static api::TraceAskRequest ask(const std::string& path = "item2.serial") {
    api::TraceAskRequest out;
    out.add_missing()->set_path(path);
    out.mutable_missing(0)->set_text("Please read it again.");
    return out;
  }
  static api::TraceSupplyRequest supply(const std::string& path = "") {
    api::TraceSupplyRequest out;
    out.add_answers()->set_path(path);
    out.mutable_answers(0)->set_value("5268841");
    return out;
  }
  static api::TraceDelayRequest delay() {
    api::TraceDelayRequest out;
    out.set_ground("ONGOING_INVESTIGATION");
    out.set_reason("A court has to release the file first.");
    out.set_expected_by("2027-03-31");
    return out;
  }
  static api::TraceInterimRequest interim() {
    pb::Record record;
    record.mutable_trace_interim()->set_expected_by("2027-02-28");
    *record.mutable_trace_interim()->add_results() = exported(1);
    return whole<api::TraceInterimRequest>(record);
  }
  static api::TraceAnswerRequest answer(const pb::ItemResult& first, const pb::ItemResult& second) {
    pb::Record record;
    record.mutable_trace_response()->set_case_ref_requested("XB/1");
    *record.mutable_trace_response()->add_results() = first;
    *record.mutable_trace_response()->add_results() = second;
    return whole<api::TraceAnswerRequest>(record);
  }
  static api::TraceAnswerRequest answer() { return answer(exported(1), exported(2)); }
  static api::TraceAnswerRequest restriction() { return answer(exported(1), restricted(2)); }
  static api::TraceRefuseRequest refusal() {
    api::TraceRefuseRequest out;
    out.set_ground("NATIONAL_SECURITY");
    out.set_reason("The file is classified by law.");
    return out;
  }
  static api::TraceClarifyRequest clarify() {
    api::TraceClarifyRequest out;
    out.set_text("Would an answer without names be possible?");
    return out;
  }
  static api::TraceReplyRequest reply() {
    api::TraceReplyRequest out;
    out.set_text("No: the whole file is closed.");
    return out;
  }
  static api::TraceCorrectRequest correction() {
    pb::Record record;
    record.mutable_trace_correction()->set_reason_text("The consignment book was misread.");
    *record.mutable_trace_correction()->add_results() = exported(2);
    record.mutable_trace_correction()->mutable_results(0)->set_country("XD");
    return whole<api::TraceCorrectRequest>(record);
  }
  static api::TraceWithdrawRequest withdrawal() {
    api::TraceWithdrawRequest out;
    out.set_reason("SOLVED");
    return out;
  }
  static api::TraceCloseRequest close() {
    api::TraceCloseRequest out;
    out.set_outcome("USEFUL");
    out.add_next_asked("XC");
    return out;
  }
  static api::TraceReopenRequest reopen() {
    api::TraceReopenRequest out;
    out.set_text("A second weapon of the consignment was found.");
    return out;
  }

  api::TraceShowResponse show(const std::string& party, const std::string& number = "T-1") {
    api::TraceShowRequest request;
    request.set_case_number(number);
    api::TraceShowResponse out;
    EXPECT_TRUE(desk::show_case(w.node(party), request, w.now(), &out).has_value());
    return out;
  }
  node::OpenedCase opened(const std::string& party, const std::string& number = "T-1") {
    return node::open_case(w.view(party), desk::find_case(w.node(party), number).value());
  }
  casework::Case fold(const std::string& party, const std::string& number = "T-1") {
    return opened(party, number).fold;
  }
  // Both ends hold the same case, in that state (of the requester), waiting for that party.
  void expect_both(const std::string& state, const std::string& turn) {
    EXPECT_EQ(fold("XA"), fold("XB"));
    EXPECT_EQ(fold("XA").requester_state, state);
    for (const char* party : {"XA", "XB"}) {
      const std::string ours = turn.empty() ? "" : turn == party ? "OURS" : "THEIRS";
      EXPECT_EQ(show(party).trace().turn(), ours) << party << " in " << state;
    }
  }
  // What the timeline of that end says of its last record.
  std::string last_line(const std::string& party, const std::string& number = "T-1") {
    const auto shown = show(party, number);
    return shown.timeline(shown.timeline_size() - 1).summary();
  }
  std::string commands(const std::string& party) {  // one a line
    std::string out;
    const auto shown = show(party);
    for (const auto& next : shown.next_acts()) out += next.command() + "\n";
    return out;
  }

  World w;
  exchange::LinkId link_ = 0;
};

}  // namespace focal::test

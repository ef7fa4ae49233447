// Test help: XA asks XB, which points on to XC; officers at all three act from their desks.
#pragma once

#include <string>
#include <vector>

#include "node/desk/follow_up.h"
#include "node/desk/links.h"
#include "tests/scenario/officers.h"

namespace focal::test {

class ThreeStates : public Officers {
 protected:
  void SetUp() override {
    Officers::SetUp();
    w.add("XC");
    for (const char* party : {"XA", "XB"}) {
      w.verify_both(party, "XC");
      w.connect(party, "XC");
    }
    w.run();
  }

  static api::TraceOpenRequest opening(const std::string& to, const pb::Record& record) {
    api::TraceOpenRequest out;
    out.add_to(to);
    EXPECT_TRUE(json::to_struct(record, *out.mutable_record()).has_value());
    return out;
  }
  Result<desk::Released> send(const std::string& from, const api::TraceOpenRequest& request) {
    auto done = desk::release_request(w.node(from), request, w.now());
    w.run();
    return done;
  }
  api::TraceOpenResponse preview(const std::string& from, const api::TraceOpenRequest& request) {
    api::TraceOpenResponse out;
    const Status done = desk::preview_request(w.node(from), request, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  api::TraceShowResponse show_case(const std::string& party, const std::string& number,
                                   bool all = false) {
    api::TraceShowRequest request;
    request.set_case_number(number);
    request.set_all(all);
    api::TraceShowResponse out;
    EXPECT_TRUE(desk::show_case(w.node(party), request, w.now(), &out).has_value()) << number;
    return out;
  }

  // XB answers T-1 with this label, in the form of the example or another one.
  void answers(const pb::Label& label, const std::vector<pb::ItemResult>& results) {
    pb::Record record = example("05_trace_response_XB_XA.json", "XB", "XA");
    *record.mutable_header()->mutable_label() = label;
    record.mutable_trace_response()->clear_results();
    for (const auto& each : results) *record.mutable_trace_response()->add_results() = each;
    does("XB", whole<api::TraceAnswerRequest>(record));
  }
  static pb::Label label_of_answer() {
    return example("05_trace_response_XB_XA.json", "XB", "XA").header().label();
  }
  static pb::Label label(const std::string& onward, const std::vector<std::string>& named = {}) {
    pb::Label out = label_of_answer();
    out.set_onward(onward);
    out.clear_onward_named();
    for (const auto& each : named) out.add_onward_named(each);
    if (onward == "FREE") {
      out.set_tlp("GREEN");
      out.clear_h_codes();
      out.add_h_codes("H1");
    }
    return out;
  }

  static api::TraceFollowRequest follow(const std::string& to = "",
                                        const std::string& number = "T-1") {
    api::TraceFollowRequest out;
    out.set_case_number(number);
    out.set_to(to);
    return out;
  }
  Status tries_to_follow(const api::TraceFollowRequest& request,
                         api::TraceFollowResponse* out = nullptr) {
    api::TraceFollowResponse ignored;
    return desk::prepare_follow_up(w.node("XA"), request, w.now(), out == nullptr ? &ignored : out);
  }
  api::TraceFollowResponse follows(const api::TraceFollowRequest& request) {
    api::TraceFollowResponse out;
    const Status done = tries_to_follow(request, &out);
    EXPECT_TRUE(done.has_value()) << done.error().message << " " << done.error().hint;
    return out;
  }
  static pb::Record record_of(const api::TraceFollowResponse& made) {
    pb::Record out;
    EXPECT_TRUE(json::from_struct(made.record(), out).has_value());
    return out;
  }
  Result<desk::Released> sends(const api::TraceFollowResponse& made) {
    return send("XA", opening(made.to(), record_of(made)));
  }
  static std::string text(const google::protobuf::RepeatedPtrField<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
  }
};

}  // namespace focal::test

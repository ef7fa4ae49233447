// Two whole nodes, verified to each other, and what their desks do on the loop thread.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/support/paths.h"
#include "tests/support/world.h"

namespace focal::desk {

class DeskWorld : public ::testing::Test {
 protected:
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
  }

  static std::string example_text(const std::string& file) {
    std::ifstream in(test::in_tree("tests/vectors/examples/" + file));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
  }
  static focal::v1::Record example(const std::string& file) {
    focal::v1::Record out;
    EXPECT_TRUE(json::read(example_text(file), out).has_value()) << file;
    return out;
  }
  static Bytes body_of(const focal::v1::Record& record) {
    return to_bytes(record.SerializeAsString());
  }

  Result<Released> open(const std::string& json) {
    v1::TraceOpenRequest request;
    request.add_to("XB");
    request.set_again(true);  // tests open many cases with one file
    EXPECT_TRUE(json::read(json, *request.mutable_record()).has_value());
    return release_request(w.node("XA"), request, w.now());
  }
  // Example 01 of two weapons: at XA and, when they are linked, at XB.
  store::RecordRef opened() {
    const auto made = open(example_text("01_trace_request_XA_XB.json"));
    EXPECT_TRUE(made.has_value()) << made.error().message;
    w.run();
    return made->ref;
  }
  Result<Released> ack(const std::string& ref = "XB/1") {
    v1::TraceAckRequest request;
    request.set_case_number("T-1");
    request.set_ref(ref);
    request.set_expected_by("2027-03-24");
    return release_act(w.node("XB"), request, w.now());
  }
  Result<Released> answer(const focal::v1::Record& record) {
    v1::TraceAnswerRequest request;
    request.set_case_number("T-1");
    EXPECT_TRUE(json::to_struct(record, *request.mutable_record()).has_value());
    return release_act(w.node("XB"), request, w.now());
  }
  v1::TraceShowResponse show(const std::string& party) {
    v1::TraceShowRequest request;
    request.set_case_number("T-1");
    v1::TraceShowResponse out;
    const Status done = show_case(w.node(party), request, w.now(), &out);
    EXPECT_TRUE(done.has_value()) << done.error().message;
    return out;
  }
  v1::InboxResponse inbox(const std::string& party) {
    v1::InboxResponse out;
    EXPECT_TRUE(list_inbox(w.node(party), {}, w.now(), &out).has_value());
    return out;
  }

  test::World w;
};

}  // namespace focal::desk

// Goal: both ends see the same targets through a whole case: proposed from the calendar of the
// party that has to act, stopped while it waits for information, running again afterwards.
// Method: a request opened at XA's desk without times; time is the test's.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "node/desk/acts.h"
#include "node/desk/case_views.h"
#include "proto/json.h"
#include "proto/record.pb.h"
#include "tests/support/paths.h"
#include "tests/support/world.h"

namespace focal::test {
namespace {

struct Targets : ::testing::Test {
  World w;
  void SetUp() override {
    w.add("XA");
    w.add("XB");
    w.verify_both("XA", "XB");
  }
  desk::Released opened_without_times() {
    std::ifstream in(in_tree("tests/vectors/examples/01_trace_request_XA_XB.json"));
    std::stringstream text;
    text << in.rdbuf();
    v1::Record record;
    EXPECT_TRUE(json::read(text.str(), record).has_value());
    record.mutable_header()->clear_ack_by_ms();
    record.mutable_header()->clear_answer_by_ms();
    desk::v1::TraceOpenRequest request;
    request.add_to("XB");
    EXPECT_TRUE(json::to_struct(record, *request.mutable_record()).has_value());
    const auto made = desk::release_request(w.node("XA"), request, w.now());
    EXPECT_TRUE(made.has_value()) << made.error().message;
    w.run();
    return *made;
  }
  store::RecordRef send(const char* from, const char* to, const char* kind, const char* file,
                        const store::RecordRef& root, const store::RecordRef& parent) {
    const auto ref = w.send(from, to, kind, example_body(file, from, to), root, parent);
    w.run();
    return ref;
  }
  desk::v1::TraceCase seen(const char* party) {
    desk::v1::TraceShowRequest request;
    request.set_case_number("T-1");
    desk::v1::TraceShowResponse out;
    EXPECT_TRUE(desk::show_case(w.node(party), request, w.now(), &out).has_value());
    return out.trace();
  }
  // The same at both ends: what runs, until when, with which reminder.
  std::string standing() {
    std::string out;
    for (const char* party : {"XA", "XB"}) {
      const auto c = seen(party);
      EXPECT_FALSE(c.ack_own() || c.answer_own());
      std::string text = c.due_act() + " " + c.due_at() + " " + c.reminder();
      if (!c.paused_since_at().empty()) text = "paused, then " + c.answer_due_at();
      EXPECT_TRUE(out.empty() || out == text) << out << "\n" << text;
      out = text;
    }
    return out;
  }
};

TEST_F(Targets, TheClockStopsWhileInformationIsAwaited) {
  // XA knows that XB works from Sunday to Thursday, and one of its holidays.
  std::ofstream(w.folder("XA") / node::kConfigFile, std::ios::app)
      << "\n[calendar.XB]\nweek = \"sun-thu\"\nholidays = [\"2026-11-24\"]\n";
  w.crash("XA");
  w.connect("XA", "XB");
  const auto opened = opened_without_times();  // Monday 2026-11-23, 10:00
  EXPECT_EQ(opened.due.acknowledge, "2 working days of XB (sun-thu, 1 holiday known, UTC)");
  EXPECT_EQ(standing(), "ACKNOWLEDGE 2026-11-27T00:00:00Z ");
  w.advance(2 * kDayMs);
  EXPECT_EQ(standing(), "ACKNOWLEDGE 2026-11-27T00:00:00Z REMINDER");
  const auto ack = send("XB", "XA", "trace.ack", "02_trace_ack_XB_XA.json", opened.ref, opened.ref);
  EXPECT_EQ(standing(), "ANSWER 2026-12-24T00:00:00Z ");

  const auto asked =
      send("XB", "XA", "trace.info_request", "03_trace_info_request_XB_XA.json", opened.ref, ack);
  EXPECT_EQ(standing(), "paused, then 2026-12-24T00:00:00Z");
  w.advance(50 * kDayMs);
  EXPECT_EQ(standing(), "paused, then 2027-02-12T00:00:00Z") << "not overdue, however long";
  for (const char* party : {"XA", "XB"}) {
    EXPECT_FALSE(seen(party).overdue());
    EXPECT_EQ(seen(party).due_at(), "");
  }
  send("XA", "XB", "trace.info_supply", "04_trace_info_supply_XA_XB.json", opened.ref, asked);
  EXPECT_EQ(standing(), "ANSWER 2027-02-12T00:00:00Z ");
  w.advance(14 * kDayMs);  // 2 and 14 of nearly 31 days
  EXPECT_EQ(standing(), "ANSWER 2027-02-12T00:00:00Z REMINDER");
  w.advance(15 * kDayMs);
  EXPECT_EQ(standing(), "ANSWER 2027-02-12T00:00:00Z OVERDUE");
  w.advance(15 * kDayMs);
  EXPECT_EQ(standing(), "ANSWER 2027-02-12T00:00:00Z ESCALATE");
  EXPECT_TRUE(seen("XB").overdue());
}

}  // namespace
}  // namespace focal::test

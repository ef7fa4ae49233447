// Goal: what casework takes from a record is its codes, ids and times; the
// project's example story folds to the states it tells.
// Method: the example records, in order.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/clock.h"
#include "node/casework/fold.h"
#include "node/record/record.h"
#include "tests/support/paths.h"
#include "tests/unit/casework/story.h"

namespace focal::casework::test {
namespace {

Event read(const std::string& name, std::uint8_t n, std::uint8_t parent) {
  std::ifstream file(focal::test::in_tree("tests/vectors/examples/" + name + ".json"));
  std::stringstream text;
  text << file.rdbuf();
  const std::string from = name.substr(name.size() - 5, 2);
  const std::string to = name.substr(name.size() - 2);
  const record::Checked record = record::from_json(text.str(), from, {to});
  EXPECT_TRUE(record.has_value()) << name;
  std::optional<Hash32> reply_to;
  if (parent != 0) reply_to = id(parent);
  return event_of(*record, id(n), reply_to, 1000u * n);
}

TEST(Events, TheExampleStory) {
  std::vector<Event> events;
  const auto state = [&] { return fold(events, id(1)).requester_state; };
  events.push_back(read("01_trace_request_XA_XB", 1, 0));
  EXPECT_EQ(events[0].from, "XA");
  EXPECT_EQ(events[0].to, "XB");
  EXPECT_EQ(events[0].items, (std::vector<ItemOutcome>{{1, "", ""}, {2, "", ""}}));
  EXPECT_EQ(format_utc(events[0].ack_due_ms), "2026-03-04T17:00:00Z");
  EXPECT_EQ(format_utc(events[0].due_ms), "2026-04-01T17:00:00Z");
  EXPECT_EQ(state(), "SENT");
  events.push_back(read("02_trace_ack_XB_XA", 2, 1));
  EXPECT_EQ(format_utc(events[1].due_ms), "2026-03-25T00:00:00Z") << "the whole day counts";
  EXPECT_EQ(state(), "ACKNOWLEDGED");
  events.push_back(read("03_trace_info_request_XB_XA", 3, 2));
  EXPECT_EQ(state(), "INFO_REQUESTED");
  events.push_back(read("04_trace_info_supply_XA_XB", 4, 3));
  EXPECT_EQ(state(), "ACKNOWLEDGED");
  events.push_back(read("05_trace_response_XB_XA", 5, 4));
  EXPECT_EQ(events[4].outcome, "RESTRICTED");
  EXPECT_EQ(state(), "RESTRICTED");
  EXPECT_EQ(fold(events, id(1)).items,
            (std::vector<ItemOutcome>{{1, "EXPORTED", "FULL"}, {2, "EXPORTED", "RESTRICTED"}}));
}

TEST(Events, RefusedAndDelayedExamples) {
  std::vector<Event> refused = {read("06_trace_request_XA_XB", 1, 0),
                                read("07_trace_refusal_XB_XA", 2, 1)};
  EXPECT_EQ(refused[1].outcome, "NO_CONFIDENTIALITY_GUARANTEE");
  EXPECT_EQ(fold(refused, id(1)).responder_state, "REFUSED");
  std::vector<Event> delayed = {read("08_trace_request_XA_XC", 1, 0),
                                read("09_trace_delay_XC_XA", 2, 1)};
  EXPECT_EQ(delayed[1].outcome, "ONGOING_INVESTIGATION");
  const Case c = fold(delayed, id(1));
  EXPECT_EQ(c.requester_state, "DELAYED");
  EXPECT_EQ(format_utc(c.answer_due_ms), "2026-07-01T00:00:00Z");
}

TEST(Events, ARecordThatBeginsNoCase) {
  const Event ping = read("10_peer_ping_XA_XB", 1, 0);
  EXPECT_EQ(ping.kind, "peer.ping");
  EXPECT_FALSE(fold(std::vector<Event>{ping}, id(1)).started);
}

}  // namespace
}  // namespace focal::casework::test

// Goal: nothing leaves that has no effect, and what an officer leaves open never makes a
// correct request wrong. Method: the acts of two whole nodes, several in one group.
#include <limits>

#include "tests/unit/desk/desk_world.h"

namespace focal::desk {
namespace {

using Acts = DeskWorld;

constexpr char kRequest[] = "01_trace_request_XA_XB.json";

std::string without(std::string text, const std::string& name) {
  const auto at = text.find("\"" + name + "\":");
  EXPECT_NE(at, std::string::npos);
  return text.erase(at, text.find('\n', at) - at);
}

TEST_F(Acts, AnswerAboutAnItemThatWasNotAskedIsNotSent) {
  w.connect("XA", "XB");
  opened();
  auto record = example("05_trace_response_XB_XA.json");
  record.mutable_trace_response()->mutable_results(1)->set_item_no(3);
  const auto refused = answer(record);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::kCase);
  EXPECT_NE(refused.error().message.find("NO_SUCH_ITEM"), std::string::npos);
  w.run();
  EXPECT_EQ(w.leaves("XB", store::LeafType::kSent), 0u);
  record.mutable_trace_response()->mutable_results(1)->set_item_no(2);
  EXPECT_TRUE(answer(record).has_value());
}

TEST_F(Acts, TwoActsOfOneGroupDoNotContradictEachOther) {
  w.connect("XA", "XB");
  opened();
  ASSERT_TRUE(ack("XB/1").has_value());
  const auto second = ack("XB/2");  // nothing was committed between the two
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::kCase);
  auto record = example("05_trace_response_XB_XA.json");
  record.mutable_trace_response()->set_case_ref_requested("XB/1");
  const auto after_it = answer(record);
  ASSERT_TRUE(after_it.has_value()) << "the case as it will be allows it";
  w.run();
  EXPECT_EQ(w.leaves("XB", store::LeafType::kSent), 2u);
  const auto shown = show("XA");
  EXPECT_EQ(shown.trace().state(), "RESTRICTED");
  EXPECT_EQ(shown.trace().their_ref(), "XB/1");
  for (const auto& entry : shown.timeline()) EXPECT_EQ(entry.effect(), "TAKES_EFFECT");
}

TEST_F(Acts, WhatCameInTheSameGroupCounts) {
  const auto link = w.connect("XA", "XB");
  const auto root = opened();
  focal::v1::Record withdrawal;
  *withdrawal.mutable_header() = example(kRequest).header();
  withdrawal.mutable_trace_withdraw()->set_case_ref_requester("XA-NPC-2026-0117");
  withdrawal.mutable_trace_withdraw()->set_reason("SOLVED");
  w.advance(kMinuteMs);
  // XB's officer acknowledges right after the withdrawal was judged, before the commit.
  Result<Released> acked = fail(ErrorCode::kUsage, "not tried");
  w.on_frame = [&](const std::string& from, const std::string& to, const Bytes& frame) {
    if (to != "XB" || acked || acked.error().code != ErrorCode::kUsage) return true;
    w.core(to).machine().frame(w.now(), link, frame);
    acked = ack();
    EXPECT_EQ(from, "XA");
    return false;
  };
  w.send("XA", "XB", "trace.withdraw", body_of(withdrawal), root, root);
  w.run();
  ASSERT_FALSE(acked.has_value());
  EXPECT_EQ(acked.error().code, ErrorCode::kCase);
  EXPECT_NE(acked.error().message.find("WITHDRAWN"), std::string::npos) << acked.error().message;
}

TEST_F(Acts, DueTimesThatAreGivenStandAndTheOtherIsFitted) {
  const std::uint64_t now = w.now().wall_ms;
  const auto header_at_xa = [&](const Released& made) {
    const auto shown = show_record(w.view("XA"), w.view("XA").find(made.ref)->idx);
    return shown->record->header();
  };
  std::string text = example_text(kRequest);
  const std::string soon = std::to_string(now + kDayMs);  // sooner than two working days
  text = without(text, "ack_by_ms");
  text.replace(text.find("1775062800000"), 13, soon);
  const auto urgent = open(text);
  ASSERT_TRUE(urgent.has_value()) << urgent.error().message;
  w.run();
  EXPECT_EQ(header_at_xa(*urgent).answer_by_ms, now + kDayMs);
  EXPECT_EQ(header_at_xa(*urgent).ack_by_ms, now + kDayMs);
  EXPECT_EQ(urgent->due.acknowledge, "not after the answer");
  EXPECT_EQ(urgent->due.answer, "");

  // The other names of JSON's fields are the same fields.
  text = example_text(kRequest);
  text.replace(text.find("\"ack_by_ms\""), 11, "\"ackByMs\"");
  const auto camel = open(text);
  ASSERT_TRUE(camel.has_value()) << camel.error().message;
  w.run();
  EXPECT_EQ(header_at_xa(*camel).ack_by_ms, 1772643600000u);

  // An acknowledgement asked for later than the usual answer moves the answer.
  text = without(example_text(kRequest), "answer_by_ms");
  const std::uint64_t late = now + 900 * kHourMs;
  text.replace(text.find("1772643600000"), 13, std::to_string(late));
  const auto slow = open(text);
  ASSERT_TRUE(slow.has_value()) << slow.error().message;
  w.run();
  EXPECT_EQ(header_at_xa(*slow).answer_by_ms, late);
  EXPECT_EQ(slow->due.acknowledge, "");
  EXPECT_EQ(slow->due.answer, "not before the acknowledgement");

  text = without(without(example_text(kRequest), "ack_by_ms"), "answer_by_ms");
  const auto plain = open(text);
  ASSERT_TRUE(plain.has_value()) << plain.error().message;
  w.run();
  // From Monday 2026-11-23: Wednesday is the second working day.
  EXPECT_EQ(format_utc(header_at_xa(*plain).ack_by_ms), "2026-11-26T00:00:00Z");
  EXPECT_EQ(format_utc(header_at_xa(*plain).answer_by_ms), "2026-12-24T00:00:00Z");
  EXPECT_EQ(plain->due.acknowledge, "2 working days of XB (mon-fri, no holidays known, UTC)");
  EXPECT_EQ(plain->due.answer, "30 days, to the end of the day (UTC)");
}

TEST_F(Acts, RecordsThatAreNoRecordsAreRefusedWithTheirPath) {
  const auto refusal = [&](const std::string& json) {
    const auto made = open(json);
    EXPECT_FALSE(made.has_value());
    return made ? Error{} : made.error();
  };
  std::string text = example_text(kRequest);
  text.replace(text.find("\"items\""), 7, "\"itms\"");
  const Error error = refusal(text);
  EXPECT_EQ(error.code, ErrorCode::kRecord);
  EXPECT_EQ(error.path, "trace_request.itms");
  EXPECT_EQ(error.message, "there is no field \"trace_request.itms\"");
  EXPECT_EQ(refusal("{}").code, ErrorCode::kRecord);
  v1::TraceOpenRequest request;
  request.add_to("XB");
  (*request.mutable_record()->mutable_fields())["header"].set_number_value(
      std::numeric_limits<double>::infinity());
  const auto made = release_request(w.node("XA"), request, w.now());
  ASSERT_FALSE(made.has_value()) << "a number without JSON form";
  EXPECT_EQ(made.error().code, ErrorCode::kRecord);
}

}  // namespace
}  // namespace focal::desk

// Goal: a checked record can only be had from a body or a JSON text that follows
// the rules; what travelled is kept byte for byte; nothing newer is lost.
// Method: the project's example records, then damaged and hostile forms of them.
#include "node/record/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/bytes.h"
#include "node/record/validate.h"
#include "tests/unit/record/filler.h"

namespace focal::record::test {
namespace {

const std::vector<std::string> kToXb = {"XB"};

std::string example(std::string_view begins) {
  for (const Example& each : examples())
    if (each.name.rfind(begins, 0) == 0) return each.json;
  ADD_FAILURE() << "no example " << begins;
  return {};
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

// An unknown field: number 900, length-delimited.
std::string newer_field(std::string_view content) {
  std::string out = "\xa2\x38";
  out += static_cast<char>(content.size());
  return out.append(content);
}

Refusal refusal_of(const Checked& checked) {
  EXPECT_FALSE(checked.has_value());
  return checked.has_value() ? Refusal{} : checked.error();
}

TEST(Examples, AllAreValidAndSurviveJsonAndBytes) {
  ASSERT_GE(examples().size(), 10u);
  for (const Example& each : examples()) {
    const Checked made = from_json(each.json, each.from, {each.to});
    ASSERT_EQ(problems_of(made), std::vector<std::string>{}) << each.name;
    const Checked read = parse_checked(made->body(), made->kind(), each.from, {each.to});
    ASSERT_EQ(problems_of(read), std::vector<std::string>{}) << each.name;
    EXPECT_EQ(read->body(), made->body());
    EXPECT_EQ(read->newer_fields(), 0u);
    const Checked again = from_json(to_json(*read), each.from, {each.to});
    ASSERT_TRUE(again.has_value()) << each.name;
    EXPECT_EQ(again->body(), made->body()) << each.name << ": JSON there and back";
    EXPECT_EQ(to_json(*again), to_json(*made));
    EXPECT_NE(each.name.find(made->kind_info().field_name), std::string::npos);
  }
}

TEST(Record, AccessorsShowTheHeader) {
  const Checked record = from_json(example("05_trace_response"), "XB", {"XA"});
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->kind(), "trace.response");
  EXPECT_EQ(record->from(), "XB");
  EXPECT_EQ(record->audience(), std::vector<std::string>{"XA"});
  const HeaderView& header = record->header();
  EXPECT_EQ(header.from_desk, "NPC");
  EXPECT_EQ(header.language, "en");
  EXPECT_EQ(header.priority, "ROUTINE");
  ASSERT_TRUE(header.label);
  EXPECT_EQ(header.label->tlp, "AMBER+STRICT");
  EXPECT_EQ(header.label->onward, "NAMED");
  EXPECT_EQ(header.label->onward_named, (std::vector<std::string>{"XC", "XE"}));
  EXPECT_FALSE(header.label->personal_data);
  const Checked request = from_json(example("01_trace_request"), "XA", kToXb);
  ASSERT_TRUE(request.has_value());
  EXPECT_LT(request->header().ack_by_ms, request->header().answer_by_ms);
  EXPECT_NE(request->header().ack_by_ms, 0u);
}

TEST(Record, BytesThatAreNoRecordAreForm) {
  const auto status = [](std::string_view body) {
    return refusal_of(parse_checked(as_bytes(body), "trace.ack", "XA", kToXb)).status;
  };
  EXPECT_EQ(status("\xff\xff"), RecordStatus::kForm);
  EXPECT_EQ(status("\x0a\x05"), RecordStatus::kForm);                      // cut short
  EXPECT_EQ(status(std::string("\x12\x01\xff", 3)), RecordStatus::kForm);  // not UTF-8
  v1::Record record = least_record("trace.ack");
  record.clear_header();
  EXPECT_EQ(status(bytes_of(record)), RecordStatus::kForm);
  EXPECT_EQ(status(""), RecordStatus::kRecordInvalid);  // a Record, but of no kind
}

TEST(Record, DeepNestingIsRefused) {
  std::string groups(200, '\x0b');  // start of group 1, two hundred times
  groups += std::string(200, '\x0c');
  EXPECT_EQ(refusal_of(parse_checked(as_bytes(groups), "trace.ack", "XA", kToXb)).status,
            RecordStatus::kForm);
}

TEST(Record, TooBigIsRefusedBeforeItIsRead) {
  const std::string body(kMaxBodyBytes + 1, '\xff');
  EXPECT_EQ(refusal_of(parse_checked(as_bytes(body), "trace.ack", "XA", kToXb)).status,
            RecordStatus::kTooBig);
  EXPECT_EQ(refusal_of(from_json(std::string(kMaxJsonBytes + 1, ' '), "XA", kToXb)).status,
            RecordStatus::kTooBig);
}

TEST(Record, KindMustBeThatOfTheManifest) {
  const std::string body = bytes_of(full_record("trace.ack"));
  const Refusal refusal = refusal_of(parse_checked(as_bytes(body), "trace.delay", "XA", kToXb));
  EXPECT_EQ(refusal.status, RecordStatus::kRecordInvalid);
  EXPECT_EQ(refusal.problems.front().rule, "KIND");
}

// A peer's record of such a kind is stored, so every later reader may meet it.
TEST(Record, UnknownKindIsRefusedAndNothingEnds) {
  const std::string body = bytes_of(full_record("trace.ack"));
  const Refusal refusal = refusal_of(parse_checked(as_bytes(body), "zz.later", "XA", kToXb));
  EXPECT_EQ(refusal.problems.front().rule, "KIND");
}

TEST(Record, NewerFieldsAreKeptByteForByteAndCounted) {
  v1::Record record = full_record("trace.request");
  const std::string plain = bytes_of(record);
  const std::string body = plain + newer_field("later") + newer_field("still later");
  const Checked checked = parse_checked(as_bytes(body), "trace.request", "XA", kToXb);
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(checked->newer_fields(), 2u);
  EXPECT_EQ(to_string(checked->body()), body);
  // Inside a nested message too.
  record.mutable_trace_request()
      ->mutable_items(0)
      ->GetReflection()
      ->MutableUnknownFields(record.mutable_trace_request()->mutable_items(0))
      ->AddVarint(901, 7);
  const std::string nested = bytes_of(record);
  EXPECT_NE(nested, plain);
  const Checked inner = parse_checked(as_bytes(nested), "trace.request", "XA", kToXb);
  ASSERT_TRUE(inner.has_value());
  EXPECT_EQ(inner->newer_fields(), 1u);
  EXPECT_EQ(to_string(inner->body()), nested);
}

TEST(Record, MarksOfNewerFieldsAreCountedFromAPeerAndRefusedFromUs) {
  v1::Record record = full_record("trace.request");
  record.add_unknown_fields("trace_request.items[0].colour_of_grip");
  const Checked theirs = check(record);
  ASSERT_EQ(problems_of(theirs), std::vector<std::string>{});
  EXPECT_EQ(theirs->newer_fields(), 1u);
  const Refusal ours = refusal_of(from_json(to_json(*theirs), "XA", kToXb));
  EXPECT_EQ(ours.problems.front().path, "unknown_fields[0]");
}

TEST(Record, UnknownJsonFieldIsRefusedWithItsPath) {
  const std::string json =
      replaced(example("01_trace_request"), "\"serial_confidence\": \"PARTIAL\"",
               "\"serial_confidense\": \"PARTIAL\"");
  const Refusal refusal = refusal_of(from_json(json, "XA", kToXb));
  EXPECT_EQ(refusal.status, RecordStatus::kForm);
  EXPECT_EQ(refusal.problems.front().path, "trace_request.items[1].serial_confidense");
  EXPECT_EQ(refusal.as_error().code, ErrorCode::kRecord);
  EXPECT_EQ(refusal.as_error().message,
            "there is no field \"trace_request.items[1].serial_confidense\"")
      << "the path once";
  EXPECT_EQ(refusal_of(from_json("{", "XA", kToXb)).status, RecordStatus::kForm);
  EXPECT_EQ(refusal_of(from_json("[]", "XA", kToXb)).status, RecordStatus::kForm);
  EXPECT_EQ(refusal_of(from_json("{}", "XA", kToXb)).problems.front().rule, "KIND");
}

TEST(Record, WrongTypeInJsonIsRefusedWithItsPath) {
  const std::string json =
      replaced(example("01_trace_request"), "\"item_no\": 2", "\"item_no\": \"two\"");
  const Refusal refusal = refusal_of(from_json(json, "XA", kToXb));
  EXPECT_EQ(refusal.problems.front().path, "trace_request.items[1].item_no");
}

TEST(Record, WrongCodeNamesThePathAndTheCodeThatWasMeant) {
  const std::string json =
      replaced(example("01_trace_request"), "\"serial_confidence\": \"PARTIAL\"",
               "\"serial_confidence\": \"partial\"");
  const Refusal refusal = refusal_of(from_json(json, "XA", kToXb));
  ASSERT_EQ(refusal.problems.size(), 1u);
  EXPECT_EQ(refusal.problems[0].path, "trace_request.items[1].serial_confidence");
  EXPECT_NE(refusal.problems[0].hint.find("did you mean PARTIAL?"), std::string::npos);
}

TEST(Record, AllProblemsAreReportedUpToTheCap) {
  v1::Record record = least_record("trace.request");
  for (int i = 0; i < 60; ++i) record.mutable_trace_request()->add_items()->set_item_no(1);
  const Refusal refusal = refusal_of(check(record));
  EXPECT_EQ(refusal.problems.size(), kMaxProblems);
  EXPECT_NE(refusal.as_error().message.find("49 more"), std::string::npos);
}

// What the instrument asks. It cannot be built here and is refused if it arrives.
TEST(Record, RefusalDelayAndRestrictionNeedGroundAndReason) {
  const std::string refusal = example("07_trace_refusal");
  ASSERT_TRUE(from_json(refusal, "XB", {"XA"}).has_value());
  const auto built = [](const std::string& json, const std::string& path) {
    const auto all = problems_of(from_json(json, "XB", {"XA"}));
    return std::any_of(all.begin(), all.end(), [&](const std::string& each) {
      return each.size() > path.size() && each.substr(each.size() - path.size()) == path;
    });
  };
  EXPECT_TRUE(built(replaced(refusal, "\"ground\": \"NO_CONFIDENTIALITY_GUARANTEE\",", ""),
                    "trace_refusal.ground"));
  EXPECT_TRUE(built(replaced(refusal, "NO_CONFIDENTIALITY_GUARANTEE", "POLITICAL"),
                    "trace_refusal.ground"));

  for (const char* kind : {"trace.refusal", "trace.delay"}) {
    v1::Record record = least_record(kind);
    const auto edit = [&](const std::string& ground, const std::string& reason) {
      if (record.has_trace_refusal()) {
        record.mutable_trace_refusal()->set_ground(ground);
        record.mutable_trace_refusal()->set_reason_text(reason);
      } else {
        record.mutable_trace_delay()->set_ground(ground);
        record.mutable_trace_delay()->set_reason_text(reason);
      }
      return check(record).has_value();
    };
    const std::string reason = "Twenty characters xx";
    ASSERT_EQ(reason.size(), 20u);
    EXPECT_TRUE(edit("NATIONAL_SECURITY", reason)) << kind;
    EXPECT_FALSE(edit("", reason)) << kind;
    EXPECT_FALSE(edit("NATIONAL_SECURITY", "")) << kind;
    EXPECT_FALSE(edit("NATIONAL_SECURITY", "nineteen characters")) << kind;
    EXPECT_FALSE(edit("NATIONAL_SECURITY", "short                                 ."))
        << kind << ": spaces make no reason";
  }
}

TEST(Record, RestrictedItemNeedsGroundReasonAndWhatIsWithheld) {
  const std::string json = example("05_trace_response");
  for (const char* field : {"ground", "reason_text", "withheld"}) {
    v1::Record record;
    const Checked good = from_json(json, "XB", {"XA"});
    ASSERT_TRUE(good.has_value());
    record.CopyFrom(good->message());
    auto* item = record.mutable_trace_response()->mutable_results(1);
    ASSERT_EQ(item->completeness(), "RESTRICTED");
    item->GetReflection()->ClearField(item, v1::ItemResult::descriptor()->FindFieldByName(field));
    const Refusal refusal = refusal_of(check(record));
    EXPECT_EQ(refusal.status, RecordStatus::kRecordInvalid);
    EXPECT_EQ(refusal.problems.front().path, std::string("trace_response.results[1].") + field);
    record.add_unknown_fields(std::string("trace_response.results[1].") + field);
    EXPECT_FALSE(check(record).has_value()) << "a reason cannot be marked as not known";
  }
}

TEST(Record, LastOfTwoKindsCountsAndStillMustFit) {
  // A body with two kinds is one of the last kind for every protobuf reader.
  const std::string body =
      bytes_of(full_record("trace.ack")) + bytes_of(full_record("trace.delay"));
  EXPECT_FALSE(parse_checked(as_bytes(body), "trace.ack", "XA", kToXb).has_value());
}

RC_GTEST_PROP(RecordProperty, DamagedBytesNeverCrashAndWhatPassesIsKept, ()) {
  static const std::string base = bytes_of(full_record("trace.response"));
  std::string body = base;
  const int edits = *rc::gen::inRange(1, 6);
  for (int i = 0; i < edits; ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, body.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0: body[at] = static_cast<char>(*rc::gen::inRange(0, 256)); break;
      case 1: body.erase(at, 1); break;
      default: body.insert(at, 1, static_cast<char>(*rc::gen::inRange(0, 256))); break;
    }
  }
  const Checked checked = parse_checked(as_bytes(body), "trace.response", "XA", kToXb);
  if (checked.has_value())
    RC_ASSERT(to_string(checked->body()) == body);
  else
    RC_ASSERT(!checked.error().problems.empty());
}

RC_GTEST_PROP(RecordProperty, AnyBytesNeverCrash, (const std::string& body)) {
  const Checked checked = parse_checked(as_bytes(body), "trace.response", "XA", kToXb);
  RC_ASSERT(!checked.has_value());
}

}  // namespace
}  // namespace focal::record::test

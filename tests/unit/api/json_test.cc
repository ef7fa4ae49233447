// Goal: JSON from outside is read strictly and every refusal names the place;
// what we print is the same for equal messages and reads back to the same message.
// Method: texts that protobuf's own reader would take or explain badly, and round trips.
#include "proto/json.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include "proto/api.pb.h"

namespace focal {
namespace {

using ::testing::HasSubstr;
namespace v1 = api::v1;

std::string refused_path(std::string_view text) {
  v1::OutboxListResponse message;
  const Status status = json::read(text, message);
  if (status.has_value()) return "accepted";
  EXPECT_EQ(status.error().code, ErrorCode::kInvalid);
  return status.error().path;
}

TEST(JsonText, OrdinaryTextPasses) {
  for (const char* text :
       {"{}", " { } \r\n", R"({"a":[1,-0.5e+3,"x\n\u00e9\ud83d\ude00",true,false,null,{}]})", "[]",
        "0", "\"\"", "1E5"}) {
    EXPECT_TRUE(json::check_text(text).has_value()) << text;
  }
}

TEST(JsonText, WhatIsNotJsonIsRefused) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "{'a':1}",
                           "{a:1}",
                           "{\"a\":1,}",
                           "[1,]",
                           "{\"a\" 1}",
                           "{\"a\":1 \"b\":2}",
                           "01",
                           "1.",
                           ".5",
                           "+1",
                           "1e",
                           "-",
                           "-0",
                           "[-0.0]",
                           "-0e7",
                           "-1e-400",
                           "1e400",
                           "nul",
                           "True",
                           "{} {}",
                           "{}x",
                           "\"a",
                           "\"\\x\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"a\nb\"",
                           "// c\n{}",
                           "NaN",
                           "Infinity",
                           "{\"\\u0061\":1}",
                           "{\"\x7f\":1}",
                           "{\"a<b\":1}"}) {
    EXPECT_FALSE(json::check_text(text).has_value()) << text;
  }
  EXPECT_FALSE(json::check_text(std::string("\"a\xff\"")).has_value());
  EXPECT_FALSE(json::check_text(std::string("\"a\0b\"", 5)).has_value());
}

TEST(JsonText, TheErrorNamesLineColumnAndPath) {
  const Status status = json::check_text("{\n  \"items\": [1,\n    {\"né\": 1}]\n}");
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, HasSubstr("line 3, column 8"));
  EXPECT_EQ(status.error().path, "items[1]");
  const Status after = json::check_text("{\"items\": [{\"n\": \"né\" 1}]}");
  ASSERT_FALSE(after.has_value());
  EXPECT_THAT(after.error().message, HasSubstr("line 1, column 23"));
}

TEST(JsonText, ANameTwiceIsRefusedUnderBothSpellings) {
  EXPECT_EQ(refused_path(R"({"total":1,"total":1})"), "total");
  EXPECT_EQ(refused_path(R"({"entries":[{"created_at":"a","createdAt":"b"}]})"),
            "entries[0].createdAt");
  EXPECT_EQ(refused_path(R"({"entries":[{"id":"a"},{"id":"b"}]})"), "accepted");
}

TEST(JsonText, DepthIsBounded) {
  const auto nested = [](std::size_t n) { return std::string(n, '[') + std::string(n, ']'); };
  EXPECT_TRUE(json::check_text(nested(json::kMaxDepth)).has_value());
  EXPECT_FALSE(json::check_text(nested(json::kMaxDepth + 1)).has_value());
  EXPECT_FALSE(json::check_text(nested(500000)).has_value());
}

TEST(JsonRead, UnknownFieldsAreNamedByPath) {
  EXPECT_EQ(refused_path(R"({"foo":1})"), "foo");
  EXPECT_EQ(refused_path(R"({"foo":{"bar":1}})"), "foo");
  EXPECT_EQ(refused_path(R"({"entries":[{},{"items":[{"foo":1}]}]})"), "entries[1].items[0].foo");
  v1::OutboxListResponse message;
  EXPECT_TRUE(json::read(R"({"foo":{"a":1},"total":2})", message, json::Unknown::kIgnore));
  EXPECT_EQ(message.total(), 2u);
}

TEST(JsonRead, WrongTypesAreNamedByPathAndWords) {
  v1::OutboxListResponse message;
  auto status = json::read(R"({"entries":[{"id":1}]})", message);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().path, "entries[0].id");
  EXPECT_THAT(status.error().hint, HasSubstr("text in double quotes"));
  EXPECT_EQ(message.entries_size(), 0) << "nothing half-read stays";
  status = json::read(R"({"total":-1})", message);
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().hint, HasSubstr("whole number"));
  status = json::read("[]", message);
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, HasSubstr("object"));
}

TEST(JsonWrite, PlainFieldsAreAlwaysThereAndNamesAreSnakeCase) {
  v1::PeerVerifyRequest message;
  EXPECT_EQ(json::write(message), R"({"party":"","number":"","how":""})");
  v1::TraceListRequest list;
  list.set_open_only(true);
  EXPECT_THAT(json::write(list), HasSubstr(R"("open_only":true)"));
}

TEST(JsonWrite, AStructIsPrintedInOneOrder) {
  v1::TraceOpenRequest a;
  ASSERT_TRUE(json::read(R"({"record":{"zeta":1,"alpha":{"d":1,"c":2,"b":3},"mid":[]}})", a));
  v1::TraceOpenRequest b;
  ASSERT_TRUE(json::read(R"({"record":{"mid":[],"alpha":{"b":3,"c":2,"d":1},"zeta":1}})", b));
  EXPECT_EQ(json::write(a), json::write(b));
  EXPECT_THAT(json::write(a),
              HasSubstr(R"({"alpha":{"b":3,"c":2,"d":1},"mid":[],"zeta":1})"));
}

TEST(JsonStruct, AMessageSurvivesTheStruct) {
  v1::OutboxEntry entry;
  entry.set_id("7");
  entry.set_tries(3);
  entry.add_items()->set_code("\"<x>\" \xd8\xb9 \xe4\xb8\xad");
  google::protobuf::Struct packed;
  ASSERT_TRUE(json::to_struct(entry, packed));
  EXPECT_EQ(packed.fields().count("state"), 0u) << "absent fields stay absent";
  v1::OutboxEntry back;
  ASSERT_TRUE(json::from_struct(packed, back));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(entry, back));
  (*packed.mutable_fields())["nonsense"].set_bool_value(true);
  const Status status = json::from_struct(packed, back);
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().path, "nonsense");
}

TEST(JsonSetField, TextBecomesTheFieldsType) {
  v1::TraceListRequest list;
  EXPECT_TRUE(json::set_field(list, "limit", "12"));
  EXPECT_TRUE(json::set_field(list, "open_only", "true"));
  EXPECT_TRUE(json::set_field(list, "party", "XB"));
  EXPECT_EQ(list.limit(), 12u);
  EXPECT_TRUE(list.open_only());
  EXPECT_EQ(json::get_text(list, "party"), "XB");
  EXPECT_EQ(json::get_text(list, "limit"), "");
  for (const char* bad : {"", "-1", "1x", " 1", "4294967296", "0x10"})
    EXPECT_FALSE(json::set_field(list, "limit", bad).has_value()) << bad;
  EXPECT_FALSE(json::set_field(list, "open_only", "yes").has_value());
  EXPECT_FALSE(json::set_field(list, "nonsense", "1").has_value());
  v1::TraceOpenRequest open;
  EXPECT_FALSE(json::set_field(open, "record", "{}").has_value()) << "messages only in the body";
  EXPECT_TRUE(json::set_field(open, "to", "XB"));
  EXPECT_TRUE(json::set_field(open, "to", "XC"));
  EXPECT_EQ(open.to_size(), 2);
}

}  // namespace
}  // namespace focal

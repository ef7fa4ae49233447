// Goal: a passphrase is found wherever it stands at the top of a JSON object, decoded as JSON says,
// and nothing of it is left in what is parsed; anything odd is refused.
// Method: bodies by hand, each with one thing that could be taken otherwise.
#include "node/api/secret_body.h"

#include <gtest/gtest.h>

namespace focal::api {
namespace {

constexpr char kField[] = "officer_passphrase";

std::string secret_of(const std::string& body) {
  const auto split = split_secret(body, kField);
  EXPECT_TRUE(split.has_value()) << body << (split ? "" : split.error().message);
  return split ? to_string(split->secret.view()) : "-";
}

TEST(SecretBody, IsTakenOutWhereverItStands) {
  for (const char* body :
       {R"({"officer_passphrase":"five words"})", R"( { "a" : 1 , "officer_passphrase" : "five words" } )",
        R"({"officer_passphrase":"five words","a":{"b":[1,2,{"c":"}"}]}})",
        R"({"a":"officer_passphrase","b":"\\","officer_passphrase":"five words","c":null})"}) {
    const auto split = split_secret(body, kField);
    ASSERT_TRUE(split.has_value()) << body;
    EXPECT_EQ(to_string(split->secret.view()), "five words");
    EXPECT_EQ(split->rest.find("five"), std::string::npos) << split->rest;
    EXPECT_NE(split->rest.find("\"\""), std::string::npos);
  }
}

TEST(SecretBody, IsDecodedAsJson) {
  EXPECT_EQ(secret_of(R"({"officer_passphrase":"a\"b\\c\/d\b\f\n\r\t"})"), "a\"b\\c/d\b\f\n\r\t");
  EXPECT_EQ(secret_of(R"({"officer_passphrase":"\u0041\u00e9\u4e2d\ud83d\ude00"})"),
            "A\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80");
  EXPECT_EQ(secret_of("{\"officer_passphrase\":\"\xe4\xb8\xad\"}"), "\xe4\xb8\xad");
}

TEST(SecretBody, IsNotLookedForInside) {
  EXPECT_EQ(secret_of(R"({"a":{"officer_passphrase":"five words"}})"), "");
  EXPECT_EQ(secret_of(R"({"a":["officer_passphrase","x"]})"), "");
  EXPECT_EQ(secret_of("{}"), "");
  EXPECT_EQ(secret_of(R"({"Officer_Passphrase":"x"})"), "");
}

TEST(SecretBody, OddBodiesAreRefused) {
  for (const char* body :
       {"", "[]", "x", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1}}", "{\"a\":[1}",
        "{\"a\":\"x", "{a:1}", R"({"officer_passphrase":7})", R"({"officer_passphrase":null})",
        R"({"officer_passphrase":{"x":"y"}})", R"({"officer_passphrase":"a","officer_passphrase":"b"})",
        R"({"officer_passphrase":"\x"})", R"({"officer_passphrase":"\ud800"})",
        R"({"officer_passphrase":"\u12"})", R"({"officer_passphrase":"\udc00\ud800"})",
        "{\"officer_passphrase\":\"a\nb\"}"})
    EXPECT_FALSE(split_secret(body, kField).has_value()) << body;
  const std::string longest(kMaxSecretBytes, 'x');
  EXPECT_EQ(secret_of("{\"officer_passphrase\":\"" + longest + "\"}"), longest);
  const auto over = split_secret("{\"officer_passphrase\":\"x" + longest + "\"}", kField);
  ASSERT_FALSE(over.has_value());
  EXPECT_EQ(over.error().code, ErrorCode::kLimit);
}

TEST(SecretBody, EveryTruncationIsRefusedOrHasNoSecret) {
  const std::string body = R"({"a":[{"b":"\u0041"}],"officer_passphrase":"five \ud83d\ude00","c":-1e5})";
  for (std::size_t i = 0; i < body.size(); ++i)
    EXPECT_FALSE(split_secret(std::string_view(body).substr(0, i), kField).has_value()) << i;
}

TEST(SecretBody, IsPutInAsItIsTakenOut) {
  const std::string said("a\"b\\c \x01\n\xc3\xa9", 11);
  const auto secret = crypto::Secret::copy_of(as_bytes(said));
  const std::string full = fill_secret(R"({"a":"\"code\":\"\"","code":"","b":1})", "code", secret);
  const auto split = split_secret(full, "code");
  ASSERT_TRUE(split.has_value()) << full;
  EXPECT_EQ(to_string(split->secret.view()), said);
  EXPECT_EQ(split->rest, R"({"a":"\"code\":\"\"","code":"","b":1})");
}

TEST(SecretBody, WipedTextIsGone) {
  std::string text = "five words that were secret";
  const char* where = text.data();
  const std::size_t size = text.size();
  wipe_text(text);
  EXPECT_TRUE(text.empty());
  for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(where[i], 0) << i;
}

}  // namespace
}  // namespace focal::api

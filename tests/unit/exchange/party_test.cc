// Goal: names are accepted by their grammar and by nothing else; the audience rule.
// Method: accepted and refused neighbours at every edge.
#include "node/exchange/party.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

TEST(Party, Grammar) {
  for (const char* good : {"XA", "X1", "UNODA", "XA-ITI", "XAAAAAAAAAAA", "X-"})
    EXPECT_TRUE(is_party(good)) << good;
  for (const char* bad : {"", "X", "xa", "1A", "-A", "Xa", "XA ", " XA", "XA_1", "XA/T",
                          "XAAAAAAAAAAAA", "X\xc3\x84", "XA\n"})
    EXPECT_FALSE(is_party(bad)) << bad;
}

TEST(Party, DeskGrammar) {
  for (const char* good : {"T", "TRACE", "1", "-", "ABCDEFGHIJKLMNOP"}) EXPECT_TRUE(is_desk(good));
  for (const char* bad : {"", "trace", "T R", "ABCDEFGHIJKLMNOPQ", "T/R"})
    EXPECT_FALSE(is_desk(bad)) << bad;
}

TEST(Party, KindGrammar) {
  EXPECT_TRUE(is_kind("trace.request"));
  EXPECT_TRUE(is_kind("a"));
  EXPECT_FALSE(is_kind("Trace.request"));
  EXPECT_FALSE(is_kind("trace."));
  EXPECT_FALSE(is_kind(""));
}

TEST(Party, Address) {
  EXPECT_EQ(parse_address("XA").value(), (Address{"XA", ""}));
  EXPECT_EQ(parse_address("XA-ITI/TRACE").value(), (Address{"XA-ITI", "TRACE"}));
  EXPECT_EQ(format_address({"XA", "TRACE"}), "XA/TRACE");
  EXPECT_EQ(format_address({"XA", ""}), "XA");
  for (const char* bad : {"", "/", "XA/", "/TRACE", "XA/TRACE/1", "XA/trace", "xa/TRACE"})
    EXPECT_EQ(parse_address(bad).error().code, ErrorCode::kInvalid) << bad;
}

std::vector<std::string> audience(std::size_t size) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < size; ++i) out.push_back("X" + std::to_string(1000 + i));
  return out;
}

TEST(Party, N032_AudienceIsSortedUniqueAndBounded) {
  const auto code = [](std::vector<std::string> to) { return check_audience(to).error().code; };
  EXPECT_TRUE(check_audience(audience(1)).has_value());
  EXPECT_TRUE(check_audience(audience(256)).has_value());
  EXPECT_EQ(code(audience(257)), ErrorCode::kLimit);
  EXPECT_EQ(code({}), ErrorCode::kLint);
  EXPECT_TRUE(check_audience(std::vector<std::string>{"XB", "XB-ITI", "XC"}).has_value());
  EXPECT_EQ(code({"XC", "XB"}), ErrorCode::kLint);
  EXPECT_EQ(code({"XB", "XB"}), ErrorCode::kLint);
  EXPECT_EQ(code({"XB", "xc"}), ErrorCode::kLint);
}

}  // namespace
}  // namespace focal::exchange

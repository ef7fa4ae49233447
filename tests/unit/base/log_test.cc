// Goal: each log call is one line that is one JSON object, whatever the text holds,
// and lines below the level are not written.
// Method: standard error captured; control characters, quotes and braces in values.
#include "base/log.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace focal {
namespace {

std::string logged(log::Level level, std::string_view message,
                   std::initializer_list<log::Field> fields) {
  testing::internal::CaptureStderr();
  log::write(level, "test", message, fields);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, OneLineOfJson) {
  const std::string line = logged(log::Level::kWarn, "peer lost", {{"peer", "XB"}, {"n", "3"}});
  EXPECT_TRUE(line.starts_with("{\"t\":"));
  EXPECT_TRUE(line.ends_with(
      ",\"level\":\"warn\",\"part\":\"test\",\"msg\":\"peer lost\",\"peer\":\"XB\",\"n\":\"3\"}\n"))
      << line;
}

TEST(Log, HostileTextCannotStartALineOrCloseAString) {
  const std::string line = logged(log::Level::kInfo, "a\nb\"c\\d", {{"x", "{}\r\x01\x7f%s{0}"}});
  EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1);
  EXPECT_NE(line.find("a\\u000ab\\\"c\\\\d"), std::string::npos) << line;
  EXPECT_NE(line.find("{}\\u000d\\u0001\\u007f%s{0}"), std::string::npos) << line;
}

TEST(Log, LevelsBelowAreSilent) {
  EXPECT_EQ(logged(log::Level::kDebug, "quiet", {}), "");
  log::set_level(log::Level::kError);
  EXPECT_EQ(logged(log::Level::kWarn, "quiet", {}), "");
  EXPECT_NE(logged(log::Level::kError, "loud", {}), "");
  log::set_level(log::Level::kDebug);
  EXPECT_NE(logged(log::Level::kDebug, "loud", {}), "");
  log::set_level(log::Level::kInfo);
}

}  // namespace
}  // namespace focal

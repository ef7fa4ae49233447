// Goal: the macros hand an error on unchanged, and every code has a name of its own.
// Method: functions that fail on demand; the whole list of codes.
#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "base/check.h"
#include "base/hint.h"

namespace focal {
namespace {

Status status(bool good) {
  if (!good) return fail(ErrorCode::kNoSpace, "full", "clean up", "a.b");
  return {};
}
Result<std::unique_ptr<int>> number(bool good) {
  if (!good) return fail(ErrorCode::kInvalid, "no number");
  return std::make_unique<int>(5);
}
Result<int> both(bool first, bool second) {
  FOCAL_TRY(status(first));
  FOCAL_ASSIGN(const auto n, number(second));
  FOCAL_ASSIGN(auto m, number(true));
  return *n + *m;
}

TEST(ResultTest, ValuesPassAndErrorsReturn) {
  EXPECT_EQ(*both(true, true), 10);
  EXPECT_EQ(both(true, false).error().code, ErrorCode::kInvalid);
  const auto failed = both(false, true);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, ErrorCode::kNoSpace);
  EXPECT_EQ(failed.error().message, "full");
  EXPECT_EQ(failed.error().hint, "clean up");
  EXPECT_EQ(failed.error().path, "a.b");
}

TEST(ErrorNames, EveryCodeHasItsOwn) {
  std::set<std::string_view> names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kConfirm); ++code) {
    const auto name = error_name(static_cast<ErrorCode>(code));
    EXPECT_NE(name, "UNKNOWN") << code;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
  EXPECT_EQ(error_name(static_cast<ErrorCode>(static_cast<int>(ErrorCode::kConfirm) + 1)), "UNKNOWN");
}

TEST(Hints, EveryErrorShownHasOne) {
  std::set<std::string> hints;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kConfirm); ++code)
    hints.insert(hint_of(fail(static_cast<ErrorCode>(code), "no hint of its own")));
  EXPECT_GE(hints.size(), 20u);
  EXPECT_EQ(hints.count(""), 0u);
  EXPECT_EQ(hints.count(hint_of(fail(static_cast<ErrorCode>(999), ""))), 0u) << "a code left out";
  EXPECT_EQ(hint_of(fail(ErrorCode::kUsage, "", "do this")), "do this");
}

TEST(Check, FailureStopsTheProgramAndNamesThePlace) {
  FOCAL_CHECK(true);
  EXPECT_DEATH(FOCAL_CHECK(1 == 2), "1 == 2.*result_test.cc");
}

}  // namespace
}  // namespace focal

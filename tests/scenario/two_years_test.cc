// Goal: two years of weekly keys lose no record, no key early and keep none late, whoever is
// away, starts anew or has a wrong clock. Method: three whole nodes live 104 weeks day by
// day (two_years.cc); two_years_defects shows that a key which is kept would be seen.
#include <gtest/gtest.h>

#include "tests/scenario/two_years.h"

namespace focal::test {
namespace {

TEST(TwoYears, OfWeeklyKeysInSeconds) {
  const TwoYears life = live_two_years();
  for (const auto& what : life.wrong) ADD_FAILURE() << what;
  std::printf("%zu records, %zu of them held back, %zu starts, %zu jumps, %zu keys destroyed, "
              "at most %zu at once\n", life.sent, life.held_back, life.restarts, life.jumps,
              life.destroyed, life.most_keys);
  EXPECT_GT(life.sent, 104u * 5);
  EXPECT_GE(life.held_back, 20u * 2) << "ten weeks twice from two parties";
  EXPECT_GT(life.restarts, 15u);
  EXPECT_GT(life.jumps, 20u);
  EXPECT_GT(life.destroyed, 3u * 90);
  EXPECT_LT(life.most_keys, 12u + 9 + 1) << "twelve, and those made while a clock was ahead";
}

}  // namespace
}  // namespace focal::test

// Goal: the crash matrix finds what it is there for.
// Method: the same matrix on nodes with a bad habit; each must be found.
#include <gtest/gtest.h>

#include <cstdio>

#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

std::string found(const Habits& habits) {
  const Recording run = record(workload(), habits);
  EXPECT_EQ(run.failure, "");
  Judge judge(workload());
  std::string wrong = cut_everywhere(run, judge, 7);
  std::printf("found: %s\n", wrong.c_str());
  return wrong;
}

TEST(CrashMatrixSees, CommitsThatAreNotSynced) {
  Habits habits;
  habits.no_sync = true;
  EXPECT_NE(found(habits).find("is as after step"), std::string::npos);
}

TEST(CrashMatrixSees, AnAcknowledgementBeforeTheCommit) {
  Habits habits;
  habits.promise_early = true;
  EXPECT_NE(found(habits).find("is as after step"), std::string::npos);
}

TEST(CrashMatrixSees, AGroupInTwoTransactions) {
  Habits habits;
  habits.two_transactions = true;
  EXPECT_NE(found(habits).find("in part"), std::string::npos);
}

}  // namespace
}  // namespace focal::crash

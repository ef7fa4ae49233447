// Goal: the last line of ./check tells the truth: what did not run, was skipped
// or crashed counts as failed.
// Method: packaging/ctest_count.awk is run on logs as ctest -V writes them, one
// for each way a test can end.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "tests/support/paths.h"

namespace focal::lint {
namespace {

namespace fs = std::filesystem;

std::string count(const std::string& log) {
  const fs::path file = fs::temp_directory_path() / ("focal_count_" + std::to_string(getpid()));
  std::ofstream(file) << log;
  const std::string command =
      "awk -f '" + test::in_tree("packaging/ctest_count.awk") + "' '" + file.string() + "'";
  std::string out;
  {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 256> part{};
    while (pipe && std::fgets(part.data(), part.size(), pipe.get()) != nullptr) out += part.data();
  }
  fs::remove(file);
  return out;
}

std::string last_line(const std::string& out) {
  const auto end = out.find_last_not_of('\n');
  const auto begin = out.find_last_of('\n', end);
  return out.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

constexpr const char* kTwoPass =
    "1: [==========] Running 2 tests from 1 test suite.\n"
    "1: [ RUN      ] A.One\n1: [       OK ] A.One (0 ms)\n"
    "1: [ RUN      ] A.Two\n1: [       OK ] A.Two (0 ms)\n"
    "1: [  PASSED  ] 2 tests.\n";

TEST(Count, EachCaseOfAProgramCounts) {
  EXPECT_EQ(last_line(count(std::string(kTwoPass) + "1/1 Test #1: a ....   Passed    0.01 sec\n")),
            "COUNT 2 0");
}

TEST(Count, AnotherTestCountsOne) {
  EXPECT_EQ(last_line(count("2: hello\n1/2 Test  #2: go_notes ....   Passed    0.01 sec\n"
                            "2/2 Test #10: more ....***Failed    0.01 sec\n")),
            "COUNT 1 1");
}

TEST(Count, TwoProgramsAtOnceAreKeptApart) {
  const auto out = count(
      "1: [==========] Running 1 test from 1 test suite.\n1: [ RUN      ] A.One\n"
      "2: [==========] Running 1 test from 1 test suite.\n2: [ RUN      ] B.One\n"
      "2: b.cc:7: Failure\n1: [       OK ] A.One (0 ms)\n2: [  FAILED  ] B.One (0 ms)\n"
      "2: [  FAILED  ] B.One\n"
      "1/2 Test #1: a ....   Passed    0.01 sec\n2/2 Test #2: b ....***Failed    0.01 sec\n");
  EXPECT_EQ(last_line(out), "COUNT 1 1");
  EXPECT_NE(out.find("--- B.One"), std::string::npos);
  EXPECT_NE(out.find("b.cc:7: Failure"), std::string::npos);
  EXPECT_EQ(out.find("A.One"), std::string::npos);
}

TEST(Count, ASkippedOrDisabledCaseFails) {
  EXPECT_EQ(last_line(count("1: [==========] Running 2 tests from 1 test suite.\n"
                            "1: [ RUN      ] A.One\n1: [       OK ] A.One (0 ms)\n"
                            "1: [ RUN      ] A.Two\n1: [  SKIPPED ] A.Two (0 ms)\n"
                            "1: [  SKIPPED ] 1 test, listed below:\n1: [  SKIPPED ] A.Two\n"
                            "1:   YOU HAVE 3 DISABLED TESTS\n"
                            "1/1 Test #1: a ....   Passed    0.01 sec\n")),
            "COUNT 1 4");
}

TEST(Count, AProgramThatRunsNothingFails) {
  EXPECT_EQ(last_line(count("1: [==========] Running 0 tests from 0 test suites.\n"
                            "1: [  PASSED  ] 0 tests.\n1/1 Test #1: a ....   Passed  0.01 sec\n")),
            "COUNT 0 1");
}

// exit(0) in the middle of a case: ctest says "Passed".
TEST(Count, AProgramThatLeavesEarlyLosesTheRest) {
  const auto out = count(
      "1: [==========] Running 40 tests from 2 test suites.\n1: [ RUN      ] A.One\n"
      "1: [       OK ] A.One (0 ms)\n1: [ RUN      ] A.Two\n"
      "1/1 Test #1: a ....   Passed    0.01 sec\n");
  EXPECT_EQ(last_line(out), "COUNT 1 39");
  EXPECT_NE(out.find("39 of 40"), std::string::npos);
  EXPECT_NE(out.find("--gtest_filter=A.Two"), std::string::npos);
}

TEST(Count, ACrashKeepsWhatPassedAndFailsOnce) {
  const auto out = count(
      "1: [==========] Running 3 tests from 1 test suite.\n1: [ RUN      ] A.One\n"
      "1: [       OK ] A.One (0 ms)\n1: [ RUN      ] A.Two\n1: ==7==ERROR: AddressSanitizer\n"
      "1/1 Test #1: a ....***Exception: SegFault  0.04 sec\n");
  EXPECT_EQ(last_line(out), "COUNT 1 1");
  EXPECT_NE(out.find("A.Two"), std::string::npos);
  EXPECT_NE(out.find("AddressSanitizer"), std::string::npos);
}

TEST(Count, ACrashAfterAFailureFailsTwice) {
  EXPECT_EQ(last_line(count("1: [==========] Running 2 tests from 1 test suite.\n"
                            "1: [ RUN      ] A.One\n1: [  FAILED  ] A.One (0 ms)\n"
                            "1: [ RUN      ] A.Two\n"
                            "1/1 Test #1: a ....Child aborted***Exception:   0.04 sec\n")),
            "COUNT 0 2");
}

TEST(Count, WhatCtestDidNotRunFails) {
  EXPECT_EQ(last_line(count("1/4 Test #1: a ....***Not Run (Disabled)   0.00 sec\n"
                            "2/4 Test #2: b ....***Skipped   0.00 sec\n"
                            "3/4 Test #3: c ....***Timeout  900.0 sec\n"
                            "4/4 Test #4: d ....***Not Run   0.00 sec\n")),
            "COUNT 0 4");
  EXPECT_EQ(last_line(count("No tests were found!!!\n")), "COUNT 0 0");
}

// All cases passed and the program still ended badly: a leak found at exit.
TEST(Count, APassingProgramWithABadExitFails) {
  EXPECT_EQ(last_line(count(std::string(kTwoPass) + "1: ERROR: LeakSanitizer: detected leaks\n"
                                                    "1/1 Test #1: a ....***Failed    0.01 sec\n")),
            "COUNT 2 1");
}

}  // namespace
}  // namespace focal::lint

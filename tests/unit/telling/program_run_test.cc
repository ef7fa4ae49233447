// Goal: the operator's program gets what it is told and nothing else of the node: no argument, no
// variable, no descriptor, no signal that is blocked; it can neither hang the node nor leave
// processes behind; whatever it prints is thrown away.
// Method: scripts that note what they find, hang, fork, and print without end.
#include "node/desk/program_run.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <sstream>
#include <thread>

#include "tests/support/temp_folder.h"
#include "tests/unit/telling/script.h"

namespace focal::desk {
namespace {

using ::testing::HasSubstr;

class ProgramRun : public ::testing::Test {
 protected:
  ProgramEnd run(const std::string& body, std::uint64_t limit_ms = 30 * kSecondMs) {
    ProgramOrder order;
    order.program = test::write_script(folder_ / "program", body);
    order.input = "{\"party\":\"XA\"}\n";
    order.environment = {"FOCAL_PARTY=XA", "OUT=" + out().string()};
    order.limit_ms = limit_ms;
    const auto end = run_program(order, stop_);
    EXPECT_TRUE(end.has_value()) << (end ? "" : end.error().message);
    return end.value_or(ProgramEnd{-1, false, 0});
  }
  std::filesystem::path out() const { return folder_ / "out"; }
  std::string noted() const { return test::text_of(out()); }
  // Of a process that the script noted the number of.
  bool is_gone() const {
    const pid_t pid = std::stoi(noted());
    for (int i = 0; i < 200; ++i) {
      if (::kill(pid, 0) != 0) return true;
      std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
      std::string line;
      std::getline(stat, line);
      if (line.find(") Z ") != std::string::npos) return true;  // killed, not yet collected
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  test::TempFolder folder_;
  std::atomic<bool> stop_{false};
};

TEST_F(ProgramRun, GetsItsInputAndEnvironmentAndNothingElse) {
  ::setenv("FOCAL_TEST_SECRET", "x", 1);
  const int fd = ::open("/dev/null", O_RDONLY);  // would be inherited
  ASSERT_GE(::fcntl(fd, F_DUPFD, 50), 50);
  const ProgramEnd end = run("{ cat; echo \"$# $0\"; pwd; env; ls /proc/$$/fd; } > \"$OUT\"; exit 7");
  ::unsetenv("FOCAL_TEST_SECRET");
  EXPECT_EQ(end.code, 7);
  EXPECT_FALSE(end.timed_out);
  const std::string text = noted();
  EXPECT_TRUE(text.starts_with("{\"party\":\"XA\"}\n0 " + (folder_ / "program").string() + "\n/\n")) << text;
  EXPECT_THAT(text, HasSubstr("FOCAL_PARTY=XA\n"));
  EXPECT_EQ(text.find("FOCAL_TEST_SECRET"), std::string::npos) << text;
  EXPECT_EQ(text.find("\n50\n"), std::string::npos) << "an inherited descriptor\n" << text;
  EXPECT_EQ(text.find("HOME="), std::string::npos) << text;
}

TEST_F(ProgramRun, HasSignalsAndAGroupOfItsOwn) {
  sigset_t all, before;
  sigfillset(&all);
  ASSERT_EQ(::pthread_sigmask(SIG_BLOCK, &all, &before), 0);
  // By the shell's own words: while it starts another program it blocks signals itself.
  const ProgramEnd end = run("{ while read -r name value; do [ \"$name\" = SigBlk: ] && echo \"$name $value\"; "
                             "done < /proc/$$/status; cut -d' ' -f5 /proc/$$/stat; echo $$; } > \"$OUT\"");
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(end.code, 0);
  std::istringstream in(noted());
  std::string word, mask;
  int group = 0, pid = 1;
  in >> word >> mask >> group >> pid;
  EXPECT_EQ(mask, "0000000000000000");
  EXPECT_EQ(group, pid);
  EXPECT_NE(group, ::getpgrp());
}

TEST_F(ProgramRun, IsKilledWithAllItStartedWhenItsTimeIsOver) {
  const std::uint64_t began = read_clocks().mono_ms;
  const ProgramEnd end = run("sleep 600 & echo $! > \"$OUT\"; wait", 3000);
  EXPECT_TRUE(end.timed_out);
  EXPECT_EQ(end.code, 128 + SIGKILL);
  EXPECT_LT(read_clocks().mono_ms - began, 20 * kSecondMs);
  EXPECT_TRUE(is_gone());
}

TEST_F(ProgramRun, WhatItLeavesBehindEndsWithIt) {
  const ProgramEnd end = run("sleep 600 & echo $! > \"$OUT\"; exit 0");
  EXPECT_EQ(end.code, 0);
  EXPECT_FALSE(end.timed_out);
  EXPECT_TRUE(is_gone());
}

TEST_F(ProgramRun, WhatItPrintsIsCountedAndThrownAway) {
  EXPECT_EQ(run("echo secret; echo secret >&2").output, 14u);
  const ProgramEnd endless = run("exec yes", 2000);
  EXPECT_TRUE(endless.timed_out);
  EXPECT_GT(endless.output, 100'000u);
  EXPECT_EQ(run("exec 1>&- 2>&-; sleep 0.3; exit 3").code, 3) << "one that closes its output";
}

TEST_F(ProgramRun, NeedNotReadItsInput) { EXPECT_EQ(run("exec 0<&-; exit 0").code, 0); }

TEST_F(ProgramRun, HasAMomentWhenTheNodeStops) {
  std::thread stopper([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop_ = true;
  });
  const ProgramEnd quick = run("sleep 1; exit 4");
  stopper.join();
  EXPECT_EQ(quick.code, 4) << "it may come to its end";
  const std::uint64_t began = read_clocks().mono_ms;
  EXPECT_TRUE(run("sleep 600").timed_out);
  EXPECT_GE(read_clocks().mono_ms - began, kStopGraceMs);
  EXPECT_LT(read_clocks().mono_ms - began, 2 * kStopGraceMs + 10 * kSecondMs);
}

TEST_F(ProgramRun, WhatIsNoProgramIsAnError) {
  ProgramOrder order;
  order.program = folder_ / "nowhere";
  auto end = run_program(order, stop_);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::kIo);
  order.program = test::write_script(folder_ / "plain", "exit 0");
  ::chmod(order.program.c_str(), 0600);
  EXPECT_FALSE(run_program(order, stop_).has_value());
  ::chmod(order.program.c_str(), 0700);
  order.input = std::string(kMostInput + 1, 'x');
  end = run_program(order, stop_);
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().code, ErrorCode::kInvalid);
}

// A script with words that a shell would take apart is a name like any other.
TEST_F(ProgramRun, NoShellReadsItsName) {
  ProgramOrder order;
  order.program = test::write_script(folder_ / "a $(touch x); b", "echo here > \"$OUT\"");
  order.environment = {"OUT=" + out().string()};
  const auto end = run_program(order, stop_);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(noted(), "here\n");
}

}  // namespace
}  // namespace focal::desk

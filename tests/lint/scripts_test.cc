// Goal: the shell scripts fail when something is missing or broken off, and say why:
// bench/run, the start of ./check and ./run, and the play of ./run.
// Method: each runs in a scratch folder with small stand-ins for the programs it calls,
// once well and once with the defect.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

namespace focal::lint {
namespace {

namespace fs = std::filesystem;
const fs::path kRoot = FOCAL_SOURCE_DIR;

struct Ran {
  int code = -1;  // exit code; -1: ended by a signal
  std::string out;
};

class Scripts : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "focal-scripts-XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { fs::remove_all(dir_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((dir_ / name).parent_path());
    std::ofstream(dir_ / name) << text;
  }
  std::string program(const std::string& name, const std::string& body) {
    write(name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(dir_ / name, fs::perms::owner_all);
    return (dir_ / name).string();
  }
  // The same path as in the project.
  void take(const std::string& name) {
    fs::create_directories((dir_ / name).parent_path());
    fs::copy_file(kRoot / name, dir_ / name);
  }
  std::string text_of(const std::string& name) {
    std::ifstream in(dir_ / name);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  // Both outputs. Programs of bin/ in the scratch folder come first.
  Ran run(const std::string& command) {
    const std::string line =
        "PATH='" + (dir_ / "bin").string() + "':\"$PATH\" " + command + " 2>&1 </dev/null";
    Ran ran;
    FILE* const pipe = popen(line.c_str(), "r");
    if (pipe == nullptr) return ran;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), part.size(), pipe) != nullptr) ran.out += part.data();
    const int status = pclose(pipe);
    if (WIFEXITED(status)) ran.code = WEXITSTATUS(status);
    return ran;
  }

  fs::path dir_;
};

bool has(const std::string& text, const std::string& words) {
  return text.find(words) != std::string::npos;
}

// --- bench/run ---------------------------------------------------------------

class BenchRun : public Scripts {
 protected:
  Ran bench(const std::string& bounds) {
    const std::string one =
        program("bench_one", R"(echo '{"bench":"one","load":"small","rate":90,"odd":null}')");
    write("bounds.tsv", "# comment\n" + bounds);
    return run("'" + (kRoot / "bench/run").string() + "' --bounds '" +
               (dir_ / "bounds.tsv").string() + "' '" + one + "'");
  }
};

TEST_F(BenchRun, HoldsBounds) {
  EXPECT_EQ(bench("").code, 0);
  EXPECT_EQ(bench("one\tsmall\trate\tmin\t90\n").code, 0);
  EXPECT_EQ(bench("one\tsmall\trate\tmax\t90\n").code, 0);
  EXPECT_EQ(bench("one\tsmall\trate\tmin\t91\n").code, 1);
  EXPECT_EQ(bench("one\tsmall\trate\tmax\t89\n").code, 1);
  EXPECT_EQ(bench("one\tsmall\tnone\tmin\t0\n").code, 1);
}

TEST_F(BenchRun, WhatIsNoNumberIsWithinNoBound) {
  EXPECT_EQ(bench("one\tsmall\todd\tmax\t5\n").code, 1);
  EXPECT_EQ(bench("one\tsmall\trate\tmin\n").code, 1);
  EXPECT_EQ(bench("one\tsmall\trate\tleast\t1\n").code, 1);
}

TEST_F(BenchRun, ABoundThatNobodyMeasuresFails) {
  for (const char* bound : {"two\tsmall\trate\tmin\t1\n", "one\tlarge\trate\tmin\t1\n",
                            "one\t-\trate\tmin\t1\n", "one small rate min 1\n"}) {
    const Ran ran = bench(bound);
    EXPECT_EQ(ran.code, 1) << bound;
    EXPECT_TRUE(has(ran.out, "NOT MEASURED")) << ran.out;
  }
}

TEST_F(BenchRun, BoundsThatCannotBeReadFail) {
  const std::string one = program("bench_one", R"(echo '{"bench":"one"}')");
  for (const std::string& bounds : {dir_.string() + "/nonexistent", dir_.string()}) {
    const Ran ran =
        run("'" + (kRoot / "bench/run").string() + "' --bounds '" + bounds + "' '" + one + "'");
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "cannot read the bounds: " + bounds)) << ran.out;
  }
}

// --- the start of ./check and ./run ------------------------------------------

class Start : public Scripts {
 protected:
  void SetUp() override {
    Scripts::SetUp();
    for (const char* name : {"check", "run", "packaging/steps.sh", "packaging/ctest_count.awk"})
      take(name);
    program("packaging/prepare.sh", "echo 'prepare: installing 3 packages'");
    program("bin/cmake", "echo 'no cmake here'; exit 1");
  }
};

TEST_F(Start, CheckCountsALockItCannotOpen) {
  fs::create_directories(dir_ / "build/log/check.lock");  // stops root, too
  const Ran ran = run("'" + (dir_ / "check").string() + "' --fast");
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "made by root")) << ran.out;
  EXPECT_FALSE(has(ran.out, "another ./check")) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("\n0 passed, 1 failed\n")) << ran.out;
}

TEST_F(Start, CheckCountsALockThatAnotherHolds) {
  write("build/log/check.lock", "");
  FILE* const held = std::fopen((dir_ / "build/log/check.lock").c_str(), "w");
  ASSERT_NE(held, nullptr);
  ASSERT_EQ(flock(fileno(held), LOCK_EX | LOCK_NB), 0);
  const std::string command = "'" + (dir_ / "check").string() + "' --fast";
  Ran ran = run(command);
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "another ./check is running")) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("\n0 passed, 1 failed\n")) << ran.out;
  std::fclose(held);
  ran = run(command);
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "no cmake here")) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("\n0 passed, 1 failed\n")) << ran.out;
}

// sudo may ask on the terminal: what prepare.sh says must not end up in a log.
TEST_F(Start, TheInstallationOfPackagesIsSeen) {
  for (const char* script : {"check", "run"}) {
    const Ran ran = run("'" + (dir_ / script).string() + "'");
    EXPECT_EQ(ran.code, 1);
    EXPECT_TRUE(has(ran.out, "prepare: installing 3 packages")) << ran.out;
  }
}

TEST_F(Start, RunEndsWherePackagesAreMissing) {
  program("packaging/prepare.sh", "echo 'prepare: packages are missing' >&2; exit 1");
  const Ran ran = run("'" + (dir_ / "run").string() + "' --quick");
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "packages are missing")) << ran.out;
  EXPECT_FALSE(has(ran.out, "cmake")) << ran.out;
}

// --- the play ----------------------------------------------------------------

class Demo : public Scripts {
 protected:
  static constexpr int kPatienceMs = 60'000;

  // The nodes need a while to end. `focal card export` never does: the play stays there.
  void SetUp() override {
    Scripts::SetUp();
    const std::string at = dir_.string();
    program("bin/focald", "trap 'sleep 1; echo $$ >>" + at + "/ended; exit 0' TERM\necho $$ >>" +
                              at + "/nodes\nwhile :; do sleep 0.1; done");
    program("bin/focal",
            "case \"$*\" in *'card export') echo >" + at + "/stays; exec sleep 600 ;; esac");
  }

  // Exit code of the play when it is broken off in the middle; -1: it did not end of itself.
  int break_off(int signal_number) {
    const pid_t pid = fork();
    if (pid == 0) {
      setsid();
      signal(SIGINT, SIG_DFL);  // ctest may have been started with it ignored
      const std::string out = (dir_ / "out").string();
      if (std::freopen(out.c_str(), "w", stdout) == nullptr) _exit(99);
      dup2(STDOUT_FILENO, STDERR_FILENO);
      const std::string script = (kRoot / "packaging/demo.sh").string();
      execlp("bash", "bash", script.c_str(), (dir_ / "bin").c_str(), (dir_ / "demo").c_str(),
             (dir_ / "examples").c_str(), "--quick", nullptr);
      _exit(98);
    }
    EXPECT_TRUE(wait_until([this] { return fs::exists(dir_ / "stays"); })) << text_of("out");
    kill(-pid, signal_number);  // as a terminal does
    int status = 0;
    const bool ended = wait_until([&] { return waitpid(pid, &status, WNOHANG) == pid; });
    const std::string nodes = text_of("nodes");
    const std::string at_end = text_of("ended");
    EXPECT_EQ(std::count(nodes.begin(), nodes.end(), '\n'), 2) << text_of("out");
    EXPECT_EQ(std::count(at_end.begin(), at_end.end(), '\n'), 2) << "a node outlived the play";
    kill(-pid, SIGKILL);
    if (!ended) waitpid(pid, &status, 0);
    return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static bool wait_until(const std::function<bool()>& done) {
    for (int waited = 0; waited < kPatienceMs; waited += 20) {
      if (done()) return true;
      usleep(20'000);
    }
    return false;
  }
};

TEST_F(Demo, BrokenOffByCtrlCItFailsAndLeavesNoNode) { EXPECT_EQ(break_off(SIGINT), 130); }
TEST_F(Demo, BrokenOffByTermItFailsAndLeavesNoNode) { EXPECT_EQ(break_off(SIGTERM), 130); }

}  // namespace
}  // namespace focal::lint

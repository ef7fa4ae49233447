// Goal: the shell scripts fail when something is missing or broken off, and say why:
// bench/run, packaging/tidy.sh, the start of ./check and ./run, and the steps of ./check --deep.
// Method: each runs in a scratch folder with small stand-ins for the programs it calls,
// once well and once with the defect.
#include "tests/lint/scripts.h"

namespace focal::lint {
namespace {

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

TEST_F(BenchRun, ABoundOfAVariableIsDueWhereThatIsSet) {
  const std::string bound = "one\tlarge\trate\tmin\t1\tFOCAL_TEST_LARGE\n";
  EXPECT_EQ(bench(bound).code, 0);
  ::setenv("FOCAL_TEST_LARGE", "1", 1);
  EXPECT_EQ(bench(bound).code, 1);
  ::unsetenv("FOCAL_TEST_LARGE");
  EXPECT_EQ(bench("one\tsmall\trate\tmin\t91\tFOCAL_TEST_LARGE\n").code, 1) << "what is measured is held";
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

// --- the steps of ./check --deep ---------------------------------------------

class Deep : public Start {
 protected:
  void SetUp() override {
    Start::SetUp();
    program("packaging/prepare.sh", "");
    program("packaging/tidy.sh", "echo '3 passed'");
    program("bench/run", "echo \"leaves: $FOCAL_BENCH_LEAVES\"");
    program("bin/cmake", "");
    program("bin/ctest", "echo '1/1 Test #1: a ....   Passed    0.01 sec'");
    program("bin/ninja",
            "case \"$*\" in *'targets all') echo 'fuzz/fuzz_a: x'; echo 'fuzz/fuzz_b: x' ;; esac");
    program("build/dev/tests/crash_tests", "echo \"every point: $FOCAL_CRASH_ALL\"");
    program("build/dev/tests/e2e_kills", "echo \"kills: $FOCAL_KILLS\"");
    program("build/dev/tests/focal-sim", "echo \"0 violations in $2\"");
    program("build/dev/tests/hostile_tests", "echo \"hostile: $FOCAL_HOSTILE_SECONDS s\"");
    program("bin/node", "exec sh \"$@\"");
    program("build/dev/interop_js/run.mjs", "echo \"mutations: $FOCAL_INTEROP_MUTATIONS\"");
    program("build/dev/interop_js/bundle_run.mjs", "echo \"bundles: $FOCAL_INTEROP_MUTATIONS\"");
    for (const char* name : {"fuzz_a", "fuzz_b"}) program(fuzz(name), executed(42));
  }
  static std::string fuzz(const std::string& name) { return "build/fuzz/fuzz/" + name; }
  static std::string executed(int times) {
    return "echo 'stat::number_of_executed_units: " + std::to_string(times) + "'";
  }
  // The last line; the exit code has to agree.
  std::string counts() {
    ran_ = run("FOCAL_JOBS=2 '" + (dir_ / "check").string() + "' --deep");
    EXPECT_EQ(ran_.code == 0, ran_.out.ends_with(", 0 failed\n")) << ran_.out;
    const auto end = ran_.out.find_last_not_of('\n');
    const auto begin = ran_.out.find_last_of('\n', end) + 1;
    return ran_.out.substr(begin, end + 1 - begin);
  }

  Ran ran_;
};

TEST_F(Deep, EachPartCounts) {
  EXPECT_EQ(counts(), "12 passed, 0 failed");
  for (const char* words : {"42 executions", "every point: 1", "kills: 2000", "hostile: 60 s", "3 passed",
                            "four stories 500 times each, two years", "leaves: 10000000", "mutations: 10000",
                            "bundles: 10000"})
    EXPECT_TRUE(has(ran_.out, words)) << words << "\n" << ran_.out;
}

TEST_F(Deep, AFindingOfOneFuzzTargetIsShownAndCounted) {
  program(fuzz("fuzz_a"), "echo 'ERROR: libFuzzer: deadly signal'; exit 77");
  EXPECT_EQ(counts(), "11 passed, 1 failed");
  EXPECT_TRUE(has(ran_.out, "ERROR: libFuzzer: deadly signal")) << ran_.out;
  EXPECT_TRUE(has(ran_.out, "build/log/fuzz_a.log")) << ran_.out;
  EXPECT_TRUE(has(ran_.out, "42 executions")) << ran_.out;
}

TEST_F(Deep, AFuzzTargetThatIsKilledExecutesNothingOrIsMissingFails) {
  program(fuzz("fuzz_a"), executed(42) + "; kill -9 $$");
  EXPECT_EQ(counts(), "11 passed, 1 failed");
  program(fuzz("fuzz_a"), executed(0));
  EXPECT_EQ(counts(), "11 passed, 1 failed");
  fs::remove(dir_ / fuzz("fuzz_a"));
  EXPECT_EQ(counts(), "11 passed, 1 failed");
  program("bin/ninja", "");
  EXPECT_EQ(counts(), "10 passed, 1 failed");
  EXPECT_TRUE(has(ran_.out, "No fuzz target was built")) << ran_.out;
}

TEST_F(Deep, EachOtherPartThatFailsOrIsMissingCountsOnce) {
  for (const char* name : {"packaging/tidy.sh", "bench/run", "build/dev/tests/crash_tests",
                           "build/dev/tests/e2e_kills", "build/dev/tests/focal-sim",
                           "build/dev/tests/hostile_tests", "build/dev/interop_js/run.mjs",
                           "build/dev/interop_js/bundle_run.mjs"}) {
    const std::string before = text_of(name);
    program(name, "echo 'it went wrong'; exit 1");
    EXPECT_EQ(counts(), "11 passed, 1 failed") << name;
    EXPECT_TRUE(has(ran_.out, "it went wrong")) << ran_.out;
    fs::remove(dir_ / name);
    EXPECT_EQ(counts(), "11 passed, 1 failed") << name;
    write(name, before);
    fs::permissions(dir_ / name, fs::perms::owner_all);
  }
}

TEST_F(Deep, BrokenOffItLeavesNoFuzzTargetBehind) {
  program(fuzz("fuzz_a"), "echo $$ >" + dir_.string() + "/stays; exec sleep 600");
  const pid_t pid = fork();
  if (pid == 0) {
    setsid();
    signal(SIGINT, SIG_DFL);
    run("FOCAL_JOBS=2 '" + (dir_ / "check").string() + "' --deep");
    _exit(0);
  }
  const auto target = [this] { return std::atoi(text_of("stays").c_str()); };
  EXPECT_TRUE(wait_until([&] { return target() > 0; }));
  kill(-pid, SIGINT);  // as a terminal does
  EXPECT_TRUE(target() > 0 && wait_until([&] { return kill(target(), 0) != 0; }));
  kill(-pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

// --- packaging/prepare.sh ----------------------------------------------------

class Prepare : public Scripts {
 protected:
  // A machine on which every package but these is missing, and only these programs are found
  // beside those that the script itself needs.
  void SetUp() override {
    take("packaging/prepare.sh");
    write("packaging/packages.txt", "# a comment\ntest  one\ntest  two unless tool other\ndeep  three\n");
    program("bin/dpkg-query", "echo 'installed one'");
    program("bin/apt-get", "exit 1");
    for (const char* name : {"sh", "awk", "dirname", "env", "id"})
      fs::create_symlink(fs::path("/usr/bin") / name, dir_ / "bin" / name);
  }
  Ran prepare(const std::string& parts) {
    return run("PATH='" + (dir_ / "bin").string() + "' FOCAL_NO_INSTALL=1 '" +
               (dir_ / "packaging/prepare.sh").string() + "' " + parts);
  }
};

TEST_F(Prepare, NamesWhatIsMissing) {
  const Ran ran = prepare("test deep");
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(has(ran.out, "2 packages are missing")) << ran.out;
  EXPECT_TRUE(has(ran.out, "    two three\n")) << ran.out;
  EXPECT_EQ(prepare("none").code, 1);
}

TEST_F(Prepare, APackageIsNotWantedWhereAnotherProgramDoesItsWork) {
  program("bin/other", "");
  Ran ran = prepare("test");
  EXPECT_EQ(ran.code, 0) << ran.out;
  EXPECT_EQ(ran.out, "");
  ran = prepare("test deep");
  EXPECT_TRUE(has(ran.out, "1 packages are missing")) << ran.out;
  EXPECT_TRUE(has(ran.out, "    three\n")) << ran.out;
}

// --- packaging/tidy.sh -------------------------------------------------------

class Tidy : public Scripts {
 protected:
  // A stand-in for clang-tidy: it finds the word WRONG, and keeps a list of what it saw.
  void SetUp() override {
    take("packaging/tidy.sh");
    clang_tidy("grep -q WRONG \"$file\" && { echo \"$file:1:1: error: WRONG\"; exit 1; }");
    write(".clang-tidy", "Checks: '*'\n");
    write("base/a.h", "int a();\n");
    write("base/a.cc", "#include \"base/a.h\"\n");
    write("base/b.cc", "int b();\n");
    write("tests/c.cc", "WRONG\n");
    compiled("-DSEEN");
  }
  void clang_tidy(const std::string& body, const std::string& version = "14") {
    program("bin/clang-tidy-14", "[ \"$1\" = --version ] && { echo " + version +
                                     "; exit; }\nfor file; do :; done\necho \"$file\" >>'" +
                                     (dir_ / "seen").string() + "'\n" + body + "\nexit 0");
  }
  void compiled(const std::string& flags) {
    write("build/tidy/compile_commands.json", "");
    std::ofstream out(dir_ / "build/tidy/compile_commands.json");
    const char* between = "[";
    for (const char* name : {"base/a", "base/b", "tests/c"}) {
      const std::string stem = (dir_ / name).string();
      out << between << R"({"directory": ")" << dir_.string() << R"(", "file": ")" << stem
          << R"(.cc", "command": "clang++-14 )" << flags << R"( -DTEXT=\\\"x\\\" -I. -o )" << name
          << R"(.o -c )" << stem << R"(.cc"})";
      between = ",\n";
    }
    out << "]\n";
  }
  // Runs it, and says how many files clang-tidy saw.
  std::ptrdiff_t seen(const std::string& arguments = "") {
    fs::remove(dir_ / "seen");
    ran_ = run("FOCAL_JOBS=2 FOCAL_TIDY_CACHE='" + (dir_ / "stamps").string() + "' '" +
               (dir_ / "packaging/tidy.sh").string() + "' " + arguments);
    const std::string files = text_of("seen");
    return std::count(files.begin(), files.end(), '\n');
  }

  Ran ran_;
};

TEST_F(Tidy, WhatPassedIsNotLookedAtAgainUntilSomethingChanges) {
  EXPECT_EQ(seen(), 2) << ran_.out;
  EXPECT_EQ(ran_.code, 0) << ran_.out;
  EXPECT_EQ(seen(), 0) << ran_.out;
  EXPECT_EQ(ran_.code, 0) << ran_.out;
  EXPECT_TRUE(ran_.out.ends_with("\n2 passed (2 unchanged since they passed before), 0 failed\n"))
      << ran_.out;
  EXPECT_EQ(seen("--all"), 2) << ran_.out;
  write("base/b.cc", "int b();  // a comment\n");
  EXPECT_EQ(seen(), 1) << ran_.out;
  write("base/a.h", "int a(int);\n");
  EXPECT_EQ(seen(), 1) << ran_.out;
  compiled("-DOTHER");
  EXPECT_EQ(seen(), 2) << ran_.out;
  write(".clang-tidy", "Checks: '-*'\n");
  EXPECT_EQ(seen(), 2) << ran_.out;
  clang_tidy("", "15");
  EXPECT_EQ(seen(), 2) << ran_.out;
  EXPECT_EQ(seen(), 0) << ran_.out;
}

TEST_F(Tidy, AFindingFailsEachTime) {
  write("base/a.cc", "#include \"base/a.h\"\n// WRONG\n");
  EXPECT_EQ(seen(), 2);
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(ran_.code, 1) << ran_.out;
    EXPECT_TRUE(has(ran_.out, "base/a.cc:1:1: error: WRONG")) << ran_.out;
    EXPECT_TRUE(has(ran_.out, "refused base/a.cc")) << ran_.out;
    EXPECT_TRUE(has(ran_.out, "\n1 passed (" + std::to_string(time) + " unchanged")) << ran_.out;
    EXPECT_EQ(seen(), 1);
  }
}

TEST_F(Tidy, AFileThatDoesNotCompileHasNoStamp) {
  fs::remove(dir_ / "base/a.h");
  EXPECT_EQ(seen(), 2);
  EXPECT_EQ(seen(), 1);  // the stand-in lets it pass; clang-tidy would not
}

TEST_F(Tidy, AnEndBySignalIsNoPass) {
  clang_tidy("kill -9 $$");
  EXPECT_EQ(seen(), 2);
  EXPECT_EQ(ran_.code, 1);
  EXPECT_TRUE(ran_.out.ends_with("\n0 passed (0 unchanged since they passed before), 2 failed\n"))
      << ran_.out;
}

TEST_F(Tidy, WithoutClangTidyOrSourcesItFails) {
  write("build/tidy/compile_commands.json", "[]");
  EXPECT_EQ(seen(), 0);
  EXPECT_EQ(ran_.code, 1);
  EXPECT_TRUE(has(ran_.out, "no source to look at")) << ran_.out;
  write("build/tidy/compile_commands.json", "[");
  EXPECT_EQ(seen(), 0);
  EXPECT_EQ(ran_.code, 1);
  fs::remove_all(dir_ / "build/tidy");
  EXPECT_EQ(seen(), 0);
  EXPECT_EQ(ran_.code, 1);
  EXPECT_TRUE(has(ran_.out, "cmake --preset tidy")) << ran_.out;
  compiled("");
  EXPECT_EQ(seen("base/none.cc"), 0);
  EXPECT_EQ(ran_.code, 1);
  program("bin/clang-tidy-14", "exit 127");
  EXPECT_EQ(seen(), 0);
  EXPECT_EQ(ran_.code, 1);
  EXPECT_TRUE(has(ran_.out, "does not start")) << ran_.out;
}

}  // namespace
}  // namespace focal::lint

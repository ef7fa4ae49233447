// Goal: focal-verify is a program for a machine that has nothing else: it links no database,
// socket or HTTP library, reads one file, and its exit status can be relied on in a script.
// Method: the program of this build is asked about a good, a changed and a missing file, with
// right and wrong command lines; the names of libraries in it are looked for.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <iterator>

#include "node/evidence/words.h"
#include "node/exchange/ceremony_code.h"
#include "tests/support/paths.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/evidence/sample_bundle.h"

namespace focal::evidence {
namespace {

using test::SampleBundle;

struct Answer {
  int status = -1;
  std::string out;
};

struct Program : ::testing::Test {
  test::TempFolder folder;
  SampleBundle bundle;
  std::string file = (folder / "good.focalproof").string();
  std::string changed = (folder / "changed.focalproof").string();
  std::string roots;

  void SetUp() override {
    Bytes archive = bundle.archive();
    write(file, archive);
    archive[700] ^= 1;
    write(changed, archive);
    for (const auto& [party, fingerprint] : bundle.roots)
      roots.append(" --root ").append(party).append("=").append(hex(fingerprint));
  }
  static void write(const std::string& name, const Bytes& bytes) {
    std::ofstream(name, std::ios::binary) << to_string(ByteView(bytes));
  }
  // What it writes to both outputs.
  static Answer run(const std::string& arguments) {
    const std::string command = test::in_build("bin/focal-verify") + " " + arguments + " 2>&1";
    Answer out;
    FILE* pipe = ::popen(command.c_str(), "r");
    EXPECT_NE(pipe, nullptr);
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) out.out += static_cast<char>(c);
    const int status = ::pclose(pipe);
    out.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return out;
  }
};

TEST_F(Program, LinksNothingThatItDoesNotUse) {
  std::ifstream in(test::in_build("bin/focal-verify"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  ASSERT_NE(bytes.find("libsodium.so"), std::string::npos);
  for (const char* library : {"libsqlite3.so", "libzmq.so", "libcurl.so", "libmicrohttpd.so"})
    EXPECT_EQ(bytes.find(library), std::string::npos) << library;
}

TEST_F(Program, SaysTheSameAsTheLibrary) {
  const auto claims = bundle.check();
  const Answer json = run(file + roots + " --json --lang ar");
  EXPECT_EQ(json.status, 0);
  EXPECT_EQ(json.out, verdict_json(claims, words(claims, "ar")) + "\n");
  const Answer told = run(file + roots);
  EXPECT_EQ(told.status, 0);
  EXPECT_EQ(told.out.find("Everything this file claims is proved."), 0u);
  const Answer batch = run("--batch " + file + " " + changed + " " + file + "x" + roots);
  EXPECT_EQ(batch.status, 1);
  EXPECT_EQ(batch.out, verdict_json(claims, words(claims, "en"), file) + "\n" +
                           verdict_json(unreadable(), words(unreadable(), "en"), changed) + "\n" +
                           verdict_json(unreadable(), words(unreadable(), "en"), file + "x") +
                           "\n");
}

TEST_F(Program, ExitsAsItSays) {
  const std::string party = "XA";
  const std::string code = exchange::fingerprint_code(party, bundle.xa.root.pk);
  EXPECT_EQ(run(file).status, 0);  // nothing is broken, though nothing is shown
  EXPECT_EQ(run(file + " --require SIGNED").status, 1);
  EXPECT_EQ(run(file + " --root '" + code + "' --require SIGNED,RELEASED").status, 0);
  EXPECT_EQ(run(file + roots + " --require ERASED").status, 1);  // there is none
  EXPECT_EQ(run(changed + roots).status, 1);
  EXPECT_EQ(run(file + "x" + roots).status, 1);
  EXPECT_EQ(run(folder.path().string() + roots).status, 1);  // a folder
  EXPECT_EQ(run("--help").status, 0);
  EXPECT_EQ(run("--version").status, 0);
  for (const std::string& wrong :
       {std::string(), file + " " + file, file + " --root XA", file + " --root XA=00",
        file + roots + roots, file + " --lang de", file + " --require signed", file + " --nothing"})
    EXPECT_EQ(run(wrong).status, 2) << wrong;
}

}  // namespace
}  // namespace focal::evidence

// Goal: the play of ./run that is broken off fails, and leaves no node.
// Method: stand-ins for the nodes, which need a while to end; a signal as a terminal sends it.
#include "tests/lint/scripts.h"

namespace focal::lint {
namespace {

class Demo : public Scripts {
 protected:
  // The nodes need a while to end. `focal card export` never does: the play stays there, once
  // all three nodes are up.
  void SetUp() override {
    const std::string at = dir_.string();
    program("bin/focald", "trap 'sleep 1; echo $$ >>" + at + "/ended; exit 0' TERM\necho $$ >>" +
                              at + "/nodes\nwhile :; do sleep 0.1; done");
    program("bin/focal",
            "case \"$*\" in *'card export')\n  until [ \"$(grep -c . " + at +
                "/nodes)\" = 3 ]; do sleep 0.1; done\n  echo >" + at +
                "/stays; exec sleep 600 ;; esac");
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
             (dir_ / "vectors").c_str(), "--quick", nullptr);
      _exit(98);
    }
    EXPECT_TRUE(wait_until([this] { return fs::exists(dir_ / "stays"); })) << text_of("out");
    kill(-pid, signal_number);  // as a terminal does
    int status = 0;
    const bool ended = wait_until([&] { return waitpid(pid, &status, WNOHANG) == pid; });
    const std::string nodes = text_of("nodes");
    const std::string at_end = text_of("ended");
    EXPECT_EQ(std::count(nodes.begin(), nodes.end(), '\n'), 3) << text_of("out");
    EXPECT_EQ(std::count(at_end.begin(), at_end.end(), '\n'), 3) << "a node outlived the play";
    kill(-pid, SIGKILL);
    if (!ended) waitpid(pid, &status, 0);
    return ended && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
};

TEST_F(Demo, BrokenOffByCtrlCItFailsAndLeavesNoNode) { EXPECT_EQ(break_off(SIGINT), 130); }
TEST_F(Demo, BrokenOffByTermItFailsAndLeavesNoNode) { EXPECT_EQ(break_off(SIGTERM), 130); }

}  // namespace
}  // namespace focal::lint

// Goal: between any two calls that sync a file or change a name, a kill leaves the anchor whole,
// and a node under a new card that is the one before it or the one after it; between COMMIT and the
// anchor nothing is lost. Method: this program replaces those calls of the C library; a child is
// killed before the n-th of them, for every n that there is, and the folder is opened as a start
// would.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "node/node/anchor.h"
#include "node/store/checkpoint.h"
#include "tests/unit/node/custody_world.h"

namespace {

int calls = 0;
int kill_before = 0;  // n-th from 1; 0 = never

void one_more() {
  if (++calls == kill_before) ::kill(::getpid(), SIGKILL);
}

}  // namespace

extern "C" int fsync(int fd) {
  one_more();
  return static_cast<int>(::syscall(SYS_fsync, fd));
}
extern "C" int fdatasync(int fd) {
  one_more();
  return static_cast<int>(::syscall(SYS_fdatasync, fd));
}
extern "C" int rename(const char* from, const char* to) noexcept {
  one_more();
  return static_cast<int>(::syscall(SYS_rename, from, to));
}
extern "C" int renameat2(int from_fd, const char* from, int to_fd, const char* to,
                         unsigned flags) noexcept {
  one_more();
  return static_cast<int>(::syscall(SYS_renameat2, from_fd, from, to_fd, to, flags));
}
extern "C" int unlink(const char* name) noexcept {
  one_more();
  return static_cast<int>(::syscall(SYS_unlink, name));
}

namespace focal::node {
namespace {

using exchange::RunState;

struct KillTest : Custody {
  fs::path anchor() const { return setup.folder / config::kAnchorFile; }
  // True: the child was killed before call n. False: it came to its end without.
  template <typename Act>
  bool dies(int n, const Act& act) {
    const pid_t child = ::fork();
    if (child == 0) {
      calls = 0;
      kill_before = n;
      act();
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    const bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    EXPECT_TRUE(killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << status;
    return killed;
  }
  void work() {
    auto node = open_node();
    ASSERT_TRUE(node) << node.error().message;
    for (int i = 0; i < 3; ++i) (*node)->core().write(store::PutAdmin{{}, "an act"});
    ASSERT_TRUE((*node)->commit_group(now).status.has_value());
    pass_time();
    (*node)->checkpoint(now);
    ASSERT_TRUE((*node)->anchor_is_current());
    pass_time();
  }
  std::uint64_t anchored() {
    const auto note = store::parse_checkpoint(bytes_of(anchor()));
    return note ? note->size : 1;
  }
  void copy(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    fs::copy(from, to, fs::copy_options::recursive);
  }
};

TEST_F(KillTest, EveryCallOfTheAnchorsWrite) {
  init();
  work();
  const std::string old_note = bytes_of(anchor());
  work();
  const std::string new_note = bytes_of(anchor());
  const fs::path file = temp / "elsewhere" / "anchor.note";
  fs::create_directory(file.parent_path());
  ASSERT_TRUE(Anchor(file).write(old_note).has_value());
  int n = 1;
  bool was_old = false, was_new = false;
  for (; dies(n, [&] { static_cast<void>(Anchor(file).write(new_note)); }); ++n) {
    const std::string left = bytes_of(file);
    EXPECT_TRUE(left == old_note || left == new_note) << n << ": " << left;
    (left == new_note ? was_new : was_old) = true;
    ASSERT_TRUE(Anchor(file).write(old_note).has_value());
    EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), {}), 1)
        << "nothing stays beside it";
  }
  EXPECT_GE(n, 3);
  EXPECT_TRUE(was_old && was_new);
}

// A checkpoint is committed and the process ends before, in, or after the anchor's write.
TEST_F(KillTest, EveryCallBetweenTheCheckpointsCommitAndItsAnchor) {
  init();
  work();
  const std::uint64_t before = anchored();
  {
    auto node = open_node();
    ASSERT_TRUE(node);
    for (int i = 0; i < 3; ++i) (*node)->core().write(store::PutAdmin{{}, "an act"});
    ASSERT_TRUE((*node)->commit_group(now).status.has_value());
  }
  pass_time();
  const fs::path aside = temp / "aside";
  copy(setup.folder, aside);
  bool between = false;
  int n = 1;
  for (;; ++n) {
    copy(aside, setup.folder);
    const bool killed = dies(n, [&] {
      kill_before = 0;  // the start's own calls are not the matter here
      auto node = open_node();
      calls = 0;
      kill_before = n;
      if (node) (*node)->checkpoint(now);
    });
    if (!killed) break;
    const std::uint64_t anchor_size = anchored();
    auto node = open_node();
    ASSERT_TRUE(node) << n;
    EXPECT_EQ((*node)->run_view().state, RunState::kRunning) << n << (*node)->run_view().words;
    const auto last = (*node)->ledger().last_checkpoint();
    ASSERT_TRUE(last);
    EXPECT_GE(last->size, anchor_size) << "the anchor is never ahead of what was committed";
    between = between || (last->size > before && anchor_size == before);
    (*node)->tend(now);
    (*node)->checkpoint(now);
    EXPECT_TRUE((*node)->anchor_is_current()) << n;
    EXPECT_EQ(anchored(), (*node)->ledger().last_checkpoint()->size) << n;
  }
  EXPECT_TRUE(between) << "the gap that this is about was never hit";
  EXPECT_GE(n, 4);
}

// The card that ends ROLLED_BACK: before its commit it is that still, behind it the log goes on.
TEST_F(KillTest, EveryCallOfAContinuation) {
  init();
  work();
  const fs::path aside = temp / "aside";
  copy(setup.folder, aside);
  work();
  const std::string newest = bytes_of(anchor());
  copy(aside, setup.folder);
  std::ofstream(anchor(), std::ios::binary | std::ios::trunc) << newest;
  const auto pending = prepare(CardAct::kReplaceKeys);
  ASSERT_TRUE(pending) << pending.error().message;
  const auto signed_card = sign(*pending);
  ASSERT_TRUE(signed_card) << signed_card.error().message;
  copy(setup.folder, aside);
  bool stayed = false, went_on = false;
  int n = 1;
  for (;; ++n) {
    copy(aside, setup.folder);
    if (!dies(n, [&] { static_cast<void>(apply(signed_card->note)); })) break;
    RunState state{};
    {
      auto node = open_node();
      ASSERT_TRUE(node) << n << ": " << node.error().message;
      state = (*node)->run_view().state;
    }
    if (state == RunState::kRolledBack) {
      stayed = true;
      ASSERT_TRUE(apply(signed_card->note)) << n << ": and it can still be applied";
    } else {
      went_on = true;
    }
    auto node = open_node();
    ASSERT_TRUE(node) << n;
    EXPECT_EQ((*node)->run_view().state, RunState::kRunning) << n;
    EXPECT_EQ((*node)->ledger().origin(), "focal/XA/log/2") << n;
    (*node)->checkpoint(now);
    EXPECT_TRUE((*node)->anchor_is_current()) << n;
  }
  expect_whole();
  EXPECT_TRUE(stayed && went_on);
  EXPECT_GE(n, 8);
}

}  // namespace
}  // namespace focal::node

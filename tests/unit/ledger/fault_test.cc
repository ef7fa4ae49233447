// Goal: whatever the disk does and whenever the process dies, the ledger holds
// exactly the groups that were committed.
// Method: this program replaces fdatasync and pwrite64 of the C library, which
// SQLite calls. A child is killed before and after every sync; every write fails
// once with ENOSPC; every sync and write fails with EIO, which must end the
// process. Afterwards the ledger is opened, verified and compared with what the
// caller had been told.
#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger_world.h"

namespace {

struct Plan {
  int kill_before_sync = 0;  // n-th from 1; 0 = never
  int kill_after_sync = 0;
  int fail_sync = 0;
  int fail_write = 0;
  int write_error = 0;
  int syncs = 0;
  int writes = 0;
};
Plan plan;

}  // namespace

extern "C" int fdatasync(int fd) {
  ++plan.syncs;
  if (plan.syncs == plan.kill_before_sync) ::kill(::getpid(), SIGKILL);
  if (plan.syncs == plan.fail_sync) {
    errno = EIO;
    return -1;
  }
  const int done = static_cast<int>(::syscall(SYS_fdatasync, fd));
  if (plan.syncs == plan.kill_after_sync) ::kill(::getpid(), SIGKILL);
  return done;
}

extern "C" ssize_t pwrite64(int fd, const void* data, size_t size, off64_t offset) {
  ++plan.writes;
  if (plan.writes == plan.fail_write) {
    errno = plan.write_error;
    return -1;
  }
  return static_cast<ssize_t>(::syscall(SYS_pwrite64, fd, data, size, offset));
}

namespace focal::ledger {
namespace {

constexpr int kGroups = 6;
constexpr std::size_t kPerGroup = 100;  // a tile becomes full in the third group

// One group: records received, their receipts, something sent.
std::vector<store::Op> group(World& world) {
  const auto op = world.received(kPerGroup - 2, "XB", 1, std::string(500, 'x'));
  return {op, world.receipts_out("XB", records_of(op)), world.sent(1, {"XB"})};
}

// Commits groups and says on `pipe_fd` after each that it returned.
[[noreturn]] void child_work(World& world, int pipe_fd, Plan child_plan) {
  plan = child_plan;
  if (!world.open()) ::_exit(3);
  const auto key = crypto::make_signing_key(world.rng);
  for (int i = 0; i < kGroups; ++i) {
    if (!world.try_commit(group(world))) ::_exit(4);
    if (::write(pipe_fd, "c", 1) != 1) ::_exit(5);
    if (i == 2) world->idle();
    if (i == 3) {
      if (!world->make_checkpoint(world.now, key)) ::_exit(6);
    }
  }
  world.close();
  ::_exit(0);
}

struct Outcome {
  int acknowledged = 0;
  bool killed = false;
  int exit_code = 0;
};

// The keystore outlives the process: its keys are those of before the fork.
void make_keys(World& world) {
  for (int c = 1; c <= 5; ++c) ASSERT_TRUE(world.keks.current(KekClass(c), world.now));
  ASSERT_TRUE(world.keks.index_key());
}

Outcome run_child(World& world, Plan child_plan) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(ends[0]);
    child_work(world, ends[1], child_plan);
  }
  ::close(ends[1]);
  Outcome out;
  char byte = 0;
  while (::read(ends[0], &byte, 1) == 1) ++out.acknowledged;
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  out.killed = WIFSIGNALED(status);
  out.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return out;
}

// Every acknowledged group is there, at most one more, none in part.
void check_groups(World& world, int acknowledged) {
  const VerifyReport report = world.check();
  ASSERT_TRUE(report.ok());
  world.rng = crypto::SeededRng(4711);  // not the ids the child has used
  ASSERT_TRUE(world.open());
  std::int64_t real = 0;
  for (const store::LeafRow& leaf : world->tail(1'000'000)) real += leaf.type != "PAD" ? 1 : 0;
  EXPECT_EQ(real % static_cast<std::int64_t>(kPerGroup), 0);
  const auto groups = static_cast<int>(real / static_cast<std::int64_t>(kPerGroup));
  EXPECT_GE(groups, acknowledged);
  EXPECT_LE(groups, acknowledged + 1);
  world.commit(group(world));  // and life goes on
  world.close();
  world.check();
}

TEST(LedgerFaults, N101_KilledAtEverySyncNothingIsHalfWritten) {
  int kills = 0;
  for (int n = 1; n < 200; ++n) {
    bool reached = false;
    for (const bool before : {true, false}) {
      World world(static_cast<std::uint64_t>(n));
      world.create();
      make_keys(world);
      world.close();
      Plan child_plan;
      (before ? child_plan.kill_before_sync : child_plan.kill_after_sync) = n;
      const Outcome out = run_child(world, child_plan);
      if (!out.killed) {
        EXPECT_EQ(out.exit_code, 0);
        continue;
      }
      reached = true;
      ++kills;
      check_groups(world, out.acknowledged);
    }
    if (!reached) break;  // fewer than n syncs in the whole run
  }
  EXPECT_GE(kills, 2 * kGroups);  // at least one sync a commit
}

TEST(LedgerFaults, N101_KilledAtAnyMomentNothingIsHalfWritten) {
  World world;
  world.create();
  make_keys(world);
  world.close();
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      world.rng = crypto::SeededRng(static_cast<std::uint64_t>(100 + round));  // other ids
      if (!world.open()) ::_exit(3);
      for (;;) {
        const auto op = world.sent(20, {"XB"});
        if (!world.try_commit({op})) ::_exit(4);
        if (::write(ends[1], "c", 1) != 1) ::_exit(5);
      }
    }
    ::close(ends[1]);
    char byte = 0;
    for (int i = 0; i < 3 + 5 * round; ++i) ASSERT_EQ(::read(ends[0], &byte, 1), 1);
    ::kill(child, SIGKILL);
    while (::read(ends[0], &byte, 1) == 1) {
    }
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world->log_size() % 20, 0);
    world.close();
  }
  world.check();
}

// Every write in turn reports a full disk, once. A group that was refused left
// nothing; one that was accepted is there.
TEST(LedgerFaults, N102_NoSpaceAtEveryWriteUndoesTheGroup) {
  int refused = 0;
  for (int n = 1; n < 400; n += n < 40 ? 1 : 7) {
    World world(static_cast<std::uint64_t>(n));
    world.create();
    make_keys(world);
    plan = {};
    plan.fail_write = n;
    plan.write_error = ENOSPC;
    int accepted = 0;
    for (int i = 0; i < 4; ++i) {
      const auto done = world.try_commit(group(world));
      if (done) {
        ++accepted;
      } else {
        EXPECT_EQ(done.error().code, ErrorCode::kNoSpace);
        ++refused;
      }
      if (i == 1) world->idle();
    }
    const bool over = plan.writes < n;
    plan = {};
    EXPECT_EQ(world->log_size(), accepted * static_cast<std::int64_t>(kPerGroup));
    world.close();
    EXPECT_EQ(world.check().leaves, static_cast<std::uint64_t>(accepted) * kPerGroup);
    ASSERT_TRUE(world.open());
    if (over) break;
  }
  EXPECT_GT(refused, 10);
}

// In the dying child: opens, then works under the plan.
void work_with(World& world, Plan with) {
  if (!world.open()) return;
  plan = with;
  static_cast<void>(world.try_commit(group(world)));
  world->idle();
  plan = {};
}

TEST(LedgerFaultsDeathTest, N103_AFailedSyncEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "fast");
  World world;
  world.create();
  make_keys(world);
  world.close();
  Plan with;
  with.fail_sync = 1;  // of the commit
  EXPECT_DEATH(work_with(world, with), "the disk failed; stopping.*\"code\":\"IO\"");
  // The group of a failed sync may be there or not; nobody was told that it is.
  world.rng = crypto::SeededRng(2);
  with.fail_sync = 3;  // of moving the log
  EXPECT_DEATH(work_with(world, with), "the disk failed; stopping");
  world.rng = crypto::SeededRng(3);
  ASSERT_TRUE(world.open());  // the next start, on a disk that works
  EXPECT_TRUE(world.try_commit(group(world)));
  world.close();
  world.check();
}

TEST(LedgerFaultsDeathTest, N103_AWriteErrorEndsTheProcess) {
  GTEST_FLAG_SET(death_test_style, "fast");
  World world;
  world.create();
  make_keys(world);
  world.close();
  Plan with;
  with.fail_write = 1;
  with.write_error = EIO;
  EXPECT_DEATH(work_with(world, with), "the disk failed; stopping");
}

TEST(LedgerFaults, AFailedSyncWhileOpeningIsAnErrorAndTheNextStartIsFine) {
  World world;
  world.create();
  make_keys(world);
  ASSERT_TRUE(world.try_commit(group(world)));
  world.close();
  plan = {};
  plan.fail_sync = 1;
  const Status opened = world.open();
  plan = {};
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kIo);
  ASSERT_TRUE(world.open());
  world.close();
  EXPECT_EQ(world.check().leaves, kPerGroup);
}

}  // namespace
}  // namespace focal::ledger

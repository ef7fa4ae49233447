// Goal: a write, sync or truncation that fails ends the process at once: nothing is
// promised after it and nothing more is written, whether the change was lost or had
// reached the disk after all. The next start is fine. Number 103.
// Method: for each point a child runs the workload until that point fails; it leaves
// its counts in shared memory. Up to the fault it does what the recorded run did, so
// the files of that run are the child's, and are judged as after a power cut.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

constexpr int kStride = 41;
constexpr std::size_t kOneOf = kSlowBuild ? 4 : 1;  // of these points: a process each

constexpr int kWentOn = 0;      // to the end, and the ledger is as it should be
constexpr int kRefused = 10;    // create or open reported the I/O error
constexpr int kNotAsItIs = 11;  // went on to something else
constexpr int kOther = 12;      // another error

class Shared {
 public:
  Shared()
      : at_(static_cast<Progress*>(::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
                                          MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {
    *at_ = Progress{};
  }
  ~Shared() { ::munmap(at_, sizeof(Progress)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Progress* get() const { return at_; }

 private:
  Progress* at_;
};

int live(const Workload& work, World& world, const Fault& fault, Progress* progress) {
  begin_run(work.seed());
  Tape tape(fault, progress, false);
  Status done = work.create(world, &tape);
  for (int k = 0; done && k < work.size(); ++k) done = work.run(world, k, &tape);
  if (!done) return done.error().code == ErrorCode::kIo ? kRefused : kOther;
  work.close(world, &tape);
  const Pause pause;
  return digest(world.folder.ledger()) == work.digests().back() ? kWentOn : kNotAsItIs;
}

struct Death {
  int status = 0;
  std::string said;
};

// Runs live() in a child.
Death die(const Workload& work, const Fault& fault, Progress* progress) {
  World world(work.seed());  // the parent removes its folder
  work.give_keys(world);
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::dup2(ends[1], STDERR_FILENO);
    ::_exit(live(work, world, fault, progress));
  }
  ::close(ends[1]);
  Death out;
  char buffer[512];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    out.said.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  EXPECT_EQ(::waitpid(child, &out.status, 0), child);
  return out;
}

struct Counts {
  int aborted = 0;
  int refused = 0;
  int went_on = 0;
};

// Empty: the child ended as it should.
std::string ended_well(const Death& death, const Progress& progress, Phase phase, Counts& counts) {
  if (WIFSIGNALED(death.status) && WTERMSIG(death.status) == SIGABRT) {
    if (death.said.find("the disk failed; stopping") == std::string::npos) return death.said;
    if (progress.points_after_fault != 0) return "something was written after the failure";
    if (progress.acknowledged != progress.acknowledged_at_fault)
      return "something was acknowledged after the failure";
    ++counts.aborted;
    return {};
  }
  if (!WIFEXITED(death.status)) return "ended by a signal; " + death.said;
  const int code = WEXITSTATUS(death.status);
  if (code == kRefused && (phase == Phase::kCreate || phase == Phase::kOpen)) {
    ++counts.refused;
    return {};
  }
  // SQLite's own attempt to move its log when it closes; nothing depends on it.
  if (code == kWentOn && phase == Phase::kClose) {
    ++counts.went_on;
    return {};
  }
  return "ended with code " + std::to_string(code) + "; " + death.said;
}

TEST(CrashMatrix, N103_AnIoErrorAtAnyChangeEndsTheProcessBeforeAnythingElse) {
  const Recording& run = recorded();
  ASSERT_EQ(run.failure, "");
  const std::vector<int> points = points_to_try(run, kStride);
  Judge judge(workload());
  Counts counts;
  Disk disk;
  std::size_t tried = 0, reached = 0;
  for (const Event& event : run.events) {
    const bool wanted = event.point != 0 && event.change.act != Change::Act::kUnlink &&
                        std::binary_search(points.begin(), points.end(), event.point);
    if (wanted && (whole_matrix() || reached++ % kOneOf == 0)) {
      ++tried;
      for (const auto effect : {Fault::Effect::kNone, Fault::Effect::kWhole}) {
        const Shared shared;
        const Progress& progress = *shared.get();
        const Death death =
            die(workload(), {Fault::Kind::kIoError, event.point, effect, false}, shared.get());
        SCOPED_TRACE("point " + std::to_string(event.point) +
                     (effect == Fault::Effect::kWhole ? ", which had happened" : ""));
        ASSERT_EQ(ended_well(death, progress, event.phase, counts), "");
        ASSERT_TRUE(progress.failed);
        ASSERT_EQ(progress.fingerprint,
                  run.fingerprints[static_cast<std::size_t>(event.point) - 1]);
        ASSERT_EQ(progress.acknowledged_at_fault, event.acknowledged);
        const Change* happened = effect == Fault::Effect::kWhole ? &event.change : nullptr;
        ASSERT_EQ(judge.look_at_all({disk, happened, event.acknowledged,
                                     static_cast<std::uint64_t>(event.point) + 2'000'000}),
                  "");
      }
    }
    disk.apply(event.change);
  }
  EXPECT_GT(counts.aborted, 10);
  std::printf(
      "crash matrix, I/O error: %zu points x {lost, happened} = %zu processes: %d aborted with "
      "nothing written or acknowledged after, %d refused to start, %d failed only to tidy up at "
      "their end; %d images after it, %d of them different\n",
      tried, tried * 2, counts.aborted, counts.refused, counts.went_on, judge.images(),
      judge.different());
}

}  // namespace
}  // namespace focal::crash

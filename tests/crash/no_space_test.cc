// Goal: a full disk refuses a group and harms nothing, whether the refused write is
// missing, half there, or there although it was reported as failed; when there is
// room again, work goes on. Number 102.
// Method: the workload with every write in turn refused, once or until the group is
// given up; then a power cut, or another small group, or the same group again.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

constexpr int kStride = 37;

struct Counts {
  int runs = 0;
  int refused = 0;   // a group was refused
  int survived = 0;  // the write was one that can be made again later
};

class NoSpaceRun {
 public:
  NoSpaceRun(const Workload& work, const Fault& fault, Judge& judge)
      : work_(work), judge_(judge), world_(work.seed()), tape_((begin_run(work.seed()), fault)) {
    work.give_keys(world_);
  }

  // Empty: all is well.
  std::string go(Counts& counts) {
    std::string wrong = step([&] { return work_.create(world_, &tape_); });
    for (int k = 0; wrong.empty() && k < work_.size(); ++k)
      wrong = step([&] {
        if (!world_.ledger)
          if (Status opened = work_.open(world_, &tape_); !opened) return opened;
        return work_.run(world_, k, &tape_);
      });
    work_.close(world_, &tape_);
    ++counts.runs;
    counts.refused += refused_ ? 1 : 0;
    counts.survived += refused_ ? 0 : 1;
    if (!wrong.empty()) return wrong;
    if (!tape_.progress().failed) return "no write was refused";
    const Pause pause;
    if (digest(world_.folder.ledger()) != work_.digests().back()) return "ended elsewhere";
    world_.check();
    return {};
  }

 private:
  template <typename Do>
  std::string step(Do what) {
    Status done = what();
    if (done) return {};
    if (done.error().code != ErrorCode::kNoSpace) return "refused as " + done.error().message;
    refused_ = true;
    if (auto wrong = cut_here(); !wrong.empty()) return "refused, then cut; " + wrong;
    tape_.space_again();
    if (world_.ledger && tape_.progress().acknowledged > 0) {
      // Another group first, written over what may be left of the refused one.
      if (done = work_.there_and_back(world_); !done) return "another: " + done.error().message;
      if (auto wrong = cut_here(); !wrong.empty()) return "another group, then cut; " + wrong;
    }
    done = what();
    return done ? "" : "again: " + done.error().message;
  }

  std::string cut_here() {
    const int acknowledged = tape_.progress().acknowledged;
    Disk disk;
    for (const Event& event : tape_.events()) disk.apply(event.change);
    return judge_.look_at_all({disk, nullptr, acknowledged,
                               static_cast<std::uint64_t>(tape_.progress().points) + 1'000'000});
  }

  const Workload& work_;
  Judge& judge_;
  World world_;
  Tape tape_;
  bool refused_ = false;
};

TEST(CrashMatrix, N102_NoSpaceAtEveryWriteHarmsNothingWhateverBecameOfTheWrite) {
  ASSERT_EQ(recorded().failure, "");
  Judge judge(workload());
  Counts counts;
  int points = 0;
  const std::vector<int> wanted = points_to_try(recorded(), kStride);
  for (const Event& event : recorded().events) {
    if (event.change.act != Change::Act::kWrite ||
        !std::binary_search(wanted.begin(), wanted.end(), event.point))
      continue;
    ++points;
    for (const auto effect : {Fault::Effect::kNone, Fault::Effect::kHalf, Fault::Effect::kWhole}) {
      for (const bool lasting : {false, true}) {
        NoSpaceRun run(workload(), {Fault::Kind::kNoSpace, event.point, effect, lasting}, judge);
        ASSERT_EQ(run.go(counts), "") << "write at point " << event.point << ", effect "
                                      << static_cast<int>(effect) << (lasting ? ", lasting" : "");
      }
    }
  }
  EXPECT_GE(counts.refused, points * 4) << "most writes are those of a commit";
  EXPECT_GE(points, 4);
  std::printf(
      "crash matrix, no space: %d writes x {missing, half, there} x {once, lasting} = %d runs, a "
      "group refused in %d, a later try in %d; cut after it: %d images, %d of them different\n",
      points, counts.runs, counts.refused, counts.survived, judge.images(), judge.different());
}

}  // namespace
}  // namespace focal::crash

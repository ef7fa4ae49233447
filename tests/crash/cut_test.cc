// Goal: wherever the power goes, and whatever the disk keeps of what was not yet
// synced, the ledger opens, holds exactly what was acknowledged (and perhaps the
// step under way, whole), verifies, and goes on.
// Method: one run of the workload is recorded change by change; for every change
// the files are made as they may look then, ten ways, and judged.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

using Act = Change::Act;

constexpr int kStride = 11;

TEST(CrashMatrix, N101_CutAtEveryChangeNothingAcknowledgedIsLostAndNothingIsHalf) {
  const Recording& run = recorded();
  ASSERT_EQ(run.failure, "");
  std::map<Act, int> acts;
  for (const Event& event : run.events) acts[event.change.act] += event.point != 0 ? 1 : 0;
  EXPECT_GT(acts[Act::kWrite], 300);
  EXPECT_GT(acts[Act::kSync], workload().size());
  EXPECT_GE(acts[Act::kTruncate], 3);
  EXPECT_GE(acts[Act::kUnlink], 2);
  Judge judge(workload());
  EXPECT_EQ(cut_everywhere(run, judge, kStride), "");
  // Without both, the matrix would not look where it should.
  EXPECT_GT(judge.last_group_kept(), 10);
  EXPECT_GT(judge.last_group_gone(), 20);
  std::printf(
      "crash matrix, power cut: %d writes, %d syncs, %d truncations, %d deletions; %zu points "
      "tried x 2 versions x %zu remains = %d images, %d of them different; the step under way was "
      "kept in %d, gone in %d\n",
      acts[Act::kWrite], acts[Act::kSync], acts[Act::kTruncate], acts[Act::kUnlink],
      points_to_try(run, kStride).size(), std::size(kAllLeft), judge.images(), judge.different(),
      judge.last_group_kept(), judge.last_group_gone());
}

// The power goes, comes back, and goes again while the node starts.
TEST(CrashMatrix, CutAgainDuringTheNextStart) {
  constexpr int kOneSyncOf = 9;
  Judge judge(workload());
  Disk disk;
  int syncs = 0, starts = 0;
  for (const Event& event : recorded().events) {
    const bool wanted = event.change.act == Act::kSync && event.acknowledged >= 0 &&
                        (syncs++ % kOneSyncOf == 0 || whole_matrix());
    if (wanted) {
      std::mt19937_64 dice(static_cast<std::uint64_t>(event.point));
      const Files files = disk.image(Left::kTorn, dice);
      const Recording start = record_start(workload(), files, event.acknowledged);
      ASSERT_EQ(start.failure, "");
      ASSERT_EQ(cut_everywhere(start, judge, kStride), "") << "first cut at " << event.point;
      ++starts;
    }
    disk.apply(event.change);
  }
  EXPECT_GE(starts, 4);
  std::printf("crash matrix, cut again in the next start: %d starts, %d images, %d different\n",
              starts, judge.images(), judge.different());
}

// Whoever adds a transaction adds a step.
TEST(CrashMatrix, TheWorkloadHasEveryTransactionThatSchemaFourAdded) {
  for (const store::Op& op : std::initializer_list<store::Op>{
           store::PutCosig{}, store::PutPublished{}, store::PutWitnessState{}, store::PutPeerCheckpoint{},
           store::PutWitnessPolicy{}, store::PutPeerPolicy{}, store::PutProof{}, store::PutPromise{},
           store::PutOpened{}, store::PutShred{}, store::SetDelAfter{}, store::SetDated{},
           store::PutRecovered{}, store::PutBody{}, store::ReopenItems{}, store::PutSignedRoots{},
           store::PutMark{}})
    EXPECT_TRUE(workload().ops().contains(op.index())) << "number " << op.index() << " of store::Op";
  EXPECT_EQ(std::variant_size_v<store::AnyOp> - store::Op(store::PutCosig{}).index(), 17u)
      << "a new one: add a step to tests/crash/workload.cc, and the op above";
  EXPECT_TRUE(workload().leaves().contains(store::LeafType::kWitnessed));
  EXPECT_TRUE(workload().leaves().contains(store::LeafType::kShred));
}

TEST(CrashMatrix, TheSameSeedGivesTheSameRun) {
  const Recording again = record(workload());
  EXPECT_EQ(again.failure, "");
  EXPECT_EQ(again.points, recorded().points);
  EXPECT_EQ(again.fingerprints, recorded().fingerprints);
  const Workload other(kSeed);
  EXPECT_EQ(other.digests(), workload().digests());
}

}  // namespace
}  // namespace focal::crash

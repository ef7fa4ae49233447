// Goal: a ledger whose making fails is not in the way of the next attempt, and no
// failure is passed over. Method: every change while the ledger is made fails in turn,
// for want of space or by an I/O error; then it is made again.
#include <gtest/gtest.h>

#include "tests/crash/matrix.h"

namespace focal::crash {
namespace {

using Act = Change::Act;

// Empty: all is well.
std::string fail_then_make(const Fault& fault) {
  const Workload& work = workload();
  World world(work.seed());
  work.give_keys(world);
  {
    begin_run(work.seed());
    Tape tape(fault);
    const Status made = work.create(world, &tape);
    const ErrorCode expected =
        fault.kind == Fault::Kind::kNoSpace ? ErrorCode::kNoSpace : ErrorCode::kIo;
    if (!tape.progress().failed) return "nothing failed";
    if (made) return "the failure was passed over";
    if (made.error().code != expected) return made.error().message;
  }
  begin_run(work.seed());
  if (const Status made = work.create(world, nullptr); !made) return made.error().message;
  return digest(world.folder.ledger()) == work.digests()[0] ? "" : "another ledger";
}

TEST(CrashMatrix, ALedgerThatCouldNotBeMadeCanBeMadeAgain) {
  constexpr int kOneOf = kSlowBuild ? 12 : 4;  // of the many equal ones in the middle
  int tried = 0, last = 0;
  for (const Event& event : recorded().events)
    if (event.phase == Phase::kCreate) last = event.point;
  ASSERT_GT(last, 70);
  for (const Event& event : recorded().events) {
    const int point = event.point;
    if (point == 0 || event.phase != Phase::kCreate || event.change.act == Act::kUnlink) continue;
    if (point > 12 && point < last - 6 && point % kOneOf != 0 && !whole_matrix()) continue;
    for (const auto effect : {Fault::Effect::kNone, Fault::Effect::kWhole}) {
      SCOPED_TRACE("point " + std::to_string(point));
      EXPECT_EQ(fail_then_make({Fault::Kind::kIoError, point, effect, false}), "");
      if (event.change.act != Act::kWrite) continue;
      EXPECT_EQ(fail_then_make({Fault::Kind::kNoSpace, point, effect, false}), "");
      ++tried;
    }
  }
  EXPECT_GT(tried, 20);
}

}  // namespace
}  // namespace focal::crash

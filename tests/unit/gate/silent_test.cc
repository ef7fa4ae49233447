// Goal: exactly the connections that never spoke are named, once, when their time is over.
// Method: invented descriptors and times, one millisecond either side of the limit.
#include "node/gate/silent.h"

#include <gtest/gtest.h>

namespace focal::gate {
namespace {

Now at(std::uint64_t ms) { return Now{ms, 0}; }

TEST(SilentCallers, OnlyTheSilentAreTakenAndOnce) {
  SilentCallers callers;
  EXPECT_FALSE(callers.next_ms().has_value());
  callers.accepted(7, at(100));
  callers.accepted(8, at(100));
  callers.accepted(9, at(200));
  callers.forget(8);
  EXPECT_EQ(callers.next_ms(), 100 + kMaxSilenceMs);
  EXPECT_FALSE(callers.take_overdue(at(100 + kMaxSilenceMs - 1)).has_value());
  EXPECT_EQ(callers.take_overdue(at(100 + kMaxSilenceMs)), 7);
  EXPECT_FALSE(callers.take_overdue(at(100 + kMaxSilenceMs)).has_value());
  EXPECT_EQ(callers.next_ms(), 200 + kMaxSilenceMs);
  EXPECT_EQ(callers.take_overdue(at(200 + kMaxSilenceMs)), 9);
  EXPECT_FALSE(callers.next_ms().has_value());
}

TEST(SilentCallers, ANumberUsedAgainHasItsOwnTime) {
  SilentCallers callers;
  callers.accepted(7, at(100));
  callers.forget(7);
  callers.accepted(7, at(5000));
  EXPECT_FALSE(callers.take_overdue(at(100 + kMaxSilenceMs)).has_value());
  EXPECT_EQ(callers.take_overdue(at(5000 + kMaxSilenceMs)), 7);
  callers.accepted(8, at(6000));
  callers.clear();
  EXPECT_FALSE(callers.take_overdue(at(6000 + kMaxSilenceMs)).has_value());
}

}  // namespace
}  // namespace focal::gate

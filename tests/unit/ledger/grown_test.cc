// Goal: taking a group costs the same in a ledger that has grown (the rate itself is bounded by
// bench/bench_grown.cc, at two million records). Method: the bytes that one group of the same size
// puts into the write-ahead log, early and late: pages touched, whatever the machine does in a
// second.
#include <gtest/gtest.h>

#include "ledger_world.h"

namespace focal::ledger {
namespace {

constexpr std::size_t kGroup = 256;

std::uintmax_t cost_of_a_group(World& world) {
  const auto emptied = world->truncate_wal();
  EXPECT_TRUE(emptied.has_value() && *emptied);
  const auto got = world.received(kGroup, "XB");
  world.now += kSecondMs;
  world.commit({got, world.receipts_out("XB", records_of(got))});
  return std::filesystem::file_size(world.folder.ledger().string() + "-wal");
}

TEST(Grown, N136_AGroupTouchesAsManyPagesAmongManyRecordsAsAmongFew) {
  World world;
  world.add_signer("XB");
  world.create();
  world.commit({world.pin("XB")});
  std::uintmax_t early = 0, late = 0;
  for (int i = 0; i < 5; ++i) early += cost_of_a_group(world);
  for (int i = 0; i < 60; ++i) {
    const auto got = world.received(kGroup, "XB");
    world.now += kSecondMs;
    world.commit({got, world.receipts_out("XB", records_of(got))});
  }
  for (int i = 0; i < 5; ++i) late += cost_of_a_group(world);
  EXPECT_GT(early, 5 * kGroup * 74) << "the leaves alone are as much";
  EXPECT_LE(static_cast<double>(late), 1.25 * static_cast<double>(early));
}

}  // namespace
}  // namespace focal::ledger

// Prints what a commit costs: `ledger_speed [records already there]`. Groups of
// 1000 received records of 1 KiB with one receipt batch, then single records.
#include <sys/stat.h>
#include <time.h>

#include <cstdio>
#include <cstdlib>

#include "base/clock.h"
#include "ledger_world.h"

namespace {

double seconds(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

struct Cost {
  double wall = 0;
  double cpu = 0;
};

// Preparing the groups is not measured.
Cost measure(focal::ledger::World& world, int groups, std::size_t n) {
  Cost cost;
  for (int i = 0; i < groups; ++i) {
    world.now += 16;  // time goes on as it would at 60,000 records a second
    const auto op = world.received(n, "XB", 1, std::string(1024, 'x'));
    focal::store::Txn txn{world.now, {op, world.receipts_out("XB", focal::ledger::records_of(op))}};
    const double wall = seconds(CLOCK_MONOTONIC);
    const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (!world->commit(txn)) std::abort();
    cost.wall += seconds(CLOCK_MONOTONIC) - wall;
    cost.cpu += seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
  }
  const double records = static_cast<double>(groups) * static_cast<double>(n);
  return {cost.wall / records * 1e6, cost.cpu / records * 1e6};
}

}  // namespace

int main(int argc, char** argv) {
  focal::ledger::World world;
  world.create();
  const long before = argc > 1 ? std::atol(argv[1]) : 0;
  if (before > 0) measure(world, static_cast<int>(before / 1000), 1000);
  const Cost group = measure(world, 200, 1000);
  const Cost single = measure(world, 200, 1);
  std::printf(
      "{\"before\":%ld,\"group_1000_us_per_record\":%.2f,\"group_1000_cpu_us\":%.2f,"
      "\"single_us\":%.1f,\"single_cpu_us\":%.1f}\n",
      before, group.wall, group.cpu, single.wall, single.cpu);
  const double reading = seconds(CLOCK_PROCESS_CPUTIME_ID);
  constexpr int kReads = 20000;
  for (int i = 0; i < kReads; ++i) {
    if (world->find({world.rng.array<32>(), world.now})) return 1;
  }
  std::printf("{\"find_nothing_cpu_us\":%.2f}\n",
              (seconds(CLOCK_PROCESS_CPUTIME_ID) - reading) / kReads * 1e6);
  const double begin = seconds(CLOCK_MONOTONIC);
  if (!world.open()) return 1;
  const double opened = seconds(CLOCK_MONOTONIC);
  world.close();
  const auto report = focal::ledger::verify(world.folder.ledger());
  if (!report || !report->ok()) return 1;
  std::printf("{\"leaves\":%llu,\"reopen_s\":%.2f,\"verify_s\":%.2f}\n",
              static_cast<unsigned long long>(report->leaves), opened - begin,
              seconds(CLOCK_MONOTONIC) - opened);
  return 0;
}

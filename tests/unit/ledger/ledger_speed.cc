// Prints what a commit costs: `ledger_speed [records already there]`. Groups of
// 1000 received records of 1 KiB in batches of 250, with one receipt batch, then
// single records.
#include <sys/stat.h>
#include <time.h>

#include <algorithm>
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

constexpr std::size_t kBatch = 250;

// Preparing the groups is not measured.
Cost measure(focal::ledger::World& world, int groups, std::size_t n) {
  Cost cost;
  for (int i = 0; i < groups; ++i) {
    world.now += 16;  // time goes on as it would at 60,000 records a second
    focal::store::Txn txn{world.now, {}};
    std::vector<focal::ledger::TestRecord> records;
    for (std::size_t left = n; left > 0; left -= std::min(left, kBatch)) {
      const auto op = world.received(std::min(left, kBatch), "XB", 1, std::string(1024, 'x'));
      for (const auto& record : focal::ledger::records_of(op)) records.push_back(record);
      txn.ops.emplace_back(op);
    }
    txn.ops.emplace_back(world.receipts_out("XB", records));
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
  for (const char* party : {focal::ledger::kParty, "XB"}) world.add_signer(party);
  if (!world.try_commit({world.pin("XB")})) return 1;
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
  const double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const auto report = focal::ledger::verify(world.folder.ledger());
  if (!report || !report->ok()) return 1;
  std::printf("{\"leaves\":%llu,\"reopen_s\":%.2f,\"verify_s\":%.2f,\"verify_cpu_s\":%.2f}\n",
              static_cast<unsigned long long>(report->leaves), opened - begin,
              seconds(CLOCK_MONOTONIC) - opened, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
  const double signed_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const auto with_keys = focal::ledger::verify(world.folder.ledger(), world.keys());
  if (!with_keys || !with_keys->ok()) return 1;
  std::printf("{\"signatures\":%llu,\"verify_signed_cpu_s\":%.2f}\n",
              static_cast<unsigned long long>(with_keys->signatures),
              seconds(CLOCK_PROCESS_CPUTIME_ID) - signed_cpu);
  return 0;
}

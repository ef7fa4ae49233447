// What waits after an outage: the other node is down while records are released
// in bulk; when it comes back everything drains, and a record that is released
// in the middle of it does not wait for the rest.
//   bench_backlog [FOLDER]      FOCAL_BENCH_RECORDS sets the count (default 300000)
// One JSON line. "urgent_share" is the time the urgent record took over the time
// the whole backlog took, "memory_kib" the most this process held.
#include <algorithm>
#include <cstdio>

#include "bench/pair.h"

namespace focal::bench {
namespace {

constexpr std::size_t kChunk = 2000;
constexpr std::uint32_t kBulk = 2, kInteractive = 1;
constexpr double kPatienceS = 600;

bool has_open(Pair& pair, std::uint32_t lane) {
  bool any = false;
  pair.a.on_loop([&](const Now&) {
    pair.a->core().machine().outbox().for_each(
        [&](const exchange::OutboxEntry& e) { any = any || e.row.lane == lane; });
  });
  return any;
}

int run(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::size_t records = from_env("FOCAL_BENCH_RECORDS", 300'000);
  Pair pair(folder, 7431);
  Load bulk = opaque_1k(), urgent = opaque_1k();
  bulk.lane = kBulk;
  urgent.lane = kInteractive;

  pair.b.stop();
  const auto released = Clock::now();
  for (std::size_t n = 0; n < records; n += kChunk) pair.submit(bulk, std::min(kChunk, records - n));
  const double release_s = seconds_since(released);
  std::uint64_t most_kib = resident_kib();

  const std::size_t before = pair.open_records();
  if (before < records) give_up("records were receipted by a node that is down");
  pair.b.start();
  const auto back = Clock::now();
  while (pair.open_records() > records * 9 / 10) {  // the flood is under way
    if (seconds_since(back) > kPatienceS) give_up("the backlog does not move");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const auto asked = Clock::now();
  pair.submit(urgent, 1);
  while (has_open(pair, kInteractive)) {
    if (seconds_since(back) > kPatienceS) give_up("the urgent record does not leave");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  const double urgent_s = seconds_since(asked);
  const std::size_t left = pair.open_records();
  while (pair.open_rows() != 0) {
    if (seconds_since(back) > kPatienceS) give_up("the backlog does not drain");
    most_kib = std::max(most_kib, resident_kib());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const double drain_s = seconds_since(back);
  std::printf(
      "{\"bench\":\"backlog\",\"records\":%zu,\"release_per_s\":%.0f,\"drain_s\":%.2f,"
      "\"drain_per_s\":%.0f,\"urgent_ms\":%.1f,\"urgent_share\":%.4f,\"left_behind\":%zu,"
      "\"memory_kib\":%llu,\"memory_bytes_a_record\":%.0f}\n",
      records, static_cast<double>(records) / release_s, drain_s,
      static_cast<double>(records) / drain_s, urgent_s * 1e3, urgent_s / drain_s, left,
      static_cast<unsigned long long>(most_kib),
      static_cast<double>(most_kib) * 1024 / static_cast<double>(records));
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

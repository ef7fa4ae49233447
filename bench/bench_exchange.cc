// How many records a second go from one node to another, committed at both ends
// and receipted, and how long one alone takes. The ideal is what the primitives
// of the same run allow (bench/primitives.h).
//   bench_exchange [FOLDER]     FOCAL_BENCH_RECORDS sets the count (default 200000)
// One JSON line a load. "slowest_quarter" is the rate of the slowest quarter of
// the run over the whole; "memory_growth" what this process holds at the end over
// what it held after the first quarter.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "bench/pair.h"

namespace focal::bench {
namespace {

constexpr int kIdleRounds = 200;
constexpr std::size_t kQuarters = 4;

struct Idle {
  double p50_us, p99_us;
};

Idle idle_round_trips(Pair& pair, const Load& load) {
  std::vector<double> us;
  for (int i = 0; i < kIdleRounds; ++i) {
    us.push_back(pair.one(load));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  std::sort(us.begin(), us.end());
  return {us[us.size() / 2], us[us.size() * 99 / 100]};
}

struct Sustained {
  double seconds = 0;
  double slowest_quarter = 0;  // seconds
  double memory_growth = 0;
  double cpu_s = 0, gates_cpu_s = 0;
  double written = 0;          // bytes
};

Sustained sustain(Pair& pair, const Load& load, std::size_t records) {
  Sustained out;
  std::uint64_t first_kib = 0;
  const double cpu = cpu_s(), gates = gates_cpu_s();
  const auto written = written_bytes();
  for (std::size_t i = 0; i < kQuarters; ++i) {
    const double seconds = pair.run(load, records / kQuarters);
    out.seconds += seconds;
    out.slowest_quarter = std::max(out.slowest_quarter, seconds);
    if (i == 0) first_kib = resident_kib();
  }
  out.memory_growth = static_cast<double>(resident_kib()) / static_cast<double>(first_kib);
  out.cpu_s = cpu_s() - cpu;
  out.gates_cpu_s = gates_cpu_s() - gates;
  out.written = static_cast<double>(written_bytes() - written);
  return out;
}

int run(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::size_t records = from_env("FOCAL_BENCH_RECORDS", 200'000) / kQuarters * kQuarters;
  const FocalPrimitives costs = primitives(folder);
  const double ideal = focal_ideal_records_per_s(&costs, 2, 225, 1024);
  const double ideal_idle = focal_ideal_round_trip_us(&costs);

  Pair pair(folder, 7421);
  const struct {
    const char* name;
    Load load;
    std::size_t records;
  } loads[] = {{"opaque_1k", opaque_1k(), records}, {"trace_request", trace_request(), records / 20}};
  for (const auto& load : loads) {
    const Idle idle = idle_round_trips(pair, load.load);
    const Sustained s = sustain(pair, load.load, load.records);
    const double n = static_cast<double>(load.records), rate = n / s.seconds;
    std::printf(
        "{\"bench\":\"exchange\",\"load\":\"%s\",\"records\":%zu,\"records_per_s\":%.0f,"
        "\"ideal_records_per_s\":%.0f,\"ratio\":%.4f,\"slowest_quarter\":%.3f,"
        "\"memory_growth\":%.3f,\"nodes_cpu_us\":%.2f,\"gates_cpu_us\":%.2f,"
        "\"written_bytes\":%.0f,\"idle_p50_us\":%.0f,\"idle_p99_us\":%.0f,"
        "\"ideal_idle_us\":%.0f,\"idle_ratio\":%.3f}\n",
        load.name, load.records, rate, ideal, rate / ideal,
        s.seconds / static_cast<double>(kQuarters) / s.slowest_quarter, s.memory_growth,
        s.cpu_s / n * 1e6, s.gates_cpu_s / n * 1e6, s.written / n, idle.p50_us, idle.p99_us,
        ideal_idle, idle.p50_us / ideal_idle);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

// How many records a second go from one node to another, committed at both ends
// and receipted, and how long one alone takes. The ideal is what the primitives
// of the same run allow (bench/primitives.h): both are measured in turns, and
// "ratio" is the median of the turns, so that what else the machine does falls on
// both.
//   bench_exchange [FOLDER]
//     FOCAL_BENCH_RECORDS   opaque records in all (default 200000)
//     FOCAL_BENCH_ONLY      the one load to measure
// One JSON line a load. "steady" is the rate of the slowest turn over the mean,
// "memory_growth" what this process holds at the end over what it held after the
// first turn, "idle_ratio" the median time of one record alone over the sum of its
// serial steps.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "bench/pair.h"

namespace focal::bench {
namespace {

constexpr int kIdleRounds = 100;     // a turn
constexpr std::size_t kTurns = 5;

double at_share(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(
                                                static_cast<double>(values.size()) * share))];
}

struct Measured {
  std::vector<double> rates, ideals, ratios, idle_us, ideal_idle_us, idle_ratios;
  double memory_growth = 0;
  double cpu_s = 0, gates_cpu_s = 0;
  double written = 0;                // bytes
};

Measured measure(Pair& pair, const Load& load, std::size_t records,
                 const std::filesystem::path& folder) {
  Measured out;
  std::uint64_t first_kib = 0;
  for (std::size_t turn = 0; turn < kTurns; ++turn) {
    const FocalPrimitives costs = primitives(folder);
    out.ideals.push_back(focal_ideal_records_per_s(&costs, 2, 225, 1024));
    out.ideal_idle_us.push_back(focal_ideal_round_trip_us(&costs));
    std::vector<double> idle;
    for (int i = 0; i < kIdleRounds; ++i) {
      idle.push_back(pair.one(load));
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    out.idle_ratios.push_back(at_share(idle, 0.5) / out.ideal_idle_us.back());
    out.idle_us.insert(out.idle_us.end(), idle.begin(), idle.end());
    const double cpu = cpu_s(), gates = gates_cpu_s();
    const auto written = written_bytes();
    const std::size_t n = records / kTurns;
    out.rates.push_back(static_cast<double>(n) / pair.run(load, n));
    out.ratios.push_back(out.rates.back() / out.ideals.back());
    out.cpu_s += cpu_s() - cpu;
    out.gates_cpu_s += gates_cpu_s() - gates;
    out.written += static_cast<double>(written_bytes() - written);
    if (turn == 0) first_kib = resident_kib();
  }
  out.memory_growth = static_cast<double>(resident_kib()) / static_cast<double>(first_kib);
  return out;
}

void print(const char* load, std::size_t records, const Measured& m) {
  const double n = static_cast<double>(records);
  double mean = 0;
  for (const double rate : m.rates) mean += rate / static_cast<double>(m.rates.size());
  std::printf(
      "{\"bench\":\"exchange\",\"load\":\"%s\",\"records\":%zu,\"records_per_s\":%.0f,"
      "\"ideal_records_per_s\":%.0f,\"ratio\":%.4f,\"steady\":%.3f,\"memory_growth\":%.3f,"
      "\"nodes_cpu_us\":%.2f,\"gates_cpu_us\":%.2f,\"written_bytes\":%.0f,"
      "\"idle_p50_us\":%.0f,\"idle_p99_us\":%.0f,\"ideal_idle_us\":%.0f,"
      "\"idle_ratio\":%.3f}\n",
      load, records, at_share(m.rates, 0.5), at_share(m.ideals, 0.5), at_share(m.ratios, 0.5),
      at_share(m.rates, 0) / mean, m.memory_growth, m.cpu_s / n * 1e6, m.gates_cpu_s / n * 1e6,
      m.written / n, at_share(m.idle_us, 0.5), at_share(m.idle_us, 0.99),
      at_share(m.ideal_idle_us, 0.5), at_share(m.idle_ratios, 0.5));
  std::fflush(stdout);
}

int run(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::size_t records = from_env("FOCAL_BENCH_RECORDS", 200'000) / kTurns * kTurns;
  const char* only = std::getenv("FOCAL_BENCH_ONLY");
  const struct {
    const char* name;
    Load load;
    std::size_t records;
  } loads[] = {{"opaque_1k", opaque_1k(), records}, {"trace_request", trace_request(), records / 10}};
  Pair pair(folder, 7421);
  for (const auto& load : loads) {
    if (only != nullptr && std::string_view(only) != load.name) continue;
    print(load.name, load.records, measure(pair, load.load, load.records, folder));
  }
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

// Does a node slow down as its ledger grows? One pair of nodes exchanges two
// million records first; then it and a fresh pair take turns, so that whatever
// else the machine does falls on both.
//   bench_grown [FOLDER]        FOCAL_BENCH_ROWS sets the records before (default 2000000)
// One JSON line. "grown_ratio" is the rate of the grown pair over the fresh one's:
// the median over the turns.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "bench/pair.h"

namespace focal::bench {
namespace {

constexpr std::size_t kTurns = 5;
constexpr std::size_t kBurst = 20'000;

int run(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path();
  const std::size_t rows = from_env("FOCAL_BENCH_ROWS", 2'000'000);
  Pair grown(folder / "grown", 7441);
  const double growing_s = grown.run(opaque_1k(), rows);
  Pair fresh(folder / "fresh", 7443);
  std::vector<double> ratios, grown_rates, fresh_rates;
  for (std::size_t i = 0; i < kTurns; ++i) {
    const double f = kBurst / fresh.run(opaque_1k(), kBurst);
    const double g = kBurst / grown.run(opaque_1k(), kBurst);
    fresh_rates.push_back(f);
    grown_rates.push_back(g);
    ratios.push_back(g / f);
  }
  for (auto* list : {&ratios, &grown_rates, &fresh_rates}) std::sort(list->begin(), list->end());
  std::printf(
      "{\"bench\":\"grown\",\"rows_before\":%zu,\"growing_per_s\":%.0f,\"fresh_per_s\":%.0f,"
      "\"grown_per_s\":%.0f,\"grown_ratio\":%.3f}\n",
      rows, static_cast<double>(rows) / growing_s, fresh_rates[kTurns / 2],
      grown_rates[kTurns / 2], ratios[kTurns / 2]);
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

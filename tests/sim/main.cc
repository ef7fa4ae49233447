// focal-sim: worlds of whole nodes from one seed (docs/reliability.md, "Simulator").
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/bytes.h"
#include "crypto/secret.h"
#include "tests/sim/quiet_log.h"
#include "tests/sim/run.h"

namespace focal::sim {
namespace {

struct Options {
  PlanOptions plan;
  std::uint64_t first = 1, last = 1;
  bool range = false;
  StoreKind stores = StoreKind::kMemory;
  std::uint64_t both_every = 0;   // every n-th seed of a range runs on both stores
  std::uint64_t twice_every = 20; // every n-th seed runs twice (I11)
  bool shrink = true;
};

void print_help() {
  std::puts(
      "focal-sim: whole Focal nodes in one process, from one seed.\n"
      "\n"
      "  focal-sim --seed 7               one world\n"
      "  focal-sim --seeds 1..240         many; a fault that never had an effect fails\n"
      "\n"
      "  --world NAME     instead of the one that the seed selects (list below)\n"
      "  --nodes N        2 to 20 (default: 2 to 5, by the seed)\n"
      "  --minutes M      simulated time with faults (default 40); --hours H = 60 H minutes\n"
      "  --store KIND     memory (default), sqlite, or both: every transaction and every read\n"
      "                   runs on both, a difference is a violation\n"
      "  --both-every N   in a range: every N-th seed runs on both stores\n"
      "  --twice-every N  every N-th seed runs twice and must give the same transcript (20)\n"
      "  --trace          prints the actions and what the nodes log\n"
      "  --no-shrink      a failing list of actions is printed as it is\n"
      "\n"
      "A failure prints seed, step, the invariant in words, the newest leaves of the ledgers\n"
      "concerned, and the smallest list of actions that still breaks it. Repeat it with --seed.\n"
      "Exit code: 0 nothing broke, 1 something broke, 2 wrong call.\n"
      "\n"
      "Worlds:");
  for (const WorldKind& world : world_kinds())
    std::printf("  %-21s %s\n", std::string(world.name).c_str(), std::string(world.words).c_str());
}

bool number(const char* text, std::uint64_t& out) {
  char* end = nullptr;
  out = std::strtoull(text, &end, 10);
  return end != text && *end == '\0';
}

int wrong(const std::string& words) {
  std::fprintf(stderr, "focal-sim: %s (focal-sim --help)\n", words.c_str());
  return 2;
}

// 0: go on; else the exit code + 1.
int parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--help" || name == "-h") return print_help(), 1;
    if (name == "--trace") { trace_log = true; continue; }
    if (name == "--no-shrink") { options.shrink = false; continue; }
    if (i + 1 >= argc) return 1 + wrong(name + " is unknown or needs a value");
    const std::string value = argv[++i];
    std::uint64_t n = 0;
    const bool is_number = number(value.c_str(), n);
    if (name == "--seed" && is_number) {
      options.first = options.last = n;
    } else if (name == "--seeds") {
      const auto dots = value.find("..");
      if (dots == std::string::npos || !number(value.substr(0, dots).c_str(), options.first) ||
          !number(value.substr(dots + 2).c_str(), options.last) || options.first > options.last)
        return 1 + wrong("--seeds wants A..B");
      options.range = true;
    } else if (name == "--world") {
      if (find_world(value) == nullptr) return 1 + wrong("there is no world " + value);
      options.plan.world = value;
    } else if (name == "--nodes" && is_number && n >= 2 && n <= kMaxNodes) {
      options.plan.nodes = n;
    } else if (name == "--minutes" && is_number && n >= 1) {
      options.plan.minutes = n;
    } else if (name == "--hours" && is_number && n >= 1) {
      options.plan.minutes = 60 * n;
    } else if (name == "--both-every" && is_number) {
      options.both_every = n;
    } else if (name == "--twice-every" && is_number) {
      options.twice_every = n;
    } else if (name == "--store" && (value == "memory" || value == "sqlite" || value == "both")) {
      options.stores = value == "memory"   ? StoreKind::kMemory
                       : value == "sqlite" ? StoreKind::kSqlite
                                           : StoreKind::kBoth;
    } else {
      return 1 + wrong(name + " " + value + " is not understood");
    }
  }
  return 0;
}

void report(const Plan& plan, const Broken& broken, StoreKind stores, bool shrinks) {
  std::printf("\nseed %llu, world %s, %zu nodes, step %llu, %llu s: %s is broken\n  %s\n%s",
              static_cast<unsigned long long>(plan.seed), std::string(plan.world->name).c_str(),
              plan.nodes, static_cast<unsigned long long>(broken.step),
              static_cast<unsigned long long>(broken.at_ms / 1000), broken.invariant.c_str(),
              broken.words.c_str(), broken.ledgers.c_str());
  constexpr std::size_t kRuns = 200;
  const Plan least = shrinks ? shrink(plan, stores, broken.invariant, kRuns) : plan;
  std::printf("  %zu of %zu actions are enough:\n", least.actions.size(), plan.actions.size());
  for (const Action& action : least.actions) std::printf("    %s\n", text_of(action).c_str());
}

std::uint64_t run_seed(const Options& options, std::uint64_t seed, Counts& counts) {
  PlanOptions with = options.plan;
  with.seed = seed;
  const Plan plan = make_plan(with);
  const StoreKind stores = store_of(seed, options.stores, options.both_every);
  if (trace_log)
    for (const Action& action : plan.actions) std::printf("  %s\n", text_of(action).c_str());
  for (const Action& action : plan.actions) counts.plans(action.what);
  const Ran ran = run_plan(plan, stores);
  counts.add(ran.counts);
  if (ran.broken) {
    report(plan, *ran.broken, stores, options.shrink && !trace_log);
    return 1;
  }
  if (options.twice_every == 0 || seed % options.twice_every != 0) return 0;
  if (run_plan(plan, StoreKind::kMemory).transcript == ran.transcript) return 0;
  std::printf("\nseed %llu: I11 is broken\n  two runs of the seed differ\n",
              static_cast<unsigned long long>(seed));
  return 1;
}

// What never happened of what had to, over a range of seeds; " a, b".
std::string never(const Options& options, const Counts& counts) {
  std::string out;
  const auto miss = [&out](std::string_view name) { out.append(out.empty() ? " " : ", ").append(name); };
  const bool all = options.plan.world.empty();
  for (std::size_t i = static_cast<std::size_t>(kFirstFault); i < kWhatCount; ++i)
    if (counts.injected[i] == 0 && (all || counts.planned[i] != 0)) miss(name_of(static_cast<What>(i)));
  if (!all) return out;
  if (counts.stories == 0) miss("a story");
  if (counts.met == 0) miss("two moves that meet");
  if (counts.seconds_refused == 0) miss("a second officer refused");
  for (std::size_t i = 0; i < kEffectCount; ++i)
    if (counts.effects[i] == 0) miss(kEffectNames[i]);
  return out;
}

void print(const Counts& counts, std::uint64_t violations) {
  std::string out;
  const auto add = [&out](std::uint64_t n, std::string_view name) {
    out.append(out.empty() ? "" : ", ").append(std::to_string(n)).append(" ").append(name);
  };
  add(counts.seeds, "seeds");
  add(counts.steps, "steps");
  add(counts.frames, "frames");
  add(counts.released, "deliveries asked");
  add(counts.exchanged, "records exchanged");
  add(counts.leaves, "leaves");
  add(counts.checkpoints, "checkpoints");
  add(counts.cases_compared, "cases compared");
  add(counts.stories, "stories told");
  add(counts.met, "pairs of moves met");
  add(counts.seconds_refused, "second officers refused");
  for (std::size_t i = 0; i < kEffectCount; ++i)
    if (counts.effects[i] != 0) add(counts.effects[i], kEffectNames[i]);
  for (std::size_t i = static_cast<std::size_t>(kFirstFault); i < kWhatCount; ++i)
    if (counts.injected[i] != 0)
      out.append(", ").append(name_of(static_cast<What>(i))).append(" ").append(
          std::to_string(counts.injected[i]));
  std::printf("%s; %llu violations\n", out.c_str(), static_cast<unsigned long long>(violations));
}

int run(const Options& options) {
  Counts counts;
  std::uint64_t violations = 0;
  for (std::uint64_t seed = options.first; seed <= options.last; ++seed) {
    violations += run_seed(options, seed, counts);
    std::fflush(stdout);
  }
  const std::string missing = options.range ? never(options, counts) : std::string();
  if (!missing.empty()) std::printf("\nnever happened:%s\n", missing.c_str());
  print(counts, violations);
  return violations != 0 || !missing.empty() ? 1 : 0;
}

}  // namespace
}  // namespace focal::sim

int main(int argc, char** argv) {
  focal::crypto::init();
  focal::sim::Options options;
  if (const int code = focal::sim::parse(argc, argv, options); code != 0) return code - 1;
  return focal::sim::run(options);
}

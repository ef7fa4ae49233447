// Goal: the simulator can see. Method: one defect at a time is planted in the
// production code of this program (base/defect.h), and the seeds that ./check runs
// must find it; without a defect the first of them must find nothing.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/defect.h"
#include "crypto/secret.h"
#include "tests/sim/run.h"

namespace focal {
Defect planted_defect = Defect::kNone;
}

namespace focal::sim {
namespace {

constexpr std::string_view kNames[] = {
    "none",               "ack-before-commit",   "receipt-before-commit", "links-survive-failure",
    "no-record-id-check", "double-receipt",      "new-receipt-for-repeat", "skipped-signature",
    "skipped-audience",   "skipped-body",        "skipped-trust",         "skipped-clock",
    "foreign-receipt",    "lost-outbox-row",     "outbox-not-reloaded",   "resend-never-fires",
    "bounce-ends-row",    "expires-at-once",     "waiting-dropped",       "wrong-credit",
    "lane-forgotten",     "receipt-after-end",
    "revocation-ignored", "hold-skipped",
    "fold-by-arrival",    "case-not-written",    "group-not-seen",        "withdrawal-wins",
    "ground-lost",        "turn-not-written",    "checkpoint-from-memory", "key-kept",
    "downgrade-accepted", "cosign-without-compare", "checkpoint-before-commit",
    "restore-skips-witness", "key-kept-after-shred"};
static_assert(std::size(kNames) == static_cast<std::size_t>(Defect::kEnd));

// Whose hook the ledger in memory has not: they run on files.
bool is_on_disk(Defect defect) {
  return defect == Defect::kCheckpointBeforeCommit || defect == Defect::kCheckpointFromMemory;
}

// Which one world shows far sooner than the others.
std::string_view world_of(Defect defect) {
  return defect == Defect::kRestoreSkipsWitness ? "rolled-back" : "";
}

bool finds(const PlanOptions& options, std::uint64_t both_every, std::string& how) {
  const StoreKind stores = is_on_disk(planted_defect)
                               ? StoreKind::kSqlite
                               : store_of(options.seed, StoreKind::kMemory, both_every);
  const Ran ran = run_plan(make_plan(options), stores);
  if (ran.broken) how = ran.broken->invariant + ": " + ran.broken->words;
  return ran.broken.has_value();
}

// The first seed that finds it, or 0. A world that is named has all the seeds.
std::uint64_t search(std::uint64_t last, std::uint64_t both_every, std::string_view world,
                     std::string& how) {
  PlanOptions options;
  options.world = world;
  for (options.seed = 1; options.seed <= last; ++options.seed)
    if (finds(options, both_every, how)) return options.seed;
  return 0;
}

int run(std::uint64_t last, std::uint64_t both_every, std::string_view only,
        std::string_view world) {
  int missed = 0, found = 0;
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    if (!only.empty() && kNames[i] != only) continue;
    planted_defect = static_cast<Defect>(i);
    std::string how;
    const std::string_view where = world.empty() ? world_of(planted_defect) : world;
    const std::uint64_t seed = search(i == 0 ? world_kinds().size() : last, both_every, where, how);
    const bool as_it_should = (seed == 0) == (i == 0);
    how = how.substr(0, how.find('\n'));
    if (seed == 0) how = "nothing found";
    else how = "seed " + std::to_string(seed) + ", " + (where.empty() ? "" : std::string(where) + ", ") + how;
    std::printf("%-24s %s\n", std::string(kNames[i]).c_str(), how.c_str());
    std::fflush(stdout);
    missed += as_it_should ? 0 : 1;
    found += as_it_should && i != 0 ? 1 : 0;
  }
  std::printf("%d defects planted and found, %d wrong\n", found, missed);
  return missed != 0 || found == 0 ? 1 : 0;
}

}  // namespace
}  // namespace focal::sim

// focal-sim-defects LAST BOTH_EVERY [NAME [WORLD]]
int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("focal-sim-defects LAST-SEED BOTH-EVERY [DEFECT [WORLD]]\n", stderr);
    return 2;
  }
  focal::crypto::init();
  return focal::sim::run(std::strtoull(argv[1], nullptr, 10), std::strtoull(argv[2], nullptr, 10),
                         argc > 3 ? argv[3] : "", argc > 4 ? argv[4] : "");
}

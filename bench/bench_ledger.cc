// What does a ledger cost as it grows? Received records of 64 bytes, in groups of a thousand with
// their receipts, until it has 10^4, 10^5, 10^6 leaves.
//   bench_ledger [FOLDER]      FOCAL_BENCH_LEAVES sets the leaves of the last load, a power of ten
// One JSON line for each load, "load" its leaves.
//   append_us         wall time of a record in a group, commit and moving the write-ahead log
//   included append_ratio      … over that of a ledger of 10^4 leaves: medians of turns, so that
//   whatever else
//                     the machine does falls on both
//   proof_us          one inclusion proof of a random leaf
//   startup_s         opening after an orderly end: the median of three
//   whole_per_s       leaves a second of `focal ledger verify`, which looks at every table
//   verify_per_s      … of `focal ledger verify --log`: leaves, tiles, checkpoints
//   verify_ratio      … over the ideal, one leaf and one node hashed: 1 / (2 * sha256_node)
//   bytes_per_record  of the files
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/measure.h"
#include "bench/primitives.h"
#include "tests/unit/ledger/ledger_world.h"

namespace focal::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBase = 10'000;  // leaves of the ledger that others are compared with
constexpr std::size_t kGroup = 1'000;  // records of one commit
constexpr std::size_t kBatch = 250;    // … under one signature
constexpr std::size_t kTurns = 5;
constexpr int kGroupsOfTurn = 10;
constexpr std::size_t kProofs = 2'000;
constexpr int kStarts = 3;
constexpr std::uintmax_t kBytesPerLeaf = 600;  // at most, with room for the write-ahead log
constexpr std::uintmax_t kBytesBeside = 1'000'000'000;

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

class Grown {
 public:
  Grown() {
    world_.create();
    for (const char* party : {ledger::kParty, "XB"}) world_.add_signer(party);
    need(world_.try_commit({world_.pin("XB")}));
  }
  ledger::World& world() { return world_; }
  std::size_t records() const { return records_; }

  // A group of received records and their receipts; seconds of its commit.
  double append() {
    world_.now += 16;  // time goes on as it would at 60,000 records a second
    store::Txn txn{world_.now, {}};
    std::vector<ledger::TestRecord> received;
    received.reserve(kGroup);
    for (std::size_t i = 0; i < kGroup; i += kBatch) {
      auto op = world_.received(kBatch, "XB", 1, body_);
      for (const auto& record : ledger::records_of(op)) received.push_back(record);
      txn.ops.emplace_back(std::move(op));
    }
    txn.ops.emplace_back(world_.receipts_out("XB", received));
    const auto begin = Clock::now();
    need(world_->commit(txn));
    records_ += kGroup;
    return seconds_since(begin);
  }

  void grow(std::size_t leaves) {
    while (static_cast<std::size_t>(world_->log_size()) < leaves) append();
    idle();
  }

  // Seconds a record, with its share of moving the write-ahead log.
  double turn() {
    double spent = 0;
    for (int i = 0; i < kGroupsOfTurn; ++i) spent += append();
    return (spent + idle()) / (kGroupsOfTurn * static_cast<double>(kGroup));
  }

  double proof() {
    const auto size = static_cast<std::uint64_t>(world_->log_size());
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < kProofs; ++i) {
      const std::uint64_t leaf = world_.rng.below(size);
      if (world_->inclusion(static_cast<store::LeafIndex>(leaf), size).empty())
        give_up("a proof is empty");
    }
    return seconds_since(begin) / kProofs;
  }

  double start() {
    std::vector<double> times;
    times.reserve(kStarts);
    for (int i = 0; i < kStarts; ++i) {
      world_.close();
      const auto begin = Clock::now();
      if (const auto opened = world_.open(); !opened) give_up(opened.error().message);
      times.push_back(seconds_since(begin));
    }
    return median(std::move(times));
  }

  // Leaves a second.
  double verify(bool log_only) {
    world_.close();
    ledger::VerifyOptions options;
    options.log_only = log_only;
    const auto begin = Clock::now();
    const auto report = need(ledger::verify(world_.folder.ledger(), options));
    const double took = seconds_since(begin);
    if (!report.ok()) give_up(report.problems.front());
    if (const auto opened = world_.open(); !opened) give_up(opened.error().message);
    return static_cast<double>(report.leaves) / took;
  }

  std::uintmax_t bytes() const {
    std::uintmax_t sum = 0;
    for (const auto& entry : fs::directory_iterator(world_.folder.path()))
      if (entry.is_regular_file()) sum += entry.file_size();
    return sum;
  }

 private:
  double idle() {
    const auto begin = Clock::now();
    world_->idle();
    return seconds_since(begin);
  }

  ledger::World world_;
  const std::string body_ = std::string(64, 'x');
  std::size_t records_ = 0;
};

struct Appending {
  double us = 0;
  double ratio = 0;
};

// A ledger of kBase leaves, made anew for each turn, appends in turns with the grown one.
Appending append_in_turns(Grown& grown) {
  std::vector<double> base, large;
  base.reserve(kTurns);
  large.reserve(kTurns);
  for (std::size_t i = 0; i < kTurns; ++i) {
    Grown small;
    small.grow(kBase);
    base.push_back(small.turn());
    large.push_back(grown.turn());
  }
  const double us = median(large) * 1e6;
  return {us, us / (median(base) * 1e6)};
}

void check_room(const fs::path& folder, std::size_t leaves) {
  const std::uintmax_t wanted = kBytesBeside + leaves * kBytesPerLeaf;
  const std::uintmax_t free = fs::space(folder).available;
  if (free < wanted)
    give_up("bench_ledger needs " + std::to_string(wanted >> 20) + " MiB in " + folder.string() +
            " and finds " + std::to_string(free >> 20) + "; FOCAL_BENCH_LEAVES sets fewer leaves");
}

int run(int argc, char** argv) {
  const fs::path folder = argc > 1 ? argv[1] : fs::temp_directory_path();
  const std::size_t most = from_env("FOCAL_BENCH_LEAVES", 1'000'000);
  check_room(folder, most);
  ::setenv("TMPDIR", folder.c_str(), 1);  // where the worlds put their ledgers, and remove them
  FocalPrimitives costs{};
  char error[200];
  if (focal_measure_primitives(folder.c_str(), &costs, error, sizeof error) != 0) give_up(error);
  const double ideal = 1e6 / (2 * costs.sha256_node_cpu_us);
  Grown grown;
  for (std::size_t leaves = kBase; leaves <= most; leaves *= 10) {
    grown.grow(leaves);
    const double proof = grown.proof(), started = grown.start();
    const double whole = grown.verify(false), rate = grown.verify(true);
    const double bytes = static_cast<double>(grown.bytes()) / static_cast<double>(grown.records());
    const Appending append = append_in_turns(grown);
    std::printf(
        "{\"bench\":\"ledger\",\"load\":\"%zu\",\"append_us\":%.2f,\"append_ratio\":%.3f,"
        "\"proof_us\":%.1f,\"startup_s\":%.3f,\"whole_per_s\":%.0f,\"verify_per_s\":%.0f,"
        "\"ideal_per_s\":%.0f,\"verify_ratio\":%.3f,\"bytes_per_record\":%.0f}\n",
        leaves, append.us, append.ratio, proof * 1e6, started, whole, rate, ideal, rate / ideal, bytes);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace focal::bench

int main(int argc, char** argv) { return focal::bench::run(argc, argv); }

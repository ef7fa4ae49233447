// A fixed life of a small ledger: batches in and out, receipts in and out, the
// outbox, waiting envelopes, peers, cases, the search index with a merge of its blocks
// and an erasure, checkpoints, witnesses, rows brought under another key, what came back after a loss,
// the write-ahead log moved, a stop and a start. Every step is deterministic down to the bytes of the
// file, wherever a run begins.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tests/crash/tape.h"
#include "tests/unit/ledger/ledger_world.h"

namespace focal::crash {

using ledger::World;

struct Step {
  enum class Kind { kCommit, kCheckpoint, kMoveLog, kReopen, kRewrap };
  Kind kind = Kind::kCommit;
  store::Txn txn;  // kCommit
  std::uint64_t now_ms = 0;
  std::uint64_t seed = 0;  // of what the ledger draws in this step
};

// Everything the tables hold, except the mark that the last run ended in order, and what was sealed
// and destroyed under which key: there and back is not nothing to that.
Hash32 digest(const std::filesystem::path& ledger_file);

// Mistakes a node could make, to see whether they are found.
struct Habits {
  bool no_sync = false;           // PRAGMA synchronous=OFF
  bool promise_early = false;     // acknowledges before COMMIT
  bool two_transactions = false;  // a group in two
};

class Workload {
 public:
  explicit Workload(std::uint64_t seed);

  std::uint64_t seed() const { return seed_; }
  int size() const { return static_cast<int>(steps_.size()); }
  // [k]: the ledger after k steps.
  const std::vector<Hash32>& digests() const { return digests_; }
  // What it is made of: positions in store::Op, and leaves of the log at its end.
  const std::set<std::size_t>& ops() const { return ops_; }
  const std::set<store::LeafType>& leaves() const { return leaves_; }
  void give_keys(World& world) const { world.keks.keys = keys_; }

  // Makes the ledger (acknowledged when create() returned). tape may be null.
  Status create(World& world, Tape* tape, const Habits& habits = {}) const;
  // Step k of an open ledger; it may leave the ledger closed when it fails.
  Status run(World& world, int k, Tape* tape, const Habits& habits = {}) const;
  Status open(World& world, Tape* tape, const Habits& habits = {}) const;
  void close(World& world, Tape* tape) const;
  // A small group and its opposite: the ledger is as before, its file is not.
  Status there_and_back(World& world) const;

 private:
  void add(World& world, std::vector<store::Op> ops);
  void add(World& world, Step::Kind kind);
  void play(World& world, Step step);
  void write(World& world);
  void write_evidence(World& world, const store::RecordRef& erased);

  std::uint64_t seed_;
  std::vector<Step> steps_;
  std::vector<store::RecordRef> records_;  // so far; the first `indexed_` can be found
  std::size_t indexed_ = 0;
  std::vector<Hash32> digests_;
  std::set<std::size_t> ops_;
  std::set<store::LeafType> leaves_;
  std::map<ledger::KekId, Hash32> keys_;
};

}  // namespace focal::crash

// SQLite's disk with a tape that runs along. The shim wraps SQLite's own VFS and
// takes its place for the whole program: files are real, but a sync only counts
// on the tape (nothing here needs the machine's own disk to be safe). While a
// tape is in, every change of a file is on it, and one change can be made to fail.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/crash/disk.h"

namespace focal::crash {

// Points are the changes that can fail or be cut: writes, syncs, truncations,
// deletions, numbered from 1.
struct Fault {
  enum class Kind { kNone, kIoError, kNoSpace };
  enum class Effect { kNone, kHalf, kWhole };  // what of the change happened all the same
  Kind kind = Kind::kNone;
  int at = 0;
  Effect effect = Effect::kNone;
  bool lasting = false;  // kNoSpace: every later write too, until space_again()
};

// What part of a life the node is in.
enum class Phase : std::uint8_t { kCreate, kOpen, kWork, kClose };

struct Event {
  Change change;
  Phase phase = Phase::kWork;
  int acknowledged = 0;  // groups whose commit had returned by then
  int point = 0;         // 0: not a point
};

// Plain numbers, so that a child can leave them in shared memory.
struct Progress {
  int points = 0;
  int points_after_fault = 0;  // that were tried after the one that failed
  bool failed = false;
  std::uint64_t fingerprint = 0;  // of every point before the fault, with its bytes
  int acknowledged = -1;          // -1: the ledger is not made yet
  int acknowledged_at_fault = -1;
};

class Tape {
 public:
  explicit Tape(Fault fault = {}, Progress* progress = nullptr, bool keep_bytes = true);
  ~Tape();
  Tape(const Tape&) = delete;
  Tape& operator=(const Tape&) = delete;

  void phase(Phase now) { phase_ = now; }
  void acknowledge() { ++progress_->acknowledged; }
  void space_again() { full_ = false; }

  const std::vector<Event>& events() const { return events_; }
  const Progress& progress() const { return *progress_; }
  std::vector<std::uint64_t> fingerprints;  // [n]: of points 1 … n

  // For the shim.
  int file_of(const std::string& name, bool& is_new);
  void forget(const std::string& name) { numbers_.erase(name); }
  void note(Change change);  // not a point
  // The next point: may it happen, and what does the caller hear?
  struct Verdict {
    Fault::Kind error = Fault::Kind::kNone;
    Fault::Effect effect = Fault::Effect::kWhole;
  };
  Verdict point(const Change& change);

 private:
  Fault fault_;
  Progress own_;
  Progress* progress_;
  bool keep_bytes_;
  bool full_ = false;
  Phase phase_ = Phase::kCreate;
  std::vector<Event> events_;
  std::map<std::string, int> numbers_;
  int next_file_ = 1;
};

// Registers the shim (once) and makes SQLite's random numbers those of `seed`.
void begin_run(std::uint64_t seed);
// While one of these lives, no tape runs.
class Pause {
 public:
  Pause();
  ~Pause();
  Pause(const Pause&) = delete;
  Pause& operator=(const Pause&) = delete;

 private:
  Tape* held_;
};

}  // namespace focal::crash

// What follows an erasure, and the night's run (docs/protocol.md, "At rest"). In slices, on the
// loop's thread, in every turn:
//  - the write-ahead log is emptied as soon as nobody reads it: until then the answer to an erasure
//    is PENDING, because a copy of the files taken now may still hold what was erased
//  - once a day, at the minute the configuration names and by the safe time, records that are due
//    are destroyed and keys of erased records replaced (node/node/key_rotation.h)
#pragma once

#include <cstdint>
#include <string>

#include "config/retention.h"
#include "node/node/core.h"
#include "node/node/key_rotation.h"

namespace focal::node {

inline constexpr std::size_t kShredsATurn = 64;

class Erasure {
 public:
  Erasure(const config::Retention& retention, ledger::Ledger& ledger, ledger::KekRing& ring,
          RotateHook hook = {})
      : retention_(retention), ledger_(ledger), rotation_(ledger, ring, std::move(hook)) {}

  // A group that destroyed records was committed.
  void erased(const Now& now);
  // Tries at once; true: nothing of them is left in the files of the ledger.
  bool wash(const Now& now);
  bool is_pending() const { return pending_since_ms_ != 0; }
  std::uint64_t pending_since_ms() const { return pending_since_ms_; }  // wall; 0 = not

  // The night's run, now.
  void run_now() { asked_ = true; }
  // What is due, into the group under way. may_write: the node signs, and there is room on the disk.
  void tend(const Now& now, Core& core, bool may_write);

  // The group could not be stored: what was in it of this waits a while.
  void abandon(const Now& now) { after_ms_ = now.mono_ms + kRotateAgainMs; }

  bool runs() const { return runs_ || rotation_.runs(); }
  // Has it something to do at once, rather than with the next turn that comes anyway?
  bool is_busy(const Now& now) const {
    return may_write_ && now.mono_ms >= after_ms_ && (runs_ || rotation_.is_busy(now));
  }
  std::uint64_t last_run_ms() const { return last_run_ms_; }  // safe time; 0 = not in this process
  std::uint64_t destroyed() const { return destroyed_; }      // records, by the last run
  KeyRotation& rotation() { return rotation_; }

 private:
  void shred(const Now& now, Core& core);

  config::Retention retention_;
  ledger::Ledger& ledger_;
  KeyRotation rotation_;
  static constexpr std::uint64_t kBeforeThis = 1;  // what a process that ended left there
  std::uint64_t pending_since_ms_ = kBeforeThis;
  std::uint64_t next_wash_ms_ = 0;      // monotonic
  std::uint64_t after_ms_ = 0;          // monotonic
  std::uint64_t last_run_ms_ = 0;
  std::uint64_t destroyed_ = 0;
  bool has_looked_ = false;             // for what an earlier process did not end
  bool may_write_ = false;
  bool asked_ = false;
  bool runs_ = false;                   // records are being destroyed
};

}  // namespace focal::node

// A key-encryption key whose rows were erased is replaced, so that no copy of the ledger anywhere
// opens what was erased (docs/protocol.md, "At rest"): the next generation of the key, durable; every
// row that is left brought under it, in slices; the write-ahead log emptied; a fresh backup, where
// backups are made; another key of the search index, which is made anew; and then the old key
// destroyed. Killed at any moment it goes on with the next start: table and keystore say how far it
// came. On the loop's thread, between groups.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "node/ledger/kek.h"
#include "node/ledger/ledger.h"

namespace focal::node {

inline constexpr std::size_t kRewrapRows = 500;               // of one turn
inline constexpr std::uint64_t kTruncateAgainMs = kSecondMs;  // a reader held the write-ahead log
inline constexpr std::uint64_t kRotateAgainMs = kMinuteMs;    // after an error

// Told after each step; for tests: a process that ends in it comes back right behind the step.
enum class RotateStep { kNewKey, kRewrapped, kTruncated, kBackedUp, kIndexKey, kKeyGone };
using RotateHook = std::function<void(RotateStep)>;

// A backup of the whole node, made beside the loop. Both are empty where none are made.
struct FreshBackup {
  std::function<void(const Now&)> begin;
  std::function<std::optional<Status>()> ended;  // nothing: it is being made
};

class KeyRotation {
 public:
  // All outlive it.
  KeyRotation(ledger::Ledger& ledger, ledger::KekRing& ring, RotateHook hook = {})
      : ledger_(ledger), ring_(ring), hook_(std::move(hook)) {}
  void set_backup(FreshBackup backup) { backup_ = std::move(backup); }

  // Replaces what has erased rows by now. Nothing if it runs.
  void begin();
  // Was one under way when the last process ended? Then it is to begin at once.
  bool was_interrupted() { return ledger_has_successor(); }
  // Keys that seal, or sealed, rows that were erased.
  std::size_t keys_due();
  bool runs() const { return step_ != Step::kIdle; }
  // … and does not wait for a reader, a backup, or the time to try again.
  bool is_busy(const Now& now) const {
    return runs() && now.mono_ms >= next_ms_ && step_ != Step::kTruncate && step_ != Step::kBackup;
  }
  // One slice of the work. An error is also in trouble(), and the step is done again a minute later.
  Status tend(const Now& now);

  std::string_view step_name() const;                 // "", "rewrap", "write-ahead log", …
  const std::string& trouble() const { return trouble_; }
  std::size_t destroyed() const { return destroyed_; }  // keys, by this process

 private:
  enum class Step { kIdle, kKeys, kRewrap, kTruncate, kBackup, kDestroy };
  struct Pair {
    ledger::KekId from = 0, to = 0;
  };
  Status run(const Now& now);
  Status make_keys();
  Status rewrap();
  Status truncate(const Now& now);
  Status back_up(const Now& now);
  Status destroy();
  void told(RotateStep step) {
    if (hook_) hook_(step);
  }
  bool ledger_has_successor();

  ledger::Ledger& ledger_;
  ledger::KekRing& ring_;
  RotateHook hook_;
  FreshBackup backup_;
  Step step_ = Step::kIdle;
  std::vector<Pair> pairs_;
  std::size_t at_ = 0;
  bool asked_backup_ = false;
  std::uint64_t next_ms_ = 0;  // monotonic
  std::string trouble_;
  std::size_t destroyed_ = 0;
};

}  // namespace focal::node

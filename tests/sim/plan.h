// What is done to a world: a list of actions, each complete in itself, so that a
// failing list can be cut down. Work is what officers do; the rest are faults.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "crypto/random.h"
#include "tests/sim/story.h"

namespace focal::sim {

enum class What : std::uint8_t {
  // work
  kPing, kTrace, kAct, kUnknownKind, kBulk, kBurst, kManyRecipients, kExpiring, kCancel, kRetry,
  kVerify, kPublish, kLook, kWitnesses,
  // links
  kLatency, kConnectionLost, kDuplicate, kReorder, kPartition, kOneWay, kStopsReading,
  // disks
  kCrashBeforeCommit, kCrashAfterCommit, kNoSpace, kDiskLow, kIoError, kCrashAtCheckpoint, kOlderCopy,
  kAnchorLost,
  // clocks
  kClockSkew, kClockJump, kClockBack, kClockFarAhead,
  // a hostile peer
  kGarbage, kMutated, kReplay, kFlood, kForgedAck, kForgedReceipt, kForgedBounce, kOtherBody,
  kForward, kReseal, kOwnRecord,
  kFalseLine, kFalseConflict, kFalseClaim,
  // keys: what custodians and officers do …
  kRenew, kReplace, kRotate, kRecover, kRevoke, kRevokePart, kMail, kAsk, kDirectory, kCardByMail,
  // … and thieves
  kTheft, kThiefSpeaks, kThiefCard, kCarried, kCarriedCard, kFalseName,
  kOffline,
  // a party whose log lies; and an erasure, with the night after it
  kSecondLog, kForgets, kErase, kNight,
};
inline constexpr std::size_t kWhatCount = static_cast<std::size_t>(What::kNight) + 1;
inline constexpr What kFirstFault = What::kLatency;
inline constexpr What kFirstOfKeys = What::kRenew;

std::string_view name_of(What what);
inline bool is_fault(What what) { return what >= kFirstFault; }

struct Action {
  std::uint64_t at_ms = 0;
  What what = What::kPing;
  std::size_t a = 0;       // node number
  std::size_t b = 0;       // another node
  std::uint64_t seed = 0;  // of everything else about it
};

// What happens to keys in a world: plan_keys.cc.
enum class KeyStory : std::uint8_t {
  kNone, kStolenNode, kStolenRoot, kStolenBoth, kRogueIntroducer, kRotationInPartition,
  kRevokedGoesOn, kTwoYears,
  kRolledBack, kLostAnchor, kEquivocatingLog, kBrokenPromise,  // plan_logs.cc
};

struct WorldKind {
  std::string_view name;
  std::string_view words;           // for --help
  std::vector<What> faults;         // each with the same chance
  std::size_t fault_count = 0;      // for each simulated hour
  bool hostile = false;             // the last node is hostile
  const Story* story = nullptr;     // told in it; the rest of its work is no casework
  KeyStory keys = KeyStory::kNone;
  std::uint64_t days = 0;           // it lasts, whatever was asked; 0: PlanOptions::minutes
  bool on_disk = false;             // its ledgers are files, whatever was asked
  std::uint64_t every = 1;          // of the seeds that would select it, one of so many does
};
const std::vector<WorldKind>& world_kinds();
const WorldKind* find_world(std::string_view name);

struct PlanOptions {
  std::uint64_t seed = 1;
  std::size_t nodes = 0;            // 0: 2 to 5, by the seed
  std::uint64_t minutes = 40;
  std::string world;                // empty: by the seed
};

struct Plan {
  std::uint64_t seed = 1;
  std::size_t nodes = 2;
  std::uint64_t length_ms = 0;
  const WorldKind* world = nullptr;
  std::uint64_t receipts_kept = 256;
  bool witnessed = false;           // parties name witnesses of their logs
  bool pairs = false;               // honest parties hold pair secrets with each other
  std::uint64_t tick_ms = 10'000;   // how often nodes look at their timers
  std::uint64_t fault_ms = 6 * kMinuteMs;  // the longest fault of a link, about
  bool coerced = false;             // a second introducer lies
  std::optional<std::size_t> wrong_clock;  // the only node whose clock is ever wrong
  std::vector<std::pair<std::size_t, std::size_t>> strangers;  // a has not verified b at first
  std::vector<Action> actions;      // by time
};
Plan make_plan(const PlanOptions& options);
// Of a world with a key story: everything that is done in it. plan_keys.cc
void plan_keys(Plan& plan, crypto::Rng& rng);

std::string text_of(const Action& action);

}  // namespace focal::sim

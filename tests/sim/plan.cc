#include "tests/sim/plan.h"

#include <algorithm>

#include "base/clock.h"
#include "crypto/random.h"

namespace focal::sim {
namespace {

constexpr std::string_view kNames[kWhatCount] = {
    "ping", "trace-request", "act-in-a-case", "unknown-kind", "bulk", "burst", "many-recipients",
    "expiring", "cancel", "retry", "verify", "publish-schedule",
    "officers-look", "names-witnesses", "latency", "connection-lost",
    "duplicate", "reorder", "partition", "one-way", "stops-reading", "crash-before-commit",
    "crash-after-commit", "no-space", "disk-low", "io-error", "crash-at-checkpoint", "older-copy", "anchor-lost", "clock-skew", "clock-jump",
    "clock-back", "clock-60-days-ahead", "garbage", "mutated-frame", "replayed-frame", "flood",
    "forged-ack", "forged-receipt", "forged-bounce", "other-body", "forwarded", "resealed",
    "own-record", "false-line", "false-conflict", "false-claim", "renewed-card", "replaced-keys", "rotation", "recovery", "revocation",
    "revocation-in-part", "mail", "officers-ask", "directory", "card-by-mail", "theft",
    "thief-speaks", "thief-card", "carried", "carried-card", "false-name", "offline",
    "second-log", "forgets", "erase", "night"};

const std::vector<What> kLinks = {What::kLatency,   What::kConnectionLost, What::kConnectionLost,
                                  What::kDuplicate, What::kDuplicate,      What::kReorder,
                                  What::kPartition, What::kOneWay,         What::kStopsReading};
const std::vector<What> kDisks = {What::kCrashBeforeCommit, What::kCrashAfterCommit,
                                  What::kNoSpace, What::kDiskLow, What::kIoError,
                                  What::kCrashAtCheckpoint};
const std::vector<What> kClocks = {What::kClockSkew, What::kClockJump, What::kClockBack,
                                   What::kClockFarAhead};
const std::vector<What> kHostile = {
    What::kGarbage,      What::kMutated,   What::kReplay,  What::kFlood,
    What::kForgedAck,    What::kForgedReceipt, What::kForgedReceipt, What::kForgedBounce,
    What::kOtherBody,    What::kOtherBody, What::kForward, What::kForward,
    What::kReseal,       What::kOwnRecord};

std::vector<What> joined(std::initializer_list<std::vector<What>> lists) {
  std::vector<What> out;
  for (const auto& list : lists) out.insert(out.end(), list.begin(), list.end());
  return out;
}

// What officers do, by weight.
constexpr What kWork[] = {
    What::kPing,        What::kPing,         What::kTrace, What::kTrace, What::kTrace,
    What::kAct,         What::kAct,          What::kAct,   What::kAct,   What::kAct,
    What::kAct,         What::kUnknownKind,  What::kBulk,  What::kBurst, What::kManyRecipients,
    What::kManyRecipients, What::kExpiring,  What::kCancel, What::kRetry, What::kPublish};
constexpr std::uint64_t kWorkPerHour = 60;
// Beside a story: what fills the links and touches none of its cases.
constexpr What kBesideStory[] = {What::kPing, What::kBulk, What::kBurst, What::kManyRecipients,
                                 What::kExpiring, What::kRetry, What::kPublish};
constexpr std::uint64_t kBesidePerHour = 12;
constexpr std::uint64_t kLooksPerHour = 24;  // of each node
constexpr std::uint64_t kStoryFaults = 20;   // for each hour
constexpr std::size_t kLeastWithKeys = 4;    // parties: two words make a safe time
// A world of many days takes as long as five others, and one of two years as long as fifty: their
// turn is another one's, but for one in so many.
constexpr std::uint64_t every_of(std::uint64_t days) { return days >= 365 ? 8 : days > 3 ? 2 : 1; }

struct KeyWorld {
  KeyStory story;
  std::string_view name, words;
  std::uint64_t days;
  bool hostile;              // the last party is the thief's accomplice, or the revoked one
};
constexpr KeyWorld kKeyWorlds[] = {
    {KeyStory::kStolenNode, "stolen-node",
     "a thief runs a second node on all online keys and a copy of the disk; the root answers", 6,
     true},
    {KeyStory::kStolenRoot, "stolen-root",
     "a thief has the root alone and makes a card with his own keys; the next root answers", 8,
     true},
    {KeyStory::kStolenBoth, "stolen-both",
     "a thief has node and root and impersonates; the next root gets the name back", 8, true},
    {KeyStory::kRogueIntroducer, "rogue-introducer",
     "one of three introducers lists false roots, at times a second one too; two are needed", 3,
     true},
    {KeyStory::kRotationInPartition, "rotation-in-partition",
     "a State rotates its root twice while one peer is cut off from it and one from everybody", 6, false},
    {KeyStory::kRevokedGoesOn, "revoked-goes-on",
     "a revoked party goes on sending, over links and out of what waits", 3, true},
    {KeyStory::kRolledBack, "rolled-back",
     "a node comes back with an older copy of its disk, sometimes with its anchor; it finds out, "
     "its custodian brings a card, and peers give back what it signed", 2, false},
    {KeyStory::kLostAnchor, "lost-anchor",
     "the anchor of a node is lost, sometimes with the last hours of its disk", 2, false},
    {KeyStory::kEquivocatingLog, "equivocating-log",
     "the last party shows one log to some and another one to the rest", 10, true},
    {KeyStory::kBrokenPromise, "broken-promise",
     "the last party gives receipts and leaves their records out of its log", 11, true},
    {KeyStory::kTwoYears, "two-years",
     "weekly sealing keys for 104 weeks; parties are away for months, one clock is wrong", 728,
     false},
};

std::uint64_t next(crypto::Rng& rng) { return rng.below(~std::uint64_t{0}); }

}  // namespace

std::string_view name_of(What what) { return kNames[static_cast<std::size_t>(what)]; }

const std::vector<WorldKind>& world_kinds() {
  static const std::vector<WorldKind> all = [] {
    std::vector<WorldKind> out = {
      {"links", "connections fail in every way", kLinks, 18, false},
      {"disks", "processes end, disks are full", kDisks, 12, false},
      {"hostile", "the last node is hostile: it holds valid keys and is verified",
       joined({kHostile, {What::kConnectionLost, What::kCrashBeforeCommit}}), 40, true},
      {"clocks", "wall clocks are days off, jump, and go back", kClocks, 8, false},
      {"mixed", "all faults at once", joined({kLinks, kDisks, kClocks}), 24,
       false},
      {"siege", "all faults at once and a hostile peer", joined({kLinks, kDisks, kHostile}), 40,
       true},
      {"lying-witness",
       "the last node is a witness that cosigns what it should not, and shows what nobody signed",
       {What::kFalseLine, What::kFalseLine, What::kFalseConflict, What::kFalseConflict,
        What::kFalseClaim, What::kConnectionLost, What::kCrashAtCheckpoint}, 60, true},
      {"erasure", "records are destroyed, and in the night the keys that sealed them",
       {What::kErase, What::kErase, What::kErase, What::kNight, What::kCrashAfterCommit,
        What::kConnectionLost}, 40, false, nullptr, KeyStory::kNone, 0, true},
      {"calm", "no faults", {}, 0, false},
    };
    for (const Story& story : stories())
      out.push_back({story.name, story.words,
                     joined({kLinks, kDisks, {What::kClockJump, What::kClockBack}}), kStoryFaults,
                     false, &story});
    // Behind the others: two years take as long as all of them, and most defects show before.
    for (const KeyWorld& each : kKeyWorlds)
      out.push_back({each.name, each.words, {}, 0, each.hostile, nullptr, each.story, each.days,
                     false, every_of(each.days)});
    return out;
  }();
  return all;
}

const WorldKind* find_world(std::string_view name) {
  for (const WorldKind& kind : world_kinds())
    if (kind.name == name) return &kind;
  return nullptr;
}

namespace {
const WorldKind& selected(std::uint64_t seed) {
  const auto& all = world_kinds();
  const std::uint64_t round = seed / all.size();
  std::size_t kind = seed % all.size();
  // Its turns go round among the others, so that each of them gets some.
  if ((round + kind) % all[kind].every != 0) kind = round % (all.size() - 1);
  return all[kind];
}
}  // namespace

Plan make_plan(const PlanOptions& options) {
  crypto::SeededRng rng(options.seed);
  Plan plan;
  plan.seed = options.seed;
  plan.world = options.world.empty() ? &selected(options.seed) : find_world(options.world);
  const Story* story = plan.world->story;
  const bool keys = plan.world->keys != KeyStory::kNone;
  const std::size_t least = story != nullptr ? story->parties
                            : keys           ? kLeastWithKeys
                            : plan.world->hostile ? 3
                                                  : 2;
  plan.nodes = options.nodes != 0 ? std::max(options.nodes, least) : least + rng.below(6 - least);
  plan.length_ms = std::max(options.minutes * kMinuteMs, plan.world->days * kDayMs);
  if (rng.below(3) == 0) plan.receipts_kept = 2;
  const auto& kinds = plan.world->faults;
  const bool lies = std::find(kinds.begin(), kinds.end(), What::kFalseLine) != kinds.end();
  plan.witnessed = rng.below(2) == 0 || lies;  // else nobody asks it for a line
  plan.pairs = (options.seed + options.seed / world_kinds().size()) % 3 == 0;
  if (keys) {
    plan_keys(plan, rng);
    return plan;
  }
  for (std::size_t a = 0; a < plan.nodes; ++a)
    for (std::size_t b = 0; b < plan.nodes; ++b)
      if (a != b && rng.below(8) == 0 && story == nullptr) plan.strangers.emplace_back(a, b);
  const auto add = [&](What what, std::uint64_t at_ms) {
    Action action;
    action.at_ms = at_ms;
    action.what = what;
    action.a = rng.below(plan.nodes);
    action.b = (action.a + 1 + rng.below(plan.nodes - 1)) % plan.nodes;
    action.seed = next(rng);
    plan.actions.push_back(action);
  };
  const auto count = [&](std::uint64_t per_hour) {
    return std::max<std::uint64_t>(per_hour * options.minutes / 60, per_hour == 0 ? 0 : 1);
  };
  if (story == nullptr) {
    for (std::uint64_t i = 0; i < count(kWorkPerHour); ++i)
      add(kWork[rng.below(std::size(kWork))], rng.below(plan.length_ms));
  } else {
    for (std::uint64_t i = 0; i < count(kBesidePerHour); ++i)
      add(kBesideStory[rng.below(std::size(kBesideStory))], rng.below(plan.length_ms));
    for (std::uint64_t i = 0; i < count(kLooksPerHour) * story->parties; ++i) {
      add(What::kLook, rng.below(plan.length_ms));
      plan.actions.back().a = i % story->parties;
    }
  }
  for (std::uint64_t i = 0; i < count(plan.world->fault_count); ++i)
    add(plan.world->faults[rng.below(plan.world->faults.size())], rng.below(plan.length_ms));
  for (std::size_t n = 0; plan.witnessed && n < plan.nodes; ++n) {
    add(What::kWitnesses, rng.below(plan.length_ms / 4));
    plan.actions.back().a = n;
  }
  for (const auto& [a, b] : plan.strangers) {
    add(What::kVerify, plan.length_ms / 4 + rng.below(plan.length_ms / 2));
    plan.actions.back().a = a;
    plan.actions.back().b = b;
  }
  std::stable_sort(plan.actions.begin(), plan.actions.end(),
                   [](const Action& x, const Action& y) { return x.at_ms < y.at_ms; });
  return plan;
}

std::string text_of(const Action& action) {
  const auto name = [](std::size_t n) { return std::string("X") + static_cast<char>('A' + n); };
  return std::to_string(action.at_ms / kSecondMs) + " s " + std::string(name_of(action.what)) +
         " at " + name(action.a) + ", " + name(action.b);
}

}  // namespace focal::sim

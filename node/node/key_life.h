// The life of the node's sealing keys (docs/protocol.md, "Sealing schedule"): every week
// one is made and published nine weeks ahead, and one whose week is three weeks past by the
// safe time is destroyed, in the keystore's file and in memory, which the ledger notes.
// A private key is never in the ledger. On the node's loop thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/node/core.h"
#include "node/node/keys.h"

namespace focal::node {

class KeyLife {
 public:
  // All of them outlive it.
  KeyLife(exchange::Identity& self, crypto::Keystore& keystore, const config::NodeConfig& config,
          crypto::Rng& rng)
      : self_(self), keystore_(keystore), config_(config), rng_(rng) {}

  // Once, after the identity is loaded: takes back a replacement that the end of the last
  // process left uncommitted. One that was committed is finished by the first tend().
  // Errors as Keystore::save.
  Status recover();

  // Every hour (by the monotonic clock), and at once when the state of the clock is another;
  // before the group is committed: what is due joins it. What fails is logged and tried again.
  void tend(const Now& now, Core& core);
  // After every group: what was committed is adopted and published.
  void settle(const Now& now, const Status& committed, Core& core);

  // The keys may be known to others, or the root revoked them: nine new keys, a new schedule
  // at once, and when that is committed the old keys are destroyed. What peers sealed to
  // them until they have the new schedule is bounced and comes again. detail: who and why,
  // for the ADMIN leaf. It takes effect with the group. kBusy: a schedule is just being
  // published; kKeystore, kIo, kNoSpace: nothing has changed.
  Status replace(const Now& now, const std::string& detail, Core& core);

 private:
  enum class Why : std::uint8_t { kOver = 1, kReplaced = 2 };
  struct Due {
    SealName name;
    std::string_view prefix;
    Why why;
  };
  // The wall clock. Where it is ahead of the peers, theirs; where it is behind, what the node
  // itself knows. Peers pull it back, and never push it on: two that lie would else have the
  // node publish keys that nobody can use yet.
  Now publishing_time(const Now& now, const Core& core) const;
  void extend(const Now& now, Core& core);
  void put_schedule(NewSchedule schedule, Core& core);
  Result<std::vector<Due>> due(std::uint64_t safe_ms) const;
  Status end_keys(const Now& now, Core& core);
  void forget(const Due& due, Core& core);
  Status note_ends(Core& core);
  Status ends_noted();

  exchange::Identity& self_;
  crypto::Keystore& keystore_;
  const config::NodeConfig& config_;
  crypto::Rng& rng_;
  std::uint64_t next_ms_ = 0;                  // monotonic
  exchange::ClockState clock_ = exchange::ClockState::kAlone;  // at the last look
  std::optional<NewSchedule> new_schedule_;    // in the group under way
  bool replacing_ = false;                     // … and it replaces every key
  std::vector<SealName> noting_;               // ends whose leaves are in the group under way
  std::set<Id16> overwritten_;                 // ends after which this process overwrote the file before
};

}  // namespace focal::node

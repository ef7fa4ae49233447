// Keeps a node that was set back to an older copy of itself from signing what contradicts what it
// signed before (docs/protocol.md, "Rollback and restore"). It knows how the anchor compared at
// start, hears what peers show of what this node signed, and says what may be signed. Pure; a
// verdict lasts for the process, and the caller keeps it for the next (closed_by()).
//
// Before start() everything may be signed: a ledger that has no anchor to compare (tests).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "node/exchange/identity.h"
#include "node/exchange/schedule.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::uint64_t kOverrideAfterMs = 24 * kHourMs;  // monotonic, since the start
inline constexpr std::size_t kMaxHigher = 8;                     // notes kept for the CONTINUATION
inline constexpr std::size_t kMaxHigherNote = 4 * 1024;          // bytes of one

enum class RunState : std::uint8_t { kRunning, kStarting, kRolledBack };
std::string_view run_state_name(RunState state);  // RUNNING, STARTING, ROLLED_BACK

// How the anchor compares with the ledger.
enum class AnchorState : std::uint8_t { kEqual, kMissing, kHigher };

// Did a checkpoint of the log of that name ever get a line of a witness? Looked at are the newest
// ones and the first under each list. A log without a checkpoint has none.
bool ever_cosigned(store::View& view, std::string_view origin);

struct StartFacts {
  AnchorState anchor = AnchorState::kEqual;
  std::string anchor_note{};             // as read; for higher()
  std::vector<std::string> witnesses{};  // of the list in force in this ledger
  std::uint32_t reports = 0;             // r of it
  bool cosigned = false;                 // ever_cosigned()
  std::string closed_by{};               // what an earlier process of this log said; empty: nothing
  std::optional<Hash32> next_card{};     // card_id of the card under way at this node
};

// What a peer's HELLO shows of this node. Empty: the peer holds nothing of the kind.
struct Shown {
  std::string note;                      // a checkpoint of this node
  Bytes stmt, sig;                       // a statement of this node
  std::string cosigned, lines;           // a checkpoint of another party, this node's line on it
};

class RollbackGuard {
 public:
  // Both outlive the guard.
  RollbackGuard(const Identity& self, store::View& view) : self_(self), view_(view) {}

  void start(StartFacts facts, const Now& now);

  // The HELLO of a party: its claims, then, if none of them shows that this node is an older copy,
  // the report of a listed witness.
  void hello(const std::string& party, const Shown& shown);
  // Claims that came another way. from: the party that showed it. What carries no signature of
  // this node is ignored and counted.
  void saw_note(std::string_view own_checkpoint, const std::string& from);
  void saw_stmt(ByteView stmt, ByteView sig, const std::string& from);
  void saw_cosig(std::string_view checkpoint, std::string_view lines, const std::string& from);
  void saw_own_card(const Card& card, const std::string& from);
  void saw_own_schedule(const Schedule& schedule, const std::string& from);

  RunState state() const;
  bool may_sign() const { return state() == RunState::kRunning; }  // false: nothing by S, L or W
  bool may_sign_checkpoint() const;
  Status check_may_sign() const;         // kStarting, kRolledBack, with words() and next()
  // May the custodian let checkpoints go on without the witnesses' reports? kState: nothing waits
  // for them, the anchor is missing, or less than kOverrideAfterMs has passed.
  Status check_override(const Now& now) const;
  Status override_start(const Now& now);  // errors of check_override()

  std::string words() const;             // where it stands, one or two sentences
  std::string next() const;              // what to do; empty: nothing
  // Not empty in ROLLED_BACK: what showed it, for the next process.
  const std::string& closed_by() const { return closed_by_; }
  // Checkpoints of this log that are not here, oldest first: text and this node's line.
  const std::vector<std::string>& higher() const { return higher_; }
  std::uint64_t ignored() const { return ignored_; }
  std::size_t reported() const { return reported_.size(); }

 private:
  bool has_reports() const;
  bool waits_for_reports() const;        // reports can come, and have not all
  void close(std::string what, const std::string& from);
  void keep_higher(std::string note);
  std::string report_words() const;

  const Identity& self_;
  store::View& view_;
  StartFacts facts_;
  std::uint64_t started_ms_ = 0;         // monotonic
  std::set<std::string> reported_;
  bool overridden_ = false;
  std::string closed_by_;
  std::vector<std::string> higher_;
  std::uint64_t ignored_ = 0;
};

}  // namespace focal::exchange

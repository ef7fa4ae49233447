// Whether the logs of others say the same to everybody (docs/protocol.md, "Witnesses", "Two
// checkpoints of one origin"): what is shown here of each log, by whomever. Two roots of one size
// are a fork proof at once. Different sizes prove nothing: their owner is asked to lead all of
// them to one checkpoint, and an alarm says that it does not. Pure: writes go with the group
// under way.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/random.h"
#include "node/exchange/ckpt.h"
#include "node/exchange/seen_checkpoint.h"
#include "node/exchange/trust_book.h"
#include "node/exchange/witness.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxOpenCheckpoints = 4;         // of a log, not yet led to one
inline constexpr std::uint64_t kUnansweredMs = 7 * kDayMs;    // of safe time: then an alarm

class LogWatch {
 public:
  LogWatch(const Peers& peers, store::View& view, const Witness& witness, TrustBook& book)
      : peers_(peers), view_(view), witness_(witness), book_(book) {}

  // What is committed; also after a group that was not. Demands under way are forgotten.
  void load();
  void committed() { staged_.clear(); }

  // Shown by `from`, who need not be its owner.
  void saw(const SeenCheckpoint& seen, const NoteOrigin& from, const BookTime& time);
  // Its owner shows that it continues an earlier one. Before the witness judges it.
  void shown(const CkptFrame& frame, const SeenCheckpoint& seen, const BookTime& time);

  // What the owner of a log is asked now: at most one, seldom again while it does not answer.
  std::optional<CosigFrame> demand_for(const std::string& party, const BookTime& time);
  void tick(const BookTime& time);  // alarms about what was never answered

  // At most kMaxGossipCheckpoints, of parties other than `to`, with this node's line where it
  // has one.
  std::vector<std::string> gossip(const std::string& to, crypto::Rng& rng);
  // The newest checkpoint of the party's log in force that is here; empty: none.
  std::string newest_of(const std::string& party);

  std::vector<store::Op> take_ops() { return std::exchange(ops_, {}); }

 private:
  struct Mark {
    std::uint64_t size = 0;
    Hash32 root{};
    bool is(const store::Checkpoint& at) const { return size == at.size && root == at.root; }
    bool operator==(const Mark&) const = default;
  };
  struct Held {
    Mark mark;
    std::string note;
    std::uint64_t since_ms = 0;     // safe time since when it is open
    std::optional<Mark> leads_to;   // what its owner has shown it to be a beginning of
    bool is_told = false;           // an alarm was raised
  };
  struct Log {
    std::string party;
    std::optional<Held> head;       // all that is here and not open is a beginning of it
    std::vector<Held> open;
    std::optional<Mark> target;     // what its owner showed last
    std::uint64_t next_ms = 0;      // monotonic: no demand before
    std::uint64_t asked_ms = 0;     // monotonic: of the last one; 0 = none
    std::uint32_t tries = 0;
  };
  Log& log_of(const std::string& origin, const std::string& party);
  // The note here of that size with another root than it; empty: none. `known`: it is here.
  std::string contradicted_by(const Log& log, const SeenCheckpoint& seen, bool& known);
  void put(const SeenCheckpoint& seen, const BookTime& time, std::uint64_t open_since_ms);
  void put(const std::string& origin, const std::string& party, const Held& held,
           const BookTime& time, std::uint64_t open_since_ms);
  void settle(Log& log, const SeenCheckpoint& seen, const BookTime& time);

  const Peers& peers_;
  store::View& view_;
  const Witness& witness_;
  TrustBook& book_;
  std::map<std::string, Log> logs_;  // by origin; read from the ledger when first needed
  std::map<std::pair<std::string, std::uint64_t>, store::PeerCheckpointRow> staged_;
  std::vector<store::Op> ops_;
};

}  // namespace focal::exchange

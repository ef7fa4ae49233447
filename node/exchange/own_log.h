// The checkpoints of this node's own log: who has to cosign them, what came, when they are
// published (docs/protocol.md, "Witnesses"). Pure: writes go with the group under way.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/note.h"
#include "node/exchange/ckpt.h"
#include "node/exchange/identity.h"
#include "node/exchange/safe_clock.h"
#include "node/exchange/trust_book.h"
#include "node/exchange/witness_policy.h"
#include "node/store/txn.h"
#include "node/store/view.h"

namespace focal::exchange {

inline constexpr std::uint64_t kCkptEveryMs = 10 * kSecondMs;  // to a peer, at most
inline constexpr std::uint64_t kCkptAgainMs = kHourMs;         // … where none is ever answered
// A line may be dated so much before the last leaf of its checkpoint, or after the time here.
inline constexpr std::uint64_t kLineClockMs = kMaxClockJumpMs;

// How far others vouch for the log, in numbers and in plain words.
struct Coverage {
  std::uint64_t size = 0;              // leaves
  std::uint64_t published = 0;         // newest checkpoint that everybody may see; 0 = none
  std::uint64_t witnessed = 0;         // … in the newest checkpoint with the lines of a quorum
  std::uint64_t unwitnessed_leaves = 0;
  std::uint32_t n = 0, q = 0;          // of the list in force
  std::vector<std::string> by;         // witnesses of that checkpoint
  std::string words;
};

class OwnLog {
 public:
  OwnLog(const Identity& self, const Peers& peers, store::View& view)
      : self_(self), peers_(peers), view_(view) {}

  // What is committed; also after a group that was not. kCorrupt: a stored policy is none.
  Status load();
  void committed();

  // A checkpoint that stands in the ledger, and may be shown to its witnesses from now on.
  void made(const store::CheckpointRow& row);
  // The line of `from` over an own checkpoint; other lines are ignored. Known ones change
  // nothing. kWitness: not over a checkpoint of this log, of no witness, of no believable time;
  // kSignature.
  Status take_line(const std::string& from, const crypto::Note& note, const BookTime& time);
  // `from` holds that checkpoint of ours: what it is sent next builds on it. kWitness: it is not
  // of this ledger, though our key signed it; kSignature; kNote.
  Status take_conflict(const std::string& from, const std::string& note);
  // A new link: whatever was sent may be lost.
  void link_up(const std::string& peer) { sent_.erase(peer); }

  // What that peer is to be sent now; sent once it is asked for here.
  std::optional<CkptFrame> due_for(const std::string& peer, const BookTime& time);

  // Names witnesses. Each must be VERIFIED here. Counts for the checkpoints after the first
  // published one that contains its leaf. kInvalid, kTrust, kWitness (no log key here).
  Result<store::PutWitnessPolicy> set_policy(std::vector<std::string> parties,
                                             std::uint32_t quorum, const BookTime& time);
  // The newest list under the present name of the log; empty: none.
  const std::string& policy_note() const;
  const WitnessPolicy* newest_policy() const;    // under any name; nullptr: none was ever made
  // A list that was made under an earlier name of the log has to be said again.
  std::optional<store::PutWitnessPolicy> renewed_policy(const BookTime& time);
  struct List {
    std::vector<std::string> witnesses;
    std::uint32_t quorum = 0;
  };
  List list_for(std::uint64_t size) const;       // that counts for a checkpoint of that size
  // Size of the newest checkpoint, or the newest published one, that it cosigned; 0: neither.
  std::uint64_t cosigned_by(const std::string& party) const;
  bool is_witness(const std::string& party) const;  // of the list in force, or the newest

  Coverage coverage() const;
  std::vector<store::Op> take_ops() { return std::exchange(ops_, {}); }
  // The newest published checkpoint with its lines, as one note; empty: none.
  const std::string& published_note() const { return published_note_; }
  // Of the newest and the newest published checkpoint the larger one that `party` cosigned, with
  // its line; nothing: neither.
  std::optional<CosigFrame> line_of(const std::string& party) const;

 private:
  struct Policy {
    store::LeafIndex idx = 0;
    WitnessPolicy what;
    mutable std::optional<std::uint64_t> first;  // published size that contains its leaf
  };
  struct Sent {
    std::uint64_t next_ms = 0;   // monotonic: not again before
    std::uint32_t tries = 0;
    std::uint64_t size = 0;      // of what was sent
  };
  Status load_policies();
  void publish_if_due();
  bool has_line(std::uint64_t size, const std::string& party) const;
  std::size_t lines_of(std::uint64_t size, const List& list) const;
  Result<WitnessPolicy> make_policy(WitnessPolicyFields fields, const BookTime& time) const;
  std::string words(const Coverage& coverage) const;

  const Identity& self_;
  const Peers& peers_;
  store::View& view_;
  std::vector<Policy> policies_;               // oldest first
  store::LeafIndex continuation_ = -1;         // newest leaf CONTINUATION; -1: none
  std::optional<store::CheckpointRow> newest_;  // under the present name
  std::uint64_t published_ = 0;                // newest published size, as the group leaves it
  std::string published_note_;                 // committed
  std::map<std::uint64_t, std::set<std::string>> lines_;  // sizes above published_, and it
  std::map<std::string, std::uint64_t> holds_;  // size that a party is known to hold
  std::map<std::string, std::uint64_t> asked_;  // size that a party asks to be led on from
  std::map<std::string, Sent> sent_;
  std::vector<store::Op> ops_;
  bool policy_staged_ = false;
  bool published_staged_ = false;
};

}  // namespace focal::exchange

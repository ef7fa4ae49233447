// Witnessing as one: this node as a witness, its own log's witnesses, and the watch over what
// logs of others say to whom (witness.h, own_log.h, log_watch.h). What comes from links goes in
// here, what goes to links comes out. Pure: writes go with the group under way; what was answered
// leaves after the commit.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "node/exchange/frame.h"
#include "node/exchange/log_watch.h"
#include "node/exchange/own_log.h"
#include "node/exchange/rate.h"
#include "node/exchange/witness.h"

namespace focal::exchange {

inline constexpr std::uint32_t kCkptsPerMinute = 6;        // of a party that are looked at
inline constexpr std::size_t kMaxNoteInReceipts = 8u << 10;  // larger ones are left out

class WitnessBook {
 public:
  WitnessBook(const Identity& self, const Peers& peers, store::View& view, TrustBook& book)
      : peers_(peers), view_(view), book_(book), witness_(self, view),
        own_(self, peers, view), watch_(peers, view, witness_, book) {}

  // The first call of all. kCorrupt.
  Status load();

  // From a link. Of whatever is refused nothing is stored; no refusal ends a link.
  // `answer` leaves after the commit. `refused` is for the log.
  using Said = Witness::Said;
  Said take_ckpt(const std::string& from, const CkptFrame& frame, const BookTime& time);
  Status take_cosig(const std::string& from, const CosigFrame& frame, const BookTime& time);
  // The field `cosigs` of receipts: a whole own note with the line of the sender.
  Status take_cosigs(const std::string& from, std::string_view note, const BookTime& time);
  // A checkpoint of anybody's log, from receipts, gossip or HELLO.
  Status saw_checkpoint(std::string_view note, const std::string& from, const BookTime& time);
  // A policy note of the party itself. False: it is not newer than the one here.
  Result<bool> take_policy(const std::string& from, const std::string& note, const BookTime& time);

  // After its COMMIT, and when nobody can miss it any more after a restore (anchor).
  void own_checkpoint(const store::CheckpointRow& row, const BookTime& time);
  void link_up(const std::string& peer) { own_.link_up(peer); }
  void tick(const BookTime& time) { watch_.tick(time); }

  // To a link whose other end understands it. Sent once it is asked for here.
  std::vector<Frame> due_for(const std::string& peer, const BookTime& time);
  std::vector<std::string> gossip(const std::string& to, crypto::Rng& rng) {
    return watch_.gossip(to, rng);
  }
  void put_claims(const std::string& peer, HelloFrame& hello);
  // For a receipt batch; empty where there is none, or it is too large.
  std::string published_note() const;
  std::string line_for(const std::string& peer) const;

  OwnLog& own() { return own_; }
  const OwnLog& own() const { return own_; }
  const Witness& witness() const { return witness_; }

  struct Counters {
    std::uint64_t ignored = 0;      // CKPT by whom nothing is witnessed, or too many
    std::uint64_t refused = 0;      // CKPT and COSIG that were wrong
    std::uint64_t cosigned = 0;
    std::uint64_t lines = 0;        // that came for this log
  };
  const Counters& counters() const { return counters_; }

  // The group.
  std::vector<store::Op> take_ops();
  void committed();
  void abandon();

 private:
  bool is_heard(const std::string& party) const;

  const Peers& peers_;
  store::View& view_;
  TrustBook& book_;
  Witness witness_;
  OwnLog own_;
  LogWatch watch_;
  std::map<std::string, Rate> ckpts_;
  std::map<std::string, std::uint64_t> policy_serials_;  // newest of each party, in this group
  std::vector<store::Op> ops_;
  Counters counters_;
};

}  // namespace focal::exchange

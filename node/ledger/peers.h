// Pinned parties, their cards and schedules, our own schedule, and operators'
// acts. At most 256 parties, held in memory once read.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "node/ledger/details.h"
#include "node/ledger/parts.h"
#include "node/ledger/peer_notes.h"

namespace focal::ledger {

inline constexpr std::size_t kMaxPeers = 256;

class PeerStore {
 public:
  PeerStore(Parts& parts, DetailStore& details, PeerNoteStore& notes)
      : p_(parts), details_(details), notes_(notes) {}

  // A note other than the pinned one adds leaf PEER_CARD. What the ledger keeps by itself
  // (old cards, held cards, revocations) is not read from the row. kLimit: more than kMaxPeers.
  Status put(const store::PutPeer& op, Group& group);
  // VERIFIED sets time and way of verification, NONE clears them. kState: unknown party.
  Status put(const store::SetTrust& op, Group& group);
  Status put(const store::PutSchedule& op, Group& group);  // kState: unknown party
  Status put(const store::PutAdmin& op, Group& group);

  std::vector<store::PeerRow> peers();
  std::string own_schedule();
  void forget() { cache_.reset(); }  // after a rollback
  void notes_changed(const std::string& party) { stale_.insert(party); }  // held cards, revocations

 private:
  std::vector<store::PeerRow>& all();
  store::PeerRow* find(const std::string& party);
  void renew();
  Status save(const store::PeerRow& row, std::int64_t number);
  store::PeerRow read(const Query& query);

  Parts& p_;
  DetailStore& details_;
  PeerNoteStore& notes_;
  std::optional<std::vector<store::PeerRow>> cache_;
  std::set<std::string> stale_;  // parties whose notes are to be read again
};

}  // namespace focal::ledger

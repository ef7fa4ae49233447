// The parties this node has pinned, parsed and in memory (at most 256). Read by
// every step of the receiver; changed only by what the ledger committed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/clock.h"
#include "node/exchange/card.h"
#include "node/exchange/schedule.h"
#include "node/exchange/succession.h"
#include "node/exchange/trust.h"
#include "node/store/rows.h"

namespace focal::exchange {

inline constexpr std::uint64_t kSupersededLimitMs = 400 * kDayMs;

struct Peer {
  store::PeerRow row;
  Card card;
  std::vector<Card> old_cards;          // newest first
  std::optional<Schedule> schedule;
  Standing standing;

  // The card with this id, pinned or superseded; nullptr if not here.
  const Card* find_card(const Hash32& card_id) const;
  // Was that card superseded more than kSupersededLimitMs ago? It counts from the
  // day its successor was issued, by the safe time.
  bool is_out_of_use(const Card& card, std::uint64_t safe_ms) const;
};

// The card's `expires` stops the sending of records to the party, nothing else.
inline bool is_expired(const Peer& peer, const Now& now) {
  return peer.card.expires_ms <= now.wall_ms;
}

class Peers {
 public:
  // A row whose notes no longer parse is kCorrupt: the ledger was tampered with.
  Status load(const std::vector<store::PeerRow>& rows);
  Status put(const store::PeerRow& row);

  const Peer* find(const std::string& party) const;
  const std::map<std::string, Peer>& all() const { return peers_; }
  PinnedKeys pinned_keys() const;

 private:
  std::map<std::string, Peer> peers_;
};

}  // namespace focal::exchange

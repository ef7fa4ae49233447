// The parties this node has pinned, parsed and in memory (at most 256). Read by
// every step of the receiver; changed only by what the ledger committed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "node/exchange/card.h"
#include "node/exchange/kind_policy.h"
#include "node/exchange/revocation.h"
#include "node/exchange/schedule.h"
#include "node/exchange/succession.h"
#include "node/exchange/trust.h"
#include "node/store/rows.h"

namespace focal::exchange {

inline constexpr std::uint64_t kSupersededLimitMs = 400 * kDayMs;
inline constexpr std::size_t kMaxParties = 256;

struct Peer {
  // A revocation of this party, and when its leaf was written here.
  struct Withdrawn {
    Revocation note;
    std::uint64_t at_ms = 0;
    bool counts = false;  // may_revoke(note): set by derive()
  };
  // A card that is not pinned yet; the row of the same place is row.held.
  using Held = Card;

  store::PeerRow row;
  Card card;
  std::vector<Card> old_cards;          // newest first
  std::optional<Schedule> schedule;
  std::vector<Held> held;               // oldest first, as in row.held
  std::vector<Withdrawn> revocations;   // newest first
  std::vector<Hash32> thrown_away;      // of old_cards, those that the pinned one does not build on
  Standing standing;
  bool link_revoked = false;            // the pinned card's transport key
  std::string schedule_trouble;         // why the stored schedule counts as none; empty: it does not

  // The card with this id, pinned or superseded; nullptr if not here.
  const Card* find_card(const Hash32& card_id) const;
  // Was that card superseded more than kSupersededLimitMs ago? It counts from the
  // day its successor was issued, by the safe time.
  bool is_out_of_use(const Card& card, std::uint64_t safe_ms) const;

  // May the note take away keys of the card it names: its key is the root or the announced next
  // root of that card, or of a later one of the chain. An older root has nothing to say about
  // a card that was made to replace it. False: also if the card is not here.
  bool may_revoke(const Revocation& note) const;
  // Does what was signed under that root stand: it is the pinned root, or rotations alone lead
  // from it to the pinned one. A recovery says that the root was lost.
  bool root_stands(const crypto::PublicKey& root) const;
  // The earliest `since` of a revocation (scope all or `scope`) that takes this card's key
  // away, by the key: a card that goes on with a revoked key has it revoked too. A card that a
  // recovery from an earlier one threw away has its sign key revoked since it was issued.
  // Nothing: none.
  std::optional<std::uint64_t> revoked_since(const Card& card, RevocationScope scope) const;
  // Is the pinned card revoked, scope all, by its announced next root: then its own root
  // speaks for the party no more.
  bool is_root_revoked() const;
  // As select_key(), without keys that a revocation took away. None while the sign key is
  // revoked: when a schedule was made, only that key says.
  const SealKey* key_for(std::uint64_t now_ms, std::uint64_t lead_ms = kDirectLeadMs,
                         std::uint8_t suite = kSuite1) const;
  // A recovery that waits for its decision: its place in `held`.
  std::optional<std::size_t> recovery() const;

  // What follows from row, cards and revocations: thrown_away, which revocations count,
  // standing, link_revoked.
  void derive();
};

// The keys of a party, if it is suspended or if it is not. Of two parties with one transport
// key the one that is not has it: so those that are suspended come last.
void add_keys(PinnedKeys& keys, const Peer& peer, bool suspended);

// The row with its notes parsed. kCorrupt: one of them does not verify; the ledger was
// tampered with. But a schedule is the party's own, of which the next one comes over its link: one
// that no longer parses, or does not fit the pinned card, counts as none (schedule_trouble).
Result<Peer> make_peer(const store::PeerRow& row);

// The card's `expires` stops the sending of records to the party, nothing else.
inline bool is_expired(const Peer& peer, const Now& now) {
  return peer.card.expires_ms <= now.wall_ms;
}

class Peers {
 public:
  // Errors of make_peer().
  Status load(const std::vector<store::PeerRow>& rows);
  Status put(const store::PeerRow& row);
  void put(Peer peer);

  const Peer* find(const std::string& party) const;
  const std::map<std::string, Peer>& all() const { return peers_; }
  PinnedKeys pinned_keys() const;
  // May a link to the party stand: neither it nor its transport key is revoked, and no other
  // party has that key. Where an officer decided whose it is, the other one is suspended.
  bool may_link(const Peer& peer) const;

  // What kinds need here; set once, before the first record. Without it: their schema.
  void set_kinds(KindPolicy kinds) { kinds_ = std::move(kinds); }
  const KindPolicy& kinds() const { return kinds_; }
  Permission check_kind(std::string_view kind, const Standing& standing) const {
    return check_level(kinds_.required_level(kind), standing);
  }

 private:
  KindPolicy kinds_;
  std::map<std::string, Peer> peers_;
};

}  // namespace focal::exchange

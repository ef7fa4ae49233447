#include "node/exchange/peers.h"

namespace focal::exchange {
namespace {

Error damaged(const std::string& party, const Error& why) {
  return fail(ErrorCode::kCorrupt, "the stored notes of " + party + " do not verify: " + why.message,
              "Run 'focal ledger verify', then restore the ledger from a backup.");
}

}  // namespace

const Card* Peer::find_card(const Hash32& card_id) const {
  if (card.card_id == card_id) return &card;
  for (const Card& old : old_cards)
    if (old.card_id == card_id) return &old;
  return nullptr;
}

bool Peer::is_out_of_use(const Card& which, std::uint64_t wall_ms) const {
  const Card* successor = &card;
  for (const Card& old : old_cards) {  // newest first
    if (old.card_id == which.card_id) return successor->issued_ms + kSupersededLimitMs < wall_ms;
    successor = &old;
  }
  return false;
}

Status Peers::put(const store::PeerRow& row) {
  Peer peer;
  peer.row = row;
  auto card = parse_card(row.card_note);
  if (!card) return damaged(row.party, card.error());
  peer.card = std::move(*card);
  for (const auto& note : row.old_cards) {
    auto old = parse_card(note);
    if (!old) return damaged(row.party, old.error());
    peer.old_cards.push_back(std::move(*old));
  }
  if (!row.schedule_note.empty()) {
    auto schedule = parse_schedule(row.schedule_note);
    if (!schedule) return damaged(row.party, schedule.error());
    const Status ours = check_schedule_of(*schedule, peer.card);
    if (!ours) return damaged(row.party, ours.error());
    peer.schedule = std::move(*schedule);
  }
  peer.standing.level = static_cast<record::TrustLevel>(row.level);
  peer.standing.suspended = row.suspended != store::Suspension::kNone;
  peers_.insert_or_assign(row.party, std::move(peer));
  return {};
}

Status Peers::load(const std::vector<store::PeerRow>& rows) {
  peers_.clear();
  for (const auto& row : rows) FOCAL_TRY(put(row));
  return {};
}

const Peer* Peers::find(const std::string& party) const {
  const auto it = peers_.find(party);
  return it == peers_.end() ? nullptr : &it->second;
}

PinnedKeys Peers::pinned_keys() const {
  PinnedKeys keys;
  for (const auto& [party, peer] : peers_) {
    add_pinned(keys, peer.card);
    for (const Card& old : peer.old_cards) add_pinned(keys, old);
  }
  return keys;
}

}  // namespace focal::exchange

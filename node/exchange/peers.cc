#include "node/exchange/peers.h"

#include <algorithm>

#include "base/defect.h"

namespace focal::exchange {
namespace {

Error damaged(const std::string& party, const Error& why) {
  return fail(ErrorCode::kCorrupt, "the stored notes of " + party + " do not verify: " + why.message,
              "Run 'focal ledger verify', then restore the ledger from a backup.");
}

// Is this key of `card` one of those that the revocation of `revoked` takes away.
bool takes_key(const Card& revoked, const Card& card, RevocationScope scope) {
  switch (scope) {
    case RevocationScope::kAll: return revoked.card_id == card.card_id;
    case RevocationScope::kTransport: return revoked.transport == card.transport;
    case RevocationScope::kSign:
    case RevocationScope::kSeal: return revoked.sign == card.sign;  // schedules hang on it
  }
  return false;
}

bool contains(const std::vector<Hash32>& ids, const Hash32& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_dead(const store::PeerRow& row, const SealKey& key) {
  return std::find(row.dead_kids.begin(), row.dead_kids.end(), key.kid) != row.dead_kids.end();
}

}  // namespace

const Card* Peer::find_card(const Hash32& card_id) const {
  if (card.card_id == card_id) return &card;
  for (const Card& old : old_cards)
    if (old.card_id == card_id) return &old;
  return nullptr;
}

bool Peer::is_out_of_use(const Card& which, std::uint64_t safe_ms) const {
  const Card* successor = &card;
  for (const Card& old : old_cards) {  // newest first
    if (old.card_id == which.card_id) return successor->issued_ms + kSupersededLimitMs < safe_ms;
    successor = &old;
  }
  return false;
}

bool Peer::may_revoke(const Revocation& note) const {
  const Hash32 as_next = next_root_hash(note.key);
  const auto speaks = [&](const Card& at) { return at.root == note.key || at.next == as_next; };
  if (note.card_id == card.card_id) return speaks(card);
  bool found = speaks(card);
  for (const Card& old : old_cards) {  // newest first
    const bool named = old.card_id == note.card_id;
    if (named || !contains(thrown_away, old.card_id)) found = found || speaks(old);
    if (named) return found;
  }
  return false;
}

bool Peer::root_stands(const crypto::PublicKey& root) const {
  if (root == card.root) return true;
  const Card* after = &card;
  bool gap = false;
  for (const Card& old : old_cards) {  // newest first
    if (contains(thrown_away, old.card_id)) {
      gap = true;
      continue;
    }
    if (old.root != after->root &&
        (gap || check_successor(old, *after) != Succession::kRotate))
      return false;
    if (old.root == root) return true;
    after = &old;
    gap = false;
  }
  return false;
}

std::optional<std::uint64_t> Peer::revoked_since(const Card& which, RevocationScope scope) const {
  if (planted(Defect::kRevocationIgnored)) return std::nullopt;
  std::optional<std::uint64_t> since;
  if (scope == RevocationScope::kSign && contains(thrown_away, which.card_id))
    since = which.issued_ms;
  for (const Withdrawn& each : revocations) {
    if (!each.counts || !each.note.covers(scope)) continue;
    const Card* revoked = find_card(each.note.card_id);
    if (revoked == nullptr || !takes_key(*revoked, which, scope)) continue;
    since = std::min(since.value_or(each.note.since_ms), each.note.since_ms);
  }
  return since;
}

bool Peer::is_root_revoked() const {
  return std::any_of(revocations.begin(), revocations.end(), [&](const Withdrawn& each) {
    return each.counts && each.note.scope == RevocationScope::kAll &&
           each.note.card_id == card.card_id && each.note.key != card.root;
  });
}

const SealKey* Peer::key_for(std::uint64_t now_ms, std::uint64_t lead_ms,
                             std::uint8_t suite) const {
  if (!schedule) return nullptr;
  if (revocations.empty() && row.dead_kids.empty())
    return select_key(schedule->keys, now_ms, lead_ms, suite);
  // Whoever took the sign key may have made it, with whatever serial.
  if (revoked_since(card, RevocationScope::kSign)) return nullptr;
  // Whoever took the sealing keys has those that were published before. A serial is in seconds.
  if (const auto since = revoked_since(card, RevocationScope::kSeal);
      since && schedule->serial <= *since / kSecondMs)
    return nullptr;
  std::vector<SealKey> alive;
  alive.reserve(schedule->keys.size());
  for (const SealKey& key : schedule->keys)
    if (!is_dead(row, key)) alive.push_back(key);
  const SealKey* best = select_key(alive, now_ms, lead_ms, suite);
  if (best == nullptr) return nullptr;
  return &*std::find_if(schedule->keys.begin(), schedule->keys.end(),
                        [best](const SealKey& key) { return key.kid == best->kid; });
}

std::optional<std::size_t> Peer::recovery() const {
  for (std::size_t i = 0; i < row.held.size(); ++i)
    if (row.held[i].why == store::HoldWhy::kRecovery) return i;
  return std::nullopt;
}

void Peer::derive() {
  thrown_away.clear();
  const Card* after = &card;
  for (const Card& old : old_cards) {  // newest first
    if (after->prev == old.card_id)
      after = &old;
    else
      thrown_away.push_back(old.card_id);
  }
  for (Withdrawn& each : revocations) each.counts = may_revoke(each.note);
  standing.level = static_cast<record::TrustLevel>(row.level);
  standing.suspended = row.suspended != store::Suspension::kNone;
  standing.revoked = revoked_since(card, RevocationScope::kAll).has_value();
  link_revoked = revoked_since(card, RevocationScope::kTransport).has_value();
}

Result<Peer> make_peer(const store::PeerRow& row) {
  Peer peer;
  peer.row = row;
  auto card = parse_card(row.card_note);
  if (!card) return damaged(row.party, card.error());
  peer.card = std::move(*card);
  peer.old_cards.reserve(row.old_cards.size());
  for (const auto& note : row.old_cards) {
    auto old = parse_card(note);
    if (!old) return damaged(row.party, old.error());
    peer.old_cards.push_back(std::move(*old));
  }
  if (!row.schedule_note.empty()) {
    auto schedule = parse_schedule(row.schedule_note);
    const Status fits = schedule ? check_schedule_of(*schedule, peer.card) : schedule.error();
    if (fits) {
      peer.schedule = std::move(*schedule);
    } else {
      peer.row.schedule_note.clear();
      peer.schedule_trouble = fits.error().message;
    }
  }
  peer.held.reserve(row.held.size());
  for (const auto& held : row.held) {
    auto parsed = parse_card(held.note);
    if (!parsed) return damaged(row.party, parsed.error());
    peer.held.push_back(std::move(*parsed));
  }
  peer.revocations.reserve(row.revocations.size());
  for (const auto& each : row.revocations) {
    auto revocation = parse_revocation(each.note);
    if (!revocation) return damaged(row.party, revocation.error());
    peer.revocations.push_back({std::move(*revocation), each.at_ms, false});
  }
  peer.derive();
  return peer;
}

Status Peers::put(const store::PeerRow& row) {
  FOCAL_ASSIGN(Peer peer, make_peer(row));
  put(std::move(peer));
  return {};
}

void Peers::put(Peer peer) {
  std::string party = peer.row.party;
  peers_.insert_or_assign(std::move(party), std::move(peer));
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

bool Peers::may_link(const Peer& peer) const {
  if (!allows_notes(peer.standing) || peer.link_revoked) return false;
  return std::none_of(peers_.begin(), peers_.end(), [&](const auto& each) {
    const Peer& other = each.second;
    return other.row.party != peer.row.party && other.card.transport == peer.card.transport &&
           (!other.standing.suspended || peer.standing.suspended);
  });
}

void add_keys(PinnedKeys& keys, const Peer& peer, bool suspended) {
  if (peer.standing.suspended != suspended) return;
  add_pinned(keys, peer.card);
  for (const Card& old : peer.old_cards) add_superseded(keys, old);
}

PinnedKeys Peers::pinned_keys() const {
  PinnedKeys keys;
  for (const auto& [party, peer] : peers_) add_keys(keys, peer, false);
  for (const auto& [party, peer] : peers_) add_keys(keys, peer, true);
  return keys;
}

}  // namespace focal::exchange

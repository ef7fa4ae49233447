#include "node/exchange/card_rules.h"

#include <algorithm>

namespace focal::exchange {

bool is_successor(Succession verdict) {
  switch (verdict) {
    case Succession::kUpdate:
    case Succession::kNewNext:
    case Succession::kRotate:
    case Succession::kRecover:
    case Succession::kRecoverEarlier:
    case Succession::kCopiedTransport: return true;
    default: return false;
  }
}

namespace {

// The chain under the pinned root: the pinned card and those before it by the same root.
const Card* under_pinned_root(const Peer& peer, const Hash32& card_id) {
  if (peer.card.card_id == card_id) return &peer.card;
  for (const Card& old : peer.old_cards) {  // newest first
    if (old.root != peer.card.root) return nullptr;
    if (old.card_id == card_id) return &old;
  }
  return nullptr;
}

// A thief of root and node may have put cards on top of the one the owner knows. The next
// root, which no update can change, leads back to any of them.
bool recovers_earlier(const Peer& peer, const Card& incoming) {
  if (!incoming.prev || incoming.root == peer.card.root) return false;
  const Card* before = under_pinned_root(peer, *incoming.prev);
  return before != nullptr && before != &peer.card && incoming.serial == before->serial + 1 &&
         next_root_hash(incoming.root) == before->next && before->next == peer.card.next;
}

bool builds_on_held(const Peer& peer, const Card& incoming) {
  return std::any_of(peer.held.begin(), peer.held.end(), [&](const Card& held) {
    return is_successor(check_successor(held, incoming));
  });
}

bool is_recovery(Succession verdict) {
  return verdict == Succession::kRecover || verdict == Succession::kRecoverEarlier;
}

}  // namespace

Succession judge_card(const Peer& peer, const Card& incoming, const PinnedKeys& pinned) {
  Succession verdict = check_successor(peer.card, incoming);
  if (verdict == Succession::kSame || verdict == Succession::kOtherParty) return verdict;
  if (peer.find_card(incoming.card_id) != nullptr) return Succession::kOlder;
  if (recovers_earlier(peer, incoming)) verdict = Succession::kRecoverEarlier;
  if (!is_successor(verdict))
    return builds_on_held(peer, incoming) ? Succession::kUndecided : verdict;
  if (!check_keys_unpinned(incoming, pinned)) return Succession::kCopiedKey;
  if (!is_recovery(verdict)) {
    // The next root said that the pinned root is in other hands.
    if (peer.is_root_revoked() && incoming.root == peer.card.root) return Succession::kRevokedRoot;
    if (peer.recovery()) return Succession::kUndecided;
  }
  // A recovery is held for an officer anyway, and what it suspends must not go on.
  if (!is_recovery(verdict) && transport_key_owner(incoming, pinned))
    return Succession::kCopiedTransport;
  return verdict;
}

Error does_not_replace(const Card& card, Succession verdict) {
  return fail(ErrorCode::kCardChain,
              "a card of " + card.party + " is pinned and this one does not replace it: " +
                  std::string(describe(verdict)),
              "Call them before anything else; a pinned root is never replaced by a file.",
              "bundle");
}

}  // namespace focal::exchange

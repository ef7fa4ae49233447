// How an incoming card stands to the pinned one, and whether its keys are somebody
// else's (docs/protocol.md, "Rotation, revocation, recovery").
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "node/exchange/card.h"

namespace focal::exchange {

// How an incoming card stands to the pinned one. What follows from it is another table
// (card_rules.h).
enum class Succession : std::uint8_t {
  kSame,          // the pinned text
  kOlder,         // lower serial: a replay, ignore
  kUpdate,        // same root and next root, serial + 1, names the pinned card
  kNewNext,       // … but it announces another next root
  kRotate,        // the pre-committed next root, signed by both roots
  kRecover,       // the pre-committed next root alone: suspends until confirmed
  kFork,          // same serial, another text, by a root that can speak for the party
  kGap,           // later serial: the cards between are needed first
  kPrevMismatch,  // serial + 1 by the right root, but names another predecessor
  kBadRotation,   // the pinned root signed for a root it had not committed to: alarm
  kUnknownRoot,   // neither the pinned nor the next root: only a new ceremony helps
  kOtherParty,    // not a card of this party
  // What more is known here (card_rules.h) than the pinned card says:
  kRecoverEarlier,  // as kRecover or kRotate, but from a card before the pinned one
  kUndecided,       // it builds on a held card, or a recovery is undecided
  kRevokedRoot,     // by a root that the announced next root has revoked
  kCopiedKey,       // its root, sign, log or witness key is pinned for another party
  kCopiedTransport, // a successor whose transport key is pinned for another party
};
inline constexpr std::size_t kSuccessions = 17;
// Of the pinned card and this one alone: never one of the last five.
Succession check_successor(const Card& pinned, const Card& incoming);
std::string_view describe(Succession verdict);  // one sentence for operators

// Keys of cards that are here, with the party that holds each. Whoever made a card holds its
// root, sign, log and witness key; of a transport key it proves nothing. So a key of the one
// kind says nothing about the other, and a copied transport key is forgotten with its card.
struct PinnedKeys {
  std::map<Hash32, std::string> proven;     // of pinned and superseded cards
  std::map<Hash32, std::string> transport;  // of pinned cards
};
void add_pinned(PinnedKeys& pinned, const Card& card);
void add_superseded(PinnedKeys& pinned, const Card& card);
// kCardKey if the root, sign, log or witness key belongs to another party.
Status check_keys_unpinned(const Card& card, const PinnedKeys& pinned);
// The other party that holds this transport key, if any. Not a refusal: a transport
// key carries no proof of possession, so refusing would let a copier shut out the
// owner. The card is held until an operator decides.
std::optional<std::string> transport_key_owner(const Card& card, const PinnedKeys& pinned);

}  // namespace focal::exchange

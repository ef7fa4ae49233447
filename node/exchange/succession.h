// How an incoming card stands to the pinned one, and whether its keys are somebody
// else's (docs/protocol.md, "Rotation, revocation, recovery").
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "node/exchange/card.h"

namespace focal::exchange {

// How an incoming card stands to the pinned one. Only kUpdate, kRotate and kRecover
// are successors; what to do about the others, and about updates that did not come
// over the party's own link, is the caller's policy.
enum class Succession {
  kSame,          // the pinned text
  kOlder,         // lower serial: a replay, ignore
  kUpdate,        // same root, serial + 1, names the pinned card
  kRotate,        // the pre-committed next root, signed by both roots
  kRecover,       // the pre-committed next root alone: suspends until confirmed
  kFork,          // same serial, another text, by a root that can speak for the party
  kGap,           // later serial: the cards between are needed first
  kPrevMismatch,  // serial + 1 by the right root, but names another predecessor
  kBadRotation,   // the pinned root signed for a root it had not committed to: alarm
  kUnknownRoot,   // neither the pinned nor the next root: only a new ceremony helps
  kOtherParty,    // not a card of this party
};
Succession check_successor(const Card& pinned, const Card& incoming);
bool is_successor(Succession verdict);
std::string_view describe(Succession verdict);  // one sentence for operators

// Keys of cards pinned for anybody, with the party that holds each.
using PinnedKeys = std::map<Hash32, std::string>;
void add_pinned(PinnedKeys& pinned, const Card& card);
// kCardKey if the root, sign, log or witness key belongs to another party.
Status check_keys_unpinned(const Card& card, const PinnedKeys& pinned);
// The other party that holds this transport key, if any. Not a refusal: a transport
// key carries no proof of possession, so refusing would let a copier shut out the
// owner. The card is held until an operator decides.
std::optional<std::string> transport_key_owner(const Card& card, const PinnedKeys& pinned);

}  // namespace focal::exchange

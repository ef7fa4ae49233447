// What follows from a card that comes in: one table, of how it stands to what is pinned and
// of where it came from (docs/protocol.md, "Rotation, revocation, recovery"). An officer who
// adds a file by hand goes through the same table.
#pragma once

#include <array>
#include <string_view>

#include "node/exchange/peers.h"
#include "node/exchange/succession.h"

namespace focal::exchange {

inline constexpr std::uint64_t kHoldMs = 72 * kHourMs;  // by safe_now

enum class NoteSource : std::uint8_t {
  kOwnLink,    // the link of the party it is about, proven by its pinned transport key
  kElsewhere,  // the link of anybody else
  kOfficer,    // an officer here
};
inline constexpr std::size_t kNoteSources = 3;

enum class CardAction : std::uint8_t {
  kIgnore,          // nothing new
  kAccept,          // pinned at once; the operator is told
  kHold,            // pinned after 72 hours, or when an officer confirms it
  kHoldForOfficer,  // pinned when an officer confirms it, never by itself; alarm
  kSuspendAndHold,  // the party is suspended; pinned when an officer confirms it, or after 72
                    // hours if k introducers list the new root
  kWait,            // held until what it builds on is decided, then judged again
  kAskChain,        // the cards between are asked for
  kReject,          // alarm
  kFork,            // both are stored as a proof, the party is suspended; alarm
  kCeremony,        // nothing a card can do: only the safety number helps
};

struct CardRule {
  Succession verdict;
  std::array<CardAction, kNoteSources> action;  // by NoteSource
};
inline constexpr std::array<CardRule, kSuccessions> kCardRules = [] {
  using V = Succession;
  using A = CardAction;
  return std::array<CardRule, kSuccessions>{{
      // verdict              own link            elsewhere           an officer
      {V::kSame,            {{A::kIgnore,         A::kIgnore,         A::kIgnore}}},
      {V::kOlder,           {{A::kIgnore,         A::kIgnore,         A::kIgnore}}},
      {V::kUpdate,          {{A::kAccept,         A::kHold,           A::kAccept}}},
      {V::kNewNext,         {{A::kHoldForOfficer, A::kHoldForOfficer, A::kHoldForOfficer}}},
      {V::kRotate,          {{A::kAccept,         A::kAccept,         A::kAccept}}},
      {V::kRecover,         {{A::kSuspendAndHold, A::kSuspendAndHold, A::kSuspendAndHold}}},
      {V::kFork,            {{A::kFork,           A::kFork,           A::kFork}}},
      {V::kGap,             {{A::kAskChain,       A::kAskChain,       A::kAskChain}}},
      {V::kPrevMismatch,    {{A::kReject,         A::kReject,         A::kReject}}},
      {V::kBadRotation,     {{A::kReject,         A::kReject,         A::kReject}}},
      {V::kUnknownRoot,     {{A::kCeremony,       A::kCeremony,       A::kCeremony}}},
      {V::kOtherParty,      {{A::kIgnore,         A::kIgnore,         A::kIgnore}}},
      {V::kRecoverEarlier,  {{A::kSuspendAndHold, A::kSuspendAndHold, A::kSuspendAndHold}}},
      {V::kUndecided,       {{A::kWait,           A::kWait,           A::kWait}}},
      {V::kRevokedRoot,     {{A::kReject,         A::kReject,         A::kReject}}},
      {V::kCopiedKey,       {{A::kReject,         A::kReject,         A::kReject}}},
      {V::kCopiedTransport, {{A::kHoldForOfficer, A::kHoldForOfficer, A::kHoldForOfficer}}},
  }};
}();
constexpr CardAction action_for(Succession verdict, NoteSource source) {
  for (const CardRule& rule : kCardRules)
    if (rule.verdict == verdict) return rule.action[static_cast<std::size_t>(source)];
  return CardAction::kReject;
}

// check_successor(), and what else is known here: other cards of the party, held ones,
// revocations, the keys of others.
Succession judge_card(const Peer& peer, const Card& incoming, const PinnedKeys& pinned);

// What an officer is told who brings such a card: kCardChain.
Error does_not_replace(const Card& card, Succession verdict);

// A held card whose time has come, or that an officer confirms, is judged like one that came
// over the party's own link, because what it builds on may have changed meanwhile. May it be
// pinned now: a successor, whatever it waited for.
bool is_successor(Succession verdict);

}  // namespace focal::exchange

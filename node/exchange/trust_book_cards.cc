// Cards that come in: what the table of card_rules.h asks for.
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/defect.h"
#include "base/log.h"
#include "node/exchange/accepted.h"
#include "node/exchange/trust_book.h"

namespace focal::exchange {
namespace {

store::HoldWhy why_held(Succession verdict) {
  switch (verdict) {
    case Succession::kRecover:
    case Succession::kRecoverEarlier: return store::HoldWhy::kRecovery;
    case Succession::kCopiedTransport: return store::HoldWhy::kTransportKey;
    case Succession::kNewNext: return store::HoldWhy::kNewNext;
    case Succession::kUndecided:
    case Succession::kGap: return store::HoldWhy::kBehind;
    default: return store::HoldWhy::kElsewhere;
  }
}

std::optional<std::size_t> place_of(const Peer& peer, const Hash32& card_id) {
  for (std::size_t i = 0; i < peer.held.size(); ++i)
    if (peer.held[i].card_id == card_id) return i;
  return std::nullopt;
}

// The pinned or superseded card of that serial.
const Card* card_of_serial(const Peer& peer, std::uint64_t serial) {
  if (peer.card.serial == serial) return &peer.card;
  for (const Card& old : peer.old_cards)
    if (old.serial == serial) return &old;
  return nullptr;
}

// The party as it would be if that card were not held: it must not count as what the card
// builds on, nor as a recovery that stands in its own way. `card` is that card, or another copy
// of it: the same text may have come with fewer signatures.
Succession judge_held(const Peer& peer, std::size_t place, const Card& card,
                      const PinnedKeys& pinned) {
  const auto at = static_cast<std::ptrdiff_t>(place);
  Peer without = peer;
  without.held.erase(without.held.begin() + at);
  without.row.held.erase(without.row.held.begin() + at);
  return judge_card(without, card, pinned);
}

// What it builds on, pinned, superseded or held.
const Card* before_of(const Peer& peer, const Card& card) {
  if (!card.prev) return nullptr;
  if (const Card* known = peer.find_card(*card.prev)) return known;
  const auto place = place_of(peer, *card.prev);
  return place ? &peer.held[*place] : nullptr;
}

// Does the root before stand under it too: a rotation, where another copy may have lost it.
bool has_both_roots(const Peer& peer, const Card& card) {
  const Card* before = before_of(peer, card);
  return before != nullptr && check_successor(*before, card) == Succession::kRotate;
}

// Which held card of this serial one root also made: with it, this one is a fork.
std::optional<std::size_t> twin_of(const Peer& peer, const Card& card) {
  for (std::size_t i = 0; i < peer.held.size(); ++i)
    if (peer.held[i].serial == card.serial && peer.held[i].root == card.root &&
        peer.held[i].card_id != card.card_id)
      return i;
  return std::nullopt;
}

}  // namespace

Result<NoteTaken> TrustBook::take_card(std::string_view note, const NoteOrigin& origin,
                                       const BookTime& time) {
  // What every link brings at its beginning.
  if (const Peer* known = find(party_of_note(note)); known != nullptr && known->row.card_note == note)
    return NoteTaken::kNothing;
  FOCAL_ASSIGN(const Card card, parse_card(note));
  if (card.party == self_.party()) return take_own_card(card, time);
  if (find(card.party) == nullptr) return take_stranger(card, origin, time);
  const Peer& peer = *find(card.party);
  const auto kept = place_of(peer, card.card_id);
  if (kept && !origin.by_officer() && peer.row.held[*kept].why == store::HoldWhy::kRefused)
    return NoteTaken::kHeld;
  const PinnedKeys pinned = pinned_keys();
  const Succession verdict =
      kept ? judge_held(peer, *kept, card, pinned) : judge_card(peer, card, pinned);
  if (verdict == Succession::kSame || verdict == Succession::kOlder) return NoteTaken::kNothing;
  Pending* pending = change(card.party);
  FOCAL_CHECK(pending != nullptr);
  return act(*pending, card, verdict, origin, time);
}

Result<NoteTaken> TrustBook::act(Pending& pending, const Card& card, Succession verdict,
                                 const NoteOrigin& origin, const BookTime& time) {
  CardAction action = action_for(verdict, origin.source_of(card.party));
  if (planted(Defect::kHoldSkipped) && action == CardAction::kHold) action = CardAction::kAccept;
  if (action == CardAction::kAccept && !origin.by_officer() && !has_room_for_card(card.party, time))
    action = CardAction::kHold;
  switch (action) {
    case CardAction::kIgnore:
      return NoteTaken::kNothing;
    case CardAction::kAccept:
      accept(pending, card,
             accepted_words(card_name(card), origin.by_officer()
                                               ? AcceptedCard{CardWay::kOfficer, origin.actor}
                                               : AcceptedCard{CardWay::kLink, origin.link_party}),
             time);
      return NoteTaken::kStored;
    case CardAction::kHold:
    case CardAction::kHoldForOfficer:
    case CardAction::kSuspendAndHold:
    case CardAction::kWait:
      return hold(pending, card, why_held(verdict), origin, time);
    case CardAction::kAskChain:
      if (origin.by_officer()) return does_not_replace(card, verdict);
      return NoteTaken::kAskChain;
    case CardAction::kReject:
      raise_alarm(card.party, std::string(describe(verdict)) + "; it came " + origin_words(origin),
                  time);
      return does_not_replace(card, verdict);
    case CardAction::kFork:
      return fork(pending, pending.peer.card, card, origin, time);
    case CardAction::kCeremony:
      return does_not_replace(card, verdict);
  }
  FOCAL_CHECK(false);
}

Result<NoteTaken> TrustBook::fork(Pending& pending, const Card& one, const Card& two,
                                  const NoteOrigin& origin, const BookTime& time) {
  FOCAL_ASSIGN(const ForkProof proof, check_fork_proof(one.note, two.note, pending.peer.card,
                                                       pending.peer.old_cards));
  if (!store_proof(proof, origin, time)) return NoteTaken::kNothing;
  if (origin.by_officer()) return does_not_replace(two, Succession::kFork);
  return NoteTaken::kStored;
}

Result<NoteTaken> TrustBook::hold(Pending& pending, const Card& card, store::HoldWhy why,
                                  const NoteOrigin& origin, const BookTime& time) {
  Peer& peer = pending.peer;
  if (const auto place = place_of(peer, card.card_id)) {
    // Kept already, with the time it came first. An officer may open a refused one again.
    if (!origin.by_officer() || peer.row.held[*place].why != store::HoldWhy::kRefused) {
      keep_stronger(pending, *place, card, why, time);
      return NoteTaken::kHeld;
    }
    drop_held(pending, *place);
  }
  const bool recovery = why == store::HoldWhy::kRecovery;
  if (const auto twin = twin_of(peer, card)) {
    const Card other = peer.held[*twin];
    return fork(pending, other, card, origin, time);
  }
  if (peer.held.size() >= (recovery ? kMaxHeldInAll : kMaxHeldCards)) {
    raise_alarm(card.party, "more cards are held than this node keeps; call them", time);
    return fail(ErrorCode::kLimit, "too many cards of " + card.party + " are held already",
                "Call them, and decide about the held ones.");
  }
  peer.held.push_back(card);
  // The safe time of a node that was away stands still until two peers were heard.
  const std::uint64_t since_ms = std::max(time.safe_ms, time.latest_ms);
  peer.row.held.push_back({card.card_id, why, since_ms, origin.link_party, card.note});
  put_held(pending, peer.held.size() - 1);
  const std::string words = card_name(card) + " is held (came " + origin_words(origin) + ")";
  if (!is_trial_)
    log::warn("exchange", "a card is held", {{"party", card.party}, {"reason", words}});
  if (recovery) {
    suspend(pending, store::Suspension::kRecovery,
            "SUSPENDED: " + card_name(card) + " recovers under the next root, " +
                origin_words(origin),
            time);
    raise_alarm(card.party, "recovers under its next root key: call them, then confirm or reject",
                time);
    if (const Card* other = card_of_serial(peer, card.serial))
      static_cast<void>(fork(pending, *other, card, origin, time));  // refused: of no known key
  } else if (why == store::HoldWhy::kTransportKey) {
    raise_alarm(card.party, "its new card has the transport key of another party: call both", time);
  } else if (why == store::HoldWhy::kNewNext) {
    raise_alarm(card.party, "its new card announces another next root key: call them", time);
  }
  return NoteTaken::kHeld;
}

// Of two copies of one card the one that both roots signed: anybody on the way can take a
// line away.
void TrustBook::keep_stronger(Pending& pending, std::size_t place, const Card& card,
                              store::HoldWhy why, const BookTime& time) {
  Peer& peer = pending.peer;
  if (!has_both_roots(peer, card) || has_both_roots(peer, peer.held[place])) return;
  peer.held[place] = card;
  peer.row.held[place].note = card.note;
  peer.row.held[place].why = why;
  put_held(pending, place);
  end_recovery(pending, card_name(card) + " is no recovery: both roots signed it", time);
}

void TrustBook::end_recovery(Pending& pending, const std::string& detail, const BookTime& time) {
  if (pending.peer.row.suspended == store::Suspension::kRecovery && !pending.peer.recovery())
    set_trust(pending, pending.peer.row.level, store::Suspension::kNone, {}, detail, time);
}

// A party may make as many cards as it likes; all of them are kept for ever.
bool TrustBook::has_room_for_card(const std::string& party, const BookTime& time) {
  std::uint64_t& until_ms = cards_until_ms_[party];
  until_ms = std::max(until_ms, time.now.mono_ms);
  if (until_ms > time.now.mono_ms + (kCardsAtOnce - 1) * kCardEveryMs) return false;
  until_ms += kCardEveryMs;
  return true;
}

// A card of our own that is not ours: somebody else signs as this party.
Result<NoteTaken> TrustBook::take_own_card(const Card& card, const BookTime& time) {
  const Succession verdict = check_successor(self_.card, card);
  if (verdict == Succession::kSame || verdict == Succession::kOlder ||
      verdict == Succession::kUnknownRoot || verdict == Succession::kOtherParty)
    return NoteTaken::kNothing;
  raise_alarm(card.party, "a card of this node that is not the one it uses: " +
                              std::string(describe(verdict)),
              time);
  return NoteTaken::kNothing;
}

// A party that nobody here knows: pinned only if enough introducers list its root.
Result<NoteTaken> TrustBook::take_stranger(const Card& card, const NoteOrigin& origin,
                                           const BookTime& time) {
  const auto by = introduced(policy_, counted(), card.party, card.root);
  if (!by) {
    if (!origin.by_officer()) return NoteTaken::kNothing;
    return fail(ErrorCode::kNotFound, card.party + " is not known here",
                "Add the introduction file of the party first.", "party");
  }
  if (card.serial < by->card_serial) return NoteTaken::kNothing;  // there is a newer one
  if (peers_.all().size() + pending_.size() >= kMaxIntroducedParties)
    return fail(ErrorCode::kLimit, "this node knows too many parties to let one be introduced");
  const PinnedKeys pinned = pinned_keys();
  FOCAL_TRY(check_keys_unpinned(card, pinned));
  if (const auto owner = transport_key_owner(card, pinned)) {
    raise_alarm(card.party, "an introduced card has the transport key of " + *owner, time);
    return fail(ErrorCode::kCardKey, "its transport key is the one of " + *owner,
                "Call both focal points: one of the two cards is a copy. An officer may add it.");
  }
  pin(card, store::PeerLevel::kNone, card_name(card) + " came " + origin_words(origin), time);
  introduce_due_ = true;
  const std::string names = joined(by->by);
  set_trust(pending_.at(card.party), store::PeerLevel::kIntroduced, store::Suspension::kNone, {},
            "INTRODUCED by " + names, time, by->by);
  if (!is_trial_)
    log::info("exchange", "a party was introduced", {{"party", card.party}, {"by", names}});
  return NoteTaken::kStored;
}

void TrustBook::pin(const Card& card, store::PeerLevel level, const std::string& detail,
                    const BookTime& time) {
  Pending pending;
  pending.changed.party = card.party;
  pending.changed.standing = pending.changed.transport = pending.changed.asks = true;
  pending.peer.card = card;
  pending.peer.row.party = card.party;
  pending.peer.row.card_note = card.note;
  pending.peer.row.level = level;
  pending.peer.row.added_ms = time.now.wall_ms;
  pending.peer.derive();
  const auto [it, is_new] = pending_.emplace(card.party, std::move(pending));
  FOCAL_CHECK(is_new);
  put_row(it->second, detail);
}

void TrustBook::accept(Pending& pending, const Card& card, const std::string& detail,
                       const BookTime& time) {
  Peer& peer = pending.peer;
  const Card incoming = card;  // it may stand in peer.held
  const bool new_root = incoming.root != peer.card.root;
  pending.changed.standing = true;
  pending.changed.transport |= incoming.transport != peer.card.transport;
  peer.row.old_cards.insert(peer.row.old_cards.begin(), peer.row.card_note);
  peer.old_cards.insert(peer.old_cards.begin(), std::move(peer.card));
  peer.card = incoming;
  peer.row.card_note = incoming.note;
  // Of another sign key, or with keys of a suite that the card does not list any more.
  if (peer.schedule && !check_schedule_of(*peer.schedule, incoming)) {
    peer.schedule.reset();
    peer.row.schedule_note.clear();
    pending.changed.schedule = pending.changed.asks = true;
  }
  put_row(pending, detail);
  if (!is_trial_)
    log::info("exchange", "a party has a new card", {{"party", incoming.party}, {"how", detail}});
  if (const auto place = place_of(peer, incoming.card_id)) drop_held(pending, *place);
  peer.derive();
  if (new_root && peer.row.suspended == store::Suspension::kRecovery)
    set_trust(pending, peer.row.level, store::Suspension::kNone, {}, "recovered: " + detail, time);
  judge_held_again(pending, time);
  introduce_due_ = true;
}

// A recovery on the word of introducers alone. Of this root nobody here compared the number, so
// what was verified of the one before says nothing about it.
void TrustBook::accept_introduced(Pending& pending, const Card& card, const std::string& detail,
                                  const Introduced& introduced, const BookTime& time) {
  accept(pending, card, detail, time);
  const store::PeerRow& row = pending.peer.row;
  if (row.level == store::PeerLevel::kNone) return;  // they raise it as they raise any other
  set_trust(pending, store::PeerLevel::kIntroduced, row.suspended, {},
            "INTRODUCED by " + joined(introduced.by) + ", who list the new root of " + card_name(card),
            time, introduced.by);
}

// What builds on the old state may have become something else, or nothing.
void TrustBook::judge_held_again(Pending& pending, const BookTime& time) {
  Peer& peer = pending.peer;
  const PinnedKeys pinned = pinned_keys();
  for (std::size_t i = 0; i < peer.held.size();) {
    const Succession verdict = judge_held(peer, i, peer.held[i], pinned);
    if (is_successor(verdict) || verdict == Succession::kUndecided) {
      store::HoldWhy& why = peer.row.held[i].why;
      if (why != store::HoldWhy::kRefused && why != why_held(verdict)) {
        why = why_held(verdict);
        put_held(pending, i);
      }
      ++i;
      continue;
    }
    const Card other = peer.held[i];
    const NoteOrigin origin{peer.row.held[i].from, "an officer"};
    drop_held(pending, i);
    if (other.serial == peer.card.serial && other.card_id != peer.card.card_id)
      static_cast<void>(fork(pending, peer.card, other, origin, time));  // refused: no proof
    i = 0;  // what was behind it has nothing to build on now
  }
}

void TrustBook::put_held(Pending& pending, std::size_t place) {
  ops_.push_back(store::PutHeldCard{pending.peer.row.party, pending.peer.row.held[place]});
}

void TrustBook::drop_held(Pending& pending, std::size_t place) {
  Peer& peer = pending.peer;
  const auto at = static_cast<std::ptrdiff_t>(place);
  ops_.push_back(store::DropHeldCard{peer.row.party, peer.row.held[place].card_id});
  peer.row.held.erase(peer.row.held.begin() + at);
  peer.held.erase(peer.held.begin() + at);
}

bool TrustBook::is_due(const Peer& peer, std::size_t place, const PinnedKeys& pinned,
                       const BookTime& time) {
  const store::HeldCard& held = peer.row.held[place];
  if (held.why != store::HoldWhy::kElsewhere && held.why != store::HoldWhy::kRecovery) return false;
  if (time.safe_ms < held.since_ms + kHoldMs) return false;
  ++holds_judged_;
  // It may be another one by now.
  const Succession verdict = judge_held(peer, place, peer.held[place], pinned);
  if (held.why == store::HoldWhy::kElsewhere)
    return verdict == Succession::kUpdate || verdict == Succession::kRotate;
  if (transport_key_owner(peer.held[place], pinned)) return false;
  return (verdict == Succession::kRecover || verdict == Succession::kRecoverEarlier) &&
         introduced(policy_, counted(), peer.row.party, peer.held[place].root).has_value();
}

void TrustBook::end_holds(const std::string& party, const BookTime& time) {
  for (bool again = true; again;) {
    again = false;
    const Peer& peer = *find(party);
    const PinnedKeys pinned = pinned_keys();
    for (std::size_t i = 0; i < peer.held.size() && !again; ++i) {
      if (!is_due(peer, i, pinned, time)) continue;
      Pending& pending = *change(party);
      const Card card = pending.peer.held[i];
      const store::HeldCard& held = pending.peer.row.held[i];
      const std::string detail = accepted_words(card_name(card), {CardWay::kHold, held.from});
      if (held.why == store::HoldWhy::kRecovery)
        accept_introduced(pending, card, detail,
                          *introduced(policy_, counted(), party, card.root), time);
      else
        accept(pending, card, detail, time);
      again = true;  // what was behind it may be due as well
    }
  }
}

Status TrustBook::confirm(const std::string& party, const Hash32& card_id,
                          const std::string& actor, const BookTime& time) {
  Pending* pending = find(party) == nullptr ? nullptr : change(party);
  if (pending == nullptr || !place_of(pending->peer, card_id))
    return fail(ErrorCode::kNotFound, "no such card of " + party + " is held here",
                "Look at 'focal peer show " + party + "'.", "card");
  // From the pinned card up to the confirmed one.
  std::vector<Card> chain{pending->peer.held[*place_of(pending->peer, card_id)]};
  while (chain.back().prev) {
    const auto before = place_of(pending->peer, *chain.back().prev);
    if (!before || chain.size() > kMaxHeldInAll) break;
    chain.push_back(pending->peer.held[*before]);
  }
  std::reverse(chain.begin(), chain.end());
  const PinnedKeys pinned = pinned_keys();
  Peer alone = pending->peer;
  alone.held.clear();
  alone.row.held.clear();
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Succession verdict = i == 0 ? judge_card(alone, chain[i], pinned)
                                      : check_successor(chain[i - 1], chain[i]);
    if (!is_successor(verdict)) return does_not_replace(chain[i], verdict);
    FOCAL_TRY(check_keys_unpinned(chain[i], pinned));
  }
  const std::string shares = "SUSPENDED: its transport key is that of " + party + ", decided by " + actor;
  for (const Card& card : chain) {
    if (const auto owner = transport_key_owner(card, pinned))
      if (Pending* other = change(*owner)) {
        suspend(*other, store::Suspension::kOperator, shares, time);
        other->changed.transport = true;
        pending = change(party);
      }
    accept(*pending, card, card_name(card) + " confirmed by " + actor, time);
  }
  std::erase_if(alarms_, [&](const Alarm& alarm) { return alarm.party == party; });  // decided
  return {};
}

Status TrustBook::refuse(const std::string& party, const Hash32& card_id, const std::string& actor,
                         const BookTime& time) {
  Pending* pending = find(party) == nullptr ? nullptr : change(party);
  const auto place = pending == nullptr ? std::nullopt : place_of(pending->peer, card_id);
  if (!place)
    return fail(ErrorCode::kNotFound, "no such card of " + party + " is held here",
                "Look at 'focal peer show " + party + "'.", "card");
  Peer& peer = pending->peer;
  const bool recovery = peer.row.held[*place].why == store::HoldWhy::kRecovery;
  peer.row.held[*place].why = store::HoldWhy::kRefused;
  put_held(*pending, *place);
  const bool ends = recovery && peer.row.suspended == store::Suspension::kRecovery &&
                    !peer.recovery();
  set_trust(*pending, peer.row.level, ends ? store::Suspension::kNone : peer.row.suspended, {},
            card_name(peer.held[*place]) + " refused by " + actor, time);
  std::erase_if(alarms_, [&](const Alarm& alarm) { return alarm.party == party; });  // decided
  judge_held_again(*pending, time);
  return {};
}

}  // namespace focal::exchange

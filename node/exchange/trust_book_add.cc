// Introduction files, as an officer adds them.
#include "node/exchange/accepted.h"
#include "node/exchange/trust_book.h"

namespace focal::exchange {

// Which of the two the transport key belongs to, people find out; until then it links the one
// that had it here.
void TrustBook::pin_without_link(const std::string& party, const std::string& owner,
                                 const BookTime& time) {
  set_trust(pending_.at(party), store::PeerLevel::kNone, store::Suspension::kOperator, {},
            "SUSPENDED: its transport key is that of " + owner, time);
  raise_alarm(party, "it has the transport key of " + owner +
                         ": call both, then suspend the one and resume the other",
              time);
}

Result<NoteTaken> TrustBook::add(const Introduction& intro, const std::string& actor,
                                 const BookTime& time) {
  const Card& card = intro.card;
  const NoteOrigin origin{{}, actor};
  if (card.party == self_.party())
    return fail(ErrorCode::kInvalid, "this is the card of this node itself",
                "Add the file that the other focal point exported.", "bundle");
  NoteTaken out = NoteTaken::kNothing;
  if (find(card.party) == nullptr) {
    if (peers_.all().size() + pending_.size() >= kMaxParties)
      return fail(ErrorCode::kLimit, "this node knows 256 parties already");
    const PinnedKeys pinned = pinned_keys();
    FOCAL_TRY(check_keys_unpinned(card, pinned));
    const auto owner = transport_key_owner(card, pinned);
    if (owner && find(*owner) == nullptr)
      return fail(ErrorCode::kCardKey, "its transport key is the one of this node",
                  "Ask them for a card with a transport key of their own.", "bundle");
    pin(card, store::PeerLevel::kNone, card_name(card) + " added by " + actor, time);
    if (owner) pin_without_link(card.party, *owner, time);
    introduce_due_ = true;
    out = NoteTaken::kStored;
  } else {
    FOCAL_ASSIGN(out, take_card(card.note, origin, time));
    const Peer& peer = *find(card.party);
    if (out == NoteTaken::kNothing && peer.card.card_id != card.card_id)
      return does_not_replace(card, judge_card(peer, card, pinned_keys()));
  }
  // Of a card that is only held, the schedule comes with the decision.
  if (intro.schedule && check_schedule_of(*intro.schedule, find(card.party)->card)) {
    FOCAL_ASSIGN(const NoteTaken schedule, take_schedule(intro.schedule->note, origin, time));
    if (out == NoteTaken::kNothing) out = schedule;
  }
  return out;
}

}  // namespace focal::exchange

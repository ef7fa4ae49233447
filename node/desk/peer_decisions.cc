#include "node/desk/peer_decisions.h"

#include <algorithm>

#include "node/desk/decisions.h"
#include "node/desk/peer_trust.h"
#include "node/desk/views.h"
#include "node/exchange/card_rules.h"
#include "node/exchange/ceremony_code.h"
#include "node/exchange/safety_number.h"
#include "proto/api.pb.h"
#include "proto/trust.pb.h"

namespace focal::desk {
namespace {

using store::Suspension;

constexpr std::string_view kCodeStart = "FOCAL:";

Status check_reason(const std::string& reason, const char* what) {
  if (!reason.empty() && reason.size() <= kMaxDecisionReason) return {};
  return fail(ErrorCode::kInvalid, std::string(what) + " needs a reason of at most 1000 bytes",
              "Say why with --reason 'TEXT'; it is kept in the ledger.", "reason");
}

// The party as the group under way leaves it.
Result<const exchange::Peer*> peer_in_group(node::Node& node, const std::string& party) {
  FOCAL_TRY(find_peer(node, party));
  return book_of(node).find(party);
}

// The sixty digits; or the code that the other side's screen or letter shows.
Status check_digits_or_code(node::Node& node, const exchange::Peer& peer,
                            const std::string& given) {
  if (!given.starts_with(kCodeStart))
    return exchange::check_safety_number(safety_number_of(node, peer), given);
  FOCAL_ASSIGN(const auto code, exchange::parse_ceremony_code(given));
  if (!code.c.empty())
    return fail(ErrorCode::kInvalid, "this code holds half of a pair secret",
                "It belongs to 'focal peer meet', which asks for it, and never on a command line. "
                "Begin the meeting anew; for a letter use the code of 'focal peer code'.",
                "number");
  return exchange::check_code_names(code, peer.row.party, peer.card.root);
}

// Two parties with one transport key would both be without a link.
Status check_alone_with_key(node::Node& node, const exchange::Peer& peer) {
  for (const auto& [party, committed] : node.core().peers().all()) {
    const exchange::Peer& other = *book_of(node).find(party);
    if (party == peer.row.party || other.standing.suspended ||
        other.card.transport != peer.card.transport)
      continue;
    return fail(ErrorCode::kState, peer.row.party + " has the transport key of " + party,
                "Call both. If it belongs to " + peer.row.party + ": 'focal peer suspend " + party +
                    " --reason TEXT' first, then this.");
  }
  return {};
}

bool is_decidable(store::HoldWhy why) {
  return why != store::HoldWhy::kBehind && why != store::HoldWhy::kRefused;
}

// The place of the card that is meant: the one named, or the only one that can be decided on.
Result<std::size_t> held_place(const exchange::Peer& peer, const std::string& card_id) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < peer.held.size(); ++i) {
    const bool meant = card_id.empty() ? is_decidable(peer.row.held[i].why)
                                       : hex(peer.held[i].card_id) == card_id &&
                                             peer.row.held[i].why != store::HoldWhy::kRefused;
    if (!meant) continue;
    if (found)
      return fail(ErrorCode::kUsage, "more than one card of " + peer.row.party + " is on hold",
                  "Name one by its id with --card; 'focal peer show " + peer.row.party +
                      "' lists them.",
                  "card_id");
    found = i;
  }
  if (found) return *found;
  return fail(ErrorCode::kNotFound, "no such card of " + peer.row.party + " is on hold here",
              "'focal peer show " + peer.row.party + "' lists the cards on hold.", "card_id");
}

}  // namespace

exchange::TrustBook& book_of(node::Node& node) { return node.core().machine().book(); }

exchange::BookTime book_time(node::Node& node, const Now& now) {
  return node.core().machine().book_time(now);
}

exchange::LeafText leaf_text_of(const By& by) {
  return [&by](const std::string& words) { return by.detail(words, by.second.has_value()); };
}

By::Change key_change(const exchange::Card& old, const exchange::Card& card) {
  std::string keys;
  const auto add = [&](bool changes, const char* name) {
    if (changes) keys.append(keys.empty() ? "" : ", ").append(name);
  };
  add(old.root != card.root, "root");
  add(old.sign != card.sign, "sign");
  add(old.log != card.log, "log");
  add(old.witness != card.witness, "witness");
  add(old.transport != card.transport, "transport");
  return {card.party, "puts card " + std::to_string(card.serial) + " of " + card.party + " (" +
                          hex(card.card_id) + ") in the place of card " +
                          std::to_string(old.serial) + "; keys that change: " +
                          (keys.empty() ? "none" : keys)};
}

std::optional<By::Change> change_by_hand(node::Node& node, const exchange::Card& card) {
  using exchange::CardAction;
  using exchange::NoteSource;
  const exchange::Peer* known = book_of(node).find(card.party);
  if (known == nullptr) return std::nullopt;
  const auto verdict = exchange::judge_card(*known, card, node.core().peers().pinned_keys());
  if (exchange::action_for(verdict, NoteSource::kOfficer) != CardAction::kAccept ||
      exchange::action_for(verdict, NoteSource::kElsewhere) == CardAction::kAccept)
    return std::nullopt;
  return key_change(known->card, card);
}

Status check_how(const std::string& how) {
  if (how == "PHONE" || how == "IN_PERSON" || how == "NOTE_VERBALE") return {};
  return fail(ErrorCode::kInvalid, "say how the number was compared",
              "Use --how phone, --how in-person or --how note-verbale.", "how");
}

Status verify_peer(node::Node& node, const v1::PeerVerifyRequest& request, const By& by,
                   const Now& now) {
  FOCAL_TRY(check_how(request.how()));
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  if (peer->row.suspended == Suspension::kRecovery)
    return fail(ErrorCode::kState, request.party() + " recovers under another root key",
                "Compare the new number, which 'focal peer verify " + request.party() + "' shows, and "
                "'focal peer confirm " + request.party() + " --how phone'; or 'focal peer reject'.");
  if (request.number().starts_with(kCodeStart) && request.how() == "PHONE")
    return fail(ErrorCode::kInvalid, "a code is not read over the telephone",
                "Use --how in-person or --how note-verbale, with the code from their screen or paper; "
                "never from the message that brought the card.", "how");
  FOCAL_TRY(check_digits_or_code(node, *peer, request.number()));
  return book_of(node).set_standing(
      request.party(), {store::PeerLevel::kVerified, peer->row.suspended}, request.how(),
      by.detail(decision_words({"VERIFIED", request.how(), {}, {}})), book_time(node, now));
}

Status suspend_peer(node::Node& node, const v1::PeerSuspendRequest& request, const By& by,
                    const Now& now) {
  FOCAL_TRY(check_reason(request.reason(), "a suspension"));
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  if (peer->standing.revoked)
    return fail(ErrorCode::kState, request.party() + " is revoked: nothing passes anyway",
                "Wait for their next card; 'focal peer show " + request.party() + "' says more.");
  if (peer->standing.suspended)
    return fail(ErrorCode::kState, request.party() + " is suspended already",
                "'focal peer show " + request.party() + "' says why.");
  return book_of(node).set_standing(
      request.party(), {peer->row.level, Suspension::kOperator}, {},
      by.detail(decision_words({"SUSPENDED", {}, request.reason(), {}})),
      book_time(node, now));
}

Status resume_peer(node::Node& node, const v1::PeerResumeRequest& request, const By& by,
                   const Now& now) {
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  const std::string& party = request.party();
  switch (peer->row.suspended) {
    case Suspension::kNone:
      return fail(ErrorCode::kState, party + " is not suspended",
                  peer->standing.revoked ? "It is revoked; only its next card ends that."
                                         : "'focal peer list' says how every party stands.");
    case Suspension::kRecovery:
      return fail(ErrorCode::kState, "a recovery of " + party + " has to be decided first",
                  "Call them, then 'focal peer confirm " + party + " --how phone' or 'focal peer "
                  "reject " + party + " --reason TEXT'.");
    case Suspension::kTwoCards:
      FOCAL_TRY(check_reason(request.reason(), "going on although two cards contradict each other"));
      break;
    case Suspension::kOperator: break;
  }
  if (request.reason().size() > kMaxDecisionReason)
    return fail(ErrorCode::kInvalid, "the reason is longer than 1000 bytes", "Say it shorter.",
                "reason");
  FOCAL_TRY(check_alone_with_key(node, *peer));
  return book_of(node).set_standing(
      party, {peer->row.level, Suspension::kNone}, {},
      by.detail(decision_words({"RESUMED", {}, request.reason(), {}})),
      book_time(node, now));
}

Status confirm_card(node::Node& node, const v1::PeerConfirmRequest& request, By& by,
                    const Now& now) {
  FOCAL_TRY(check_how(request.how()));
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  FOCAL_ASSIGN(const std::size_t place, held_place(*peer, request.card_id()));
  const exchange::Card& card = peer->held[place];
  const bool new_root = card.root != peer->card.root;
  if (new_root && request.number().empty())
    return fail(ErrorCode::kInvalid,
                "the root key changes: the new safety number of " + request.party() + " is needed",
                "Let them read it to you ('focal peer verify' on their side); give it with --number.",
                "number");
  if (!request.number().empty())
    FOCAL_TRY(exchange::check_safety_number(safety_number_with(node, request.party(), card.root),
                                            request.number()));
  FOCAL_TRY(by.may_change(kKeyChangeRule, {key_change(peer->card, card)}, now));
  exchange::TrustBook& book = book_of(node);
  const exchange::TrustBook::Writing writing(book, leaf_text_of(by));
  const Hash32 card_id = card.card_id;
  FOCAL_TRY(book.confirm(request.party(), card_id, actor_text(by.actor) + ", " + request.how(),
                         book_time(node, now)));
  if (!new_root) return {};
  const Suspension left = book.find(request.party())->row.suspended;
  return book.set_standing(request.party(), {store::PeerLevel::kVerified, left}, request.how(),
                           decision_words({"VERIFIED", request.how(), {}, {}}),
                           book_time(node, now));
}

Status reject_card(node::Node& node, const v1::PeerRejectRequest& request, const By& by,
                   const Now& now) {
  FOCAL_TRY(check_reason(request.reason(), "refusing a card"));
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  FOCAL_ASSIGN(const std::size_t place, held_place(*peer, request.card_id()));
  const exchange::TrustBook::Writing writing(book_of(node), leaf_text_of(by));
  return book_of(node).refuse(request.party(), peer->held[place].card_id,
                              actor_text(by.actor) + ": " + request.reason(),
                              book_time(node, now));
}

Status seen_peer(node::Node& node, const v1::PeerSeenRequest& request, const By& by,
                 const Now& now) {
  FOCAL_ASSIGN(const auto* peer, peer_in_group(node, request.party()));
  const TrustFacts facts = facts_of(node, *peer, now);
  const auto leaf = static_cast<store::LeafIndex>(request.leaf_index());
  const bool shown = std::any_of(facts.new_cards.begin(), facts.new_cards.end(),
                                 [&](const NewCardFacts& card) { return card.idx == leaf; });
  if (!shown)
    return fail(ErrorCode::kState, "no card of " + request.party() + " waits to be looked at there",
                "'focal peer show " + request.party() + "' says what is new of it.", "leaf_index");
  return book_of(node).set_standing(
      request.party(), {peer->row.level, peer->row.suspended}, {},
      by.detail(decision_words({"SEEN", {}, seen_words(leaf), {}})), book_time(node, now));
}

}  // namespace focal::desk

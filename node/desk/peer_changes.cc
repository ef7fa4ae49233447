#include "node/desk/peer_changes.h"

#include <algorithm>

#include "base/check.h"
#include "node/exchange/safety_number.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxPeers = 256;

// May this card be pinned: a stranger's, or a valid successor of the pinned one.
Status may_pin(node::Node& node, const exchange::Card& card, const exchange::Peer* known) {
  if (card.party == node.core().self().party())
    return fail(ErrorCode::kInvalid, "this is the card of this node itself",
                "Add the file that the other focal point exported.", "bundle");
  if (known == nullptr && node.core().peers().all().size() >= kMaxPeers)
    return fail(ErrorCode::kLimit, "this node knows 256 parties already");
  FOCAL_TRY(exchange::check_keys_unpinned(card, node.core().peers().pinned_keys()));
  if (const auto owner = exchange::transport_key_owner(card, node.core().peers().pinned_keys());
      owner && *owner != card.party)
    return fail(ErrorCode::kCardKey, "its transport key is the one of " + *owner,
                "Call both focal points: one of the two cards is a copy.", "bundle");
  if (known == nullptr) return {};
  const auto verdict = exchange::check_successor(known->card, card);
  if (verdict == exchange::Succession::kSame || verdict == exchange::Succession::kUpdate) return {};
  return fail(ErrorCode::kCardChain,
              "a card of " + card.party + " is pinned and this one does not replace it: " +
                  std::string(exchange::describe(verdict)),
              "Call them before anything else; a pinned root is never replaced by a file.",
              "bundle");
}

store::PeerRow row_for(const exchange::Introduction& intro, const exchange::Peer* known,
                       const Now& now) {
  store::PeerRow row;
  if (known != nullptr) row = known->row;
  if (known != nullptr && known->card.card_id != intro.card.card_id)
    row.old_cards.insert(row.old_cards.begin(), known->row.card_note);
  row.party = intro.card.party;
  row.card_note = intro.card.note;
  if (known == nullptr) row.added_ms = now.wall_ms;
  // Schedules are compared under one sign key; a card with another one starts anew.
  const bool same_key =
      known != nullptr && known->schedule && known->schedule->sign == intro.card.sign;
  if (!same_key) row.schedule_note.clear();
  if (intro.schedule && (!same_key || known->schedule->serial < intro.schedule->serial))
    row.schedule_note = intro.schedule->note;
  return row;
}

// One change of a party in a group: the checks of a second one could not see the first.
Status not_changing(node::Node& node, const std::string& party) {
  const auto concerns = [&](const store::Op& op) {
    if (const auto* pin = std::get_if<store::PutPeer>(&op)) return pin->row.party == party;
    const auto* trust = std::get_if<store::SetTrust>(&op);
    return trust != nullptr && trust->party == party;
  };
  const auto& ops = node.core().written();
  if (std::none_of(ops.begin(), ops.end(), concerns)) return {};
  return fail(ErrorCode::kBusy, "another change of " + party + " is just being stored",
              "Try again in a moment.", "party");
}

// What a second officer has to know of a change of card.
std::string change_text(const exchange::Card& old, const exchange::Card& now) {
  std::string keys;
  const auto add = [&](bool changes, const char* name) {
    if (changes) keys.append(keys.empty() ? "" : ", ").append(name);
  };
  add(old.root != now.root, "root");
  add(old.sign != now.sign, "sign");
  add(old.log != now.log, "log");
  add(old.witness != now.witness, "witness");
  add(old.transport != now.transport, "transport");
  return "puts card " + std::to_string(now.serial) + " of " + now.party + " (" + hex(now.card_id) +
         ") in the place of card " + std::to_string(old.serial) + "; keys that change: " +
         (keys.empty() ? "none" : keys);
}

void put(node::Node& node, const store::PeerRow& row, const Now& now) {
  FOCAL_CHECK(node.core().peers().put(row).has_value());  // its notes were checked
  node.core().machine().peer_changed(now, row.party);
}

}  // namespace

std::string safety_number_of(node::Node& node, const exchange::Peer& peer) {
  const auto& own = node.core().self().card;
  return exchange::safety_number(own.party, own.root, peer.card.party, peer.card.root);
}

Result<store::PeerRow> pin_peer(node::Node& node, const exchange::Introduction& intro,
                                const Now& now, By& by) {
  FOCAL_TRY(not_changing(node, intro.card.party));
  const exchange::Peer* known = node.core().peers().find(intro.card.party);
  FOCAL_TRY(may_pin(node, intro.card, known));
  const bool new_card = known != nullptr && known->card.card_id != intro.card.card_id;
  if (new_card)
    FOCAL_TRY(by.may_change("peer.key_change", intro.card.party, change_text(known->card, intro.card),
                            now));
  store::PeerRow row = row_for(intro, known, now);
  node.core().write(store::PutPeer{
      row, intro.card.card_id,
      by.detail("card " + std::to_string(intro.card.serial) + " of " + intro.card.party, new_card)});
  return row;
}

void peer_pinned(node::Node& node, const exchange::Introduction& intro,
                 const store::PeerRow& written, const Now& now) {
  const store::PeerRow row = row_for(intro, node.core().peers().find(intro.card.party), now);
  if (row.schedule_note != written.schedule_note)  // a newer one came in this group
    node.core().write(store::PutSchedule{row.party, row.schedule_note});
  put(node, row, now);
  node.links_changed();
}

Status raise_trust(node::Node& node, const v1::PeerVerifyRequest& request, const By& by,
                   const Now&) {
  FOCAL_ASSIGN(const auto* peer, find_peer(node, request.party()));
  FOCAL_TRY(not_changing(node, request.party()));
  FOCAL_TRY(exchange::check_safety_number(safety_number_of(node, *peer), request.number()));
  constexpr auto kLevel = store::PeerLevel::kVerified;
  node.core().write(store::SetTrust{request.party(), peer->card.card_id, kLevel,
                                    peer->row.suspended, request.how(),
                                    by.detail("VERIFIED " + request.how())});
  return {};
}

void trust_raised(node::Node& node, const v1::PeerVerifyRequest& request, const Now& now) {
  store::PeerRow row = node.core().peers().find(request.party())->row;
  row.level = store::PeerLevel::kVerified;
  row.verified_ms = now.wall_ms;
  row.verified_how = request.how();
  put(node, row, now);
}

}  // namespace focal::desk

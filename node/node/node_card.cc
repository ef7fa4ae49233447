// The next card of a running node: node/node/own_card.h on the loop's thread.
#include <algorithm>

#include "base/log.h"
#include "node/node/node.h"

namespace focal::node {

Result<PendingCard> Node::prepare_next_card(const CardWish& wish, const Now& now) {
  FOCAL_ASSIGN(PendingCard pending,
               prepare_card(wish, self_.card, keys_, keystore_, now, rng_));
  log::info("node", "a card is under way",
            {{"act", card_act_name(pending.act)},
             {"serial", std::to_string(pending.request.next.serial)}});
  return pending;
}

Result<exchange::Card> Node::apply_next_card(std::string_view note, const std::string& detail,
                                             const Now& now) {
  FOCAL_ASSIGN(const auto pending, next_card());
  if (!pending)
    return fail(ErrorCode::kNotFound, "no card is under way at this node",
                "Begin with 'focal card renew' (or rotate, replace-keys, recover).");
  FOCAL_ASSIGN(exchange::Card card, check_applied(note, *pending));
  // The old log ends with a checkpoint of all that stands in it, where its key may still sign.
  if (core_->machine().guard().may_sign_checkpoint()) {
    const auto made = make_checkpoint(now.wall_ms);
    if (!made && made.error().code != ErrorCode::kState) return made.error();
    tend_anchor(now);
  }
  FOCAL_TRY(put_next_anchor(anchor_, keystore_, *pending));
  std::string higher;
  for (const std::string& shown : core_->machine().guard().higher()) higher.append(shown);
  for (store::Op& op : card_writes(card, *pending, detail, higher)) core_->write(std::move(op));
  if (!core_->machine().guard().may_sign() && card.log_name != self_.card.log_name)
    core_->write(refill_mark(*ledger_));
  log_ends_ = true;
  has_handed_over_ = false;
  return card;
}

// What links get besides the card in force: revocations of ours, and the chain for those
// who ask.
Status Node::load_own_notes() {
  const auto cards = ledger_->own_cards();
  for (auto row = cards.rbegin(); row != cards.rend(); ++row) {
    FOCAL_ASSIGN(auto card, exchange::parse_card(row->note));
    if (card.card_id != self_.card.card_id) self_.old_cards.push_back(std::move(card));
  }
  for (const std::string& note : ledger_->own_revocations()) remember_own(note);
  return {};
}

// The newest ones: a node has few.
void Node::remember_own(const std::string& note) {
  auto& notes = self_.notes;
  if (std::find(notes.begin(), notes.end(), note) != notes.end()) return;
  notes.insert(notes.begin(), note);
  if (notes.size() > exchange::kMaxOwnNotes) notes.pop_back();
}

Result<std::uint64_t> Node::publish_revocation(const exchange::Revocation& revocation,
                                               const std::string& detail) {
  std::optional<std::uint64_t> serial;
  if (self_.card.card_id == revocation.card_id) serial = self_.card.serial;
  for (const exchange::Card& old : self_.old_cards)
    if (old.card_id == revocation.card_id) serial = old.serial;
  if (!serial)
    return fail(ErrorCode::kNotFound, "the revocation is of a card that this node never had",
                "Send it to the other parties as a file: they take it with 'focal notes add'.");
  core_->write(store::PutOwnRevocation{revocation.note, revocation.revocation_id, detail});
  return *serial;
}

void Node::revocation_published(const std::string& note) {
  remember_own(note);
  core_->machine().own_notes_changed();
}

// When the present transport key came into force: with the first card that names it, whatever
// cards renewed it since.
std::uint64_t Node::transport_since() const {
  const auto cards = ledger_->own_cards();
  std::uint64_t since = 0;
  for (auto row = cards.rbegin(); row != cards.rend(); ++row) {
    const auto card = exchange::parse_card(row->note);
    if (!card || card->transport != self_.card.transport) break;
    if (const auto leaf = ledger_->leaf(row->idx)) since = leaf->time_ms;
  }
  return since;
}

// A peer knows the new transport key only from the new card, which it takes at once only
// over a link under the old one. We dial with either, as the peer likes it. Peers that
// cannot be dialed must reach us under the old key first: for them alone callers are
// answered with it for a while, which no clock that is set back makes longer.
void Node::begin_hand_over(const Now& now) {
  if (keystore_.find(kOldTransportName) == nullptr || has_handed_over_) return;
  const std::uint64_t since = transport_since();
  const std::uint64_t gone = now.wall_ms > since ? now.wall_ms - since : 0;
  if (gone >= kHandOverMs) return;
  for (const auto& [party, peer] : peers_.all())
    if (peers_.may_link(peer) && (!peer.schedule || peer.schedule->endpoints.empty()))
      to_tell_.emplace(party, false);
  if (!to_tell_.empty()) hand_over_until_ms_ = now.mono_ms + kHandOverMs - gone;
}

// It cannot be taken back, so it goes by the safe time.
void Node::end_old_transport(const Now& now) {
  const crypto::Secret* old = keystore_.find(kOldTransportName);
  if (old == nullptr || now.mono_ms < next_transport_ms_) return;
  next_transport_ms_ = now.mono_ms + kHourMs;
  if (core_->machine().safe_clock().at(now) < transport_since() + kOldTransportKeptMs) return;
  crypto::Secret kept = old->clone();
  keystore_.erase(kOldTransportName);
  if (const Status saved = keystore_.save(rng_); !saved) {
    keystore_.put(std::string(kOldTransportName), std::move(kept));
    log::error("keys", "the old transport key could not be destroyed; it is tried again",
               {{"reason", saved.error().message}});
    return;
  }
  log::info("keys", "destroyed the old transport key", {});
  if (gate_) restart_soon();  // the gate has it too
}

// A party that has taken the new card ends the link, because its key is the old one. When
// all have, the new key's turn comes at once.
void Node::hand_over_to(const std::string& party, bool up) {
  const auto it = to_tell_.find(party);
  if (it == to_tell_.end()) return;
  if (up) {
    it->second = true;
  } else if (it->second) {
    to_tell_.erase(it);
    if (!to_tell_.empty()) return;
    has_handed_over_ = true;
    restart_soon();
  }
}

std::unique_ptr<gate::GateClient> Node::make_gate() const {
  gate::GateOptions options;
  options.program = config_.gate_program.string();
  options.dial_backoff_base_ms = config_.gate.backoff_base_ms;
  options.dial_backoff_cap_ms = config_.gate.backoff_cap_ms;
  options.handshakes_per_minute = config_.gate.handshakes_per_minute;
  const crypto::Secret* old = keystore_.find(kOldTransportName);
  crypto::Secret now = keys_.transport.sk.clone();
  if (old == nullptr) return std::make_unique<gate::GateClient>(options, std::move(now));
  if (is_handing_over())
    return std::make_unique<gate::GateClient>(options, old->clone(), std::move(now));
  return std::make_unique<gate::GateClient>(options, std::move(now), old->clone());
}

void Node::restart_soon() {
  wants_restart_ = true;
  stop();
}

Result<std::unique_ptr<Node>> Node::reopen(std::unique_ptr<Node> ended, const Now& now) {
  std::unique_ptr<Node> node(new Node(std::move(ended->config_), std::move(ended->keystore_)));
  const exchange::MachineSettings settings = ended->settings_;
  node->has_handed_over_ = ended->has_handed_over_;
  ended.reset();  // lets go of the ledger
  FOCAL_TRY(node->open_rest(now, settings));
  return node;
}

}  // namespace focal::node

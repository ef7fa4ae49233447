// The invariants about keys: what a revoked key says has no effect (I9), no card counts
// before its time (HOLD), no pinned root is replaced but by the one that was announced, and
// nothing is destroyed early (I13).
#include <algorithm>

#include "crypto/note.h"
#include "node/exchange/card_rules.h"
#include "node/exchange/revocation.h"
#include "node/exchange/statement.h"
#include "tests/sim/introducers.h"
#include "tests/sim/text.h"
#include "tests/sim/violation.h"
#include "tests/sim/watch.h"

namespace focal::sim {
namespace {

constexpr std::uint8_t kNotesType = 0x0C;
constexpr std::uint64_t kKeptMs = 2 * kDayMs;  // of the node's chores
constexpr std::uint64_t kSlackMs = kHourMs;  // clocks that are right differ by less

exchange::Card card_of(const std::string& note) {
  auto card = exchange::parse_card(note);
  if (!card) throw Violation("ledger", "a pinned card does not parse");
  return std::move(*card);
}

// Written without check_successor(): did the root of `before` sign `note` too?
bool signed_by(const exchange::Card& before, const std::string& note) {
  const auto parsed = crypto::parse_note(note);
  return parsed && crypto::check_note(*parsed, {{exchange::root_name(before.party), before.root}});
}

std::string name_of(const exchange::Card& card) {
  return "card " + std::to_string(card.serial) + " (" + short_hex(card.card_id) + ") of " +
         card.party;
}

}  // namespace

void Watch::issued(const exchange::Card& card) { issued_[card.party].push_back(card); }
void Watch::disowned(const Hash32& card_id) { disowned_.insert(card_id); }

void Watch::confirmed(const std::string& at, const std::string& party, const Hash32& card_id) {
  states_[at].keys[party].confirmed.insert(card_id);
}

store::PeerLevel Watch::former_level(const std::string& at, const std::string& party) const {
  const auto state = states_.find(at);
  if (state == states_.end()) return store::PeerLevel::kNone;
  const auto keys = state->second.keys.find(party);
  return keys == state->second.keys.end() ? store::PeerLevel::kNone : keys->second.highest;
}

bool Watch::has_false_root(const std::string& at, const std::string& party) const {
  const auto state = states_.find(at);
  if (state == states_.end()) return false;
  const auto keys = state->second.keys.find(party);
  return keys != state->second.keys.end() && keys->second.false_root;
}

void Watch::read_keys(Node& node) {
  State& state = states_[node.name()];
  state.sure_since_ms.reset();
  for (const store::PeerRow& row : node.store().peers()) {
    Keys& keys = state.keys[row.party];
    keys.pinned = card_of(row.card_note);
    keys.level = row.level;
    keys.highest = std::max(keys.highest, row.level);
  }
}

// Cards that came over a link which the party's pinned transport key opened.
void Watch::notes_in(Node& node, exchange::LinkId link, const Bytes& frame) {
  if (frame.empty() || frame[0] != kNotesType) return;
  const auto parsed = exchange::parse_frame(frame);
  if (!parsed) return;
  const std::string from = link_party(node, link);
  for (const std::string& note : std::get<exchange::NotesFrame>(*parsed).notes) {
    const auto card = exchange::parse_card(note);
    if (card && card->party == from)
      states_[node.name()].keys[from].over_own_link.insert(card->card_id);
  }
}

bool Watch::is_revoked(Node& node, const std::string& party, const Hash32& card_id,
                       exchange::RevocationScope scope) const {
  const auto state = states_.find(node.name());
  if (state == states_.end()) return false;
  const auto keys = state->second.keys.find(party);
  if (keys == state->second.keys.end()) return false;
  const auto [first, last] = keys->second.revoked.equal_range(card_id);
  return std::any_of(first, last, [&](const auto& gone) {
    return gone.second.group < node.group() &&
           (gone.second.scope == exchange::RevocationScope::kAll || gone.second.scope == scope);
  });
}

// I9: a leaf, or an end of a row, under a key that was revoked in an earlier group.
void Watch::check_signer(Node& node, const std::string& from, ByteView stmt, const char* what) {
  const auto parsed = exchange::parse_statement(stmt);
  if (!parsed) fail("ledger", node.name() + " stores a statement that does not parse", {node.name()});
  if (is_revoked(node, from, parsed->card, exchange::RevocationScope::kSign))
    fail("I9", node.name() + " " + what + " of " + from +
                   ", signed by a key that it knows to be revoked", {node.name(), from});
}

void Watch::check_keys(Node& node, const store::Txn& txn) {
  State& state = states_[node.name()];
  for (const store::Op& op : txn.ops) {
    if (const auto* received = std::get_if<store::PutReceivedBatch>(&op)) {
      check_signer(node, received->from, received->stmt, "stored records");
    } else if (const auto* in = std::get_if<store::PutReceiptsIn>(&op)) {
      check_signer(node, in->from, in->stmt, "ended rows by receipts");
    } else if (const auto* peer = std::get_if<store::PutPeer>(&op)) {
      check_card(node, state.keys[peer->row.party], *peer);
    } else if (const auto* trust = std::get_if<store::SetTrust>(&op)) {
      Keys& keys = state.keys[trust->party];
      if (trust->level == store::PeerLevel::kVerified && keys.level != trust->level &&
          !verified_.contains({node.name(), trust->party}))
        fail("trust", node.name() + " holds " + trust->party + " for verified, and nobody did that",
             {node.name(), trust->party});
      if (keys.false_root && trust->level > store::PeerLevel::kIntroduced)
        fail("names", node.name() + " holds a false root of " + trust->party + " for verified",
             {node.name(), trust->party});
      if (trust->level == store::PeerLevel::kIntroduced && keys.level < trust->level)
        check_introduced(node, trust->party, *keys.pinned);
      keys.level = trust->level;
      keys.highest = std::max(keys.highest, trust->level);
    } else if (const auto* held = std::get_if<store::PutHeldCard>(&op)) {
      state.keys[held->party].held_since_ms.emplace(held->card.card_id, queue_.now_ms());
      if (!is_genuine(card_of(held->card.note))) counts_.saw(Effect::kFalseHeld);
    } else if (const auto* schedule = std::get_if<store::PutSchedule>(&op)) {
      const Keys& keys = state.keys[schedule->party];
      if (keys.pinned && is_revoked(node, schedule->party, keys.pinned->card_id,
                                    exchange::RevocationScope::kSign))
        fail("I9", node.name() + " takes a schedule of " + schedule->party +
                       " by a key that it knows to be revoked", {node.name(), schedule->party});
    } else if (const auto* directory = std::get_if<store::PutDirectory>(&op)) {
      state.directories[directory->introducer] = directory->note;
    } else if (std::holds_alternative<store::PutForkProof>(op)) {
      counts_.saw(Effect::kForkProofs);
    } else if (const auto* gone = std::get_if<store::PutRevocation>(&op)) {
      const auto note = exchange::parse_revocation(gone->note);
      if (!note) fail("ledger", node.name() + " stores a revocation that does not parse", {node.name()});
      state.keys[gone->party].revoked.emplace(note->card_id,
                                              Keys::Gone{note->scope, node.group()});
      counts_.saw(Effect::kRevocations);
    }
  }
}

// Another card is pinned: by whose root, and not before its time.
void Watch::check_card(Node& node, Keys& keys, const store::PutPeer& op) {
  const std::string& party = op.row.party;
  if (keys.pinned && keys.pinned->note == op.row.card_note) return;
  const exchange::Card card = card_of(op.row.card_note);
  const std::optional<exchange::Card> before = std::exchange(keys.pinned, card);
  if (!before) {
    keys.level = op.row.level;
    keys.false_root = is_false_root(card);
    return;
  }
  count_card(*before, card);
  const std::string words = node.name() + " pins " + name_of(card) + " after " + name_of(*before);
  const bool same_root = card.root == before->root;
  if (!same_root && exchange::next_root_hash(card.root) != before->next)
    fail("roots", words + ", by a root that was never announced", {node.name(), party});
  if (is_revoked(node, party, card.card_id, exchange::RevocationScope::kAll))
    fail("I9", words + ", although it knows that this card is revoked", {node.name(), party});
  if (op.row.level != keys.level)
    fail("names", words + " and changes its level with that", {node.name(), party});
  if (keys.confirmed.contains(card.card_id)) return;
  if (!same_root && signed_by(*before, card.note)) return;  // a rotation
  if (!same_root)
    fail("hold", words + ", a recovery that no officer confirmed", {node.name(), party});
  if (card.next != before->next)
    fail("hold", words + ", with another next root, and no officer confirmed that",
         {node.name(), party});
  if (keys.over_own_link.contains(card.card_id)) return;
  const auto since = keys.held_since_ms.find(card.card_id);
  if (since == keys.held_since_ms.end())
    fail("hold", words + ", which came from elsewhere and was not held", {node.name(), party});
  if (queue_.now_ms() + kSlackMs < since->second + exchange::kHoldMs)
    fail("I13", words + ", which came from elsewhere " +
                    std::to_string((queue_.now_ms() - since->second) / kHourMs) +
                    " hours ago and which no officer confirmed", {node.name(), party});
  counts_.saw(Effect::kHoldsOver);
}

void Watch::count_card(const exchange::Card& before, const exchange::Card& card) {
  counts_.saw(Effect::kCards);
  if (!is_genuine(card))
    counts_.saw(Effect::kFalsePinned);
  else if (card.serial > before.serial + 1 ||
           issued_.at(card.party).back().card_id != card.card_id)
    counts_.saw(Effect::kCatchUps);  // several cards at once, or one after the other
  if (card.root != before.root)
    counts_.saw(signed_by(before, card.note) ? Effect::kRotations : Effect::kRecoveries);
}

bool Watch::is_genuine(const exchange::Card& card) const {
  const auto own = issued_.find(card.party);
  return own != issued_.end() &&
         std::any_of(own->second.begin(), own->second.end(),
                     [&](const exchange::Card& each) { return each.card_id == card.card_id; });
}

// By enough of the newest directories that this node has committed.
void Watch::check_introduced(Node& node, const std::string& party, const exchange::Card& card) {
  std::size_t listed = 0;
  for (const auto& [introducer, note] : states_[node.name()].directories) {
    const Party* who = find_party(introducer);
    const auto directory = exchange::parse_directory(note, who->card.root);
    const auto* entry = directory ? directory->find(party) : nullptr;
    listed += entry != nullptr && entry->root == card.root ? 1 : 0;
  }
  counts_.saw(Effect::kIntroduced);
  if (listed < kNeeded)
    fail("introducers", node.name() + " takes " + party + " for introduced by " +
                            std::to_string(listed) + " introducers", {node.name()});
}

// A root that the party itself never had.
bool Watch::is_false_root(const exchange::Card& card) const {
  const auto own = issued_.find(card.party);
  return own != issued_.end() &&
         std::none_of(own->second.begin(), own->second.end(),
                      [&](const exchange::Card& each) { return each.root == card.root; });
}

// I9: nothing leaves for a revoked party, nothing is sealed to keys that are gone.
void Watch::check_sent(Node& node, exchange::LinkId link, const Bytes&) {
  const std::string party = link_party(node, link);
  const auto& keys = states_[node.name()].keys[party];
  if (keys.pinned &&
      is_revoked(node, party, keys.pinned->card_id, exchange::RevocationScope::kAll))
    fail("I9", node.name() + " sends to " + party + ", whose card it knows to be revoked",
         {node.name(), party});
}

void Watch::check_links(Node& node) {
  for (const auto& [party, keys] : states_[node.name()].keys) {
    if (!keys.pinned || keys.revoked.empty()) continue;
    if (is_revoked(node, party, keys.pinned->card_id, exchange::RevocationScope::kTransport) &&
        node.core().machine().link_state(party).up)
      fail("I9", node.name() + " keeps a link to " + party + ", whose transport key is revoked",
           {node.name(), party});
  }
}

// I13: no key is destroyed before its time, whatever the node's own clock says. And none is
// kept once the node has known the time for two days.
void Watch::check_destroyed(Node& node) {
  if (!node.lives_weekly()) return;
  State& state = states_[node.name()];
  const std::uint64_t right_ms = kStartMs + queue_.now_ms();
  const auto clock = node.core().machine().safe_clock().read(node.now()).state;
  const bool sure = clock == exchange::ClockState::kAgreed || clock == exchange::ClockState::kAlone;
  if (!sure || node.clock() != 0) state.sure_since_ms.reset();
  if (sure && !state.sure_since_ms) state.sure_since_ms = right_ms;
  const exchange::Identity& self = node.core().self();
  for (const auto& key : self.sealing) {
    state.sealing[key.kid] = key.ends_ms();
    if (right_ms > key.ends_ms() + kKeptMs && state.sure_since_ms &&
        right_ms > *state.sure_since_ms + kKeptMs)
      fail("keys", node.name() + " still has the sealing key whose end was " +
                       format_utc(key.ends_ms()), {node.name()});
  }
  std::erase_if(state.sealing, [&](const auto& known) {
    if (self.find_sealing(known.first) != nullptr) return false;
    // Alone, a node believes a clock that is two days off (docs/protocol.md, "Time").
    const std::uint64_t slack_ms =
        kSlackMs + (clock == exchange::ClockState::kAgreed ? 0 : exchange::kMaxClockJumpMs);
    if (right_ms + slack_ms < known.second)
      fail("I13", node.name() + " destroyed a sealing key whose end is " + format_utc(known.second),
           {node.name()});
    counts_.saw(Effect::kKeysDestroyed);
    return true;
  });
}

}  // namespace focal::sim

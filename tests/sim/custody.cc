#include "tests/sim/custody.h"

#include <algorithm>

#include "base/check.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kRevokedLaterMs = 10 * kMinuteMs;
constexpr char kVoice[] = "simulated officer, by voice";

exchange::Card parsed(const std::string& note) {
  auto card = exchange::parse_card(note);
  FOCAL_CHECK(card.has_value());
  return std::move(*card);
}

}  // namespace

Custody::Custody(Queue& queue, Counts& counts, Watch& watch,
                 std::vector<std::unique_ptr<Node>>& nodes, std::size_t parties)
    : queue_(queue), counts_(counts), watch_(watch), nodes_(nodes) {
  for (std::size_t n = 0; n < parties; ++n) {
    const Party& party = sim::party(n);
    owners_.push_back({Root(party.name), {party.card}, party.keys, {}, {}, 0, false, false});
    watch_.issued(party.card);
  }
}

void Custody::issue(std::size_t party, const std::string& note, const KeySet& keys) {
  Owner& who = owner(party);
  who.cards.push_back(parsed(note));
  who.keys = &keys;
  who.is_revoked = false;
  watch_.issued(who.cards.back());
  if (party >= nodes_.size()) return;
  nodes_[party]->apply_card(who.cards.back(), keys);
  // Only then: a revocation of all keys would end the links that bring the new card.
  queue_.after(kRevokedLaterMs, [this, party] { nodes_[party]->announce(owner(party).revocations); });
}

void Custody::renew(std::size_t party) {
  Owner& who = owner(party);
  issue(party, who.root.update(who.cards.back(), *who.keys, now_ms()), *who.keys);
}

void Custody::change_card(std::size_t party, Succeeds how) {
  Owner& who = owner(party);
  const exchange::Card before = who.cards.back();
  const KeySet& keys = key_set(sim::party(party).name, "the State", who.keys->generation + 1);
  const std::string note = how == Succeeds::kUpdate ? who.root.update(before, keys, now_ms())
                           : how == Succeeds::kRotate
                               ? who.root.rotate(before, keys, now_ms())
                               : who.root.recover(before, keys, now_ms());
  if (how == Succeeds::kRecover) who.root_stolen = false;
  if (who.node_stolen_ms != 0) {
    who.revocations.push_back(who.root.revoke(before, exchange::RevocationScope::kAll,
                                              kStartMs + who.node_stolen_ms, false));
    watch_.disowned(before.card_id);
    who.node_stolen_ms = 0;
  }
  for (const exchange::Card& card : who.false_cards)
    who.revocations.push_back(
        who.root.revoke(card, exchange::RevocationScope::kAll, card.issued_ms, false));
  who.false_cards.clear();
  issue(party, note, keys);
}

void Custody::revoke(std::size_t party, const exchange::Card& card,
                     exchange::RevocationScope scope, bool by_next) {
  Owner& who = owner(party);
  who.revocations.push_back(who.root.revoke(card, scope, now_ms(), by_next));
  watch_.disowned(card.card_id);
  who.is_revoked = who.is_revoked || (scope == exchange::RevocationScope::kAll &&
                                      card.card_id == newest(party).card_id);
  if (party < nodes_.size()) nodes_[party]->announce(who.revocations);
}

void Custody::revoke_newest(std::size_t party, exchange::RevocationScope scope, bool by_next) {
  revoke(party, exchange::Card(newest(party)), scope, by_next);
}

void Custody::report(std::size_t party, const exchange::Card& false_card) {
  owner(party).false_cards.push_back(false_card);
}

bool Custody::is_genuine(const std::string& party, const Hash32& card_id) const {
  for (std::size_t n = 0; n < owners_.size(); ++n)
    if (sim::party(n).name == party)
      return std::any_of(owners_[n].cards.begin(), owners_[n].cards.end(),
                         [&](const exchange::Card& card) { return card.card_id == card_id; });
  return false;
}

void Custody::look(std::size_t node) {
  nodes_.at(node)->perform([this](Node& at, const Now& now) { decide(at, now); });
}

void Custody::decide(Node& at, const Now& now) {
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (sim::party(n).name != at.name()) decide_about(at, now, n);
}

// What the party says by voice of a card: its own newest one, or not its own.
void Custody::decide_about(Node& at, const Now& now, std::size_t party) {
  exchange::Machine& machine = at.core().machine();
  exchange::TrustBook& book = machine.book();
  const exchange::BookTime time = machine.book_time(now);
  const std::string& name = sim::party(party).name;
  const exchange::Peer* peer = book.find(name);
  if (peer == nullptr) return;
  std::optional<exchange::Card> best;
  std::vector<Hash32> others;
  for (std::size_t i = 0; i < peer->held.size(); ++i) {
    const exchange::Card& held = peer->held[i];
    if (!is_genuine(name, held.card_id)) {
      if (peer->row.held[i].why != store::HoldWhy::kRefused) others.push_back(held.card_id);
    } else if (!best || held.serial > best->serial) {
      best = held;
    }
  }
  for (const Hash32& card_id : others) static_cast<void>(book.refuse(name, card_id, kVoice, time));
  if (best) {
    // A chain of which a link is missing here is confirmed when it is complete.
    std::vector<Hash32> chain;
    for (const exchange::Card& held : peer->held)
      if (is_genuine(name, held.card_id)) chain.push_back(held.card_id);
    if (book.confirm(name, best->card_id, kVoice, time)) {
      for (const Hash32& card_id : chain) watch_.confirmed(at.name(), name, card_id);
      counts_.saw(Effect::kConfirmed);
    }
  }
  peer = book.find(name);
  const bool asked = peer->row.suspended != store::Suspension::kNone && !peer->recovery();
  if (asked && peer->card.card_id == newest(party).card_id)
    static_cast<void>(book.set_standing(name, {peer->row.level, store::Suspension::kNone}, {},
                                        kVoice, time));
}

std::optional<Custody::Succeeds> Custody::owes(std::size_t party) const {
  const Owner& who = owners_.at(party);
  if (who.root_stolen) return Succeeds::kRecover;
  if (who.node_stolen_ms != 0 || who.is_revoked) return Succeeds::kUpdate;
  return std::nullopt;
}

// What an officer adds counts as confirmed: he knows who brought it.
bool Custody::mail(std::size_t party, std::size_t to) {
  if (to >= nodes_.size() || party == to) return false;
  nodes_[to]->perform([this, party, who = Owner(owner(party))](Node& at, const Now& now) {
    std::vector<std::string> notes = who.revocations;
    for (const exchange::Card& card : who.cards) {
      notes.push_back(card.note);
      watch_.confirmed(at.name(), sim::party(party).name, card.card_id);
    }
    exchange::Machine& machine = at.core().machine();
    static_cast<void>(machine.book().take_all(notes, {{}, kVoice}, machine.book_time(now)));
  });
  return true;
}

std::string Custody::missing_name() const {
  for (const auto& at : nodes_)
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      const std::string& name = sim::party(n).name;
      if (name == at->name() || watch_.former_level(at->name(), name) == store::PeerLevel::kNone)
        continue;  // it never had a name there
      const exchange::Peer* peer = at->is_running() ? at->core().peers().find(name) : nullptr;
      const auto what = [&](const std::string& words) { return at->name() + " " + words + " " + name; };
      if (peer == nullptr) return what("does not run, or does not know");
      if (watch_.has_false_root(at->name(), name)) continue;  // it was introduced, no more
      if (peer->card.card_id != newest(n).card_id) return what("has not pinned the newest card of");
      if (peer->standing.revoked) return what("still takes for revoked");
      if (peer->standing.suspended) return what("still suspends");
      if (peer->row.level != watch_.former_level(at->name(), name))
        return what("does not trust as before");
    }
  return {};
}

}  // namespace focal::sim

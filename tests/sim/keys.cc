// What happens to keys in a world: custodians, officers and thieves at their time.
#include <algorithm>

#include "tests/sim/world.h"

namespace focal::sim {
namespace {

constexpr What kThiefsWork[] = {What::kPing, What::kTrace, What::kTrace, What::kAct, What::kAct,
                                What::kUnknownKind, What::kBurst, What::kManyRecipients};

}  // namespace

void World::keys(const Action& action) {
  if (!custody_) return;
  using Succeeds = Custody::Succeeds;
  bool did = true;
  switch (action.what) {
    case What::kRenew: custody_->renew(action.a); break;
    case What::kReplace: custody_->change_card(action.a, Succeeds::kUpdate); break;
    case What::kRotate: custody_->change_card(action.a, Succeeds::kRotate); break;
    case What::kRecover: custody_->change_card(action.a, Succeeds::kRecover); break;
    case What::kRevoke:
    case What::kRevokePart: revoke(action); break;
    case What::kDirectory: did = directory(action); break;
    case What::kCardByMail: did = card_by_mail(action); break;
    case What::kFalseName: did = false_name(action.a); break;
    case What::kMail: did = custody_->mail(action.a, action.b); break;
    case What::kAsk: custody_->look(action.a); break;
    case What::kTheft: theft(action.a); break;
    case What::kThiefSpeaks: did = thief_speaks(action); break;
    case What::kThiefCard: did = thief_card(action); break;
    case What::kCarried: did = carried(action); break;
    case What::kSecondLog: did = second_log(action); break;
    case What::kForgets: did = forget(action); break;
    case What::kCarriedCard: did = carried_card(action); break;
    case What::kOffline:
      if (Node* at = node(action.a)) at->stay_off(plan_.fault_ms / 6 + action.seed % plan_.fault_ms);
      break;
    default: return;
  }
  if (did) counts_.did(action.what);
}

void World::revoke(const Action& action) {
  crypto::SeededRng rng(action.seed);
  constexpr exchange::RevocationScope kParts[] = {exchange::RevocationScope::kSign,
                                                  exchange::RevocationScope::kTransport,
                                                  exchange::RevocationScope::kSeal};
  const auto scope = action.what == What::kRevoke ? exchange::RevocationScope::kAll
                                                  : kParts[rng.below(std::size(kParts))];
  // Where a thief has the root, only the next one is believed.
  const bool by_next = (thief_ && thief_->has_root()) || rng.below(2) == 0;
  custody_->revoke_newest(action.a, scope, by_next);
}

void World::theft(std::size_t victim) {
  const KeyStory story = plan_.world->keys;
  Node* at = node(victim);
  if (thief_ || at == nullptr) return;
  thief_ = std::make_unique<Thief>(around_, watch_, plan_.nodes, victim);
  watch_.keys_were_stolen();
  if (story != KeyStory::kStolenNode) {
    thief_->steal_root(Root(at->name(), custody_->root_of(victim)));
    custody_->root_stolen(victim);
  }
  if (story != KeyStory::kStolenRoot) {
    thief_->steal_node(*at);
    custody_->node_stolen(victim);
  }
  counts_.saw(story == KeyStory::kStolenNode   ? Effect::kNodesStolen
              : story == KeyStory::kStolenRoot ? Effect::kRootsStolen
                                               : Effect::kBothStolen);
}

// He works at his node as an officer does, in the name of the victim.
bool World::thief_speaks(const Action& action) {
  if (!thief_ || thief_->node() == nullptr) return false;
  crypto::SeededRng rng(action.seed);
  Action work = action;
  work.what = kThiefsWork[rng.below(std::size(kThiefsWork))];
  if (work.what == What::kAct)
    act_in_a_case(*thief_->node(), work);
  else
    release(*thief_->node(), work);
  return true;
}

bool World::thief_card(const Action& action) {
  if (!thief_ || !thief_->has_root()) return false;
  crypto::SeededRng rng(action.seed);
  const exchange::Card newest = custody_->newest(action.a);
  if (newest.serial != 1) return false;  // the root that he has is no longer the root
  thief_->make_card(thief_->card() ? *thief_->card() : newest, rng.below(3) == 0);
  custody_->report(action.a, *thief_->card());
  return true;
}

// What the thief's node made, over the accomplice's link.
bool World::carried(const Action& action) {
  if (!thief_ || !hostile_ || thief_->loot().empty()) return false;
  crypto::SeededRng rng(action.seed);
  const auto& loot = thief_->loot();
  const Thief::Loot& one = loot[rng.below(loot.size())];
  const Party* to = find_party(one.to[rng.below(one.to.size())]);
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (&sim::party(n) == to)
      return hostile_->carry(n, one.inner, one.is_receipts ? 0 : 1, rng);
  return false;
}

// An officer reads a directory that an introducer published.
bool World::directory(const Action& action) {
  if (!introducers_ || node(action.b) == nullptr) return false;
  import(*node(action.b), {introducers_->directory(action.a, action.seed % 2)});
  return true;
}

// An officer reads the true card of a party.
bool World::card_by_mail(const Action& action) {
  if (node(action.b) == nullptr || action.a == action.b) return false;
  import(*node(action.b), {custody_->newest(action.a).note});
  return true;
}

void World::import(Node& into, std::vector<std::string> notes) {
  into.perform([notes = std::move(notes)](Node& at, const Now& now) {
    exchange::Machine& machine = at.core().machine();
    static_cast<void>(machine.book().take_all(notes, {{}, "simulated officer"},
                                              machine.book_time(now)));
  });
}

// Somebody runs a node under the name of a party that he is not.
bool World::false_name(std::size_t party) {
  if (!introducers_ || thief_) return false;
  thief_ = std::make_unique<Thief>(around_, watch_, plan_.nodes, party);
  thief_->say_to_be(introducers_->false_card(), introducers_->false_keys());
  return true;
}

bool World::carried_card(const Action& action) {
  if (!thief_ || !hostile_ || !thief_->card()) return false;
  std::vector<std::string> notes{thief_->card()->note};
  if (Node* his = thief_->node()) notes.push_back(his->store().own_schedule());
  return hostile_->carry_notes(action.b, std::move(notes));
}

// Whoever was robbed answers at last, and officers decide until every name is back: in spite
// of the thief, whose node goes on.
void World::settle_keys() {
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (const auto how = custody_->owes(n)) custody_->change_card(n, *how);
  // Whom no link reaches any more writes to one of the others, who tells the rest.
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (!introducers_) custody_->mail(n, (n + 1) % nodes_.size());
}

}  // namespace focal::sim

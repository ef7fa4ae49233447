// The people around keys. Custodians make cards and revocations at their offline roots and
// bring them to their node. Officers look at what needs a decision about another party, ask
// that party by voice, which no thief can answer, and confirm or refuse.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/counts.h"
#include "tests/sim/node.h"
#include "tests/sim/root.h"
#include "tests/sim/watch.h"

namespace focal::sim {

class Custody {
 public:
  // nodes: of the honest parties, by number; outlives this.
  Custody(Queue& queue, Counts& counts, Watch& watch, std::vector<std::unique_ptr<Node>>& nodes,
          std::size_t parties);

  // Custodians. A new card with new online keys: every link carries it first, a few minutes
  // later the node uses it.
  enum class Succeeds { kUpdate, kRotate, kRecover };
  void change_card(std::size_t party, Succeeds how);
  // The same keys for another year.
  void renew(std::size_t party);
  // Of a card, by the root that signs now or, where a thief has it, by the next one. The
  // party's node announces it; a party without a node mails it.
  void revoke(std::size_t party, const exchange::Card& card, exchange::RevocationScope scope,
              bool by_next);
  void revoke_newest(std::size_t party, exchange::RevocationScope scope, bool by_next);
  // What the custodian was told a thief made in the party's name: revoked with the next answer.
  void report(std::size_t party, const exchange::Card& false_card);
  void node_stolen(std::size_t party) { owner(party).node_stolen_ms = queue_.now_ms(); }
  void root_stolen(std::size_t party) { owner(party).root_stolen = true; }

  // Officers of that node decide about everybody.
  void look(std::size_t node);
  // … and read a letter of that party: its revocations. False: there are none.
  bool mail(std::size_t party, std::size_t to);
  // Its keys are stolen, or its newest card is revoked: what the custodian has to do still.
  std::optional<Succeeds> owes(std::size_t party) const;

  const exchange::Card& newest(std::size_t party) const { return owners_.at(party).cards.back(); }
  std::size_t root_of(std::size_t party) const { return owners_.at(party).root.held(); }
  bool is_genuine(const std::string& party, const Hash32& card_id) const;
  // Every node has the newest card of every party with a node, and trusts it as before.
  bool names_are_back() const { return missing_name().empty(); }
  std::string missing_name() const;  // who has not whose; empty: nobody

 private:
  struct Owner {
    Root root;
    std::vector<exchange::Card> cards;      // oldest first
    const KeySet* keys = nullptr;
    std::vector<std::string> revocations;   // notes
    std::vector<exchange::Card> false_cards;
    std::uint64_t node_stolen_ms = 0;       // 0: it was not
    bool root_stolen = false;
    bool is_revoked = false;                // its newest card
  };
  Owner& owner(std::size_t party) { return owners_.at(party); }
  std::uint64_t now_ms() const { return kStartMs + queue_.now_ms(); }
  void issue(std::size_t party, const std::string& note, const KeySet& keys);
  void decide(Node& at, const Now& now);
  void decide_about(Node& at, const Now& now, std::size_t party);

  Queue& queue_;
  Counts& counts_;
  Watch& watch_;
  std::vector<std::unique_ptr<Node>>& nodes_;
  std::vector<Owner> owners_;
};

}  // namespace focal::sim

// A world from a plan: nodes, wires, a hostile party, and the actions of the plan
// at their time. Then quiet: everything healed, until all that is owed has ended.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sim/custody.h"
#include "tests/sim/hostile.h"
#include "tests/sim/introducers.h"
#include "tests/sim/liar.h"
#include "tests/sim/node.h"
#include "tests/sim/plan.h"
#include "tests/sim/telling.h"
#include "tests/sim/thief.h"
#include "tests/sim/watch.h"

namespace focal::sim {

enum class StoreKind { kMemory, kSqlite, kBoth };

class World {
 public:
  World(const Plan& plan, StoreKind stores);
  // Throws Violation.
  void run();
  const Counts& counts() const { return counts_; }
  const Hash32& transcript() const { return watch_.transcript(); }
  std::uint64_t step() const { return queue_.steps(); }
  std::uint64_t now_ms() const { return queue_.now_ms(); }
  // The newest leaves of a party's ledger, newest last.
  std::string ledger_of(const std::string& party);

 private:
  void tick_every(std::uint64_t ms);
  void act(const Action& action);
  void release(Node& from, const Action& action);  // work.cc: what officers do
  void act_in_a_case(Node& from, const Action& action);
  void cancel(const Action& action);
  void verify(std::size_t a, std::size_t b);
  void publish(const Action& action);
  void publish(std::size_t number, std::uint64_t first_week);
  void fault(const Action& action);       // faults.cc
  void disk(const Action& action);
  void clock(const Action& action);
  void links(const Action& action);
  void set_back(Node& at, const Action& action);  // logs.cc: copies, anchors, witnesses
  void name_witnesses(const Action& action);
  bool second_log(const Action& action);  // liars.cc
  bool forget(const Action& action);
  void demand_proofs();
  void make_liar(StoreKind stores);
  void erase(const Action& action);       // erasures.cc
  void erase_one(Node& at, const Now& now, std::uint64_t seed);
  void mend_logs();                       // custodians look at the state of their nodes
  void keys(const Action& action);        // keys.cc: custodians, officers, thieves
  void revoke(const Action& action);
  void theft(std::size_t victim);
  bool thief_speaks(const Action& action);
  bool thief_card(const Action& action);
  bool carried(const Action& action);
  bool carried_card(const Action& action);
  bool directory(const Action& action);
  bool card_by_mail(const Action& action);
  bool false_name(std::size_t party);
  void import(Node& into, std::vector<std::string> notes);
  void settle_keys();
  void make_nodes(StoreKind stores, std::size_t honest);
  void pin_all(std::size_t honest);
  bool has_ended();
  void quiet();
  Node* node(std::size_t number) {
    return number < nodes_.size() ? nodes_[number].get() : nullptr;
  }

  Plan plan_;
  Queue queue_;
  Counts counts_;
  Wires wires_;
  Watch watch_;
  Surroundings around_;
  std::vector<std::unique_ptr<crypto::SeededRng>> store_rngs_;
  std::vector<std::unique_ptr<Node>> nodes_;   // the honest ones, by number
  std::unique_ptr<Hostile> hostile_;
  std::unique_ptr<Liar> liar_;                 // of a world whose last party lies in its log
  std::unique_ptr<Telling> telling_;           // of a world with a story
  std::unique_ptr<Custody> custody_;           // of a world where something happens to keys
  std::unique_ptr<Thief> thief_;
  std::optional<Introducers> introducers_;
  std::map<std::size_t, std::uint64_t> stopped_since_;  // nodes that sign nothing
  bool quiet_ = false;
  std::uint64_t tick_ms_ = 0;
};

}  // namespace focal::sim

// A story as it is told in a world: which moves were made, what is due, whether it has ended.
// Only what stands in a ledger counts as made: a record that was lost with its group is made
// again, by whoever looks next.
#pragma once

#include <memory>
#include <vector>

#include "node/node/cases.h"
#include "tests/sim/node.h"
#include "tests/sim/story.h"
#include "tests/sim/wires.h"

namespace focal::sim {

class Telling {
 public:
  // nodes: of the world, by number; outlives this.
  Telling(const Story& story, std::vector<std::unique_ptr<Node>>& nodes, Wires& wires,
          Counts& counts);

  // The officers of that node look at their desk and do what is due, in an order of the seed.
  void look(std::size_t node, std::uint64_t seed);

  bool is_over();  // nothing is due any more, and all of it has arrived
  // Throws Violation("story"): it has not ended; a move was made twice; two officers of one desk
  // both answered; the ends of a thread differ, in records or in what they read in them; a third
  // party has it; it does not end as the story says.
  void at_end();

 private:
  void make(Node& at, const Now& now, std::size_t number, std::uint64_t seed);
  bool can_meet(Node& at, const Now& now, const Move& move, std::uint64_t seed);
  std::optional<store::RecordRef> stored(Node& at, std::size_t number) const;  // accepted there
  bool is_fresh(Node& at, std::size_t number) const;  // of the group under way
  bool all_stored(Node& at, Moves moves) const;
  bool any_stored(Node& at, Moves moves) const;
  std::optional<node::OpenedCase> open(Node& at, std::size_t thread);
  bool is_possible(Node& at, const Move& move);
  Node& other_end(const Move& move);
  Moves made();                       // in the ledgers of those who made them
  void check_once();
  void check_ends(std::size_t thread, Moves made);
  void check_ending(std::size_t thread, Moves made, const casework::Case& fold);
  [[noreturn]] void fail(const std::string& words, std::size_t thread) const;

  const Story& story_;
  std::vector<std::unique_ptr<Node>>& nodes_;
  Wires& wires_;
  Counts& counts_;
  std::vector<std::vector<store::RecordRef>> tried_;  // by move
};

}  // namespace focal::sim

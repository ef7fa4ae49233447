// A story: what the officers of a world do in its cases, move by move. The worlds of that name
// tell it under faults; whenever an officer looks at the desk, every move is made that is due
// there. What must hold at the end stands beside it, and is the same wherever faults struck.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace focal::sim {

using Moves = std::uint32_t;  // a set: bit n is move n
constexpr Moves move(std::size_t n) { return Moves{1} << n; }
inline constexpr std::size_t kNobody = 99;

struct Thread {               // one request and what follows it: node numbers
  std::size_t asks = 0;
  std::size_t asked = 1;
};

// One record that one officer releases, once. It is due when the moves of `after` have arrived
// here and the case allows its kind.
struct Move {
  std::size_t who = 0;        // node number
  std::size_t thread = 0;
  std::string_view kind;
  Moves after = 0;
  Moves instead = 0;          // any of these in the ledger here: it is not made any more
  std::size_t meets = kNobody;  // a move at the other end: both are made before either arrives
  bool if_possible = false;   // the story may end without it
  std::string_view result{};  // of the one weapon; answers only
  std::string_view ground{};  // of a refusal, a delay or a restricted result; a request with
                              // NO_CONFIDENTIALITY_GUARANTEE says so of itself
};

// How a thread stands at the end, if these moves were made and those were not. The first line
// that fits counts; one has to.
struct Ending {
  std::size_t thread = 0;
  Moves made = 0;
  Moves not_made = 0;
  std::string_view state;     // of the requester
  std::string_view result{};  // of the one weapon; empty: not looked at
  bool crossed = false;
  bool reopened = false;
};

struct Story {
  std::string_view name;
  std::string_view words;     // for --help
  std::size_t parties = 2;
  std::vector<Thread> threads;
  std::vector<Move> moves;
  std::vector<Ending> endings;
};

const std::vector<Story>& stories();

}  // namespace focal::sim

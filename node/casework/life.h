// What a life-cycle table is made of. Internal to node/casework.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "node/casework/fold.h"

namespace focal::casework {

using Phase = std::uint8_t;
using Phases = std::uint32_t;  // a set: bit n is phase n
constexpr Phases in(Phase phase) { return Phases{1} << phase; }

// Targets that are no phase.
inline constexpr Phase kNoPhase = 0xfd;  // of a life that has no such phase
inline constexpr Phase kBack = 0xfe;     // to the phase before the question
inline constexpr Phase kByItems = 0xff;  // as the items' outcomes say; none new: back

enum class By : std::uint8_t { kRequester, kResponder, kEither };

enum Also : std::uint32_t {
  kNothingElse = 0,
  kAsks = 1u << 0,  // remembers the phase it leaves
  kPausesClock = 1u << 1,
  kMovesDue = 1u << 2,  // the answer is due at Event::due_ms
  kExpects = 1u << 3,   // Event::due_ms is what the responder expects
  kAnswersItems = 1u << 4,
  kFinalAnswer = 1u << 5,  // wins over a withdrawal that crossed it
  kWithdraws = 1u << 6,
  kReopens = 1u << 7,
  kCorrects = 1u << 8,  // supersedes an answer of this case
};

struct Step {
  std::string_view kind;
  By by;
  Phases from;
  Phase to;
  std::uint32_t also;
};

struct PhaseNames {
  std::string_view requester;  // code of the requester's state
  std::string_view responder;
  std::optional<Side> turn;  // whose act the case waits for
};

struct Life {
  std::string_view name;  // as in the schema: KindInfo::life
  std::string_view root_kind;
  Phase first;      // called SENT at the requester, RECEIVED at the responder
  Phase withdrawn;  // or kNoPhase
  Phases open;      // an answer is due
  std::string_view requester_states;   // code lists that the names of the phases stand in
  std::string_view responder_states;
  std::span<const PhaseNames> phases;  // by Phase; an ended one is nobody's turn
  std::span<const Step> steps;         // one for each kind but the root
  // kBack: nothing answered. Null if no step leads to kByItems.
  Phase (*by_items)(const std::vector<ItemOutcome>& items);
};

// Every life there is: the one place that names them (node/casework/lives.cc).
std::span<const Life* const> lives();
const Life* find_life(std::string_view name);
// The life a root kind begins; nullptr if it begins none.
const Life* life_of_root(std::string_view kind);
// What items of a record say together: a code of the requester's states, or empty.
std::string_view outcome_of(const Life& life, const std::vector<ItemOutcome>& items);

}  // namespace focal::casework

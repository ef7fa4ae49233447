#include "tests/sim/telling.h"

#include <algorithm>

#include "base/clock.h"
#include "node/record/record.h"
#include "tests/sim/letters.h"
#include "tests/sim/violation.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kApartMs = 90 * kSecondMs;  // how long two moves that meet are kept apart
constexpr std::string_view kRequest = "trace.request";

}  // namespace

Telling::Telling(const Story& story, std::vector<std::unique_ptr<Node>>& nodes, Wires& wires,
                 Counts& counts)
    : story_(story), nodes_(nodes), wires_(wires), counts_(counts), tried_(story.moves.size()) {}

void Telling::look(std::size_t node, std::uint64_t seed) {
  nodes_[node]->perform([this, seed](Node& at, const Now& now) {
    std::vector<std::size_t> mine;
    for (std::size_t n = 0; n < story_.moves.size(); ++n)
      if (story_.moves[n].who == at.number()) mine.push_back(n);
    crypto::SeededRng rng(seed);
    for (std::size_t n = mine.size(); n > 1; --n) std::swap(mine[n - 1], mine[rng.below(n)]);
    for (const std::size_t number : mine) make(at, now, number, seed);
  });
}

// As the desk does (node/desk/acts.cc): what the group under way holds counts.
void Telling::make(Node& at, const Now& now, std::size_t number, std::uint64_t seed) {
  const Move& move = story_.moves[number];
  if (stored(at, number) || is_fresh(at, number) || !all_stored(at, move.after) ||
      any_stored(at, move.instead))
    return;
  const std::string& to = other_end(move).name();
  exchange::Draft draft;
  draft.to = {to};
  draft.kind = std::string(move.kind);
  std::optional<store::RecordRef> supersedes;
  if (move.kind != kRequest) {
    const auto opened = open(at, move.thread);
    if (!opened || !opened->fold.started) return;
    draft.thread = opened->row.root;
    draft.reply_to = store::RecordRef{opened->fold.head, opened->fold.head_created_ms};
    supersedes = last_answer(*opened);
    draft.body = body_of(move, at.name(), supersedes);
    const auto record = record::parse_checked(draft.body, move.kind, at.name(), draft.to);
    if (!record) fail("the record of a move is not valid: " + draft.kind, move.thread);
    const Status allowed = casework::check_adding(
        opened->events, draft.thread->rid,
        casework::event_of(*record, {}, draft.reply_to->rid, now.wall_ms));
    if (!allowed) {
      for (std::size_t n = 0; n < story_.moves.size(); ++n)
        if ((move.instead & sim::move(n)) != 0 && is_fresh(at, n)) ++counts_.seconds_refused;
      return;
    }
  } else {
    draft.body = body_of(move, at.name(), supersedes);
  }
  if (move.meets != kNobody && !can_meet(at, now, move, seed)) return;
  tried_[number].push_back(at.core().machine().submit(now, std::move(draft)));
}

// The other end looks at the same moment, and nothing passes between the two for a while.
bool Telling::can_meet(Node& at, const Now&, const Move& move, std::uint64_t seed) {
  const Move& other = story_.moves[move.meets];
  Node& there = *nodes_[other.who];
  if (!tried_[move.meets].empty()) return true;  // made, or lost with its group
  if (!there.is_running() || !all_stored(there, other.after)) return false;
  wires_.partition(at.number(), there.number(), kApartMs, false);
  look(there.number(), seed + 1);
  return true;
}

std::optional<store::RecordRef> Telling::stored(Node& at, std::size_t number) const {
  for (const store::RecordRef& ref : tried_[number]) {
    const auto info = at.store().find(ref);
    if (info && (info->sent || store::is_accepted(info->status))) return ref;
  }
  return std::nullopt;
}

bool Telling::is_fresh(Node& at, std::size_t number) const {
  const auto& fresh = at.core().machine().fresh();
  return std::any_of(fresh.begin(), fresh.end(), [&](const auto& each) {
    const auto& tried = tried_[number];
    return std::any_of(tried.begin(), tried.end(),
                       [&](const auto& ref) { return ref.rid == each.ref.rid; });
  });
}

bool Telling::all_stored(Node& at, Moves moves) const {
  for (std::size_t n = 0; n < story_.moves.size(); ++n)
    if ((moves & sim::move(n)) != 0 && !stored(at, n)) return false;
  return true;
}

bool Telling::any_stored(Node& at, Moves moves) const {
  for (std::size_t n = 0; n < story_.moves.size(); ++n)
    if ((moves & sim::move(n)) != 0 && stored(at, n)) return true;
  return false;
}

Node& Telling::other_end(const Move& move) {
  const Thread& thread = story_.threads[move.thread];
  return *nodes_[move.who == thread.asks ? thread.asked : thread.asks];
}

// The case of a thread at that node, with what the group under way adds to it.
std::optional<node::OpenedCase> Telling::open(Node& at, std::size_t thread) {
  for (std::size_t n = 0; n < story_.moves.size(); ++n) {
    if (story_.moves[n].thread != thread || story_.moves[n].kind != kRequest) continue;
    const auto root = stored(at, n);
    const auto row = root ? at.store().case_by_root(*root) : std::nullopt;
    if (!row) return std::nullopt;
    return node::open_case(at.store(), *row, at.core().machine().fresh());
  }
  return std::nullopt;
}

bool Telling::is_possible(Node& at, const Move& move) {
  const auto opened = open(at, move.thread);
  return opened && casework::check_next(opened->fold, at.name(), move.kind).has_value();
}

Moves Telling::made() {
  Moves out = 0;
  for (std::size_t n = 0; n < story_.moves.size(); ++n)
    if (stored(*nodes_[story_.moves[n].who], n)) out |= move(n);
  return out;
}

bool Telling::is_over() {
  const Moves all = made();
  for (std::size_t n = 0; n < story_.moves.size(); ++n) {
    const Move& move = story_.moves[n];
    Node& at = *nodes_[move.who];
    if (!at.is_running()) return false;
    if ((all & sim::move(n)) != 0) {
      if (!stored(other_end(move), n)) return false;
      continue;
    }
    if (any_stored(at, move.instead)) continue;
    if (!move.if_possible || is_possible(at, move)) return false;
  }
  return true;
}

}  // namespace focal::sim

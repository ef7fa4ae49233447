// What happens to logs in a world: older copies, lost anchors, witnesses, and the custodians who
// bring a card to a node that signs nothing any more.
#include <algorithm>

#include "tests/sim/planner.h"
#include "tests/sim/world.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kCustodianMs = 3 * kHourMs;          // at most, until he has looked
constexpr std::uint64_t kReportsMs = 6 * kHourMs;            // so long he lets the witnesses report
constexpr std::uint64_t kQuietCustodianMs = 10 * kMinuteMs;  // … at the end, when all links are up
constexpr std::uint64_t kQuietReportsMs = 2 * kHourMs;

}  // namespace

// A copy is taken now; minutes or hours later it is what the disk holds.
void World::set_back(Node& at, const Action& action) {
  crypto::SeededRng rng(action.seed);
  if (!at.is_running()) return;
  const bool loses = action.what == What::kAnchorLost;
  if (loses && rng.below(2) == 0) {
    if (at.lose_anchor()) counts_.did(What::kAnchorLost);
    return;
  }
  // With its anchor only where a quorum of witnesses knows the log: without, nobody could tell.
  const bool both = !loses && rng.below(2) == 0 && at.is_witnessed();
  at.put_copy_aside(both || loses ? AnchorCopy::kSetBack : AnchorCopy::kKept);
  queue_.after(2 * kMinuteMs + rng.below(plan_.fault_ms / 2), [this, &at, loses] {
    if (!at.restore_older_copy()) return;
    if (loses) at.forget_anchor();
    counts_.did(loses ? What::kAnchorLost : What::kOlderCopy);
  });
}

// An administrator names all others, or three of them.
void World::name_witnesses(const Action& action) {
  node(action.a)->perform([this, action](Node& at, const Now& now) {
    crypto::SeededRng rng(action.seed);
    std::vector<std::string> parties;
    for (std::size_t n = 0; n < plan_.nodes; ++n) {
      const exchange::Peer* peer = at.core().peers().find(sim::party(n).name);
      if (n != action.a && peer != nullptr && parties.size() < 5 &&
          peer->row.level == store::PeerLevel::kVerified && rng.below(4) != 0)
        parties.push_back(sim::party(n).name);
    }
    if (parties.empty()) return;
    exchange::Machine& machine = at.core().machine();
    const auto quorum = static_cast<std::uint32_t>(parties.size() / 2 + 1);
    auto policy = machine.witness().own().set_policy(parties, quorum, machine.book_time(now));
    if (policy) at.core().write(std::move(*policy));
  });
}

// Who signs nothing any more gets a card from its custodian; who waits for reports gets time first.
void World::mend_logs() {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    Node& at = *nodes_[n];
    if (!at.is_running()) continue;
    const exchange::RunState state = at.core().machine().guard().state();
    const auto since = stopped_since_.find(n);
    if (state == exchange::RunState::kRunning) {
      if (since != stopped_since_.end()) stopped_since_.erase(since);
      continue;
    }
    if (since == stopped_since_.end()) {
      stopped_since_[n] = queue_.now_ms();
      counts_.saw(state == exchange::RunState::kRolledBack ? Effect::kOlderCopies
                                                           : Effect::kReported);
      continue;
    }
    const bool rolled_back = state == exchange::RunState::kRolledBack;
    const std::uint64_t patience = rolled_back ? (quiet_ ? kQuietCustodianMs : kCustodianMs)
                                               : (quiet_ ? kQuietReportsMs : kReportsMs);
    if (queue_.now_ms() < since->second + patience) continue;
    if (!is_about_logs(plan_.world->keys) && !quiet_) continue;  // the plan says when
    custody_->change_card(n, Custody::Succeeds::kUpdate);
    since->second = queue_.now_ms();
  }
}

}  // namespace focal::sim

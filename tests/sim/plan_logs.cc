// The worlds in which something happens to logs: a node is set back, its anchor is lost, a party
// shows two logs, a party breaks what its receipts promise.
#include "tests/sim/planner.h"

namespace focal::sim {
namespace {

// Copies of its disk come back; some of them with the anchor of that time.
void rolled_back(Plan& into, Planner& plan) {
  const std::size_t victim = plan.below(plan.honest());
  plan.add(What::kOlderCopy, plan.between(4 * kHourMs, into.length_ms / 2), victim);
  if (plan.below(3) == 0)
    plan.add(What::kOlderCopy, plan.between(into.length_ms / 2, into.length_ms - 8 * kHourMs),
             plan.below(2) == 0 ? victim : plan.other_than(victim));
}

// The anchor goes, and with it sometimes what the disk held of the last hours.
void lost_anchor(Plan& into, Planner& plan) {
  const std::size_t victim = plan.below(plan.honest());
  plan.add(What::kAnchorLost, plan.between(4 * kHourMs, into.length_ms - 8 * kHourMs), victim);
  if (plan.below(3) == 0)
    plan.add(What::kAnchorLost, plan.between(4 * kHourMs, into.length_ms - 8 * kHourMs),
             plan.other_than(victim));
}

// The last party writes two logs. Everybody goes on writing to it, so that both grow.
void equivocating_log(Plan& into, Planner& plan) {
  const std::size_t liar = into.nodes - 1;
  plan.add(What::kSecondLog, plan.between(3 * kHourMs, kDayMs), liar, 0);
  for (std::size_t i = 0; i < 24; ++i)
    plan.add(plan.below(2) == 0 ? What::kTrace : What::kPing, plan.below(into.length_ms / 2),
             plan.below(plan.honest()), liar);
}

// Early, so that 25 hours until it is asked, and 7 days until it is found out, are left.
void broken_promise(Plan& into, Planner& plan) {
  const std::size_t liar = into.nodes - 1;
  for (std::size_t i = 0; i < 3; ++i)
    plan.add(What::kForgets, plan.between(2 * kHourMs, kDayMs), liar, 0);
}

}  // namespace

bool is_about_logs(KeyStory story) { return story >= KeyStory::kRolledBack; }

void plan_logs(Plan& into, Planner& plan) {
  switch (into.world->keys) {
    case KeyStory::kRolledBack: rolled_back(into, plan); break;
    case KeyStory::kLostAnchor: lost_anchor(into, plan); break;
    case KeyStory::kEquivocatingLog: equivocating_log(into, plan); break;
    case KeyStory::kBrokenPromise: broken_promise(into, plan); break;
    default: break;
  }
}

}  // namespace focal::sim

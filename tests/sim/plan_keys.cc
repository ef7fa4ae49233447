// The worlds in which something happens to keys: what is done in them and when. They last
// for days, so that 72 hours pass in them; what takes minutes elsewhere takes hours here.
#include <algorithm>

#include "base/clock.h"
#include "node/exchange/schedule.h"
#include "tests/sim/planner.h"

namespace focal::sim {
namespace {

// The thief of a node speaks in its name at once. Hours or a day later the root answers.
void stolen_node(Planner& plan) {
  const std::size_t victim = plan.below(plan.honest());
  const std::uint64_t theft = plan.between(10 * kHourMs, 40 * kHourMs);
  plan.add(What::kTheft, theft, victim);
  plan.several(What::kThiefSpeaks, 16, theft, victim);
  plan.several(What::kCarried, 16, theft, victim);
  const std::uint64_t answer = theft + plan.between(2 * kHourMs, 40 * kHourMs);
  plan.add(What::kReplace, answer, victim);
  plan.add(What::kMail, answer + plan.between(kHourMs, 10 * kHourMs), victim);
  plan.officers_ask(theft, 12 * kHourMs);
}

// His card goes from hand to hand. In a third of the seeds nobody looks for 72 hours.
void stolen_root(Planner& plan) {
  const std::size_t victim = plan.below(plan.honest());
  const std::uint64_t theft = plan.between(5 * kHourMs, 20 * kHourMs);
  const bool alone = plan.below(3) == 0;
  plan.add(What::kTheft, theft, victim);
  plan.add(What::kThiefCard, theft + plan.between(kMinuteMs, (alone ? 1 : 5) * kHourMs), victim);
  for (std::size_t i = 0; alone && i < 4; ++i)
    plan.add(What::kCarriedCard, theft + plan.between(kHourMs, 8 * kHourMs), victim);
  plan.several(What::kCarriedCard, 12, theft + kHourMs, victim);
  plan.several(What::kThiefSpeaks, 8, theft, victim);
  plan.several(What::kCarried, 8, theft, victim);
  const std::uint64_t answer =
      theft + plan.between((alone ? 90 : 10) * kHourMs, (alone ? 130 : 110) * kHourMs);
  if (plan.below(2) == 0) {
    plan.add(What::kRevoke, answer, victim);
    plan.add(What::kMail, answer + plan.between(kHourMs, 10 * kHourMs), victim);
    plan.add(What::kRecover, answer + plan.between(3 * kHourMs, 40 * kHourMs), victim);
  } else {
    plan.add(What::kRecover, answer, victim);
  }
  plan.officers_ask(alone ? answer : theft, (plan.below(2) == 0 ? 16 : 90) * kHourMs);
}

void stolen_both(Planner& plan) {
  const std::size_t victim = plan.below(plan.honest());
  const std::uint64_t theft = plan.between(5 * kHourMs, 20 * kHourMs);
  plan.add(What::kTheft, theft, victim);
  plan.several(What::kThiefSpeaks, 20, theft, victim);
  plan.several(What::kCarried, 12, theft, victim);
  const std::uint64_t card = theft + plan.between(kHourMs, 30 * kHourMs);
  if (plan.below(4) != 0) plan.add(What::kThiefCard, card, victim);
  if (plan.below(4) == 0) plan.add(What::kThiefCard, card + plan.between(kHourMs, 20 * kHourMs), victim);
  plan.several(What::kCarriedCard, 4, theft + kHourMs, victim);
  const std::uint64_t answer = theft + plan.between(10 * kHourMs, 110 * kHourMs);
  plan.add(What::kRecover, answer, victim);
  plan.add(What::kMail, answer + plan.between(kHourMs, 10 * kHourMs), victim);
  plan.officers_ask(theft, 20 * kHourMs);
}

void rotation_in_partition(Planner& plan) {
  const std::size_t rotates = plan.below(plan.honest());
  const std::uint64_t first = plan.between(10 * kHourMs, 30 * kHourMs);
  // Until after the second rotation one party is cut off from everybody, so that it has to catch
  // up on both, and another one from the party that rotates and from nobody else.
  const std::size_t alone = (rotates + 1) % plan.honest();
  for (std::uint64_t at = first - 5 * kHourMs; at < first + 60 * kHourMs; at += 5 * kHourMs) {
    for (std::size_t n = 0; n < plan.honest(); ++n)
      if (n != alone) plan.add(What::kPartition, at, alone, n);
    plan.add(What::kPartition, at, rotates, (rotates + 2) % plan.honest());
  }
  plan.add(What::kRotate, first, rotates);
  plan.add(What::kRotate, first + plan.between(2 * kHourMs, 40 * kHourMs), rotates);
  plan.officers_ask(first, 30 * kHourMs);
}

// The last party is hostile, and its State says so.
void revoked_goes_on(Plan& into, Planner& plan) {
  const std::size_t revoked = into.nodes - 1;
  const std::uint64_t when = plan.between(10 * kHourMs, 40 * kHourMs);
  constexpr What kSays[] = {What::kOwnRecord, What::kOwnRecord, What::kOwnRecord, What::kReseal,
                            What::kReplay,    What::kForward,   What::kForgedReceipt,
                            What::kOtherBody};
  for (std::size_t i = 0; i < 40; ++i)
    plan.add(kSays[plan.below(std::size(kSays))], plan.below(into.length_ms),
             plan.below(plan.honest()), revoked);
  // One party has not verified it yet: what it sends there waits.
  into.strangers.emplace_back(plan.below(plan.honest()), revoked);
  const bool part = plan.below(2) == 0;
  plan.add(part ? What::kRevokePart : What::kRevoke, when, revoked, 0);
  for (std::size_t i = 0; i < 2; ++i)
    plan.add(What::kMail, when + plan.between(kMinuteMs, 5 * kHourMs), revoked,
             plan.below(plan.honest()));
}

// The last honest party is the one that nobody knows; introducers and mail bring its card, and
// the false one. Officers who know it by voice verify the true one.
void rogue_introducer(Plan& into, Planner& plan) {
  const std::size_t stranger = plan.honest() - 1;
  into.coerced = plan.below(3) == 0;
  for (std::size_t i = 0; i < 14; ++i)  // a: which introducer; the rogue one has two texts
    plan.add(What::kDirectory, plan.below(into.length_ms / 2), i % 3, plan.below(stranger));
  const std::uint64_t from = into.length_ms / 4;
  for (std::size_t i = 0; i < 4; ++i) {
    plan.add(What::kCardByMail, plan.between(from, into.length_ms), stranger, plan.below(stranger));
    plan.add(What::kCarriedCard, plan.between(from, into.length_ms), stranger, plan.below(stranger));
  }
  plan.add(What::kFalseName, from, stranger);
  plan.several(What::kThiefSpeaks, 10, from, stranger);
  for (std::size_t n = 0; n < stranger; ++n)
    plan.add(What::kVerify, plan.between(from, into.length_ms), n, stranger);
}

void two_years(Plan& into, Planner& plan) {
  for (std::size_t n = 0; n < plan.honest(); ++n) {
    plan.add(What::kRenew, plan.between(300 * kDayMs, 400 * kDayMs), n);
    for (std::uint64_t away = 1 + plan.below(2); away > 0; --away)
      plan.add(What::kOffline, plan.below(into.length_ms), n);
  }
  for (std::size_t i = 0; i < 8; ++i)
    plan.add(kClockTroubles[plan.below(std::size(kClockTroubles))], plan.below(into.length_ms), *into.wrong_clock);
}

}  // namespace

void plan_keys(Plan& plan, crypto::Rng& rng) {
  const bool years = plan.world->keys == KeyStory::kTwoYears;
  plan.tick_ms = years ? 6 * kHourMs : 5 * kMinuteMs;
  plan.fault_ms = years ? 20 * exchange::kWeekMs : 12 * kHourMs;
  Planner planner(plan, rng);
  if (plan.witnessed || is_about_logs(plan.world->keys)) planner.witnesses(plan.tick_ms * 12);
  planner.everyday(years ? 3 * kDailyWork : kDailyWork, years ? 20 : 10);
  switch (plan.world->keys) {
    case KeyStory::kNone: break;
    case KeyStory::kStolenNode: stolen_node(planner); break;
    case KeyStory::kStolenRoot: stolen_root(planner); break;
    case KeyStory::kStolenBoth: stolen_both(planner); break;
    case KeyStory::kRotationInPartition: rotation_in_partition(planner); break;
    case KeyStory::kRevokedGoesOn: revoked_goes_on(plan, planner); break;
    case KeyStory::kRogueIntroducer: rogue_introducer(plan, planner); break;
    case KeyStory::kTwoYears: two_years(plan, planner); break;
    case KeyStory::kRolledBack:
    case KeyStory::kLostAnchor:
    case KeyStory::kEquivocatingLog:
    case KeyStory::kBrokenPromise: plan_logs(plan, planner); break;
  }
  std::stable_sort(plan.actions.begin(), plan.actions.end(),
                   [](const Action& x, const Action& y) { return x.at_ms < y.at_ms; });
}

}  // namespace focal::sim

// At honest nodes whoever lies in its log is found out, and nobody who does not: two logs of a
// party within eight days at every node that can see both (fork proof, or alarm), a promise that
// was broken within eight days of the question. And what was erased is nowhere (I6).
#include <algorithm>

#include "tests/sim/text.h"
#include "tests/sim/watch.h"

namespace focal::sim {
namespace {

constexpr std::uint64_t kFoundOutMs = 8 * kDayMs;
constexpr std::uint64_t kAnswersWithinMs = 7 * kDayMs;
constexpr std::string_view kBrokenPromise = "BROKEN_PROMISE";
constexpr std::size_t kPromises = 1000;

}  // namespace

void Watch::saw_log(Node& node, const std::string& party, const Cosigned& what) {
  if (!fits || !hostile_.contains(party)) return;
  State& state = states_[node.name()];
  auto& seen = state.seen[party];
  if (!seen.insert(what).second || state.two_logs.contains(party)) return;
  for (const Cosigned& other : seen)
    if (other.origin == what.origin &&
        !fits(what.origin, other.size, other.root, what.size, what.root)) {
      state.two_logs[party] = queue_.now_ms();
      counts_.saw(Effect::kForksSeen);
      return;
    }
}

void Watch::check_alarms(Node& node) {
  State& state = states_[node.name()];
  for (const exchange::Alarm& alarm : node.core().machine().book().alarms()) {
    if (!state.alarms.emplace(alarm.party, alarm.words).second) continue;
    const bool is_promise = alarm.words.starts_with(kBrokenPromise);
    if (hostile_.contains(alarm.party)) {
      state.accused.insert(alarm.party);
      counts_.saw(is_promise ? Effect::kPromisesBroken : Effect::kLogAlarms);
      continue;
    }
    const auto accused = nodes_.find(alarm.party);
    if (is_promise && !thefts_ && accused != nodes_.end() && !accused->second->was_restored() &&
        could_answer(node, *accused->second, alarm.words))
      fail("promise",
           node.name() + " accuses " + alarm.party + ", which kept its promises: " + alarm.words,
           {node.name(), alarm.party});
  }
}

// Has that party published what the alarm is about, for as long as it had to answer? A witness that
// lies may keep a whole list from its quorum; then nobody sees what its log holds.
bool Watch::could_answer(Node& asker, Node& asked, const std::string& words) {
  for (const store::PromiseRow& row :
       asker.store().promises(store::PromiseVerdict::kBroken, kPromises)) {
    if (row.party != asked.name()) continue;
    const auto record = asker.store().record(row.idx);
    if (record && words.find(hex(record->ref.rid)) == std::string::npos) continue;  // another one
    const auto there = record ? asked.store().find(record->ref) : std::nullopt;
    if (!there) return true;
    const auto shown = asked.store().first_published(static_cast<std::uint64_t>(there->idx) + 1);
    if (shown && shown->at_ms + kAnswersWithinMs < kStartMs + queue_.now_ms()) return true;
  }
  return false;
}

void Watch::check_liars() {
  for (const auto& [name, node] : nodes_) {
    State& state = states_[name];
    for (const auto& [party, since_ms] : state.two_logs)
      if (queue_.now_ms() > since_ms + kFoundOutMs && !state.accused.contains(party))
        fail("forks", name + " has seen two logs of " + party + " for eight days and says nothing",
             {name, party});
    for (const store::PromiseRow& row :
         node->store().promises(store::PromiseVerdict::kAsked, kPromises))
      // What a process does not know is whether the party was away before it began.
      if (kStartMs + queue_.now_ms() >
              std::max(row.asked_ms, kStartMs + node->started_ms()) + kFoundOutMs &&
          hostile_.contains(row.party))
        fail("promise",
             name + " has waited eight days for a proof of " + row.party + " and says nothing",
             {name, row.party});
  }
}

// I6: not in the files of today, and not in an older copy with the keys of today.
void Watch::check_erased() {
  for (const auto& [name, ref] : erased_) {
    Node& node = *nodes_.at(name);
    const std::string words = name + " destroyed record " + short_hex(ref.rid);
    const auto known = node.store().find(ref);
    if (!known || !known->shred) fail("I6", words + ", and its ledger does not say so", {name});
    if (node.store().item(known->idx)) fail("I6", words + ", and still shows it", {name});
    if (node.store().copy_opens(ref))
      fail("I6", words + ", and an older copy opens it with the keys of today", {name});
    counts_.saw(Effect::kErased);
  }
}

}  // namespace focal::sim

// What fails in a world.
#include "tests/sim/world.h"

namespace focal::sim {

void World::fault(const Action& action) {
  if (action.what >= What::kErase) return erase(action);
  if (action.what >= kFirstOfKeys) return keys(action);
  if (action.what >= What::kGarbage) {
    if (hostile_) hostile_->attack(action.what, action.a < nodes_.size() ? action.a : action.b, action.seed);
    return;
  }
  if (action.what >= What::kClockSkew) return clock(action);
  if (action.what >= What::kCrashBeforeCommit) return disk(action);
  links(action);
}

void World::links(const Action& action) {
  crypto::SeededRng rng(action.seed);
  const std::uint64_t ms = plan_.fault_ms / 6 + rng.below(plan_.fault_ms);
  bool did = false;
  switch (action.what) {
    case What::kLatency: did = wires_.slow_down(action.a, action.b, 500 + rng.below(20'000), ms); break;
    case What::kConnectionLost: wires_.lose_after(action.a, action.b, 1 + rng.below(6)); return;
    case What::kDuplicate: wires_.lose_acknowledgement(action.a, action.b); return;
    case What::kReorder: did = wires_.second_connection(action.a, action.b); break;
    case What::kPartition: did = wires_.partition(action.a, action.b, ms, false); break;
    case What::kOneWay: did = wires_.partition(action.a, action.b, ms, true); break;
    case What::kStopsReading: did = wires_.stop_reading(action.a, action.b, ms); break;
    default: return;
  }
  if (did) counts_.did(action.what);
}

void World::disk(const Action& action) {
  Node* at = node(action.a);
  if (at == nullptr) return;
  crypto::SeededRng rng(action.seed);
  switch (action.what) {
    case What::kCrashBeforeCommit: return at->fail_next_commit(DiskFault::kCrashBefore);
    case What::kCrashAfterCommit: return at->fail_next_commit(DiskFault::kCrashAfter);
    case What::kNoSpace: return at->fill_disk(kSecondMs + rng.below(90 * kSecondMs));
    case What::kDiskLow:
      counts_.did(What::kDiskLow);
      return at->lower_disk(kMinuteMs + rng.below(4 * kMinuteMs));
    case What::kIoError:
      return at->fail_next_commit(rng.below(2) == 0 ? DiskFault::kIoBefore : DiskFault::kIoAfter);
    case What::kCrashAtCheckpoint: return at->fail_next_checkpoint();
    case What::kOlderCopy:
    case What::kAnchorLost: return set_back(*at, action);
    default: return;
  }
}

void World::clock(const Action& action) {
  Node* at = node(action.a);
  if (at == nullptr) return;
  crypto::SeededRng rng(action.seed);
  const auto two_days = static_cast<std::int64_t>(2 * kDayMs);
  const auto random_offset = [&] {
    return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(2 * two_days))) - two_days;
  };
  switch (action.what) {
    case What::kClockSkew: at->set_clock(random_offset()); break;
    case What::kClockJump:
      at->set_clock(at->clock() + static_cast<std::int64_t>(rng.below(6 * kHourMs)));
      break;
    case What::kClockBack:
      at->set_clock(at->clock() - static_cast<std::int64_t>(rng.below(6 * kHourMs)));
      break;
    case What::kClockFarAhead: {
      const std::int64_t before = at->clock();
      at->set_clock(before + static_cast<std::int64_t>(60 * kDayMs));
      queue_.after(kMinuteMs, [at, before] { at->set_clock(before); });
      break;
    }
    default: return;
  }
  counts_.did(action.what);
  at->tick();
}

}  // namespace focal::sim

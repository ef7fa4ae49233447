#include "node/node/key_life.h"

#include <algorithm>
#include <utility>

#include "base/defect.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "node/store/leaf.h"

namespace focal::node {
namespace {

constexpr std::uint64_t kAgainMs = 10 * kSecondMs;  // after a group that could not be stored
constexpr std::uint64_t kGoneKnownMs = 400 * kDayMs;  // then BOUNCE says "unknown", not "gone"

crypto::Secret gone_mark(std::uint8_t why, bool noted) {
  const std::uint8_t bytes[2] = {why, static_cast<std::uint8_t>(noted ? 1 : 0)};
  return crypto::Secret::copy_of(bytes);
}

void could_not(const char* what, const Error& error) {
  log::error("keys", what, {{"reason", error.message}});
}

}  // namespace

Status KeyLife::recover() {
  FOCAL_ASSIGN(const auto replaced, seal_names(keystore_, kLastPrefix));
  if (replaced.empty() || self_.schedule_note.empty()) return {};
  FOCAL_ASSIGN(const auto schedule, exchange::parse_schedule(self_.schedule_note));
  const bool committed = std::none_of(replaced.begin(), replaced.end(), [&](const auto& name) {
    return std::any_of(schedule.keys.begin(), schedule.keys.end(),
                       [&](const auto& key) { return key.kid == name.kid; });
  });
  if (committed) return {};
  FOCAL_TRY(undo_replacing(keystore_, self_.schedule_note, rng_));
  FOCAL_ASSIGN(auto kept, seal_names(keystore_, kSealPrefix));
  FOCAL_ASSIGN(const auto used, seal_names(keystore_, kUsedPrefix));
  kept.insert(kept.end(), used.begin(), used.end());
  std::erase_if(self_.sealing, [&](const exchange::SealingKey& key) {
    return std::none_of(kept.begin(), kept.end(),
                        [&](const auto& name) { return name.kid == key.kid; });
  });
  return {};
}

void KeyLife::tend(const Now& now, Core& core) {
  if (!core.machine().guard().may_sign()) return;
  const exchange::ClockState clock = core.machine().safe_clock().read(now).state;
  const bool clock_changed = std::exchange(clock_, clock) != clock;
  if (now.mono_ms < next_ms_ && !clock_changed) return;
  next_ms_ = now.mono_ms + kHourMs;
  extend(now, core);
  if (const Status ended = end_keys(now, core); !ended)
    could_not("a sealing key could not be destroyed; it is tried again", ended.error());
}

Now KeyLife::publishing_time(const Now& now, const Core& core) const {
  const exchange::SafeClock& known = core.machine().safe_clock();
  const exchange::ClockReading clock = known.read(now);
  if (clock.state == exchange::ClockState::kAhead)
    return {now.mono_ms, clock.peers_ms.value_or(now.wall_ms)};
  if (clock.state != exchange::ClockState::kBehind) return now;
  const std::uint64_t ours = std::max(now.wall_ms, known.to_store(now));
  return {now.mono_ms, std::min(ours, clock.peers_ms.value_or(ours))};
}

void KeyLife::extend(const Now& now, Core& core) {
  if (new_schedule_) return;
  auto next = next_schedule(self_, keystore_, config_, publishing_time(now, core), rng_);
  if (!next) return could_not("the sealing schedule could not be extended", next.error());
  if (*next) put_schedule(std::move(**next), core);
}

void KeyLife::put_schedule(NewSchedule schedule, Core& core) {
  core.write(store::PutSchedule{self_.party(), schedule.note});
  new_schedule_ = std::move(schedule);
}

// A schedule is ours, and is published, only once it is in the ledger.
void KeyLife::settle(const Now& now, const Status& committed, Core& core) {
  if (!noting_.empty() && committed)
    if (const Status noted = ends_noted(); !noted)
      could_not("the keystore could not be written; it is tried again", noted.error());
  if (!committed && (!noting_.empty() || new_schedule_)) next_ms_ = now.mono_ms + kAgainMs;
  noting_.clear();
  if (!new_schedule_) return;
  NewSchedule schedule = std::move(*new_schedule_);
  new_schedule_.reset();
  const bool replacing = std::exchange(replacing_, false);
  if (committed) {
    adopt(self_, std::move(schedule));
    core.machine().own_schedule_changed();
    log::info("keys", "published a new sealing schedule", {});
    if (const Status ended = end_keys(now, core); !ended)
      could_not("a sealing key could not be destroyed; it is tried again", ended.error());
  } else if (replacing) {
    if (const Status undone = undo_replacing(keystore_, self_.schedule_note, rng_); !undone)
      could_not("the keystore could not be written; the next start mends it", undone.error());
  }
}

Status KeyLife::replace(const Now& now, const std::string& detail, Core& core) {
  FOCAL_ASSIGN(const auto unfinished, seal_names(keystore_, kLastPrefix));
  if (new_schedule_ || !unfinished.empty())
    return fail(ErrorCode::kBusy, "a sealing schedule is just being published",
                "Try again in a moment.");
  FOCAL_ASSIGN(auto schedule, replacing_schedule(self_, keystore_, config_,
                                                 publishing_time(now, core), rng_));
  core.write(store::PutAdmin{crypto::sha256(std::string_view(schedule.note)), detail});
  put_schedule(std::move(schedule), core);
  replacing_ = true;
  return {};
}

Result<std::vector<KeyLife::Due>> KeyLife::due(std::uint64_t safe_ms) const {
  std::vector<Due> out;
  for (const std::string_view prefix : {kSealPrefix, kUsedPrefix}) {
    FOCAL_ASSIGN(const auto kept, seal_names(keystore_, prefix));
    for (const SealName& name : kept) {
      const std::uint64_t ends_ms = name.monday_ms + exchange::kWeekMs + exchange::kSealKeptMs;
      if (ends_ms <= safe_ms && !planted(Defect::kKeyKept))
        out.push_back({name, prefix, Why::kOver});
    }
  }
  if (replacing_) return out;  // until its schedule is committed, what it replaces is needed
  FOCAL_ASSIGN(const auto replaced, seal_names(keystore_, kLastPrefix));
  for (const SealName& name : replaced) out.push_back({name, kLastPrefix, Why::kReplaced});
  return out;
}

// First out of the file, then out of memory, then the ledger says so: it never claims what
// has not happened. What a crash leaves undone is done again from the names in the keystore.
Status KeyLife::end_keys(const Now& now, Core& core) {
  const std::uint64_t safe_ms = core.machine().safe_clock().at(now);
  FOCAL_ASSIGN(const auto over, due(safe_ms));
  FOCAL_ASSIGN(const auto gone, seal_names(keystore_, kGonePrefix));
  if (!over.empty()) {
    for (const SealName& name : gone)
      if (name.monday_ms + kGoneKnownMs < safe_ms) {
        keystore_.erase(seal_name(kGonePrefix, name));
        std::erase(self_.gone, name.kid);
      }
    std::vector<crypto::Secret> before;  // wiped at the end of this
    before.reserve(over.size());
    for (const Due& each : over) {
      before.push_back(keystore_.find(seal_name(each.prefix, each.name))->clone());
      keystore_.erase(seal_name(each.prefix, each.name));
      keystore_.put(seal_name(kGonePrefix, each.name),
                    gone_mark(static_cast<std::uint8_t>(each.why), false));
    }
    if (Status saved = keystore_.save(rng_); !saved) {
      for (std::size_t i = 0; i < over.size(); ++i) {
        keystore_.erase(seal_name(kGonePrefix, over[i].name));
        keystore_.put(seal_name(over[i].prefix, over[i].name), std::move(before[i]));
      }
      return saved;
    }
    for (const Due& each : over) {
      forget(each, core);
      if (keystore_.old_file_overwritten()) overwritten_.insert(each.name.kid);
    }
  }
  return note_ends(core);
}

void KeyLife::forget(const Due& due, Core& core) {
  std::erase_if(self_.sealing,
                [&](const exchange::SealingKey& key) { return key.kid == due.name.kid; });
  self_.gone.push_back(due.name.kid);
  core.machine().forget_key(due.name.kid);
  log::info("keys", "destroyed a sealing key", {{"week", format_date(due.name.monday_ms)},
                                                {"kid", hex(due.name.kid)}});
}

Status KeyLife::note_ends(Core& core) {
  FOCAL_ASSIGN(const auto gone, seal_names(keystore_, kGonePrefix));
  for (const SealName& name : gone) {
    const ByteView mark = keystore_.find(seal_name(kGonePrefix, name))->view();
    const bool is_noting = std::any_of(noting_.begin(), noting_.end(), [&](const auto& other) {
      return other.kid == name.kid;
    });
    if (mark[1] != 0 || is_noting) continue;
    std::string detail = "SEALING KEY DESTROYED by the node: week of " +
                         format_date(name.monday_ms) + ", " + hex(name.kid);
    detail.append(mark[0] == static_cast<std::uint8_t>(Why::kReplaced)
                      ? "; it was replaced"
                      : "; three weeks after its week");
    detail.append(overwritten_.contains(name.kid) ? "; the keystore file before was overwritten"
                                                  : "; the keystore file before may still exist");
    core.write(store::PutAdmin{store::seal_end_ref(name.kid), std::move(detail)});
    noting_.push_back(name);
  }
  return {};
}

Status KeyLife::ends_noted() {
  for (const SealName& name : noting_) {
    const std::string entry = seal_name(kGonePrefix, name);
    const crypto::Secret* mark = keystore_.find(entry);
    if (mark != nullptr) keystore_.put(entry, gone_mark(mark->view()[0], true));
    overwritten_.erase(name.kid);
  }
  return keystore_.save(rng_);
}

}  // namespace focal::node

#include "node/node/erasure.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/log.h"
#include "node/node/backup_keeper.h"
#include "node/node/retention.h"

namespace focal::node {

void Erasure::erased(const Now& now) {
  if (pending_since_ms_ == 0) pending_since_ms_ = std::max<std::uint64_t>(now.wall_ms, 1);
  next_wash_ms_ = 0;
}

bool Erasure::wash(const Now& now) {
  if (pending_since_ms_ == 0) return true;
  const auto washed = ledger_.truncate_wal();
  if (washed && *washed) {
    pending_since_ms_ = 0;
    return true;
  }
  if (pending_since_ms_ == kBeforeThis) pending_since_ms_ = now.wall_ms;
  next_wash_ms_ = now.mono_ms + kTruncateAgainMs;
  if (!washed)
    log::error("erasure", "the write-ahead log could not be emptied",
               {{"reason", washed.error().message}});
  return false;
}

void Erasure::tend(const Now& now, Core& core, bool may_write) {
  if (is_pending() && now.mono_ms >= next_wash_ms_) static_cast<void>(wash(now));
  may_write_ = may_write;
  if (!may_write || now.mono_ms < after_ms_) return;
  const std::uint64_t safe_ms = core.machine().safe_clock().at(now);
  if (!std::exchange(has_looked_, true) && rotation_.was_interrupted()) rotation_.begin();
  if (!runs() && (asked_ || is_backup_due(safe_ms, retention_.at_minute, last_run_ms_))) {
    asked_ = false;
    runs_ = true;
    destroyed_ = 0;
    last_run_ms_ = safe_ms;
  }
  if (runs_) shred(now, core);
  static_cast<void>(rotation_.tend(now));  // what went wrong it tells, and tries again
}

// An officer may have erased one of them in this very group.
void Erasure::shred(const Now& now, Core& core) {
  std::set<Hash32> already;
  for (const store::Op& op : core.written())
    if (const auto* put = std::get_if<store::PutShred>(&op)) already.insert(put->ref.rid);
  auto ops = shred_slice(core.view(), core.machine().safe_clock().at(now), kShredsATurn);
  if (ops.empty()) {
    runs_ = false;
    rotation_.begin();
    return;
  }
  for (store::Op& op : ops) {
    if (already.contains(std::get<store::PutShred>(op).ref.rid)) continue;
    core.write(std::move(op));
    ++destroyed_;
  }
}

}  // namespace focal::node

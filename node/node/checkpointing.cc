#include "node/node/checkpointing.h"

#include "base/log.h"

namespace focal::node {
namespace {

constexpr std::uint64_t kMakeAgainMs = kMinuteMs;
constexpr std::uint64_t kKeepAgainMs = 10 * kSecondMs;

}  // namespace

// True: none waits any more.
bool Checkpointing::keep_pending(const Now& now, exchange::Machine& machine) {
  if (!pending_) return true;
  if (now.mono_ms < next_keep_ms_) return false;
  if (const Status kept = keep_ ? keep_(pending_->note) : Status{}; !kept) {
    next_keep_ms_ = now.mono_ms + kKeepAgainMs;
    if (trouble_ != kept.error().message)
      log::error("ledger", "a checkpoint could not be kept outside the ledger; nobody gets it",
                 {{"reason", kept.error().message}});
    trouble_ = kept.error().message;
    return false;
  }
  trouble_.clear();
  machine.own_checkpoint(now, *pending_);
  pending_.reset();
  return true;
}

Status Checkpointing::tend(const Now& now, exchange::Machine& machine) {
  if (!keep_pending(now, machine)) return {};
  if (now.mono_ms < next_make_ms_ || !due_(now.wall_ms)) return {};
  auto made = make_(now.wall_ms);
  if (made) {
    pending_ = std::move(*made);
    next_keep_ms_ = 0;
    static_cast<void>(keep_pending(now, machine));
    return {};
  }
  if (made.error().code == ErrorCode::kState) return {};
  log::error("ledger", "no checkpoint", {{"reason", made.error().message}});
  next_make_ms_ = now.mono_ms + kMakeAgainMs;
  if (made.error().code != ErrorCode::kCorrupt) return {};
  return made.error();
}

}  // namespace focal::node

#include "node/desk/board_job.h"

#include <chrono>

namespace focal::desk {

BoardJob::~BoardJob() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  told_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void BoardJob::start() {
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void BoardJob::wake() {
  {
    const std::lock_guard lock(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  told_.notify_all();
}

bool BoardJob::rest(std::uint64_t ms) {
  std::unique_lock lock(mutex_);
  return told_.wait_for(lock, std::chrono::milliseconds(ms), [this] { return ends_; });
}

// True: there is more at once. A loop that is busy or ends is asked again later.
bool BoardJob::slice() {
  bool more = false;
  const Status done = node_.perform([&](const Now& now) -> Status {
    more = board_.catch_up(kRows, kContents, now);
    return {};
  });
  return done && more;
}

void BoardJob::run() {
  for (;;) {
    while (slice())
      if (rest(kPauseMs)) return;
    {
      std::unique_lock lock(mutex_);
      told_.wait(lock, [this] { return ends_ || woken_; });
      if (ends_) return;
    }
    if (rest(kGatherMs)) return;
    const std::lock_guard lock(mutex_);
    woken_ = false;
  }
}

}  // namespace focal::desk

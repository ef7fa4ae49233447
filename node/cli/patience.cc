#include "node/cli/patience.h"

#include <chrono>
#include <ostream>

namespace focal::cli {
namespace {

constexpr int kStepS = 2;

}  // namespace

Patience::Patience(Io& io, std::string what) : io_(io), what_(std::move(what)) {
  if (io_.terminal_out) thread_ = std::thread([this] { watch(); });
}

Patience::~Patience() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  ended_.notify_all();
  thread_.join();
}

void Patience::watch() {
  std::unique_lock lock(mutex_);
  int waited_s = 0;
  while (!ended_.wait_for(lock, std::chrono::seconds(kStepS), [this] { return done_; })) {
    waited_s += kStepS;
    io_.err << '\r' << what_ << " … " << waited_s << " s" << std::flush;
  }
  if (waited_s > 0) io_.err << '\n' << std::flush;
}

}  // namespace focal::cli

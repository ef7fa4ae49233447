#include "node/desk/notify_hook.h"

#include <chrono>

#include "base/log.h"
#include "crypto/private_file.h"

namespace focal::desk {
namespace {

constexpr std::size_t kMaxTold = 256;

// Without a file, or with one that cannot be read, nothing was told: what waits is told once more.
Told read_told(const std::filesystem::path& file) {
  const auto bytes = crypto::read_private_file(file, kMaxTold);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return {};
  const auto told = bytes ? parse_told(as_text(*bytes)) : std::nullopt;
  if (told) return *told;
  log::warn("notify", "what was told last cannot be read; it is told again",
            {{"reason", bytes ? "not in its form" : bytes.error().message}});
  return {};
}

}  // namespace

NotifyHook::NotifyHook(Options options) : options_(std::move(options)) {
  if (options_.settings.program) told_ = read_told(options_.folder / kToldFile);
}

NotifyHook::~NotifyHook() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void NotifyHook::start() {
  if (options_.settings.program && !thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void NotifyHook::run() {
  for (;;) {
    look(read_clocks());
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, std::chrono::milliseconds(kNotifyLookMs), [this] { return stop_.load(); }))
      return;
  }
}

std::string NotifyHook::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void NotifyHook::set_trouble(std::string words) {
  const std::lock_guard lock(mutex_);
  trouble_ = std::move(words);
}

bool NotifyHook::is_due(const Now& now) {
  const std::uint64_t newest = options_.newest_event();
  if (newest == seen_event_ && now.mono_ms < count_at_ms_) return false;
  seen_event_ = newest;
  count_at_ms_ = now.mono_ms + kNotifyCountMs;
  return true;
}

// On the disk before anybody is told: a rise that is told and then forgotten would come twice.
bool NotifyHook::keep(const Told& told) {
  if (told == told_) return true;
  const Status kept = crypto::write_private_file(options_.folder / kToldFile,
                                                 as_bytes(format_told(told)),
                                                 crypto::IfPresent::kReplace);
  if (!kept) {
    set_trouble("What the notify program was told cannot be kept, so it is not started: " +
                kept.error().message);
    log::error("notify", "what was told cannot be kept", {{"reason", kept.error().message}});
    return false;
  }
  told_ = told;
  return true;
}

void NotifyHook::look(const Now& now) {
  const bool may_start = now.mono_ms >= start_at_ms_;
  if (!is_due(now)) return;
  const auto attention = options_.count();
  if (!attention) {  // the loop is busy, or ends
    count_at_ms_ = 0;
    return;
  }
  const NotifyStep step = next_step(told_, *attention, may_start);
  const Told fallen = next_step(told_, *attention, false).told;
  const bool kept = keep(step.told);
  if (step.start || !kept) start_at_ms_ = now.mono_ms + options_.settings.every_s * kSecondMs;
  // Nobody was told: not told it is, and another try is made.
  if (kept && step.start && !tell(*attention)) static_cast<void>(keep(fallen));
  if (told_ != told_of(*attention)) count_at_ms_ = start_at_ms_;
}

// False: it could not be started.
bool NotifyHook::tell(const Attention& attention) {
  ProgramOrder order;
  order.program = *options_.settings.program;
  order.input = notify_line(options_.party, attention);
  order.environment = notify_environment(options_.party, attention);
  const auto end = run_program(order, stop_);
  if (!end) {
    set_trouble("The notify program cannot be started: " + end.error().message);
    log::error("notify", "the program cannot be started", {{"reason", end.error().message}});
    return false;
  }
  const std::string code = std::to_string(end->code);
  const bool is_well = end->code == 0 && !end->timed_out;
  const std::string what = end->timed_out ? " was killed: it did not end in time."
                                          : " ended with code " + code + ".";
  set_trouble(is_well ? std::string() : "The notify program " + order.program.string() + what);
  // What it printed is not logged: nobody knows what it holds.
  const std::string printed = std::to_string(end->output);
  log::write(is_well ? log::Level::kInfo : log::Level::kError, "notify",
             end->timed_out ? "the program was killed" : "the program has ended",
             {{"code", code}, {"printed_bytes", printed},
              {"urgency", urgency_name(urgency_of(attention))}});
  return true;
}

}  // namespace focal::desk

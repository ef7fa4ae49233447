#include "node/desk/export_job.h"

#include <chrono>

#include "base/log.h"

namespace focal::desk {

ExportJob::ExportJob(node::Node& node, config::ExportSettings settings,
                     std::function<std::uint64_t()> newest_event)
    : node_(node), settings_(std::move(settings)), newest_event_(std::move(newest_event)),
      folder_(settings_.folder.value_or(std::filesystem::path())) {}

ExportJob::~ExportJob() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ExportJob::start() {
  if (settings_.folder && !thread_.joinable()) thread_ = std::thread([this] { run(); });
}

void ExportJob::run() {
  for (;;) {
    const bool more = step(read_clocks());
    std::unique_lock lock(mutex_);
    const auto pause = std::chrono::milliseconds(more ? 0 : kExportLookMs);
    if (wake_.wait_for(lock, pause, [this] { return ends_; })) return;
  }
}

ExportState ExportJob::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

bool ExportJob::step(const Now& now) {
  if (!settings_.folder || now.mono_ms < again_ms_) return false;
  const std::uint64_t newest = newest_event_();
  if (read_until_ == newest) return false;
  read_until_.reset();
  bool more = false;
  const Status done = go_on(more);
  // The loop is busy, or ends: nothing is wrong with the folder.
  if (!done && (done.error().code == ErrorCode::kBusy || done.error().code == ErrorCode::kUnavailable))
    return false;
  const std::lock_guard lock(mutex_);
  const std::string trouble = done ? std::string() : done.error().message;
  if (trouble != state_.trouble) {
    if (done) log::info("export", "the folder is written to again", {});
    else log::error("export", "nothing is written into the folder", {{"reason", trouble}});
  }
  state_.trouble = trouble;
  if (done && !more) read_until_ = newest;
  if (done) return more;
  again_ms_ = now.mono_ms + kExportAgainMs;
  at_.reset();  // what was broken off is finished by opening it again
  return false;
}

Status ExportJob::go_on(bool& more) {
  if (!at_) FOCAL_TRY(begin());
  FOCAL_TRY(check_room());
  ExportSlice slice;
  FOCAL_TRY(node_.perform([&](const Now&) -> Status {
    if (node_.disk_is_low())
      return fail(ErrorCode::kNoSpace, "the disk of the node is nearly full");
    FOCAL_ASSIGN(slice, read_slice(node_.core().view(), *at_, settings_.content));
    return {};
  }));
  FOCAL_TRY(write(slice));
  at_ = slice.after;
  more = slice.behind != 0;
  const std::lock_guard lock(mutex_);
  state_.behind = static_cast<std::uint64_t>(slice.behind);
  return {};
}

// A folder that was never used begins with what comes from now on; that it does is written first.
Status ExportJob::begin() {
  FOCAL_ASSIGN(auto position, folder_.open());
  if (!position) {
    ExportPosition end;
    FOCAL_TRY(node_.perform([&](const Now&) -> Status {
      end = end_of_log(node_.core().view());
      return {};
    }));
    FOCAL_TRY(folder_.put({}, end));
    position = end;
    log::info("export", "the folder begins", {{"leaf", std::to_string(end.next)}});
  }
  FOCAL_ASSIGN(waiting_, folder_.count());
  written_ = position->next;
  at_ = *position;
  return {};
}

Status ExportJob::check_room() {
  if (waiting_ < kMostExported) return {};
  FOCAL_ASSIGN(waiting_, folder_.count());
  if (waiting_ < kMostExported) return {};
  return fail(ErrorCode::kLimit, std::to_string(waiting_) + " records wait in " +
                                     settings_.folder->string() + " and nobody takes them");
}

Status ExportJob::write(const ExportSlice& slice) {
  const bool is_far = slice.after.next - written_ >= kExportUnwritten;
  if (slice.entries.empty() && !is_far) return {};
  FOCAL_TRY(folder_.put(slice.entries, slice.after));
  written_ = slice.after.next;
  waiting_ += slice.entries.size();
  return {};
}

}  // namespace focal::desk

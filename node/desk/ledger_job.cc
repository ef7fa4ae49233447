#include "node/desk/ledger_job.h"

#include <algorithm>

#include "base/clock.h"
#include "node/desk/ledger_check.h"
#include "proto/evidence.pb.h"

namespace focal::desk {

LedgerJob::~LedgerJob() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

Result<std::uint64_t> LedgerJob::start(const std::filesystem::path& ledger_file,
                                       ledger::VerifyOptions options) {
  const std::lock_guard lock(mutex_);
  if (number_ != 0 && !ended_) {
    if (log_only_ && !options.log_only)
      return fail(ErrorCode::kBusy, "the log alone is being checked just now",
                  "Ask for the whole when that has ended.");
    return number_;
  }
  if (thread_.joinable()) thread_.join();
  ended_.reset();
  done_ = 0, leaves_ = 0;
  log_only_ = options.log_only;
  began_ms_ = read_clocks().mono_ms;
  options.mono_ms = [] { return read_clocks().mono_ms; };
  options.stop = [this] { return stop_.load(); };
  options.progress = [this](std::uint64_t done, std::uint64_t leaves) {
    done_ = done, leaves_ = leaves;
  };
  thread_ = std::thread([this, ledger_file, options = std::move(options)] {
    Result<ledger::VerifyReport> report = ledger::verify(ledger_file, options);
    const std::lock_guard ended(mutex_);
    ended_ = std::move(report);
  });
  return ++number_;
}

Status LedgerJob::show(std::uint64_t job, api::v1::LedgerJobResponse* out) {
  const std::lock_guard lock(mutex_);
  if (job == 0 || job != number_)
    return fail(ErrorCode::kNotFound,
                "no check of the ledger has the number " + std::to_string(job),
                "Begin one with start.", "job");
  out->set_job(job);
  out->set_running(!ended_);
  if (!ended_) {
    const std::uint64_t took = std::max<std::uint64_t>(read_clocks().mono_ms - began_ms_, 1);
    out->set_leaves_done(done_);
    out->set_leaves(leaves_);
    out->set_leaves_per_s(done_ * 1000 / took);
    return {};
  }
  if (!*ended_) return ended_->error();
  const ledger::VerifyReport& report = **ended_;
  out->set_leaves_done(report.leaves);
  out->set_leaves(report.leaves);
  out->set_leaves_per_s(static_cast<std::uint64_t>(report.leaves_per_s));
  fill_verify(report, out->mutable_report());
  return {};
}

}  // namespace focal::desk

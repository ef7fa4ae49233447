// Checking the whole ledger in a thread of its own, so that whoever asked sees how far it is. One
// at a time; what ended last is kept. Every method from any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

#include "node/ledger/verify.h"

namespace focal::api::v1 {
class LedgerJobResponse;
}

namespace focal::desk {

class LedgerJob {
 public:
  LedgerJob() = default;
  ~LedgerJob();  // stops what is under way, and waits for it
  LedgerJob(const LedgerJob&) = delete;
  LedgerJob& operator=(const LedgerJob&) = delete;

  // Begins, or joins the one under way. Returns its number. kBusy: the whole is asked for while the
  // log alone is being looked at.
  Result<std::uint64_t> start(const std::filesystem::path& ledger_file,
                              ledger::VerifyOptions options);
  // kNotFound: it was neither the last one nor is it under way. Errors of ledger::verify().
  Status show(std::uint64_t job, api::v1::LedgerJobResponse* out);

 private:
  std::mutex mutex_;
  std::thread thread_;  // guarded by mutex_, as the next four
  std::uint64_t number_ = 0;
  bool log_only_ = false;
  std::uint64_t began_ms_ = 0;                         // monotonic
  std::optional<Result<ledger::VerifyReport>> ended_;  // nothing: it runs
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> leaves_{0};
  std::atomic<bool> stop_{false};
};

}  // namespace focal::desk

// Work in a second thread: each piece runs while the caller reads what the next one needs.
#pragma once

#include <functional>
#include <future>
#include <system_error>
#include <utility>

namespace focal::ledger {

class Behind {
 public:
  Behind() = default;
  ~Behind() { wait(); }
  Behind(const Behind&) = delete;
  Behind& operator=(const Behind&) = delete;

  // Waits for the piece before. What `work` touches is the caller's again after wait(). Runs it at
  // once if the system gives no thread.
  void start(std::function<void()> work) {
    wait();
    try {
      running_ = std::async(std::launch::async, work);
    } catch (const std::system_error&) {
      work();
    }
  }
  void wait() {
    if (running_.valid()) running_.get();
  }

 private:
  std::future<void> running_;
};

}  // namespace focal::ledger

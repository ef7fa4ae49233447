// While the node works for long, a person at a terminal is told so every two seconds.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "node/cli/session.h"

namespace focal::cli {

class Patience {
 public:
  // what: "checking 5000 rows". Nothing is shown in the first two seconds, and nothing at all
  // where nobody looks. Error output belongs to this object while it lives.
  Patience(Io& io, std::string what);
  ~Patience();
  Patience(const Patience&) = delete;
  Patience& operator=(const Patience&) = delete;

 private:
  void watch();
  Io& io_;
  std::string what_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool done_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace focal::cli

// A disk that is full, for this process alone: while it lives, no file gets longer than so many bytes.
#pragma once

#include <signal.h>
#include <sys/resource.h>

#include "base/check.h"

namespace focal::test {

class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    FOCAL_CHECK(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    old_handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    FOCAL_CHECK(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, old_handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*old_handler_)(int) = nullptr;
};

}  // namespace focal::test

// A file descriptor that is closed with its owner.
#pragma once

#include <unistd.h>

#include <utility>

namespace focal {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}  // takes it over; negative: none
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

}  // namespace focal

#include "node/gate/report.h"

#include <sys/socket.h>

#include <cerrno>

namespace focal::gate {

bool Report::write_to(int fd) {
  while (pending() > 0) {
    const ssize_t n = ::send(fd, out_.data() + begin_, pending(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) return false;
    begin_ += static_cast<std::size_t>(n);
  }
  if (pending() == 0) {
    out_.clear();
    begin_ = 0;
  } else if (begin_ > out_.size() / 2) {
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(begin_));
    begin_ = 0;
  }
  return true;
}

bool SendQueue::push(Bytes frame) {
  if (frames_.size() >= kLinkWindowFrames || bytes_ + frame.size() > kLinkWindowBytes) {
    return false;
  }
  bytes_ += frame.size();
  frames_.push_back(std::move(frame));
  return true;
}

}  // namespace focal::gate

#include "node/main/service.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace focal {
namespace {

constexpr std::uint64_t kSignsInTime = 4;  // of life, before the manager loses patience

std::string take(const char* name) {
  const char* const value = std::getenv(name);
  std::string out = value == nullptr ? "" : value;
  ::unsetenv(name);
  return out;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc{} && end == text.data() + text.size() ? out : 0;
}

}  // namespace

Service::Service() : address_(take("NOTIFY_SOCKET")) {
  const std::uint64_t watchdog_us = number(take("WATCHDOG_USEC"));
  const std::string pid = take("WATCHDOG_PID");
  const bool is_path = !address_.empty() && (address_.front() == '/' || address_.front() == '@');
  if (!is_path || address_.size() >= sizeof(sockaddr_un::sun_path)) {
    address_.clear();
    return;
  }
  if (address_.front() == '@') address_.front() = '\0';  // a name that is no file
  if (pid.empty() || number(pid) == static_cast<std::uint64_t>(::getpid()))
    watchdog_ms_ = watchdog_us / 1000 / kSignsInTime;
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

Service::~Service() {
  if (socket_ >= 0) ::close(socket_);
}

void Service::send(std::string_view text) const {
  if (socket_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::copy(address_.begin(), address_.end(), to.sun_path);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  [[maybe_unused]] const auto sent = ::sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&to), size);
}

void Service::turned(const Now& now, const std::function<std::string()>& status) {
  if (socket_ < 0) return;
  std::string text;
  if (!is_ready_) text += "READY=1\n";
  is_ready_ = true;
  if (now.mono_ms >= next_status_ms_) {
    next_status_ms_ = now.mono_ms + kStatusEveryMs;
    std::string line = status();
    if (line != status_) text += "STATUS=" + line + "\n";
    status_ = std::move(line);
  }
  if (watchdog_ms_ != 0 && now.mono_ms >= next_sign_ms_) {
    next_sign_ms_ = now.mono_ms + watchdog_ms_;
    text += "WATCHDOG=1\n";
  }
  if (!text.empty()) send(text);
}

void Service::still_here() {
  if (watchdog_ms_ != 0) send("WATCHDOG=1\n");
}

void Service::stopping() { send("STOPPING=1\nSTATUS=ending in order\n"); }

}  // namespace focal

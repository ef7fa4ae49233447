// Where the server listens: our own unix socket, made with mode 0600, or 0660 for one group, before
// anybody can connect; or one on a loopback address, to which everybody on this machine can connect.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "config/telling.h"

namespace focal::api {

class ListeningSocket {
 public:
  // Errors as http::Server::start. The descriptor is non-blocking and close-on-exec.
  static Result<ListeningSocket> bind(const std::filesystem::path& path, int backlog,
                                      std::optional<gid_t> group = std::nullopt);
  // Port 0: any that is free. kBusy: the port is in use. kIo.
  static Result<ListeningSocket> bind_loopback(const config::LoopbackAddress& address, int backlog);
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();  // closes; removes the file if it is still the one bind() made

  int fd() const { return fd_; }
  std::uint16_t port() const;   // that it got; 0: a unix socket
  void release() { fd_ = -1; }  // somebody else closes it now

 private:
  ListeningSocket(std::filesystem::path path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::filesystem::path path_;
  int fd_ = -1;
  unsigned long long device_ = 0;  // of the file bind() made; 0 = none
  unsigned long long inode_ = 0;
};

}  // namespace focal::api

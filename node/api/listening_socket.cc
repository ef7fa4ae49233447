#include "node/api/listening_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace focal::api {
namespace {

Error io(const std::string& what, const std::filesystem::path& path) {
  return fail(ErrorCode::kIo, what + ": " + std::strerror(errno), {}, path.string());
}

int stream_socket() { return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

// Removes a socket of ours that nobody answers on; an error if anything else stands there.
Status clear_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat st {};
  if (::lstat(path.c_str(), &st) != 0) {
    if (errno == ENOENT) return {};
    return io("the socket's place cannot be read", path);
  }
  if (!S_ISSOCK(st.st_mode) || st.st_uid != ::geteuid()) {
    return fail(ErrorCode::kExists, "something that is not our socket stands in its place",
                "look at it and remove it by hand", path.string());
  }
  const int fd = stream_socket();
  if (fd < 0) return io("no socket", path);
  const int rc = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int why = errno;
  ::close(fd);
  if (rc == 0 || why == EAGAIN) {  // EAGAIN: it listens, but its queue is full
    return fail(ErrorCode::kBusy, "another process answers on the socket",
                "stop the focald that runs in this folder first", path.string());
  }
  errno = why;
  if (why != ECONNREFUSED) return io("the socket's place cannot be checked", path);
  if (::unlink(path.c_str()) != 0) return io("the stale socket cannot be removed", path);
  return {};
}

}  // namespace

Result<ListeningSocket> ListeningSocket::bind(const std::filesystem::path& path, int backlog,
                                              std::optional<gid_t> group) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path) {
    return fail(ErrorCode::kLimit,
                "the socket's path is longer than " +
                    std::to_string(sizeof address.sun_path - 1) + " bytes",
                "use a node folder with a shorter path", path.string());
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  FOCAL_TRY(clear_stale(path, address));

  ListeningSocket out(path, stream_socket());
  if (out.fd_ < 0) return io("no socket", path);
  // Nobody can connect before listen(), so the mode is right from the first moment that counts.
  if (::bind(out.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return io("cannot make the socket", path);
  struct stat st {};
  if (::lstat(path.c_str(), &st) != 0) return io("cannot read the socket's place", path);
  out.device_ = st.st_dev;
  out.inode_ = st.st_ino;
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return io("cannot protect the socket", path);
  if (group && ::chown(path.c_str(), static_cast<uid_t>(-1), *group) != 0)
    return fail(ErrorCode::kPermission,
                "the socket cannot be given to group " + std::to_string(*group) + ": " +
                    std::strerror(errno),
                "make the user the node runs as a member of api_group", path.string());
  if (group && ::chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP) != 0)
    return io("cannot open the socket to its group", path);
  if (::listen(out.fd_, backlog) != 0) return io("cannot listen", path);
  return out;
}

Result<ListeningSocket> ListeningSocket::bind_loopback(const config::LoopbackAddress& address,
                                                       int backlog) {
  sockaddr_in four{};
  sockaddr_in6 six{};
  four.sin_family = AF_INET;
  six.sin6_family = AF_INET6;
  four.sin_port = six.sin6_port = htons(address.port);
  const bool is_four = ::inet_pton(AF_INET, address.host.c_str(), &four.sin_addr) == 1;
  if (!is_four && ::inet_pton(AF_INET6, address.host.c_str(), &six.sin6_addr) != 1)
    return fail(ErrorCode::kInvalid, address.host + " is no address");
  const std::string name = address.host + ", port " + std::to_string(address.port);
  ListeningSocket out({}, ::socket(is_four ? AF_INET : AF_INET6,
                                   SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (out.fd_ < 0) return io("no socket", name);
  const int yes = 1;  // a port that was closed a moment ago is free
  ::setsockopt(out.fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const auto* const where = is_four ? reinterpret_cast<const sockaddr*>(&four)
                                    : reinterpret_cast<const sockaddr*>(&six);
  if (::bind(out.fd_, where, is_four ? sizeof four : sizeof six) != 0) {
    if (errno != EADDRINUSE) return io("cannot listen on", name);
    return fail(ErrorCode::kBusy, "something else listens on " + name,
                "choose another port, or stop what has it", name);
  }
  if (::listen(out.fd_, backlog) != 0) return io("cannot listen", name);
  return out;
}

std::uint16_t ListeningSocket::port() const {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  if (address.ss_family == AF_INET6)
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  return 0;
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : path_(std::move(other.path_)),
      fd_(std::exchange(other.fd_, -1)),
      device_(other.device_),
      inode_(std::exchange(other.inode_, 0)) {}

ListeningSocket::~ListeningSocket() {
  if (fd_ >= 0) ::close(fd_);
  struct stat st {};
  if (inode_ != 0 && ::lstat(path_.c_str(), &st) == 0 && st.st_dev == device_ &&
      st.st_ino == inode_)
    ::unlink(path_.c_str());
}

}  // namespace focal::api

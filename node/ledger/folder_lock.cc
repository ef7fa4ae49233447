#include "node/ledger/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cctype>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace focal::ledger {
namespace {

std::string owner_of(int fd) {
  char text[16] = {};
  const ssize_t n = ::pread(fd, text, sizeof text - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < n && std::isdigit(static_cast<unsigned char>(text[i])) != 0; ++i)
    pid += text[i];
  return pid.empty() ? "unknown" : pid;
}

}  // namespace

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
  const std::string file = (folder / kLockFile).string();
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) {
    const int error = errno;
    const bool denied = error == EACCES || error == EROFS || error == EPERM;
    return fail(denied            ? ErrorCode::kPermission
                : error == ENOENT ? ErrorCode::kNotFound
                                  : ErrorCode::kIo,
                std::string("cannot use the folder: ") + std::strerror(error),
                "the folder must exist and be writable by the node", file);
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    const std::string owner = owner_of(fd);
    ::close(fd);
    if (error == EWOULDBLOCK)
      return fail(ErrorCode::kBusy, "another focald runs on this folder, pid " + owner,
                  "stop it first, or use another folder", file);
    return fail(ErrorCode::kIo, std::string("cannot lock: ") + std::strerror(error), {}, file);
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // The number only helps people; the lock is what counts.
  if (::ftruncate(fd, 0) != 0 || ::pwrite(fd, pid.data(), pid.size(), 0) < 0) {
  }
  return FolderLock(fd);
}

FolderLock::FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace focal::ledger

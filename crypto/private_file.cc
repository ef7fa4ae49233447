#include "crypto/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "base/descriptor.h"
#include "crypto/random.h"

namespace focal::crypto {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kOthers = 0077;
constexpr std::size_t kTemporaryNameBytes = 8;
constexpr std::size_t kOverwriteChunk = 4096;

Error refused(std::string what, std::string hint, const fs::path& file) {
  return fail(ErrorCode::kPermission, file.string() + " " + std::move(what), std::move(hint),
              file.string());
}

Error system_error(std::string_view doing, const fs::path& file) {
  const int code = errno;
  const bool full = code == ENOSPC || code == EDQUOT || code == EFBIG;
  const bool denied = code == EACCES || code == EPERM || code == EROFS;
  const ErrorCode kind = full     ? ErrorCode::kNoSpace
                         : denied ? ErrorCode::kPermission
                                  : ErrorCode::kIo;
  return fail(kind,
              "cannot " + std::string(doing) + " " + file.string() + ": " +
                  std::generic_category().message(code),
              full ? "free some space and try again" : "check the folder and its permissions",
              file.string());
}

Status check_owner_only(int fd, const fs::path& file) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return system_error("inspect", file);
  if (!S_ISREG(info.st_mode)) return refused("is not a regular file", "name the file itself", file);
  if (info.st_uid != ::geteuid())
    return refused("belongs to another user", "run this as the user who made the file", file);
  if ((info.st_mode & kOthers) != 0)
    return refused("may be read by others", "chmod 600 it, and consider its keys known", file);
  return {};
}

Status write_all(int fd, ByteView bytes, const fs::path& file) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("write", file);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

Status write_temporary(const fs::path& temporary, ByteView bytes) {
  const Descriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly));
  if (!fd.ok()) return system_error("create", temporary);
  if (::fchmod(fd.get(), kOwnerOnly) != 0) return system_error("protect", temporary);
  FOCAL_TRY(write_all(fd.get(), bytes, temporary));
  if (::fsync(fd.get()) != 0) return system_error("write", temporary);
  return {};
}

Status move_into_place(const fs::path& temporary, const fs::path& file, IfPresent present) {
  if (present == IfPresent::kReplace) {
    if (::rename(temporary.c_str(), file.c_str()) != 0) return system_error("replace", file);
    return {};
  }
  // Not every file system of a removable medium knows RENAME_NOREPLACE; the
  // second way leaves a gap of microseconds between the look and the rename.
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, file.c_str(), RENAME_NOREPLACE) == 0)
    return {};
  const int code = errno;
  struct stat info {};
  if (code == EEXIST || ::lstat(file.c_str(), &info) == 0)
    return fail(ErrorCode::kExists, file.string() + " exists already",
                "choose another name, or move the old file away", file.string());
  errno = code;
  if (code != EINVAL && code != ENOSYS) return system_error("create", file);
  if (::rename(temporary.c_str(), file.c_str()) != 0) return system_error("create", file);
  return {};
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

std::string temporary_prefix(const fs::path& file) { return "." + file.filename().string() + "."; }

fs::path temporary_of(const fs::path& file) {
  SystemRng rng;
  return folder_of(file) / (temporary_prefix(file) + hex(rng.array<kTemporaryNameBytes>()));
}

Status sync_folder(const fs::path& folder) {
  const Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.ok() || ::fsync(fd.get()) != 0) return system_error("sync", folder);
  return {};
}

// A file that has no name any more but perhaps this one, which its caller removes.
bool overwrite(int fd, nlink_t names) {
  struct stat info {};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink != names) return false;
  SystemRng rng;
  std::array<std::uint8_t, kOverwriteChunk> noise{};
  for (off_t at = 0; at < info.st_size;) {
    rng.fill(noise);
    const auto n = std::min<off_t>(info.st_size - at, static_cast<off_t>(noise.size()));
    const ssize_t done = ::pwrite(fd, noise.data(), static_cast<std::size_t>(n), at);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    at += done;
  }
  return ::fsync(fd) == 0;
}

Status overwrite_and_unlink(const fs::path& file) {
  {
    const Descriptor stale(::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    if (stale.ok()) static_cast<void>(overwrite(stale.get(), 1));
  }
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) return system_error("remove", file);
  return {};
}

}  // namespace

Result<Bytes> read_private_file(const fs::path& file, std::size_t limit) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const Descriptor fd(::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!fd.ok() && errno == ENOENT)
    return fail(ErrorCode::kNotFound, "there is no file " + file.string(), "check the path",
                file.string());
  if (!fd.ok() && errno == ELOOP)
    return refused("is a symbolic link", "name the file itself", file);
  if (!fd.ok()) return system_error("open", file);
  FOCAL_TRY(check_owner_only(fd.get(), file));
  Bytes out(limit + 1);
  std::size_t used = 0;
  while (used < out.size()) {
    const ssize_t n = ::read(fd.get(), out.data() + used, out.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return system_error("read", file);
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  if (used > limit)
    return fail(ErrorCode::kLimit, file.string() + " is too large", {}, file.string());
  out.resize(used);
  return out;
}

Status write_private_file(const fs::path& file, ByteView bytes, IfPresent present) {
  const fs::path temporary = temporary_of(file);
  Status status = write_temporary(temporary, bytes);
  if (status) status = move_into_place(temporary, file, present);
  if (!status) {
    ::unlink(temporary.c_str());
    return status;
  }
  return sync_folder(folder_of(file));
}

Result<bool> replace_private_file(const fs::path& file, ByteView bytes) {
  const Descriptor old(::open(file.c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  const fs::path temporary = temporary_of(file);
  Status status = write_temporary(temporary, bytes);
  bool has_name = false;  // the old file, under that of the temporary one
  if (status) {
    has_name = old.ok() && ::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, file.c_str(),
                                       RENAME_EXCHANGE) == 0;
    if (!has_name) status = move_into_place(temporary, file, IfPresent::kReplace);
  }
  const bool in_place = status.has_value();
  if (status) status = sync_folder(folder_of(file));
  const bool overwritten = status && old.ok() && overwrite(old.get(), has_name ? 1 : 0);
  if (has_name || !in_place) ::unlink(temporary.c_str());
  if (!status) return status.error();
  return overwritten;
}

Status remove_stale_copies(const fs::path& file) {
  const fs::path folder = folder_of(file);
  const std::string prefix = temporary_prefix(file);
  Status out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(prefix) || name.size() != prefix.size() + 2 * kTemporaryNameBytes ||
        !unhex(name.substr(prefix.size())))
      continue;
    if (Status gone = overwrite_and_unlink(entry.path()); !gone) out = gone;
  }
  if (error)
    return fail(ErrorCode::kIo, "cannot read the folder " + folder.string() + ": " + error.message(),
                "check the folder and its permissions", folder.string());
  return out;
}

Status remove_private_file(const fs::path& file) {
  FOCAL_TRY(overwrite_and_unlink(file));
  return sync_folder(folder_of(file));
}

}  // namespace focal::crypto

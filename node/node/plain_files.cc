#include "node/node/plain_files.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <system_error>

#include "base/descriptor.h"
#include "crypto/hash_parts.h"
#include "node/ledger/ledger_copy.h"

namespace focal::node {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kPart = 256 * 1024;

Error cannot(const std::string& what, const fs::path& file) {
  const int error = errno;
  const ErrorCode code = error == ENOENT                      ? ErrorCode::kNotFound
                         : error == EEXIST                    ? ErrorCode::kExists
                         : error == ENOSPC || error == EDQUOT ? ErrorCode::kNoSpace
                         : error == EACCES || error == EROFS || error == EPERM || error == ELOOP
                             ? ErrorCode::kPermission
                             : ErrorCode::kIo;
  return fail(code, "cannot " + what + " " + file.string() + ": " +
                        std::generic_category().message(error),
              "Check the path, the room on the disk and the permissions.", file.string());
}

// Hands every part to `take`, which says whether to go on.
Status read_parts(const fs::path& path, const std::function<Status(ByteView)>& take) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return cannot("open", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return cannot("inspect", path);
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::kPermission, path.string() + " is not a regular file", {}, path.string());
  Bytes part(kPart);
  for (;;) {
    const ssize_t n = ::read(file.get(), part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot("read", path);
    if (n == 0) return {};
    FOCAL_TRY(take(ByteView(part).first(static_cast<std::size_t>(n))));
  }
}

Status write_part(const Descriptor& file, ByteView part, const fs::path& path) {
  while (!part.empty()) {
    const ssize_t n = ::write(file.get(), part.data(), part.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot("write", path);
    part = part.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

}  // namespace

Result<Measured> measure_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) return cannot("open", path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return cannot("inspect", path);
  if (!S_ISREG(info.st_mode))
    return fail(ErrorCode::kPermission, path.string() + " is not a regular file", {}, path.string());
  Measured out;
  Status status;
  Bytes part(kPart);
  out.hash = crypto::sha256_of([&]() -> ByteView {
    for (;;) {
      const ssize_t n = ::read(file.get(), part.data(), part.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) status = cannot("read", path);
      if (n <= 0) return {};
      out.size += static_cast<std::uint64_t>(n);
      return ByteView(part).first(static_cast<std::size_t>(n));
    }
  });
  if (!status) return status.error();
  return out;
}

Status copy_private(const fs::path& from, const fs::path& to) {
  const Descriptor out(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!out.ok()) return cannot("create", to);
  Status done = read_parts(from, [&](ByteView part) { return write_part(out, part, to); });
  if (done && ::fsync(out.get()) != 0) done = cannot("write", to);
  if (!done) ::unlink(to.c_str());
  return done;
}

Status make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return {};
  const fs::path parent = fs::absolute(folder, error).parent_path();
  if (!fs::is_directory(parent, error)) FOCAL_TRY(make_private_folder(parent));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return cannot("make the folder", folder);
  return ledger::sync_folder(parent);
}

Status rename_new(const fs::path& from, const fs::path& to) {
  struct stat info {};
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
    // Not every file system knows the flag.
    if (errno != EINVAL && errno != ENOSYS) return cannot("make", to);
    if (::lstat(to.c_str(), &info) == 0) {
      errno = EEXIST;
      return cannot("make", to);
    }
    if (::rename(from.c_str(), to.c_str()) != 0) return cannot("make", to);
  }
  return ledger::sync_folder(to.parent_path());
}

Result<ScratchFolder> ScratchFolder::make_in(const fs::path& folder) {
  std::string name = (folder / ".focal-scratch-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return cannot("make a folder in", folder);
  return ScratchFolder(name);
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace focal::node

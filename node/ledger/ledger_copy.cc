#include "node/ledger/ledger_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

namespace fs = std::filesystem;

constexpr char kCopy[] = "VACUUM INTO $1";

Status cannot(const char* what, const fs::path& file) {
  const int error = errno;
  const ErrorCode code = error == EEXIST                     ? ErrorCode::kExists
                         : error == ENOSPC                   ? ErrorCode::kNoSpace
                         : error == EACCES || error == EROFS ? ErrorCode::kPermission
                                                             : ErrorCode::kIo;
  return fail(code, std::string(what) + ": " + std::strerror(error), {}, file.string());
}

// SQLite fills an empty file that is there, and would make one that others can read.
Status make_empty(const fs::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) return cannot("cannot make the copy", file);
  ::close(fd);
  return {};
}

Status sync_path(const fs::path& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return cannot("cannot open to sync", path);
  const int failed = ::fsync(fd);
  Status out = failed == 0 ? Status() : cannot("cannot sync", path);
  ::close(fd);
  return out;
}

Status fill(const fs::path& from, const fs::path& to) {
  FOCAL_ASSIGN(const auto db, open_sqlite(from, SqliteMode::kReadOnly));
  const std::string name = to.string();
  FOCAL_TRY(Query(*db, kCopy).bind(name).next());
  FOCAL_TRY(sync_path(to, O_RDWR));
  return sync_folder(to.parent_path());
}

}  // namespace

Status sync_folder(const fs::path& folder) {
  return sync_path(folder.empty() ? fs::path(".") : folder, O_RDONLY | O_DIRECTORY);
}

Status copy_ledger(const fs::path& from, const fs::path& to) {
  FOCAL_TRY(make_empty(to));
  Status done = fill(from, to);
  if (!done) ::unlink(to.c_str());
  return done;
}

}  // namespace focal::ledger

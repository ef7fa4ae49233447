#include "node/cli/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace focal::cli {

namespace {

Result<int> make(const std::string& name) {
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) return file;
  if (errno == EEXIST)
    return fail(ErrorCode::kExists, "the file is there already",
                "give another name, or remove it first", name);
  return fail(ErrorCode::kIo, "the file cannot be made", {}, name);
}

Error not_written(const std::string& name) {
  return fail(ErrorCode::kIo, "the file cannot be written", "Is the medium full?", name);
}

// Whole and on the disk, or not there.
Status write_part(const std::string& part, std::string_view text) {
  FOCAL_TRY(write_new_file(part, text));
  const int file = ::open(part.c_str(), O_WRONLY | O_CLOEXEC);
  const bool kept = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (kept) return {};
  ::unlink(part.c_str());
  return not_written(part);
}

// Never over another file. A file system without such a way of renaming has links instead.
bool give_name(const std::string& part, const std::string& name) {
  if (::renameat2(AT_FDCWD, part.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  if (::link(part.c_str(), name.c_str()) != 0) return false;
  ::unlink(part.c_str());
  return true;
}

}  // namespace

Status check_new_file(const std::string& name) {
  FOCAL_ASSIGN(const int file, make(name));
  ::close(file);
  ::unlink(name.c_str());
  return {};
}

Status write_new_file(const std::string& name, std::string_view text) {
  FOCAL_ASSIGN(const int file, make(name));
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::close(file) == 0 && text.empty()) return {};
  ::unlink(name.c_str());
  return fail(ErrorCode::kIo, "the file cannot be written", {}, name);
}

Status write_whole_file(const std::string& name, std::string_view text) {
  FOCAL_TRY(check_new_file(name));
  const std::string part = name + ".part";
  FOCAL_TRY(write_part(part, text));
  if (give_name(part, name)) return {};
  const bool is_there = errno == EEXIST;
  ::unlink(part.c_str());
  if (!is_there) return not_written(name);
  return fail(ErrorCode::kExists, "the file is there already",
              "give another name, or remove it first", name);
}

}  // namespace focal::cli

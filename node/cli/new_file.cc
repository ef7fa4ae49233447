#include "node/cli/new_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

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

}  // namespace focal::cli

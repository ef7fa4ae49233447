#include "config/file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <fstream>
#include <system_error>

#include "config/config.h"

namespace focal::config {
namespace fs = std::filesystem;

Result<std::string> read_config_file(const fs::path& file) {
  const auto refuse = [&](std::string_view why) {
    return fail(ErrorCode::kConfig, "cannot read " + file.string() + ": " + std::string(why),
                "check the folder given with --folder, and the file's permissions", file.string());
  };
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return refuse(std::generic_category().message(errno));
  if (!S_ISREG(info.st_mode)) return refuse("not a regular file");
  if (static_cast<std::uint64_t>(info.st_size) > kMaxConfigSize)
    return refuse("larger than 64 KiB");
  std::ifstream in(file, std::ios::binary);
  if (!in) return refuse(std::generic_category().message(errno));
  std::string text(kMaxConfigSize + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return refuse("read error");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigSize) return refuse("larger than 64 KiB");
  return text;
}

std::filesystem::path program_folder() {
  std::error_code failed;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::filesystem::current_path(failed) : program.parent_path();
}

}  // namespace focal::config

// Files copied and measured in parts, whatever their size: for backup and restore.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::node {

struct Measured {
  std::uint64_t size = 0;
  Hash32 hash{};  // SHA-256
};
// Of a regular file, no symbolic link. kNotFound, kPermission, kIo.
Result<Measured> measure_file(const std::filesystem::path& file);

// A copy of mode 0600 under a new name, durable but for that name; nothing is left at `to` after
// an error. kExists (to); kNotFound, kPermission (from); kNoSpace, kIo.
Status copy_private(const std::filesystem::path& from, const std::filesystem::path& to);

// A folder of mode 0700 with those above it, durable in its parent. It may be there. kIo, kPermission.
Status make_private_folder(const std::filesystem::path& folder);

// `to` is not there, or stays what it was: kExists. Durable. kIo.
Status rename_new(const std::filesystem::path& from, const std::filesystem::path& to);

// A folder of mode 0700 beside or in another, removed with all in it at the end of scope.
class ScratchFolder {
 public:
  static Result<ScratchFolder> make_in(const std::filesystem::path& folder);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ~ScratchFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace focal::node

// One focald per folder: an exclusive flock on focald.lock, held for the life of
// the object and freed by the system when the process ends, however it ends.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace focal::ledger {

inline constexpr char kLockFile[] = "focald.lock";

class FolderLock {
 public:
  // kBusy: another process holds it (its number is in the message). kPermission, kIo.
  static Result<FolderLock> take(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace focal::ledger

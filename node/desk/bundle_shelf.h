// Bundles of evidence that were made and are fetched page by page: in memory, for the person who
// had them made, for a short time. Any thread.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <mutex>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/result.h"

namespace focal::desk {

class BundleShelf {
 public:
  static constexpr std::size_t kPageSize = 1u << 20;        // bytes
  static constexpr std::size_t kMost = 2;                   // one of a person; the oldest goes
  static constexpr std::uint64_t kKeptMs = 10 * kMinuteMs;  // since its last page, monotonic

  struct Page {
    std::uint64_t bundle = 0;
    std::uint64_t size = 0;  // of the whole
    Bytes data;
    std::uint64_t next = 0;  // 0: that was the last one
  };
  // The first page. What has no other is not kept.
  Page put(uid_t owner, Bytes archive, std::uint64_t mono_ms);
  // kNotFound: not kept any more, or another person's.
  Result<Page> page(uid_t owner, std::uint64_t bundle, std::uint64_t offset, std::uint64_t mono_ms);
  std::size_t kept() const;

 private:
  struct Kept {
    std::uint64_t bundle;
    uid_t owner;
    Bytes archive;
    std::uint64_t until_ms;
  };
  static Page cut(std::uint64_t bundle, ByteView archive, std::uint64_t offset);

  mutable std::mutex mutex_;
  std::vector<Kept> all_;  // oldest first
  std::uint64_t last_ = 0;
};

}  // namespace focal::desk

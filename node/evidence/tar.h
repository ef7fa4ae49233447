// The archive of an evidence bundle (docs/protocol.md, "Archive"): ustar of regular files, one
// form for one content. Whatever deviates from it by a byte is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::evidence {

inline constexpr std::size_t kMaxFiles = 4096;
inline constexpr std::size_t kMaxFileSize = 16u << 20;     // bytes
inline constexpr std::size_t kMaxArchiveSize = 64u << 20;  // bytes
inline constexpr std::size_t kMaxFileName = 100;           // bytes

struct Entry {
  std::string name;
  Bytes data;
};
// Entries in any order; kLimit (a size, a count, a name of no or too many bytes), kInvalid (a name
// twice, or a zero byte in it).
Result<Bytes> write_tar(std::vector<Entry> entries);

struct FileView {
  std::string_view name;
  ByteView data;
};
// Views on the archive, which must outlive them; in ascending order of their names. kBundle.
Result<std::vector<FileView>> read_tar(ByteView archive);

}  // namespace focal::evidence

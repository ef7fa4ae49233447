// Files that hold secrets: readable by their owner alone, replaced whole or not
// at all. Used by the keystore; knows nothing of what the bytes mean.
#pragma once

#include <filesystem>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::crypto {

// kNotFound; kPermission (symbolic link, not a regular file, not ours, or any
// permission for group or others); kLimit (more than limit bytes); kIo.
Result<Bytes> read_private_file(const std::filesystem::path& file, std::size_t limit);

enum class IfPresent { kReplace, kRefuse };

// Writes a temporary file (mode 0600) beside the file, fsyncs it, renames it into
// place, fsyncs the folder. After an error the old file is as it was, and the
// temporary file is gone; only when that last fsync fails (kIo) does the new file
// stand already, and a power loss may still bring the old one back. kExists (only with kRefuse), kNoSpace, kPermission, kIo.
Status write_private_file(const std::filesystem::path& file, ByteView bytes, IfPresent present);

}  // namespace focal::crypto

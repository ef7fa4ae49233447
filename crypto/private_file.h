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

// As write_private_file with kReplace, but the files change places, so that at no moment the
// old one is without a name (on a file system that cannot do this it is, for a moment); then
// the bytes of the old file are overwritten where they lay and synced, so far as that can be known: true if that was done. False: there was
// no old file, another name (a hard link) still leads to it, or the disk refused. Even
// where it is true, a file system that copies on write, a snapshot or the spare blocks of
// flash memory may keep the old bytes. Errors as write_private_file, and then nothing was
// overwritten.
Result<bool> replace_private_file(const std::filesystem::path& file, ByteView bytes);

// Writers of the file that were killed left copies of it beside it, under the names that
// write_private_file gives: each is overwritten as above and removed. Only where no other
// process can be writing the file. kIo, kPermission: one is still there.
Status remove_stale_copies(const std::filesystem::path& file);

// The file is gone, and its bytes were overwritten as above before that, so far as can be. Well also
// where there was none. kIo, kPermission: it is still there.
Status remove_private_file(const std::filesystem::path& file);

}  // namespace focal::crypto

// backup.txt, the list of what a backup holds (docs/operations.md, "Backup"):
//   focal-backup/v1
//   party XA
//   log focal/XA/log/1
//   made 2026-11-23T02:00:00Z
//   schema 4
//   leaves 4160
//   checkpoint <base64 of the newest checkpoint note> | none
//   key <name of a key-encryption key>          ascending by number, 0 to 4096
//   file <size> <SHA-256, hex> <name>           sorted bytewise, without backup.txt
//   end
// One text for what it says; anything else is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace focal::node {

inline constexpr char kBackupManifest[] = "backup.txt";
inline constexpr std::size_t kMaxBackupManifest = 512 * 1024;
inline constexpr std::size_t kMaxBackupFiles = 1024;
inline constexpr std::size_t kMaxBackupKeys = 4096;

struct BackupFile {
  std::string name;  // below the backup's folder; parts of letters, digits, '.', '-' and '_'
  std::uint64_t size = 0;
  Hash32 hash{};
  bool operator==(const BackupFile&) const = default;
};
struct BackupManifest {
  std::string party, log;
  std::uint64_t made_ms = 0;  // whole seconds
  std::int64_t schema = 0;
  std::uint64_t leaves = 0;
  std::string checkpoint;     // note; empty: none
  std::vector<std::string> keys;
  std::vector<BackupFile> files;
  bool operator==(const BackupManifest&) const = default;
};

std::string format_manifest(const BackupManifest& manifest);
Result<BackupManifest> parse_manifest(std::string_view text);  // kCorrupt, kLimit

}  // namespace focal::node

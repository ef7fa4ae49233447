// The folder that other systems take files from (docs/operations.md, "The export folder"). Knows
// nothing of the node. What is put there appears once, whole, and in order, also where the process
// is killed between any two steps: the files are written beside their places, then the position
// moves behind them, then they get their names. A start finishes what lies before the position and
// throws away what lies behind it. A file that somebody has taken away never comes again.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "node/desk/export_feed.h"

namespace focal::desk {

inline constexpr char kExportPositionFile[] = ".focal-position";

class ExportFolder {
 public:
  explicit ExportFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Before put(), and again after an error of it. Finishes what was broken off, and says where to
  // go on; nothing: the folder was never used. Without a position, behind the newest file there.
  // kNotFound, kPermission, kIo; kCorrupt: the position is not in its form.
  Result<std::optional<ExportPosition>> open();

  // In the order of the entries; none: the position alone. After an error nothing of it may be
  // there, or it appears with open(). kNoSpace, kPermission, kNotFound, kIo.
  Status put(const std::vector<ExportEntry>& entries, const ExportPosition& after);

  // Records whose files nobody has taken yet. Errors as open().
  Result<std::size_t> count() const;

  static std::string file_name(const ExportEntry& entry);     // "00000000000000000017-0000.json"
  static std::string content_name(const ExportEntry& entry);  // "00000000000000000017-0000.record.json"

 private:
  std::filesystem::path folder_;
};

}  // namespace focal::desk

// Writes what the ledger has new into the export folder, on a thread of its own: a disk that is
// slow, full or gone holds up nothing but the folder. What is behind is read from the ledger in
// slices; nothing waits in memory but the slice under way.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "config/telling.h"
#include "node/desk/export_folder.h"
#include "node/node/node.h"

namespace focal::desk {

inline constexpr std::size_t kMostExported = 10'000;   // records that wait to be taken
inline constexpr std::uint64_t kExportLookMs = kSecondMs;
inline constexpr std::uint64_t kExportAgainMs = 10 * kSecondMs;  // after an error
// A position that has moved so far without a file is written, so that a start does not read it again.
inline constexpr store::LeafIndex kExportUnwritten = 4096;

struct ExportState {
  std::uint64_t behind = 0;  // leaves that were not looked at yet
  std::string trouble;       // why nothing is written; empty: all is well
};

class ExportJob {
 public:
  // newest_event: EventHub::newest; while it stays the same and all was read, the loop is not asked.
  ExportJob(node::Node& node, config::ExportSettings settings,
            std::function<std::uint64_t()> newest_event);
  ~ExportJob();                            // waits for what is under way
  ExportJob(const ExportJob&) = delete;
  ExportJob& operator=(const ExportJob&) = delete;

  void start();                            // the thread, if the configuration names a folder
  // One slice. True: there is more at once. The thread calls it; tests call it themselves. Not on
  // the loop's thread, which it waits for.
  bool step(const Now& now);
  ExportState state() const;               // any thread

 private:
  void run();
  Status go_on(bool& more);
  Status begin();
  Status check_room();
  Status write(const ExportSlice& slice);

  node::Node& node_;
  config::ExportSettings settings_;
  std::function<std::uint64_t()> newest_event_;
  std::optional<std::uint64_t> read_until_;  // event with which all was read; nothing: it is not
  ExportFolder folder_;
  std::optional<ExportPosition> at_;       // nothing: the folder is to be opened first
  store::LeafIndex written_ = 0;           // where the folder's position stands
  std::size_t waiting_ = 0;                // files, at most: others only take away
  std::uint64_t again_ms_ = 0;             // monotonic
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool ends_ = false;                      // guarded by mutex_
  ExportState state_;                      // guarded by mutex_
  std::thread thread_;
};

}  // namespace focal::desk

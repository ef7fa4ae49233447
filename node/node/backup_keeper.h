// The copies a node makes of itself: one every day at the minute that the configuration names, the
// oldest removed, and once a week a rehearsal that checks the newest one byte for byte
// (docs/operations.md, "Backup"). On a thread of its own, with its own reading connection; it
// touches neither the loop nor the ledger's writer.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "config/config.h"
#include "node/node/backup.h"

namespace focal::node {

inline constexpr std::uint64_t kRehearseEveryMs = 7 * kDayMs;
inline constexpr std::uint64_t kBackupAgainMs = kHourMs;      // after one that failed
inline constexpr std::uint64_t kKeeperLooksMs = 30 * kSecondMs;
inline constexpr char kRehearsedFile[] = "rehearsed.txt";     // in a backup: when, and "ok" or problems

// Has the minute of the UTC day passed since the newest backup was made (0: there is none)?
bool is_backup_due(std::uint64_t wall_ms, std::uint32_t at_minute, std::uint64_t newest_ms);

struct BackupState {
  std::filesystem::path folder;          // of the configuration; empty: none are made
  std::filesystem::path newest;          // empty: there is none
  std::uint64_t made_ms = 0;
  std::uint64_t bytes = 0;
  std::uint64_t leaves = 0;
  std::uint32_t kept = 0;
  std::string trouble;                   // why the last one could not be made; empty: it was
  std::uint64_t rehearsed_ms = 0;        // 0: never
  std::vector<std::string> problems;     // that the last rehearsal found
};
// Pure but for the disk: what stands in the folder.
BackupState look_at_backups(const std::filesystem::path& folder, const std::string& party);

class BackupKeeper {
 public:
  struct Options {
    std::filesystem::path node_folder;
    std::string party;
    config::BackupSettings settings;
    // As CheckOptions; both are called on the keeper's thread.
    std::function<ledger::VerifyOptions(const exchange::Card&)> verify;
    std::function<std::set<std::string>()> key_names;
    // "backup.made", "backup.failed", "backup.rehearsed" and a sentence: for the ledger.
    std::function<void(std::string_view act, const std::string& words)> tell;
  };
  explicit BackupKeeper(Options options);
  ~BackupKeeper();                       // waits for what is under way
  BackupKeeper(const BackupKeeper&) = delete;
  BackupKeeper& operator=(const BackupKeeper&) = delete;

  void start();                          // the thread, if the configuration names a folder
  // What is due; the thread calls it. Tests call it themselves.
  void tend(const Now& now);
  // One now, into `into` or, where that is empty, the folder of the configuration. kConfig: neither
  // is there; kBusy: one is being made; errors of make_backup(). Any thread.
  Result<BackupReport> make(const std::filesystem::path& into, const Now& now);
  BackupState state() const;             // any thread

 private:
  void run();
  void rehearse(const std::filesystem::path& backup, const Now& now);

  Options options_;
  mutable std::mutex mutex_;
  std::mutex making_;                    // one at a time
  std::condition_variable wake_;
  bool ends_ = false;                    // guarded by mutex_
  BackupState state_;                    // guarded by mutex_
  std::uint64_t again_ms_ = 0;           // monotonic; the keeper's thread alone
  std::thread thread_;
};

}  // namespace focal::node

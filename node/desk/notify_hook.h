// Looks every few seconds whether something new waits for a person, and tells the operator's
// program (node/desk/notify.h). On a thread of its own: the loop only counts, in slices, when
// something has changed.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "config/telling.h"
#include "node/desk/notify.h"
#include "node/desk/program_run.h"

namespace focal::desk {

inline constexpr char kToldFile[] = "notify.told";        // in the node's folder, mode 0600
inline constexpr std::uint64_t kNotifyLookMs = 5 * kSecondMs;
inline constexpr std::uint64_t kNotifyCountMs = kMinuteMs;  // what is due by the clock changes nothing else

class NotifyHook {
 public:
  struct Options {
    config::NotifySettings settings;
    std::string party;
    std::filesystem::path folder;                 // the node's
    std::function<Result<Attention>()> count;     // called on the hook's thread; may wait for the loop
    std::function<std::uint64_t()> newest_event;  // EventHub::newest
  };
  explicit NotifyHook(Options options);
  ~NotifyHook();                   // a program that runs has kStopGraceMs to end; the thread is waited for
  NotifyHook(const NotifyHook&) = delete;
  NotifyHook& operator=(const NotifyHook&) = delete;

  void start();                    // the thread, if the configuration names a program
  // One look; the thread calls it. Tests call it themselves.
  void look(const Now& now);
  std::string trouble() const;     // why nobody could be told; empty: all is well. Any thread

 private:
  void run();
  bool is_due(const Now& now);
  bool keep(const Told& told);
  bool tell(const Attention& attention);
  void set_trouble(std::string words);

  Options options_;
  Told told_;                      // as the file has it
  std::uint64_t seen_event_ = 0;
  std::uint64_t count_at_ms_ = 0;  // monotonic
  std::uint64_t start_at_ms_ = 0;  // monotonic; not before
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::string trouble_;            // guarded by mutex_
  std::thread thread_;
};

}  // namespace focal::desk

// What happens when: the one event queue of a world, ordered by (time, order of
// scheduling). The only clock there is.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

namespace focal::sim {

class Queue {
 public:
  using Event = std::function<void()>;

  std::uint64_t now_ms() const { return now_ms_; }  // since the world began
  std::uint64_t steps() const { return steps_; }
  void at(std::uint64_t time_ms, Event event) {
    events_.emplace(std::pair(time_ms < now_ms_ ? now_ms_ : time_ms, next_++), std::move(event));
  }
  void after(std::uint64_t ms, Event event) { at(now_ms_ + ms, std::move(event)); }
  // Runs what is due until then.
  void run_until(std::uint64_t time_ms) {
    while (!events_.empty() && events_.begin()->first.first <= time_ms) {
      auto first = events_.extract(events_.begin());
      now_ms_ = first.key().first;
      ++steps_;
      first.mapped()();
    }
    now_ms_ = time_ms;
  }

 private:
  std::map<std::pair<std::uint64_t, std::uint64_t>, Event> events_;
  std::uint64_t now_ms_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t steps_ = 0;
};

}  // namespace focal::sim

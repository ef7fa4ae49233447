// Where the hostile party says it can be reached: the target's own gate dials it, and is
// badly received. One place speaks CURVE with the right key and then breaks the rules of
// the link, the other one is no ZeroMQ at all.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/hostile/villain.h"

namespace focal::hostile {

class Snare {
 public:
  Snare(int link_port, int raw_port);
  std::vector<std::string> endpoints() const;
  void start(const Villain& villain, std::uint64_t seed);
  void stop();
  std::map<std::string, std::uint64_t> counts();  // by what was done to the dialer
  bool has_done_each();

 private:
  void serve_links(const std::stop_token& over, const Villain& villain, std::uint64_t seed);
  void serve_raw(const std::stop_token& over, std::uint64_t seed);
  void count(const std::string& what);

  int link_port_, raw_port_;
  std::atomic<std::uint64_t> raw_calls_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::jthread> work_;
};

}  // namespace focal::hostile

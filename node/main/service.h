// What a service manager is told: READY=1, STOPPING=1, WATCHDOG=1 and a STATUS= line, as datagrams
// to NOTIFY_SOCKET (sd_notify(3)). Written here and not taken from libsystemd: that library brings
// liblzma, libgcrypt and others into the process that holds every key, for one sendto().
// Without the variable nothing is sent. Nothing here waits or fails: what cannot be sent is lost.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace focal {

class Service {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and takes them out of the environment.
  Service();
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // At the end of every turn of the loop, and nowhere else: a loop that stands still is not alive.
  // The first one says READY=1. status: one line; asked for once in kStatusEveryMs.
  void turned(const Now& now, const std::function<std::string()>& status);
  // Before work between two loops, of which the second opens the node anew.
  void still_here();
  void stopping();

  static constexpr std::uint64_t kStatusEveryMs = 10 * kSecondMs;

 private:
  void send(std::string_view text) const;

  std::string address_;                // as sun_path wants it; empty: nobody listens
  int socket_ = -1;
  std::uint64_t watchdog_ms_ = 0;      // between two signs of life; 0: none are wanted
  std::uint64_t next_sign_ms_ = 0;     // monotonic
  std::uint64_t next_status_ms_ = 0;   // monotonic
  std::string status_;
  bool is_ready_ = false;
};

}  // namespace focal

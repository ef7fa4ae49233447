// How often a password may be tried: after five wrong ones in a row a name is locked for a minute,
// twice as long with each further one, an hour at most. Names that nobody has are counted alike, so
// that a lock tells nothing about who is a person here. In memory; any thread.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

namespace focal::api {

class Attempts {
 public:
  // Milliseconds until the name may be tried; 0: now. Times are monotonic.
  std::uint64_t wait_ms(std::string_view name, std::uint64_t now_ms);
  void failed(std::string_view name, std::uint64_t now_ms);
  void succeeded(std::string_view name);

 private:
  // Beyond: of those that failed least often the one that did so longest ago goes, so that a lock is
  // not lost to whoever makes up names.
  static constexpr std::size_t kMostNames = 512;
  struct Name {
    std::string name;
    unsigned failures = 0;
    std::uint64_t locked_until_ms = 0;
  };
  std::list<Name>::iterator place(std::string_view name);

  std::mutex mutex_;
  std::list<Name> names_;  // the one that failed longest ago first
};

}  // namespace focal::api

// Names to addresses. libzmq looks a name up in the thread that serves all connections of
// its kind, so that one peer whose name server does not answer stalls every other. Here
// each lookup has a thread of its own, and libzmq is given numbers only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace focal::gate {

// The host of "tcp://HOST:PORT" if it is a name; empty if it is a number.
std::string name_in(std::string_view endpoint);
// The endpoint with this address in place of its host.
std::string with_address(std::string_view endpoint, std::string_view address);
// The system's first address for the name: "198.51.100.7" or "[2001:db8::7]"; empty: none.
// Takes as long as the system's name servers let it.
std::string look_up(const std::string& name);

class Resolver {
 public:
  // How a name is looked up; called in other threads, several at once.
  using Ask = std::function<std::string(const std::string& name)>;
  static constexpr std::size_t kMaxLookups = 64;

  explicit Resolver(Ask ask = look_up);

  // Starts a lookup. kBusy: the last one of this owner is still under way (even if it was
  // forgotten), or kMaxLookups are. kIo: no thread.
  Status start(const std::string& owner, const std::string& name);
  // The answer, once; nothing as long as there is none.
  std::optional<std::string> take(const std::string& owner);
  void forget(const std::string& owner);  // its answer is not wanted any more

  int fd() const;         // readable: there are answers
  void clear_fd() const;  // until the next one

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;  // with the threads, which may outlive this
};

}  // namespace focal::gate

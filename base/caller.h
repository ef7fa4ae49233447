// Who asks for something: on the local socket, as the kernel says (SO_PEERCRED), or by a browser's
// session, which began with something that only that user has.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>

namespace focal {

enum class Came : std::uint8_t {
  kSocket,    // the unix socket
  kSession,   // a session of the console
  kStranger,  // the console's port, nobody yet
};

struct Caller {
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
  Came came = Came::kSocket;
  // Of a session: names it in the log; how long it lasts at most, and without a request; and how long
  // acts go without showing again who one is (0: that time is over).
  std::uint64_t session = 0;
  std::uint64_t left_ms = 0;
  std::uint64_t idle_ms = 0;
  std::uint64_t confirmed_left_ms = 0;

  // Has this caller shown just now who it is? On the socket the kernel does with every request.
  bool confirmed() const { return came == Came::kSocket || confirmed_left_ms != 0; }
};

// The number of the person that a unix user is here, never given to another one; nothing: none. A
// user number may come back as somebody else's.
using PersonOf = std::function<std::optional<std::int64_t>(uid_t uid)>;
inline constexpr std::int64_t kAnyPerson = -1;  // no node is there to say

}  // namespace focal

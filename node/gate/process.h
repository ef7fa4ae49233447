// Starting and reaping the one child process of focald. No ZeroMQ here.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace focal::gate {

struct Child {
  pid_t pid = -1;
  int fd = -1;  // our end of the socketpair: non-blocking, close-on-exec
};

// Starts `program --fd 3` with the other end of a fresh socketpair as fd 3,
// /dev/null as standard input and output, our standard error, every other
// descriptor closed, an empty environment and default signals. kIo: it
// cannot be started.
Result<Child> spawn_gate(const std::string& program);

// Kills the child if it still runs, waits for it, and says in words how it
// ended ("ended by signal 6", "exit code 1").
std::string reap(pid_t pid);

}  // namespace focal::gate

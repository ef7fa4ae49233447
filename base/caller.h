// Who asks for something on the local socket, as the kernel says (SO_PEERCRED).
#pragma once

#include <sys/types.h>

namespace focal {

struct Caller {
  uid_t uid = 0;
  gid_t gid = 0;
  pid_t pid = 0;
};

}  // namespace focal

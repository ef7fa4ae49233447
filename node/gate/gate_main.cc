// focal-gate: the network process of a Focal node. Started by focald, never by
// hand: `focal-gate --fd N`, N being a connected SOCK_STREAM unix socket on
// which the messages of node/gate/frames.h travel. It may end at any time
// without loss, and ends when focald does.
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "node/gate/gate.h"
#include "node/gate/zmq_room.h"

// AddressSanitizer reserves more address space than any limit that makes sense.
#if defined(__SANITIZE_ADDRESS__)
#define FOCAL_GATE_LIMIT_MEMORY 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FOCAL_GATE_LIMIT_MEMORY 0
#endif
#endif
#ifndef FOCAL_GATE_LIMIT_MEMORY
#define FOCAL_GATE_LIMIT_MEMORY 1
#endif

namespace {

// A caller that is on the list can still try to fill our memory (a message of
// endless parts is never handed to us, libzmq keeps them all). Then this
// process ends, not the machine.
constexpr rlim_t kMaxMemoryBytes = rlim_t{4} << 30;

std::optional<int> parse_fd(int argc, char** argv) {
  if (argc != 3 || std::string_view(argv[1]) != "--fd") return std::nullopt;
  const std::string_view text = argv[2];
  int fd = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), fd);
  if (error != std::errc() || end != text.data() + text.size() || fd < 3) return std::nullopt;
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0 || type != SOCK_STREAM) {
    return std::nullopt;
  }
  return fd;
}

// No key in a core file, no reading of it through /proc or ptrace, no way to
// more rights, as many descriptors as there may be.
bool harden() {
  const rlimit none{0, 0};
  bool ok = setrlimit(RLIMIT_CORE, &none) == 0;
  ok = prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && ok;
  ok = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ok;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  if (FOCAL_GATE_LIMIT_MEMORY != 0) {
    const rlimit memory{kMaxMemoryBytes, kMaxMemoryBytes};
    ok = setrlimit(RLIMIT_DATA, &memory) == 0 && ok;
  }
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<int> fd = parse_fd(argc, argv);
  if (!fd) {
    std::fputs("focal-gate is started by focald: focal-gate --fd N\n", stderr);
    return 2;
  }
  if (!harden()) {
    focal::log::error("gate", "the process cannot be hardened");
    return 1;
  }
  focal::crypto::init();
  focal::crypto::SystemRng rng;
  focal::gate::seed_libzmq(rng);
  focal::gate::Gate gate(*fd, rng, focal::read_clocks);
  const int code = gate.run();
  std::_Exit(code);  // libzmq's threads are not waited for
}

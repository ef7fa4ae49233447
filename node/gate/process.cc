#include "node/gate/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/spawn_plan.h"

namespace focal::gate {
namespace {

constexpr int kChildFd = 3;

int prepare(SpawnPlan& plan, int child_end) {
  // dup2 first: 0 and 1 may be the numbers of nothing, 3 may be in use.
  int rc = posix_spawn_file_actions_adddup2(&plan.actions, child_end, kChildFd);
  if (rc == 0) {
    rc = posix_spawn_file_actions_addopen(&plan.actions, 0, "/dev/null", O_RDONLY, 0);
  }
  if (rc == 0) {
    rc = posix_spawn_file_actions_addopen(&plan.actions, 1, "/dev/null", O_WRONLY, 0);
  }
  if (rc == 0) rc = posix_spawn_file_actions_addclosefrom_np(&plan.actions, kChildFd + 1);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  if (rc == 0) rc = posix_spawnattr_setsigmask(&plan.attributes, &none);
  if (rc == 0) rc = posix_spawnattr_setsigdefault(&plan.attributes, &all);
  if (rc == 0) {
    rc = posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  return rc;
}

int run(const std::string& program, int child_end, pid_t& pid) {
  SpawnPlan plan;
  if (const int rc = prepare(plan, child_end); rc != 0) return rc;
  std::string name = program;
  char flag[] = "--fd";
  char number[] = "3";
  char* const argv[] = {name.data(), flag, number, nullptr};
  char* const environment[] = {nullptr};
  return posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes, argv, environment);
}

}  // namespace

Result<Child> spawn_gate(const std::string& program) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return fail(ErrorCode::kIo, std::string("no socketpair: ") + std::strerror(errno));
  }
  Child child;
  child.fd = ends[0];
  fcntl(child.fd, F_SETFL, O_NONBLOCK);
  const int rc = run(program, ends[1], child.pid);
  close(ends[1]);
  if (rc != 0) {
    close(child.fd);
    return fail(ErrorCode::kIo,
                "the network process cannot be started: " + program + ": " + std::strerror(rc),
                "check that focal-gate is installed next to focald", program);
  }
  return child;
}

std::string reap(pid_t pid) {
  kill(pid, SIGKILL);  // no effect on one that has already ended
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return "ended";
  }
  if (WIFSIGNALED(status)) return "ended by signal " + std::to_string(WTERMSIG(status));
  return "exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace focal::gate

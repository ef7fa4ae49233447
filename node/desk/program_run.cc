#include "node/desk/program_run.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/spawn_plan.h"

namespace focal::desk {
namespace {

constexpr int kLookMs = 100;  // at `stop`, and whether it has ended
constexpr std::size_t kPart = 4096;
constexpr int kLastParts = 32;  // of what it printed, counted after its end

class Pipe {
 public:
  // Beyond the standard three, whatever of those this process has open.
  Pipe() {
    std::array<int, 2> made{-1, -1};
    if (::pipe2(made.data(), O_CLOEXEC) != 0) return;
    for (std::size_t i = 0; i < made.size(); ++i) {
      ends_[i] = ::fcntl(made[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
      ::close(made[i]);
    }
    ok_ = ends_[0] >= 0 && ends_[1] >= 0;
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool ok() const { return ok_; }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void close_read() { close_one(ends_[0]); }
  void close_write() { close_one(ends_[1]); }

 private:
  static void close_one(int& fd) {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
  std::array<int, 2> ends_{-1, -1};
  bool ok_ = false;
};

int prepare(SpawnPlan& plan, int input, int output) {
  int rc = posix_spawn_file_actions_adddup2(&plan.actions, input, STDIN_FILENO);
  if (rc == 0) rc = posix_spawn_file_actions_adddup2(&plan.actions, output, STDOUT_FILENO);
  if (rc == 0) rc = posix_spawn_file_actions_adddup2(&plan.actions, output, STDERR_FILENO);
  if (rc == 0) rc = posix_spawn_file_actions_addclosefrom_np(&plan.actions, STDERR_FILENO + 1);
  if (rc == 0) rc = posix_spawn_file_actions_addchdir_np(&plan.actions, "/");
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  if (rc == 0) rc = posix_spawnattr_setsigmask(&plan.attributes, &none);
  if (rc == 0) rc = posix_spawnattr_setsigdefault(&plan.attributes, &all);
  if (rc == 0) rc = posix_spawnattr_setpgroup(&plan.attributes, 0);
  if (rc == 0)
    rc = posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                                        POSIX_SPAWN_SETPGROUP);
  return rc;
}

int spawn(const ProgramOrder& order, int input, int output, pid_t& pid) {
  SpawnPlan plan;
  if (const int rc = prepare(plan, input, output); rc != 0) return rc;
  std::string name = order.program.string();
  char* const argv[] = {name.data(), nullptr};
  std::vector<std::string> environment = order.environment;
  std::vector<char*> entries;
  entries.reserve(environment.size() + 1);
  for (std::string& each : environment) entries.push_back(each.data());
  entries.push_back(nullptr);
  return posix_spawn(&pid, name.c_str(), &plan.actions, &plan.attributes, argv, entries.data());
}

// Reads what is there for so long at most. False: nobody can print any more.
bool drain(int fd, int wait_ms, std::uint64_t& read) {
  pollfd p{fd, POLLIN, 0};
  if (::poll(&p, 1, wait_ms) <= 0) return true;
  std::array<char, kPart> part;
  const ssize_t n = ::read(fd, part.data(), part.size());
  if (n < 0) return errno == EINTR || errno == EAGAIN;
  read += static_cast<std::uint64_t>(n);
  return n > 0;
}

// Without taking its process number away from it, so that its group is still the one it made.
bool has_ended(pid_t pid) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

int reap(pid_t pid) {
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

}  // namespace

Result<ProgramEnd> run_program(const ProgramOrder& order, const std::atomic<bool>& stop) {
  if (order.input.size() > kMostInput)
    return fail(ErrorCode::kInvalid, "the program is told too much at once");
  Pipe input, output;
  // Written before anybody reads: a pipe holds more than kMostInput, and nobody has closed it yet.
  const bool told = input.ok() && output.ok() &&
                    ::write(input.write_end(), order.input.data(), order.input.size()) ==
                        static_cast<ssize_t>(order.input.size());
  if (!told) return fail(ErrorCode::kIo, std::string("no pipe: ") + std::strerror(errno));
  pid_t pid = -1;
  const int rc = spawn(order, input.read_end(), output.write_end(), pid);
  if (rc != 0)
    return fail(ErrorCode::kIo, order.program.string() + " cannot be started: " + std::strerror(rc),
                "Check that the file is there, is a program, and may be run by the node's user.",
                order.program.string());
  input.close_read();
  input.close_write();
  output.close_write();
  ProgramEnd out;
  std::uint64_t until_ms = read_clocks().mono_ms + order.limit_ms;
  bool is_open = true, is_stopping = false;
  while (!has_ended(pid)) {
    const std::uint64_t now_ms = read_clocks().mono_ms;
    if (stop.load() && !is_stopping) until_ms = std::min(until_ms, now_ms + kStopGraceMs);
    is_stopping = stop.load();
    out.timed_out = now_ms >= until_ms;
    if (out.timed_out) break;
    if (is_open)
      is_open = drain(output.read_end(), kLookMs, out.output);
    else
      ::poll(nullptr, 0, kLookMs);
  }
  out.code = reap(pid);
  for (int n = 0; is_open && n < kLastParts; ++n) is_open = drain(output.read_end(), 0, out.output);
  return out;
}

}  // namespace focal::desk

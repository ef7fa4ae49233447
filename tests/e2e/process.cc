#include "tests/e2e/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace focal::e2e {
namespace fs = std::filesystem;
namespace {

constexpr int kHighFd = 64;  // our ends of the child's descriptors, away from small numbers
constexpr int kFirstPort = 20'000;
constexpr int kPorts = 12'000;  // up to 32000; the system's own begin at 32768

using Steady = std::chrono::steady_clock;

std::uint64_t ms_since(Steady::time_point start) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start).count());
}

void nap(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

[[noreturn]] void broken(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) broken("pipe");
  Pipe out{::fcntl(ends[0], F_DUPFD_CLOEXEC, kHighFd), ::fcntl(ends[1], F_DUPFD_CLOEXEC, kHighFd)};
  ::close(ends[0]);
  ::close(ends[1]);
  if (out.read_end < 0 || out.write_end < 0) broken("dup");
  return out;
}

void write_and_close(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) break;  // nobody reads it: the child has its reasons
    done += static_cast<std::size_t>(n);
  }
  ::close(fd);
}

int code_of(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// The program as an open descriptor: its folders may be closed to the user the child becomes.
int open_program(const Launch& launch) {
  if (!launch.as) return -1;
  const int fd = ::open(launch.words.front().c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) broken("open " + launch.words.front());
  const int high = ::fcntl(fd, F_DUPFD_CLOEXEC, kHighFd);
  ::close(fd);
  return high;
}

// Starts the program; in, out, err become its 0, 1, 2. Pipes of secrets are made here.
pid_t start(const Launch& launch, int in, int out, int err) {
  std::vector<char*> arguments;
  for (const std::string& word : launch.words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (char** e = ::environ; *e != nullptr; ++e)
    if (std::strncmp(*e, "FOCAL_HOME=", 11) != 0 && std::strncmp(*e, "CREDENTIALS_DIRECTORY=", 22) != 0)
      environment.push_back(*e);
  for (const std::string& e : launch.environment) environment.push_back(const_cast<char*>(e.c_str()));
  environment.push_back(nullptr);
  std::vector<std::pair<int, Pipe>> pipes;
  for (const auto& [number, text] : launch.secrets) pipes.emplace_back(number, make_pipe());

  const int program = open_program(launch);
  ::signal(SIGPIPE, SIG_IGN);  // a child that ends before it read its input
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) broken("fork");
  if (pid == 0) {
    if (launch.as) become(*launch.as);  // first: a change of ids forgets the next line
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    ::signal(SIGPIPE, SIG_DFL);
    ::setsid();  // no terminal to ask on
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(err, 2);
    for (const auto& [number, pipe] : pipes) ::dup2(pipe.read_end, number);
    if (launch.as) ::fexecve(program, arguments.data(), environment.data());
    else ::execve(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
  if (program >= 0) ::close(program);
  for (std::size_t i = 0; i < pipes.size(); ++i) {
    ::close(pipes[i].second.read_end);
    write_and_close(pipes[i].second.write_end, launch.secrets[i].second);
  }
  return pid;
}

}  // namespace

Ran run(const Launch& launch, std::uint64_t limit_ms) {
  const Pipe in = make_pipe(), out = make_pipe(), err = make_pipe();
  const auto begin = Steady::now();
  const pid_t pid = start(launch, in.read_end, out.write_end, err.write_end);
  ::close(in.read_end);
  ::close(out.write_end);
  ::close(err.write_end);
  write_and_close(in.write_end, launch.input);
  Ran ran;
  std::array<pollfd, 2> fds{{{out.read_end, POLLIN, 0}, {err.read_end, POLLIN, 0}}};
  bool late = false;
  while (!late && (fds[0].fd >= 0 || fds[1].fd >= 0)) {
    const std::uint64_t spent = ms_since(begin);
    late = spent >= limit_ms;
    if (late || ::poll(fds.data(), fds.size(), static_cast<int>(limit_ms - spent)) < 0) continue;
    for (std::size_t i = 0; i < fds.size(); ++i) {
      if (fds[i].fd < 0 || fds[i].revents == 0) continue;
      char buffer[8192];
      const ssize_t n = ::read(fds[i].fd, buffer, sizeof buffer);
      if (n > 0) (i == 0 ? ran.out : ran.err).append(buffer, static_cast<std::size_t>(n));
      else if (n == 0 || errno != EINTR) fds[i].fd = -1;
    }
  }
  if (late) ::kill(pid, SIGKILL);
  ::close(out.read_end);
  ::close(err.read_end);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  ran.code = late ? -1 : code_of(status);
  return ran;
}

Child::Child(const Launch& launch, const fs::path& out, const fs::path& err) {
  const int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const int o = ::open(out.c_str(), flags, 0600);
  const int e = ::open(err.c_str(), flags, 0600);
  if (in < 0 || o < 0 || e < 0) broken("open");
  pid_ = start(launch, in, o, e);
  for (const int fd : {in, o, e}) ::close(fd);
}

Child::~Child() {
  if (!has_ended()) signal_and_wait(SIGKILL);
}

bool Child::has_ended() {
  if (code_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) == pid_) code_ = code_of(status);
  return code_.has_value();
}

void Child::signal(int number) const {
  if (!code_ && pid_ > 1) ::kill(pid_, number);
}

int Child::wait(std::uint64_t limit_ms) {
  if (eventually([this] { return has_ended(); }, limit_ms)) return *code_;
  signal(SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  code_ = -1;
  return -1;
}

int Child::signal_and_wait(int number) {
  signal(number);
  return wait();
}

std::vector<pid_t> children_of(pid_t pid, const std::string& name) {
  std::vector<pid_t> out;
  std::error_code gone;  // processes end while this reads
  for (fs::directory_iterator it("/proc", gone); it != fs::directory_iterator(); it.increment(gone)) {
    const std::string number = it->path().filename();
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string stat = read_text(it->path() / "stat");  // PID (name) STATE PPID …
    const auto open = stat.find('('), close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos) continue;
    std::istringstream rest(stat.substr(close + 1));
    std::string state;
    pid_t parent = 0;
    rest >> state >> parent;
    if (parent == pid && pid > 0 && state != "Z" && stat.substr(open + 1, close - open - 1) == name)
      out.push_back(static_cast<pid_t>(std::stol(number)));
  }
  return out;
}

std::string proc_text(pid_t pid, const std::string& file) {
  std::string text = read_text(fs::path("/proc") / std::to_string(pid) / file);
  for (char& c : text)
    if (c == '\0') c = ' ';
  return text;
}

bool eventually(const std::function<bool()>& test, std::uint64_t limit_ms) {
  const auto begin = Steady::now();
  for (int pause_ms = 1; !test(); pause_ms = std::min(pause_ms * 2, 25)) {
    if (ms_since(begin) >= limit_ms) return false;
    nap(pause_ms);
  }
  return true;
}

int free_port() {
  std::random_device random;
  for (int i = 0; i < 1000; ++i) {
    const int port = kFirstPort + static_cast<int>(random() % kPorts);
    if (PortHolder(port).ok()) return port;
  }
  throw std::runtime_error("no free port");
}

PortHolder::PortHolder(int port) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::listen(fd_, 1) == 0)
    return;
  ::close(fd_);
  fd_ = -1;
}

PortHolder::~PortHolder() {
  if (fd_ >= 0) ::close(fd_);
}

bool answers(const fs::path& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (socket.native().size() >= sizeof address.sun_path) return false;
  std::memcpy(address.sun_path, socket.c_str(), socket.native().size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int rc = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ::close(fd);
  return rc == 0;
}

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();  // a process may end while its file is read: then what came so far
  return out.str();
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << text;
}

}  // namespace focal::e2e

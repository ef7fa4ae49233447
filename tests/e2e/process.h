// Child processes for tests: run one to its end within a bound, or keep one and
// signal it. No child outlives the test program, however that ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/other_user.h"

namespace focal::e2e {

// Bounds every wait. Long, because it only decides how a broken build fails.
inline constexpr std::uint64_t kPatienceMs = 90'000;

using test::become;
using test::Ids;
using test::kNotChanged;
using test::refuse_ids;

struct Launch {
  std::vector<std::string> words;                      // program and arguments
  std::string input;                                   // standard input
  std::vector<std::pair<int, std::string>> secrets{};  // descriptor in the child -> what it reads
  std::vector<std::string> environment{};              // added: "NAME=value"
  std::optional<Ids> as{};                             // another user than we are
};

struct Ran {
  int code = -1;  // exit code, 128 + signal, or -1: killed because it took too long
  std::string out;
  std::string err;
};

Ran run(const Launch& launch, std::uint64_t limit_ms = kPatienceMs);

// A process that goes on. Output is appended to files. The destructor kills it.
class Child {
 public:
  Child(const Launch& launch, const std::filesystem::path& out, const std::filesystem::path& err);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }
  bool has_ended();  // then code() has a value
  std::optional<int> code() const { return code_; }
  void signal(int number) const;
  // Code as in Ran; -1: still running after the limit (it is killed then).
  int wait(std::uint64_t limit_ms = kPatienceMs);
  int signal_and_wait(int number);

 private:
  pid_t pid_ = -1;
  std::optional<int> code_;
};

// Children of pid whose program has that name.
std::vector<pid_t> children_of(pid_t pid, const std::string& name);
// /proc/PID/FILE, zero bytes as blanks; empty if the process is gone.
std::string proc_text(pid_t pid, const std::string& file);

// Asks again and again until it is true (then true) or the time is over.
bool eventually(const std::function<bool()>& test, std::uint64_t limit_ms = kPatienceMs);

// A TCP port of 127.0.0.1 that nobody listens on, outside the range from which the
// system takes the ports of callers.
int free_port();

// Listens on a port of 127.0.0.1 while it lives.
class PortHolder {
 public:
  explicit PortHolder(int port);
  ~PortHolder();
  PortHolder(const PortHolder&) = delete;
  PortHolder& operator=(const PortHolder&) = delete;
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Does anybody accept on that unix socket?
bool answers(const std::filesystem::path& socket);

std::string read_text(const std::filesystem::path& file);  // "" if it is not there
void write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace focal::e2e

#include "node/desk/process_stats.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace focal::desk {
namespace {

// Fields of /proc/self/stat behind the name, which may hold blanks and parentheses: the first of
// these is the third of the manual.
constexpr std::size_t kThreads = 20 - 3, kStarted = 22 - 3, kResident = 24 - 3;

std::vector<std::string> stat_fields() {
  std::ifstream in("/proc/self/stat");
  std::string line;
  std::getline(in, line);
  const std::size_t name_end = line.rfind(')');
  std::vector<std::string> out;
  if (name_end == std::string::npos) return out;
  std::istringstream rest(line.substr(name_end + 1));
  for (std::string word; rest >> word;) out.push_back(word);
  return out;
}

std::uint64_t number(const std::vector<std::string>& fields, std::size_t at) {
  std::uint64_t out = 0;
  if (at < fields.size()) std::istringstream(fields[at]) >> out;
  return out;
}

double seconds(const timespec& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}
double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// The file has the start in ticks since the machine came up. Not from /proc/uptime: a service may
// see its own processes there and nothing else.
double started_at(std::uint64_t ticks) {
  const long per_second = ::sysconf(_SC_CLK_TCK);
  timespec up{}, now{};
  if (per_second <= 0 || ::clock_gettime(CLOCK_BOOTTIME, &up) != 0 ||
      ::clock_gettime(CLOCK_REALTIME, &now) != 0)
    return 0;
  return seconds(now) - seconds(up) + static_cast<double>(ticks) / static_cast<double>(per_second);
}

}  // namespace

ProcessStats read_process_stats() {
  ProcessStats out;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) out.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
  const auto fields = stat_fields();
  const long page = ::sysconf(_SC_PAGESIZE);
  out.threads = number(fields, kThreads);
  out.resident_bytes = number(fields, kResident) * static_cast<std::uint64_t>(page > 0 ? page : 0);
  if (fields.size() > kStarted) out.started_s = started_at(number(fields, kStarted));
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/self/fd", error), end; !error && it != end;
       it.increment(error))
    ++out.open_files;
  if (out.open_files != 0) --out.open_files;  // the one it was read by
  return out;
}

}  // namespace focal::desk

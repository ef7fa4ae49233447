// Runs a program of the operator's, bounded in everything: never through a shell, with the
// environment it is given and no other, with no descriptor but the three standard ones, in a
// process group of its own that is killed when its time is over, with "/" as working folder. What
// it prints is read and thrown away.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace focal::desk {

struct ProgramOrder {
  std::filesystem::path program;
  std::string input;                     // its standard input; at most kMostInput bytes
  std::vector<std::string> environment;  // "NAME=value"
  std::uint64_t limit_ms = 30 * kSecondMs;
};
inline constexpr std::size_t kMostInput = 4096;
inline constexpr std::uint64_t kStopGraceMs = 5 * kSecondMs;

struct ProgramEnd {
  int code = 0;              // exit code, or 128 + signal
  bool timed_out = false;    // killed, because its time was over
  std::uint64_t output = 0;  // bytes that it printed
};

// The caller's thread waits until the program has ended; what it started and left behind in its
// process group is killed then. stop: from any thread, looked at several times a second; once it
// is set the program has kStopGraceMs left at most.
// kIo: it could not be started. kInvalid: the input is too long.
Result<ProgramEnd> run_program(const ProgramOrder& order, const std::atomic<bool>& stop);

}  // namespace focal::desk

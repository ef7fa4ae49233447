// What the tests of the matrix share: one recorded run, and which points of it are
// looked at. FOCAL_CRASH_ALL=1 looks at every point; otherwise at every sync,
// truncation and deletion, and at one write of `stride` (of twice as many in a build
// with sanitizers, which takes five times as long).
#pragma once

#include <string>
#include <vector>

#include "tests/crash/judge.h"
#include "tests/crash/tape.h"
#include "tests/crash/workload.h"

namespace focal::crash {

inline constexpr std::uint64_t kSeed = 1;
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kSlowBuild = true;
#elif defined(__has_feature)
inline constexpr bool kSlowBuild = __has_feature(address_sanitizer);
#else
inline constexpr bool kSlowBuild = false;
#endif

struct Recording {
  std::vector<Event> events;
  std::vector<std::uint64_t> fingerprints;
  std::string failure;  // empty: it went to its end
  int points = 0;
};

const Workload& workload();  // of kSeed, made at first use
// Every step once, on a disk that works.
Recording record(const Workload& work, const Habits& habits = {});
// A start and an orderly end on files that a cut has left.
Recording record_start(const Workload& work, const Files& files, int acknowledged);
const Recording& recorded();  // the one without habits

bool whole_matrix();
// Numbers of points, in order.
std::vector<int> points_to_try(const Recording& run, int stride);

// Everything that may be left at every point: before the change, and with the
// change made but nobody told. Stops at the first thing wrong and says what.
std::string cut_everywhere(const Recording& run, Judge& judge, int stride);

}  // namespace focal::crash

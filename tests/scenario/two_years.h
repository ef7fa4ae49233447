// Two years of three nodes in seconds: weekly keys, one node away for ten weeks twice,
// starts, clocks that jump. Lived by two_years_test.cc with the code as it is, and by
// two_years_defects.cc with a defect planted.
#pragma once

#include <string>
#include <vector>

namespace focal::test {

struct TwoYears {
  std::vector<std::string> wrong;    // what an invariant found, at most kMaxWrong
  std::size_t sent = 0, held_back = 0, restarts = 0, jumps = 0;
  std::size_t destroyed = 0;         // private keys of all nodes
  std::size_t most_keys = 0;         // that a node held at once
  std::size_t late_schedules = 0;    // sendings that had to wait for new keys
};
inline constexpr std::size_t kMaxWrong = 20;

TwoYears live_two_years();

}  // namespace focal::test

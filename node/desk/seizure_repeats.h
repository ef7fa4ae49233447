// The same weapon in two rows of one list: numbers that are equal, or equal but for look-alike
// characters, and nothing else that contradicts. Rows without a number, and numbers with
// unreadable characters, are never called repeats.
#pragma once

#include <vector>

#include "node/desk/seizure_rows.h"
#include "node/record/weapon_match.h"

namespace focal::desk::seizure {

// Rows with one number and something that contradicts are compared with so many earlier ones.
inline constexpr std::size_t kMostCompared = 50;

struct Repeat {
  std::size_t weapon = 0;  // place in the list
  std::size_t first = 0;   // the earlier row it repeats; itself no repeat
  int score = 0;
  record::Tier tier = record::Tier::kExact;
};

// Good rows only, in the order of the list.
std::vector<Repeat> find_repeats(const std::vector<Weapon>& weapons);

// Strong enough to leave a weapon out: one of the three tiers of equal keys, no contradiction.
bool is_same(record::Tier tier, bool contradicted);

}  // namespace focal::desk::seizure

// Three introducers without nodes of their own, and what they list. The first is rogue: it
// lists false roots for a State that everybody knows and for one that is unknown; and it
// makes two directories with one serial. The second may be coerced to list the false root of
// the unknown State too. The third is honest.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "node/exchange/directory.h"
#include "tests/sim/parties.h"

namespace focal::sim {

inline constexpr std::size_t kIntroducers = 3;
inline constexpr std::size_t kNeeded = 2;  // of them

class Introducers {
 public:
  // States with the numbers below `states`; the last of them is the unknown one.
  Introducers(std::size_t states, bool coerced);

  static const Party& party(std::size_t which);  // pinned by everybody, and verified
  static exchange::IntroducerPolicy policy();
  std::size_t stranger() const { return states_ - 1; }
  bool coerced() const { return coerced_; }

  // Its directory; of the rogue one, twin 1 is another text with the same serial.
  std::string directory(std::size_t which, std::size_t twin) const;
  // A card of the unknown State by the false root, and its keys.
  const exchange::Card& false_card() const { return false_card_; }
  const KeySet& false_keys() const;

 private:
  std::size_t states_;
  bool coerced_;
  exchange::Card false_card_;
};

}  // namespace focal::sim

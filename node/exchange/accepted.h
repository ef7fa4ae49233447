// What the leaf of an accepted card says of how it came, written and read in one place:
// "card 3 of XB accepted over the link of XC". With it the desk tells an officer of a card that
// took effect while nobody here decided.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/exchange/card.h"

namespace focal::exchange {

enum class CardWay : std::uint8_t {
  kLink,     // at once, over a link
  kHold,     // nobody decided for 72 hours
  kOfficer,  // an officer here added or confirmed it
};
struct AcceptedCard {
  CardWay way = CardWay::kLink;
  std::string from;  // party whose link brought it, or who the officer is; may be empty of kHold
  bool operator==(const AcceptedCard&) const = default;
};

std::string card_name(const Card& card);  // "card 3 of XB"
std::string accepted_words(const std::string& card, const AcceptedCard& accepted);
// Nothing: other words.
std::optional<AcceptedCard> read_accepted(std::string_view words);

// "UNODA, OSCE": how leaves name introducers.
std::string joined(const std::vector<std::string>& parties);

}  // namespace focal::exchange

#include "node/exchange/accepted.h"

#include "base/check.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kOverLink = " accepted over the link of ";
constexpr std::string_view kAfterHold = " accepted after 72 hours";
constexpr std::string_view kCame = ", came over the link of ";
constexpr std::string_view kBy = " accepted by ";
constexpr std::string_view kConfirmed = " confirmed by ";  // of a card that was held
constexpr std::string_view kCard = "card ";
constexpr std::string_view kOf = " of ";

}  // namespace

std::string card_name(const Card& card) {
  return "card " + std::to_string(card.serial) + " of " + card.party;
}

std::string accepted_words(const std::string& card, const AcceptedCard& accepted) {
  std::string out = card;
  switch (accepted.way) {
    case CardWay::kLink: return out.append(kOverLink).append(accepted.from);
    case CardWay::kOfficer: return out.append(kBy).append(accepted.from);
    case CardWay::kHold:
      out.append(kAfterHold);
      return accepted.from.empty() ? out : out.append(kCame).append(accepted.from);
  }
  FOCAL_CHECK(false);
}

std::optional<AcceptedCard> read_accepted(std::string_view words) {
  if (!words.starts_with(kCard)) return std::nullopt;
  const std::size_t of = words.find(kOf);
  if (of == std::string_view::npos) return std::nullopt;
  const std::size_t end = words.find(' ', of + kOf.size());  // a party has no blank in it
  if (end == std::string_view::npos) return std::nullopt;
  words.remove_prefix(end);
  for (const auto& [start, way] : {std::pair(kOverLink, CardWay::kLink),
                                   std::pair(kBy, CardWay::kOfficer),
                                   std::pair(kConfirmed, CardWay::kOfficer)})
    if (words.starts_with(start))
      return AcceptedCard{way, std::string(words.substr(start.size()))};
  if (!words.starts_with(kAfterHold)) return std::nullopt;
  words.remove_prefix(kAfterHold.size());
  return AcceptedCard{CardWay::kHold, std::string(words.starts_with(kCame)
                                                      ? words.substr(kCame.size())
                                                      : std::string_view())};
}

std::string joined(const std::vector<std::string>& parties) {
  std::string out;
  for (const std::string& party : parties) out.append(out.empty() ? "" : ", ").append(party);
  return out;
}

}  // namespace focal::exchange

// What a node hands to its root machine: the next card, signed by the keys it names but
// not by the root, directly followed by the card in force. A text file of two notes; it
// holds no secret. Whether it comes from the right node no file can say: custodian and
// node compare the number of the card.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/exchange/card.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxRequestSize = 2 * kMaxCardSize;

struct CardRequest {
  UnsignedCard next;
  std::optional<Card> current;  // absent for the first card alone

  bool has_new_root() const { return current && current->root != next.root; }
  bool has_new_keys() const { return current && current->sign != next.sign; }
};

// kLimit, kNote (Windows line ends and a byte order mark are named), the errors of
// parse_unsigned_card and parse_card, and kCardChain: the next card does not follow the
// one in force. It follows if serial and prev do; its root is the same, or the one that
// was announced; the announced next root changes with the root and not without it; the
// log's generation rises by one exactly when the log key is another; and issued is later.
Result<CardRequest> parse_card_request(std::string_view file);
// The file; current_note is empty for the first card. Passes parse_card_request, or
// fails like it.
Result<std::string> make_card_request(std::string_view unsigned_card, std::string_view current_note);

// Thirty digits that tell two cards apart, as people compare them: six groups of five.
std::string card_number(const Hash32& card_id);

}  // namespace focal::exchange

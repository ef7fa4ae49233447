// An introduction file (*.focalcard): a card note, directly followed by the party's
// newest schedule note, if any. What two focal points hand each other at first
// contact. Carries no trust by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "node/exchange/card.h"
#include "node/exchange/schedule.h"

namespace focal::exchange {

inline constexpr std::size_t kMaxIntroSize = kMaxCardSize + kMaxScheduleSize;

// Where the first of the notes that directly follow each other ends; npos if it does not.
std::size_t end_of_first_note(std::string_view file);

struct Introduction {
  Card card;
  std::optional<Schedule> schedule;
};

// kLimit, kNote (Windows line ends and a byte order mark are named), and the errors
// of parse_card, parse_schedule and check_schedule_of.
Result<Introduction> parse_intro(std::string_view file);
// The file; schedule_note may be empty. Passes parse_intro, or fails like it.
Result<std::string> make_intro(std::string_view card_note, std::string_view schedule_note);

}  // namespace focal::exchange

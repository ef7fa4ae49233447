// What an officer decided about a party, in the words that the ledger keeps with its leaf:
// written and read in one place. "VERIFIED PHONE by jo (uid 1000)",
// "SUSPENDED by jo (uid 1000): the server was stolen".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace focal::desk {

inline constexpr std::size_t kMaxDecisionReason = 1000;  // bytes

struct Decision {
  std::string act;     // VERIFIED, SUSPENDED, RESUMED, CONFIRMED, REJECTED
  std::string how;     // PHONE, IN_PERSON, NOTE_VERBALE; empty: does not apply
  std::string who;
  std::string reason;  // may be empty
  bool operator==(const Decision&) const = default;
};

std::string decision_text(const Decision& decision);
// Nothing if it is no text of decision_text(): the exchange itself did it, or an older program.
std::optional<Decision> read_decision(std::string_view text);

}  // namespace focal::desk

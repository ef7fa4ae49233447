// What an officer decided about a party, as the ledger keeps it with its leaf: written and read in
// one place. The words, "SUSPENDED: the server was stolen", stand in the detail that names the
// officer (act_detail.h); older programs wrote "SUSPENDED by jo (uid 1000): the server was stolen".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace focal::desk {

inline constexpr std::size_t kMaxDecisionReason = 1000;  // bytes

struct Decision {
  std::string act;     // VERIFIED, SUSPENDED, RESUMED, SEEN (reason: the newest leaf looked at)
  std::string how;     // PHONE, IN_PERSON, NOTE_VERBALE; empty: does not apply
  std::string reason;  // may be empty
  std::string who;     // read only: "jo (uid 1000, OFFICER)"; empty: the exchange itself
  bool operator==(const Decision&) const = default;
};

std::string decision_words(const Decision& decision);  // without who
// Of the detail of a leaf. Nothing if it holds no such words.
std::optional<Decision> read_decision(std::string_view detail);

// What an officer looked at: every entry about the party up to that leaf. -1: other words.
std::string seen_words(std::int64_t leaf);
std::int64_t read_seen(std::string_view reason);

}  // namespace focal::desk

// The names that parties and their desks have (docs/protocol.md, "Names"). Pure
// grammar, said once; whether a party is known is decided elsewhere.
#pragma once

#include <cstddef>
#include <string_view>

namespace focal {

inline constexpr std::size_t kMinPartySize = 2;
inline constexpr std::size_t kMaxPartySize = 12;
inline constexpr std::size_t kMaxDeskSize = 16;

bool is_party(std::string_view text);  // [A-Z][A-Z0-9-]{1,11}: "XA", "UNODA", "XA-ITI"
bool is_desk(std::string_view text);   // [A-Z0-9-]{1,16}: "TRACE"

}  // namespace focal

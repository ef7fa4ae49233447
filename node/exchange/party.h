// Names: parties, desks, kinds (docs/protocol.md, "Names"). Pure grammar; whether
// a party is known or a kind defined is decided elsewhere.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/names.h"
#include "base/result.h"
#include "node/record/kinds.h"

namespace focal::exchange {

using focal::is_desk;
using focal::is_party;
// "trace.request"; the grammar is the schema's.
inline bool is_kind(std::string_view text) { return record::is_kind_name(text); }

struct Address {
  std::string party;
  std::string desk;  // empty: the party as a whole

  friend bool operator==(const Address&, const Address&) = default;
};
// "XA" or "XA/TRACE". kInvalid.
Result<Address> parse_address(std::string_view text);
std::string format_address(const Address& address);

// Audience of a manifest: 1..256 parties, bytewise ascending, none twice.
// kLint, kLimit; path Manifest.to.
Status check_audience(std::span<const std::string> to);

}  // namespace focal::exchange

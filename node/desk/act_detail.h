// The text under a leaf that a person's act made: who, as what, what, and why; and who else
// released it (docs/protocol.md, "Details"). Kept sealed, checked against the leaf when it is read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace focal::desk {

inline constexpr std::string_view kTheNode = "the node";  // no person can be called that

struct Actor {
  std::string person;     // its name at this node; empty: the user is none
  std::uint32_t uid = 0;
  std::string role;       // by which the act is allowed; OWNER: nobody is named yet
  bool operator==(const Actor&) const = default;
};
// "jo (uid 1000, OFFICER)"
std::string actor_text(const Actor& actor);

struct ActDetail {
  Actor actor;
  std::string act;        // "trace.answer"
  std::string release;    // "R-3"; empty: it needed no second officer
  Actor approver;         // with a release
  // Of a change here that a second officer released; a record carries its own.
  std::string certificate;
  std::string statement;  // what the signature is over: PAE("application/vnd.focal.act.v1", …)
  Bytes signature;
  std::string reason;     // free text; may have several lines
};

std::string detail_text(const ActDetail& detail);
// "jo (uid 1000, OFFICER), released by mia (uid 1001, SUPERVISOR)"
std::string who_text(const ActDetail& detail);
// "jo (uid 1000, OFFICER), released by mia (uid 1001, SUPERVISOR): the reason"; another text as it
// is.
std::string detail_words(std::string_view text);
// Nothing: another text.
std::optional<ActDetail> parse_detail(std::string_view text);

}  // namespace focal::desk

// What a peer may do (docs/protocol.md, "Trust"): a level that rises only by
// introducers or by comparing the safety number, and two blocks. One policy for
// both directions; the level each kind needs stands in the record schema.
#pragma once

#include <string>
#include <string_view>

#include "node/record/kinds.h"

namespace focal::exchange {

using record::TrustLevel;

struct Standing {
  TrustLevel level = TrustLevel::kNone;
  bool suspended = false;  // nothing is sent, records WAIT, receipts still count
  bool revoked = false;    // nothing is sent, the link is dropped, nothing is deleted
};

// The level a kind needs: the schema's; for a kind newer than this program VERIFIED.
TrustLevel required_level(std::string_view kind);

enum class Permission {
  kAllowed,
  kLevelTooLow,  // WAIT NEED_TRUST
  kSuspended,    // WAIT, without the end after 30 days
  kRevoked,
};
// May a record that needs this level pass between us and a peer of this standing.
Permission check_level(TrustLevel needed, const Standing& standing);
// The same for a kind, by its schema; a node's own rules: Peers::check_kind.
Permission check_kind(std::string_view kind, const Standing& standing);
bool allows(std::string_view kind, const Standing& standing);
// Receipts: from INTRODUCED on, also while suspended.
bool allows_receipts(const Standing& standing);
// Notes (card, schedule) and with them the link: everybody pinned and not revoked.
bool allows_notes(const Standing& standing);

// "VERIFIED", or "REVOKED"/"SUSPENDED", which hide the level.
std::string_view standing_name(const Standing& standing);
// One or two sentences for operators: what the standing means and how it changes.
std::string describe(const Standing& standing);

}  // namespace focal::exchange

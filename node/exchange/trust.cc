#include "node/exchange/trust.h"

#include "base/check.h"

namespace focal::exchange {

TrustLevel required_level(std::string_view kind) {
  const record::KindInfo* info = record::find_kind(kind);
  return info == nullptr ? TrustLevel::kVerified : info->min_level;
}

Permission check_level(TrustLevel needed, const Standing& standing) {
  if (standing.revoked) return Permission::kRevoked;
  // A schema that allowed a kind at NONE would still not open a door: to NONE pass notes only.
  if (standing.level == TrustLevel::kNone || standing.level < needed)
    return Permission::kLevelTooLow;
  return standing.suspended ? Permission::kSuspended : Permission::kAllowed;
}

Permission check_kind(std::string_view kind, const Standing& standing) {
  return check_level(required_level(kind), standing);
}

bool allows(std::string_view kind, const Standing& standing) {
  return check_kind(kind, standing) == Permission::kAllowed;
}

bool allows_receipts(const Standing& standing) {
  return !standing.revoked && standing.level >= TrustLevel::kIntroduced;
}

bool allows_notes(const Standing& standing) { return !standing.revoked; }

std::string_view standing_name(const Standing& standing) {
  if (standing.revoked) return "REVOKED";
  if (standing.suspended) return "SUSPENDED";
  return record::trust_name(standing.level);
}

std::string describe(const Standing& standing) {
  if (standing.revoked)
    return "Revoked: the party's card was withdrawn. Nothing is sent or accepted; what was "
           "exchanged before is kept.";
  if (standing.suspended)
    return "Suspended: nothing is sent and its records wait; receipts still count. An operator "
           "ends this.";
  switch (standing.level) {
    case TrustLevel::kNone:
      return "Not trusted yet: the card is pinned, but only cards and schedules pass. Compare the "
             "safety number by voice to verify it.";
    case TrustLevel::kIntroduced:
      return "Introduced: others vouch for the card. Only receipts and records about the "
             "connection itself pass. Compare the safety number by voice to verify it.";
    case TrustLevel::kVerified:
      return "Verified: the safety number was compared. Every kind of record passes.";
  }
  FOCAL_CHECK(false);
}

}  // namespace focal::exchange

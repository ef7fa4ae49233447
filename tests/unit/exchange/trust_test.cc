// Goal: what each standing lets through, and nothing more.
// Method: every level and block against kinds of the schema and unknown kinds.
#include "node/exchange/trust.h"

#include <gtest/gtest.h>

namespace focal::exchange {
namespace {

constexpr Standing kNone{TrustLevel::kNone};
constexpr Standing kIntroduced{TrustLevel::kIntroduced};
constexpr Standing kVerified{TrustLevel::kVerified};
constexpr Standing kSuspended{TrustLevel::kVerified, true, false};
constexpr Standing kRevoked{TrustLevel::kVerified, false, true};

TEST(Trust, ToNoneNothingPassesButNotes) {
  for (const record::KindInfo& kind : record::kinds())
    EXPECT_EQ(check_kind(kind.name, kNone), Permission::kLevelTooLow) << kind.name;
  EXPECT_FALSE(allows_receipts(kNone));
  EXPECT_TRUE(allows_notes(kNone));
  EXPECT_FALSE(allows("peer.ping", Standing{}));  // the default is NONE
}

// What shows logs and records to each other is for parties that have verified each other.
TEST(Trust, ToIntroducedOnlyTheConnectionsOwnKinds) {
  for (const record::KindInfo& kind : record::kinds()) {
    const bool own = kind.name == "peer.ping" || kind.name == "peer.psk_confirm";
    EXPECT_EQ(allows(kind.name, kIntroduced), own) << kind.name;
    EXPECT_EQ(required_level(kind.name), own ? TrustLevel::kIntroduced : TrustLevel::kVerified);
  }
  EXPECT_TRUE(allows_receipts(kIntroduced));
}

TEST(Trust, ToVerifiedEverything) {
  ASSERT_FALSE(record::kinds().empty());
  for (const record::KindInfo& kind : record::kinds())
    EXPECT_TRUE(allows(kind.name, kVerified)) << kind.name;
  EXPECT_TRUE(allows_receipts(kVerified));
}

TEST(Trust, UnknownKindsNeedVerified) {
  for (const char* kind : {"future.kind", "peer.future", ""}) {
    EXPECT_EQ(check_kind(kind, kIntroduced), Permission::kLevelTooLow) << kind;
    EXPECT_TRUE(allows(kind, kVerified)) << kind;
  }
}

TEST(Trust, SuspendedKeepsReceiptsRevokedNothing) {
  EXPECT_EQ(check_kind("peer.ping", kSuspended), Permission::kSuspended);
  EXPECT_TRUE(allows_receipts(kSuspended));
  EXPECT_TRUE(allows_notes(kSuspended));
  EXPECT_EQ(check_kind("peer.ping", kRevoked), Permission::kRevoked);
  EXPECT_FALSE(allows_receipts(kRevoked));
  EXPECT_FALSE(allows_notes(kRevoked));
  // A level that is too low stays the answer for a suspended peer.
  EXPECT_EQ(check_kind("trace.request", Standing{TrustLevel::kIntroduced, true, false}),
            Permission::kLevelTooLow);
}

TEST(Trust, StandingsAreNamedAndDescribed) {
  EXPECT_EQ(standing_name(kNone), "NONE");
  EXPECT_EQ(standing_name(kVerified), "VERIFIED");
  EXPECT_EQ(standing_name(kSuspended), "SUSPENDED");
  EXPECT_EQ(standing_name(kRevoked), "REVOKED");
  EXPECT_EQ(standing_name(Standing{TrustLevel::kVerified, true, true}), "REVOKED");
  for (const Standing& s : {kNone, kIntroduced, kVerified, kSuspended, kRevoked})
    EXPECT_GT(describe(s).size(), 20u);
}

}  // namespace
}  // namespace focal::exchange

// Goal: a rule of the configuration raises what a kind needs and never lowers it.
// Method: every kind of the schema under rules for it and its family.
#include "node/exchange/kind_policy.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "node/exchange/trust.h"

namespace focal::exchange {
namespace {

using record::TrustLevel;

TEST(KindPolicy, WithoutRulesTheSchemaDecides) {
  for (const auto& kind : record::kinds())
    EXPECT_EQ(KindPolicy().required_level(kind.name), kind.min_level) << kind.name;
  EXPECT_EQ(KindPolicy().required_level("alert.denial"), TrustLevel::kVerified) << "a newer kind";
}

TEST(KindPolicy, ARuleRaisesItsKindOrItsFamily) {
  const KindRule family{"peer.*", TrustLevel::kVerified};
  ASSERT_TRUE(check_kind_rule(family).has_value());
  EXPECT_TRUE(covers_known_kind(family));
  const KindPolicy policy({family});
  EXPECT_EQ(policy.required_level("peer.ping"), TrustLevel::kVerified);
  const KindPolicy one({{"peer.ping", TrustLevel::kVerified}});
  EXPECT_EQ(one.required_level("peer.ping"), TrustLevel::kVerified);
  const KindPolicy other({{"peer.pin.*", TrustLevel::kVerified}});
  EXPECT_EQ(other.required_level("peer.ping"), TrustLevel::kIntroduced) << "a prefix of letters";
  EXPECT_FALSE(covers_known_kind(other.rules().front()));
}

TEST(KindPolicy, NoRuleLowers) {
  for (const auto& kind : record::kinds()) {
    const KindRule low{kind.name, TrustLevel::kIntroduced};
    const bool lowers = kind.min_level > TrustLevel::kIntroduced;
    const auto checked = check_kind_rule(low);
    EXPECT_EQ(checked.has_value(), !lowers) << kind.name;
    if (lowers) {
      EXPECT_NE(checked.error().message.find(kind.name), std::string::npos);
    }
    // Even unchecked it would not.
    EXPECT_EQ(KindPolicy({low}).required_level(kind.name), kind.min_level) << kind.name;
  }
  EXPECT_FALSE(check_kind_rule({"trace.*", TrustLevel::kIntroduced}).has_value());
  EXPECT_FALSE(check_kind_rule({"alert.*", TrustLevel::kIntroduced}).has_value()) << "newer kinds";
  EXPECT_TRUE(check_kind_rule({"alert.*", TrustLevel::kVerified}).has_value());
  const KindPolicy both({{"peer.*", TrustLevel::kVerified}, {"peer.ping", TrustLevel::kIntroduced}});
  EXPECT_EQ(both.required_level("peer.ping"), TrustLevel::kVerified) << "the highest counts";
}

TEST(KindPolicy, WhatIsNoKindIsRefused) {
  for (const char* wrong : {"", "*", ".*", "Peer.ping", "peer ping", "peer.", "peer..*", "peer*",
                            "peer.*.*", "1.*"})
    EXPECT_FALSE(check_kind_rule({wrong, TrustLevel::kVerified}).has_value()) << wrong;
}

}  // namespace
}  // namespace focal::exchange

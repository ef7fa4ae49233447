// Goal: the registry of kinds says what the schema says.
// Method: look-ups, and the rules every kind must follow.
#include "node/record/kinds.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace focal::record {
namespace {

TEST(Kinds, EveryKindIsConsistent) {
  std::set<std::string> names;
  for (const KindInfo& kind : kinds()) {
    EXPECT_TRUE(is_kind_name(kind.name)) << kind.name;
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    std::string field = kind.name;
    std::replace(field.begin(), field.end(), '.', '_');
    EXPECT_EQ(kind.field_name, field);
    EXPECT_EQ(find_kind(kind.name), &kind);
    EXPECT_EQ(kind.lane == 0, kind.name.rfind("peer.", 0) == 0) << kind.name;
    EXPECT_NE(kind.min_level, TrustLevel::kNone) << "nothing but notes passes at NONE";
    EXPECT_EQ(kind.is_case_event, !kind.life.empty());
    EXPECT_TRUE(!kind.is_case_root || kind.is_case_event);
  }
}

TEST(Kinds, TracingIsWhole) {
  for (const char* name :
       {"trace.request", "trace.ack", "trace.info_request", "trace.info_supply", "trace.delay",
        "trace.interim", "trace.response", "trace.refusal", "trace.clarify", "trace.clarify_reply",
        "trace.withdraw", "trace.close", "trace.reopen", "trace.correction"}) {
    const KindInfo* kind = find_kind(name);
    ASSERT_NE(kind, nullptr) << name;
    EXPECT_EQ(kind->min_level, TrustLevel::kVerified);
    EXPECT_EQ(kind->life, "tracing");
    EXPECT_TRUE(kind->states_only);
    EXPECT_EQ(kind->is_case_root, kind->name == "trace.request");
  }
  const KindInfo* ping = find_kind("peer.ping");
  ASSERT_NE(ping, nullptr);
  EXPECT_FALSE(ping->is_case_event);
  EXPECT_EQ(ping->min_level, TrustLevel::kIntroduced);
}

TEST(Kinds, UnknownKindAndNameGrammar) {
  EXPECT_FALSE(is_known_kind("alert.unheard_of"));
  EXPECT_FALSE(is_known_kind(""));
  EXPECT_TRUE(is_kind_name("a"));
  EXPECT_TRUE(is_kind_name("a1_b.c"));
  EXPECT_TRUE(is_kind_name(std::string(64, 'a')));
  for (const char* bad : {"", ".", "a.", ".a", "a..b", "A", "a.B", "1a", "a.1", "_a", "a-b", "a b"})
    EXPECT_FALSE(is_kind_name(bad)) << bad;
  EXPECT_FALSE(is_kind_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace focal::record

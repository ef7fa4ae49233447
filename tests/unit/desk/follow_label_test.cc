// Goal: what a party answered passes to another one only where each of its labels lets it, and
// then under the strictest label. Method: a table of limits; labels made stricter one by one.
#include "node/desk/follow_label.h"

#include <gtest/gtest.h>

#include "proto/record.pb.h"

namespace focal::desk {
namespace {

record::Label label(const std::string& onward, std::vector<std::string> named = {}) {
  record::Label out;
  out.tlp = "AMBER+STRICT";
  out.h_codes = {"H1", "H2"};
  out.purposes = {"CRIMINAL_INVESTIGATION", "DIVERSION_ANALYSIS"};
  out.onward = onward;
  out.onward_named = std::move(named);
  out.use = "INVESTIGATION";
  out.retain_until = "2031-03-20";
  out.provider = "XB";
  return out;
}

std::string why(const std::vector<record::Label>& labels) {
  return why_not_passed_on(labels, "XB", "XC", "2026-11-26").value_or("");
}

TEST(FollowLabel, EachLimitIsNamed) {
  const auto named = label("NAMED", {"XE", "XC"});
  EXPECT_EQ(why({named}), "");
  EXPECT_EQ(why({}), "XB's answer has no label");
  EXPECT_EQ(why({label("NONE")}), "XB allows no onward disclosure");
  EXPECT_EQ(why({label("ASK")}), "XB has to consent first (ask XB)");
  EXPECT_EQ(why({label("NAMED", {"XE"})}), "XB allows it for XE only (ask XB)");
  EXPECT_EQ(why({named, label("ASK")}), "XB has to consent first (ask XB)")
      << "each of them counts";
  auto red = named;
  red.tlp = "RED";
  EXPECT_EQ(why({red}), "XB marked it TLP:RED, for named recipients only");
  red.named_recipients = {"POLICE", "XC"};
  EXPECT_EQ(why({red}), "");
  auto words = named;
  words.h_codes.emplace_back("H3");
  EXPECT_NE(why({words}).find("in words"), std::string::npos);
  auto over = named;
  over.retain_until = "2026-11-25";
  EXPECT_EQ(why({over}), "XB allows keeping it until 2026-11-25 only");
  for (auto* field : {&over.onward, &over.tlp, &over.use}) {
    auto newer = named;
    *(field == &over.onward ? &newer.onward : field == &over.tlp ? &newer.tlp : &newer.use) = "NEW";
    EXPECT_NE(why({newer}).find("a newer version"), std::string::npos);
  }
  auto free = label("FREE");
  free.tlp = "GREEN";
  free.h_codes = {"H1"};
  EXPECT_EQ(why({free}), "");
  EXPECT_EQ(why_not_passed_on({named}, "XB", "XC-ITI", "2026-11-26").value_or(""),
            "XB allows it for XE, XC only (ask XB)")
      << "another focal point of that State is another party";
}

focal::v1::Label ours() {
  focal::v1::Label out;
  out.set_tlp("AMBER");
  out.add_h_codes("H1");
  out.add_purposes("CRIMINAL_INVESTIGATION");
  out.add_purposes("RETURN_TO_OWNER");
  out.add_named_recipients("NPC_DESK");
  out.add_named_recipients("POLICE");
  out.set_onward("ASK");
  out.set_use("EVIDENCE_WITH_CONSENT");
  out.set_retain_until("2031-03-31");
  out.set_review_on("2031-03-30");
  out.set_source_grade("A");
  out.set_info_grade("1");
  out.set_provider("XA");
  return out;
}

TEST(FollowLabel, TheStrictestOfEachRule) {
  auto theirs = label("NAMED", {"XC"});
  theirs.named_recipients = {"POLICE", "PROSECUTION", "XA"};
  auto own = ours();
  ASSERT_TRUE(make_strictest({theirs}, "XC", &own));
  EXPECT_EQ(own.tlp(), "AMBER+STRICT");
  EXPECT_EQ(own.h_codes_size(), 2);
  ASSERT_EQ(own.purposes_size(), 1);
  EXPECT_EQ(own.purposes(0), "CRIMINAL_INVESTIGATION");
  ASSERT_EQ(own.named_recipients_size(), 1);
  EXPECT_EQ(own.named_recipients(0), "POLICE");
  EXPECT_EQ(own.onward(), "ASK");
  EXPECT_EQ(own.onward_named_size(), 0);
  EXPECT_EQ(own.use(), "INVESTIGATION");
  EXPECT_EQ(own.retain_until(), "2031-03-20");
  EXPECT_EQ(own.review_on(), "2031-03-20") << "not after the end";
  EXPECT_EQ(own.provider(), "XA");
}

TEST(FollowLabel, OnwardStaysWithinWhatBothName) {
  auto own = ours();
  own.set_onward("FREE");
  own.set_tlp("GREEN");
  ASSERT_TRUE(make_strictest({label("NAMED", {"XC", "XE"})}, "XC", &own));
  EXPECT_EQ(own.onward(), "NAMED");
  EXPECT_EQ(own.onward_named_size(), 2);
  auto free = ours();
  free.set_onward("FREE");
  free.set_tlp("GREEN");
  auto theirs = label("FREE");
  theirs.tlp = "GREEN";
  ASSERT_TRUE(make_strictest({theirs}, "XC", &free));
  EXPECT_EQ(free.onward(), "ASK") << "FREE contradicts their H2";
  free.set_use("EVIDENCE");
  theirs.use = "EVIDENCE";
  ASSERT_TRUE(make_strictest({theirs}, "XC", &free));
  EXPECT_EQ(free.use(), "EVIDENCE_WITH_CONSENT") << "EVIDENCE contradicts their H1";
}

TEST(FollowLabel, WhereNothingIsCommonNothingIsMade) {
  auto purpose = label("NAMED", {"XC"});
  purpose.purposes = {"STATISTICS"};
  auto recipients = label("NAMED", {"XC"});
  recipients.named_recipients = {"XA", "CUSTOMS"};
  for (const auto& theirs : {purpose, recipients}) {
    auto own = ours();
    EXPECT_FALSE(make_strictest({theirs}, "XC", &own));
    EXPECT_EQ(own.SerializeAsString(), ours().SerializeAsString()) << "left as it was";
  }
}

}  // namespace
}  // namespace focal::desk

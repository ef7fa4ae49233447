// Goal: who decided, how and why is read again as it was written. Method: both ways, the words of
// older programs, and texts that nobody here wrote.
#include "node/desk/decisions.h"

#include <gtest/gtest.h>

#include "node/desk/act_detail.h"

namespace focal::desk {
namespace {

TEST(Decisions, AreReadAsTheyWereWritten) {
  for (const Decision& each :
       {Decision{"VERIFIED", "PHONE", "", ""},
        Decision{"SUSPENDED", "", "the server was stolen: ask by telephone", ""},
        Decision{"RESUMED", "", "", ""}}) {
    EXPECT_EQ(read_decision(decision_words(each)), each) << decision_words(each);
    ActDetail detail;
    detail.actor = {"jo", 1000, "OFFICER"};
    detail.act = "peer.verify";
    detail.reason = decision_words(each);
    Decision with = each;
    with.who = "jo (uid 1000, OFFICER)";
    EXPECT_EQ(read_decision(detail_text(detail)), with);
    detail.release = "R-3";
    detail.approver = {"mia", 1001, "SUPERVISOR"};
    with.who += ", released by mia (uid 1001, SUPERVISOR)";
    EXPECT_EQ(read_decision(detail_text(detail)), with);
  }
}

TEST(Decisions, OfOlderProgramsAreUnderstood) {
  EXPECT_EQ(read_decision("VERIFIED PHONE by root (uid 0)"),
            (Decision{"VERIFIED", "PHONE", "", "root (uid 0)"}));
  EXPECT_EQ(read_decision("SUSPENDED by uid 7: stolen: ask"),
            (Decision{"SUSPENDED", "", "stolen: ask", "uid 7"}));
}

TEST(Decisions, OtherTextsAreNone) {
  for (const char* text : {"", "introduced by UNODA", "verified by jo", " by jo", "focal-detail/v1\n"})
    EXPECT_FALSE(read_decision(text)) << text;
}

}  // namespace
}  // namespace focal::desk

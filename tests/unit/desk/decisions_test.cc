// Goal: who decided, how and why is read again as it was written. Method: both ways, and texts
// that nobody here wrote.
#include "node/desk/decisions.h"

#include <gtest/gtest.h>

namespace focal::desk {
namespace {

TEST(Decisions, AreReadAsTheyWereWritten) {
  for (const Decision& each :
       {Decision{"VERIFIED", "PHONE", "jo (uid 1000)", ""},
        Decision{"SUSPENDED", "", "uid 7", "the server was stolen: ask by telephone"},
        Decision{"CONFIRMED", "IN_PERSON", "jo (uid 1000)", "card 3 by Ms Okafor"},
        Decision{"RESUMED", "", "jo (uid 1000)", ""}, Decision{"REJECTED", "", "jo", "not theirs"}})
    EXPECT_EQ(read_decision(decision_text(each)), each) << decision_text(each);
  EXPECT_EQ(decision_text({"VERIFIED", "PHONE", "root (uid 0)", ""}),
            "VERIFIED PHONE by root (uid 0)");
}

TEST(Decisions, OtherTextsAreNone) {
  for (const char* text : {"", "VERIFIED", "introduced by UNODA", "verified by jo", " by jo"})
    EXPECT_FALSE(read_decision(text)) << text;
}

}  // namespace
}  // namespace focal::desk

// Goal: every fault of a link is named at its step, at its end, with what to do about it, and nothing
// is named when all is well or because something before it failed. Method: the facts of a link that
// works, one fault put in at a time (doctor_faults.cc).
#include "tests/unit/desk/doctor_faults.h"

namespace focal::desk {
namespace {

TEST(Doctor, NothingIsNamedWhenAllIsWell) {
  for (const LinkFacts& facts : {well(), answered()}) {
    const auto steps = walk_link(facts);
    EXPECT_TRUE(is_well(steps));
    EXPECT_EQ(first_failing(steps), nullptr);
    for (const Step& step : steps)
      EXPECT_TRUE(step.found == Found::kOk || step.found == Found::kNotAsked) << named(step);
  }
}

TEST(Doctor, TheWalkHasItsOrderAtBothEnds) {
  Names ours, theirs;
  for (const Step& step : walk_link(answered()))
    (step.where == End::kOurs ? ours : theirs).push_back(std::string(walk_name(step.step)));
  EXPECT_EQ(ours, (Names{"NODE", "ADDRESS", "CONNECTION", "KEY", "CLOCK", "TRUST", "POLICY", "STORE"}));
  EXPECT_EQ(theirs, (Names{"PEER", "ADDRESS", "KEY", "CLOCK", "TRUST", "POLICY", "STORE"}));
}

TEST(Doctor, FaultsOfTheWay) { expect_alone(faults_of_the_way()); }

TEST(Doctor, FaultsOfTheKeys) { expect_alone(faults_of_the_keys()); }

TEST(Doctor, FaultsOfClockAndTrust) { expect_alone(faults_of_clock_and_trust()); }

TEST(Doctor, FaultsOfPolicyAndStore) { expect_alone(faults_of_policy_and_store()); }

}  // namespace
}  // namespace focal::desk

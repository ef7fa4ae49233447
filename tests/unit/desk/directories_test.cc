// Goal: introducers are compared honestly: whose directory counts and why not, which key they list
// for whom, and where they or this node disagree. Method: a whole node with a policy; directories
// made here.
#include "node/desk/directories.h"

#include "tests/unit/desk/trust_fixture.h"

namespace focal::desk {
namespace {

class DirectoriesTest : public TrustDesk {
 protected:
  void SetUp() override {
    TrustDesk::SetUp();
    know(unoda);
    ASSERT_TRUE(add(osce.card_note()).has_value());  // not verified
    know(xb);
  }
  v1::DirectoryCompareResponse compared() {
    v1::DirectoryCompareResponse out;
    compare_all(node(), &out);
    return out;
  }
  const TestParty unoda{"UNODA", 31}, osce{"OSCE", 61}, xb{"XB", 91};
};

TEST_F(DirectoriesTest, WhoseCountsAndWhyNot) {
  EXPECT_EQ(notes(directory(unoda, 1, {{"XB", xb.root.pk, 1}})).notes(0).result(), "TAKEN");
  EXPECT_EQ(notes(directory(osce, 1, {{"XB", xb.root.pk, 1}})).notes(0).result(), "TAKEN");
  v1::DirectoryListResponse out;
  list_directories(node(), &out);
  EXPECT_EQ(out.policy(), "") << "the configuration of the test names nobody";
  ASSERT_EQ(out.directories_size(), 2);
  for (const auto& each : out.directories()) {
    EXPECT_FALSE(each.counts());
    EXPECT_THAT(each.text(), HasSubstr("does not name " + each.introducer()));
    EXPECT_EQ(each.entries(), 1u);
    EXPECT_GT(each.leaf_index(), 0u);
  }
  EXPECT_EQ(policy_text({2, {"UNODA", "OSCE"}}), "2 of UNODA, OSCE");
}

TEST_F(DirectoriesTest, EveryEntryAgainstTheKeyThatIsHere) {
  const auto own = w.core("XA").self().card.root;
  const auto other = test::signing_key(210).pk;
  notes(directory(unoda, 1, {{"OSCE", osce.root.pk, 1}, {"XA", own, 1}, {"XB", other, 1},
                             {"XQ", other, 4}}));
  v1::DirectoryShowResponse out;
  ASSERT_TRUE(show_directory(node(), "UNODA", &out).has_value());
  ASSERT_EQ(out.entries_size(), 4);
  EXPECT_EQ(out.entries(0).known(), "SAME_KEY");
  EXPECT_EQ(out.entries(1).known(), "SELF");
  EXPECT_EQ(out.entries(2).known(), "OTHER_KEY");
  EXPECT_EQ(out.entries(3).known(), "NOT_MET");
  EXPECT_THAT(out.note(), HasSubstr("focal-directory/v1"));
  EXPECT_EQ(peer("XB")->card.root, xb.root.pk) << "nothing is replaced";
  EXPECT_EQ(trust("XB").level(), "VERIFIED");
  const Status none = show_directory(node(), "ECOWAS", &out);
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST_F(DirectoriesTest, WhereTheyDisagree) {
  const auto one = test::signing_key(210).pk, two = test::signing_key(211).pk;
  notes(directory(unoda, 1, {{"XB", xb.root.pk, 1}, {"XQ", one, 1}, {"XR", one, 1}}));
  notes(directory(osce, 1, {{"XB", xb.root.pk, 1}, {"XQ", two, 1}}));
  auto out = compared();
  ASSERT_EQ(out.introducers_size(), 2);
  ASSERT_EQ(out.parties_size(), 3);
  EXPECT_EQ(out.parties(0).text(), "all agree");
  EXPECT_TRUE(out.parties(1).differs());
  EXPECT_THAT(out.parties(1).text(), HasSubstr("call XQ"));
  EXPECT_EQ(out.parties(2).text(), "only UNODA lists it");
  EXPECT_EQ(out.parties(2).listed(0).party(), "") << "OSCE, in the order of the columns";
  EXPECT_EQ(out.differences(), 1u);
}

TEST_F(DirectoriesTest, TwoOfOneSerialAreShownAndSuspendNothing) {
  const std::string a = directory(unoda, 1, {{"XQ", test::signing_key(210).pk, 1}});
  const std::string b = directory(unoda, 1, {{"XQ", test::signing_key(211).pk, 1}});
  EXPECT_EQ(notes(a).notes(0).result(), "TAKEN");
  notes(b);
  EXPECT_EQ(trust("UNODA").level(), "VERIFIED");
  EXPECT_EQ(trust("UNODA").fork_proofs(), 1u);
  const auto alarms = trust_alarms(node(), w.now());
  ASSERT_EQ(alarms.size(), 1u);
  EXPECT_THAT(alarms[0], HasSubstr("UNODA has contradicted itself"));
}

}  // namespace
}  // namespace focal::desk

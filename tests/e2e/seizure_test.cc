// Goal: an officer imports a dirty seizure list by the command line: looks at it, mends what is
// wrong, sends the rest, and is told what was asked before. Method: real programs, the list of
// tests/vectors/seizure, two States of which one is met.
#include <fstream>

#include "tests/e2e/harness.h"
#include "tests/support/paths.h"

namespace focal::e2e {
namespace {

std::string vector(const std::string& name) {
  return test::in_tree("tests/vectors/seizure/" + name);
}

class SeizureStory : public Friends {
 protected:
  Words import(Words more) const {
    Words out = {"trace",  "open",
                 "--csv",  vector("dirty_200.csv"),
                 "--from", vector("request.json"),
                 "--map",  vector("map.txt")};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
};

TEST_F(SeizureStory, LookMendSendAndLookAgain) {
  start_both();
  const Ran looked = xa_.focal(import({"--preview"}));
  EXPECT_EQ(looked.code, 0) << looked.err;
  for (const char* part :
       {"200 rows between semicolons", "12 rows are wrong", "6 rows repeat an earlier row",
        "will reach: Fictional State B (XB): 102 weapons in 1 request",
        "stays here: 62 weapons, Fictional State C (XC)", "stays here: 11 weapons, no country"})
    EXPECT_NE(looked.out.find(part), std::string::npos) << part << "\n" << looked.out;

  const std::string errors = xa_.file("errors.csv");
  const Json refused = xa_.refused(import({"--yes", "--errors", errors}), "INVALID");
  EXPECT_TRUE(xa_.ask({"trace", "list"}).is("total", "0")) << "nothing is half-imported";
  std::ifstream in(errors);
  const std::string rows{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 13) << rows;

  const Ran sent = xa_.focal(import({"--yes", "--accept-valid"}));
  ASSERT_EQ(sent.code, 0) << sent.err;
  EXPECT_NE(sent.out.find("sent: 102 weapons in 1 request"), std::string::npos) << sent.out;
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  EXPECT_TRUE(xb_.ask({"trace", "show", "T-1"}).is("trace.items", "102"));

  const Ran again = xa_.focal(import({"--preview"}));
  for (const char* part : {"98 weapons were asked about before", "T-1",
                           "will reach: Fictional State B (XB): 4 weapons in 1 request"})
    EXPECT_NE(again.out.find(part), std::string::npos) << part << "\n" << again.out;
}

}  // namespace
}  // namespace focal::e2e

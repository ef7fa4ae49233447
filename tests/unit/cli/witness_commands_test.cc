// Goal: witness commands say who vouches for the log, and ask before they change it.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/witness.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::WitnessShowResponse shown() {
  v1::WitnessShowResponse out;
  out.mutable_coverage()->set_size(4160);
  out.mutable_coverage()->set_witnessed_size(4096);
  out.mutable_coverage()->set_text("4096 of 4160 leaves witnessed by XB, XC (2 of 3)\x1b[2J");
  for (const char* party : {"XB", "XC", "XD"}) {
    auto* row = out.add_witnesses();
    row->set_party(party);
    row->set_up(std::string(party) != "XD");
    row->set_speaks(std::string(party) != "XD");
    row->set_cosigned_size(std::string(party) == "XD" ? 0 : 4096);
  }
  out.set_quorum(2);
  auto* log = out.add_logs();
  log->set_party("XB");
  log->set_log("focal/XB/log/1");
  log->set_size(640);
  log->set_at("2026-03-02T12:00:00Z");
  return out;
}

TEST_F(App, WitnessShowSaysHowFarByWhomAndForWhom) {
  serve();
  answer("GET /v1/witness", shown());
  const Done done = focal({"witness", "show"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("4096 of 4160 leaves witnessed by XB, XC (2 of 3)"));
  EXPECT_THAT(done.out, HasSubstr("2 of 3. This list counts after the next published checkpoint."));
  EXPECT_THAT(done.out, HasSubstr("has not said that it knows witnessing"));
  EXPECT_THAT(done.out, HasSubstr("focal/XB/log/1"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(focal({"--json", "witness", "show"}).out, HasSubstr("\"unwitnessed_leaves\""));
}

TEST_F(App, WitnessesAreNamedAfterAQuestion) {
  serve();
  v1::WitnessSetResponse set;
  *set.mutable_witness() = shown();
  answer("POST /v1/witness", set);
  EXPECT_EQ(focal({"witness", "set", "XB,XC,XD"}, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(::testing::Contains("POST /v1/witness")));
  EXPECT_EQ(focal({"witness", "set"}).code, kExitUsage);
  EXPECT_EQ(focal({"witness", "set", "XB,XC,XD", "--quorum", "2", "--yes"}).code, 0);
  EXPECT_THAT(body_, HasSubstr("XD"));
  EXPECT_THAT(body_, HasSubstr("\"quorum\""));
  EXPECT_EQ(focal({"witness", "set", "XB", "--quorum", "many", "--yes"}).code, kExitUsage);
  EXPECT_EQ(focal({"witness", "set", "none", "--yes"}).code, 0);
  EXPECT_THAT(body_, Not(HasSubstr("none")));
  EXPECT_EQ(focal({"witness", "auto", "--yes"}).code, 0);
  EXPECT_THAT(body_, HasSubstr("automatic"));
}

}  // namespace
}  // namespace focal::cli

// Goal: `focal doctor` shows each step, what was found and what to do, and its exit code says whether
// something fails. Method: tests/unit/cli/app_fixture.h.
#include "proto/console.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::DoctorResponse walked(bool ok) {
  v1::DoctorResponse out;
  out.set_party("XB");
  out.set_ok(ok);
  out.set_id("ABCD2345");
  auto* fine = out.add_steps();
  fine->set_step("ADDRESS");
  fine->set_state("OK");
  fine->set_text("tcp://xb.example:7117");
  fine->set_where("OURS");
  auto* other = out.add_steps();
  other->set_step("STORE");
  other->set_state(ok ? "OK" : "FAILED");
  other->set_code(ok ? "" : "DISK_LOW_THERE");
  other->set_text("The disk at XB is nearly full\x1b[2J: it takes no records.");
  other->set_cure(ok ? "" : "Call XB: its administrator has to make room.");
  other->set_where("THEIRS");
  return out;
}

TEST_F(App, DoctorShowsTheStepsAndFailsWithThem) {
  serve();
  answer("GET /v1/doctor", walked(false));
  const Done done = focal({"doctor", "XB", "--ask"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_THAT(query_, ::testing::UnorderedElementsAre(::testing::Pair("party", "XB"),
                                                      ::testing::Pair("ask_peer", "true")));
  EXPECT_THAT(done.out, HasSubstr("ADDRESS"));
  EXPECT_THAT(done.out, HasSubstr("FAILED"));
  EXPECT_THAT(done.out, HasSubstr("DISK_LOW_THERE"));
  EXPECT_THAT(done.out, HasSubstr("there"));
  EXPECT_THAT(done.out, HasSubstr("its administrator has to make room"));
  EXPECT_THAT(done.out, HasSubstr("ABCD2345"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
}

TEST_F(App, DoctorSpeaksTheLanguageThatIsAskedFor) {
  serve();
  answer("GET /v1/doctor", walked(true));
  EXPECT_EQ(focal({"doctor", "XB", "--lang", "ar"}).code, kExitOk);
  EXPECT_THAT(query_, ::testing::UnorderedElementsAre(::testing::Pair("party", "XB"),
                                                      ::testing::Pair("lang", "ar")));
  query_.clear();
  EXPECT_EQ(focal({"doctor", "XB", "--lang", "de"}).code, kExitUsage);
  EXPECT_TRUE(query_.empty()) << "nothing was asked";
}

TEST_F(App, DoctorOfTheNodeAsksNothing) {
  serve();
  answer("GET /v1/doctor", walked(true));
  EXPECT_EQ(focal({"doctor"}).code, kExitOk);
  EXPECT_TRUE(query_.empty());
  const Done json = focal({"--json", "doctor"});
  EXPECT_EQ(json.code, kExitOk);
  EXPECT_THAT(json.out, HasSubstr("\"steps\""));
}

TEST_F(App, DoctorAsJsonFailsTheSameWay) {
  serve();
  answer("GET /v1/doctor", walked(false));
  EXPECT_EQ(focal({"--json", "doctor", "XB"}).code, kExitFailed);
}

// On a narrow terminal lines are broken, and nothing is cut.
TEST_F(App, DoctorLosesNothingOnANarrowTerminal) {
  serve();
  answer("GET /v1/doctor", walked(false));
  terminal_out_ = true;
  width_ = 40;
  std::string flat = focal({"doctor", "XB"}).out;
  std::replace(flat.begin(), flat.end(), '\n', ' ');
  std::string one;
  for (const char c : flat)
    if (c != ' ' || one.empty() || one.back() != ' ') one += c;
  EXPECT_THAT(one, HasSubstr("it takes no records."));
}

}  // namespace
}  // namespace focal::cli

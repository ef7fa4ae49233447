// Goal: a meeting shows our code as a secret and sends theirs without ever showing it; a
// pair secret is explained, and destroyed only by somebody who said yes.
// Method: tests/unit/cli/app_fixture.h; their code comes through a pipe.
#include <unistd.h>

#include "proto/pair.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

constexpr const char* kOurs = "FOCAL:1:OURS";
constexpr const char* kTheirs = "FOCAL:1:THEIRS ";  // codes may end with a blank

struct PairCommands : App {
  void SetUp() override {
    serve();
    v1::PairBeginResponse begin;
    begin.set_party("XB");
    begin.set_our_party("XA");
    begin.set_code(kOurs);
    begin.set_until("2026-03-02T12:30:00Z");
    answer("POST /v1/peers/XB/meet", begin);
    v1::PairFinishResponse finish;
    *finish.mutable_pair() = info("UNCONFIRMED");
    finish.set_level("VERIFIED");
    finish.set_outbox_id("17-XB");
    answer("POST /v1/peers/XB/meet/finish", finish);
    v1::PairShowResponse show;
    *show.mutable_pair() = info("CONFIRMED");
    show.mutable_pair()->set_sent_with(3);
    answer("GET /v1/peers/XB/pair", show);
  }
  static v1::PairInfo info(const std::string& state) {
    v1::PairInfo out;
    out.set_party("XB");
    out.set_state(state);
    out.set_state_text("in plain words");
    return out;
  }
  static std::string descriptor_with(const std::string& text) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    ::close(ends[1]);
    return std::to_string(ends[0]);
  }
};

TEST_F(PairCommands, MeetShowsOursAndSendsTheirs) {
  const Done done = focal({"peer", "meet", "XB", "--their-code-fd",
                           descriptor_with(std::string(kTheirs) + "\n")});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.err, HasSubstr("SECRET"));
  EXPECT_THAT(done.err, HasSubstr(kOurs));
  EXPECT_THAT(done.out, HasSubstr("XB is now VERIFIED"));
  EXPECT_THAT(done.out, HasSubstr("17-XB"));
  EXPECT_THAT(done.out, HasSubstr("UNCONFIRMED"));
  EXPECT_THAT(done.out + done.err, Not(HasSubstr("THEIRS")));
  EXPECT_THAT(done.out, Not(HasSubstr(kOurs)));
  v1::PairFinishRequest sent;
  ASSERT_TRUE(json::read(body_, sent));
  EXPECT_EQ(sent.code(), kTheirs) << "to the last blank";
  EXPECT_EQ(asked_, (std::vector<std::string>{"POST /v1/peers/XB/meet",
                                              "POST /v1/peers/XB/meet/finish"}));
}

TEST_F(PairCommands, MeetDrawsTheCodeOnATerminalAndClearsItAfterwards) {
  terminal_out_ = true;
  const Done done = focal({"peer", "meet", "XB", "--their-code-fd", descriptor_with("X\n")});
  EXPECT_THAT(done.err, HasSubstr("\u2580"));
  EXPECT_THAT(done.err, HasSubstr("\033[3J"));
}

TEST_F(PairCommands, MeetShowEndsWithTheCode) {
  const Done done = focal({"peer", "meet", "XB", "--show"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("SECRET"));
  EXPECT_THAT(done.out, HasSubstr(std::string("'") + kOurs + "'"));
  EXPECT_THAT(done.out, HasSubstr("2026-03-02 12:30"));
  EXPECT_EQ(asked_.size(), 1u);
  const Done json = focal({"peer", "meet", "XB", "--show", "--json"});
  EXPECT_THAT(json.out, HasSubstr("\"code\""));
  EXPECT_EQ(json.err, "");
}

TEST_F(PairCommands, MeetRefusesAnEmptyCodeAndNeverTakesOneAsAnArgument) {
  const Done done = focal({"peer", "meet", "XB", "--their-code-fd", descriptor_with("\n")});
  EXPECT_NE(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("the code is empty"));
  EXPECT_THAT(done.err, HasSubstr("--their-code-fd"));
  for (const Command& command : commands())
    if (command.words == "peer meet")
      for (const Option& option : command.options)
        EXPECT_NE(option.kind, Option::Kind::kText) << option.name;
}

TEST_F(PairCommands, MeetStops) {
  v1::PairStopResponse stopped;
  stopped.set_stopped(true);
  answer("POST /v1/peers/XB/meet/stop", stopped);
  EXPECT_EQ(focal({"peer", "meet", "XB", "--stop"}).out, "the meeting is over; our code is wiped\n");
}

TEST_F(PairCommands, PairExplains) {
  const Done done = focal({"peer", "pair", "XB"});
  EXPECT_THAT(done.out, HasSubstr("CONFIRMED"));
  EXPECT_THAT(done.out, HasSubstr("in plain words"));
  EXPECT_THAT(done.out, HasSubstr("3 with it, 0 without"));
}

TEST_F(PairCommands, DropAsks) {
  v1::PairDropResponse dropped;
  *dropped.mutable_pair() = info("NONE");
  answer("POST /v1/peers/XB/pair/drop", dropped);
  EXPECT_EQ(focal({"peer", "pair", "XB", "--drop", "--reason", "r"}, "no\n").code, kExitFailed);
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(focal({"peer", "pair", "XB", "--drop", "--reason", "lost"}, "yes\n").code, 0);
  EXPECT_THAT(body_, HasSubstr("lost"));
  EXPECT_EQ(focal({"peer", "pair", "XB", "--drop", "--reason", "lost", "--yes"}).code, 0);
}

TEST_F(PairCommands, CodeForLetters) {
  v1::CardCodeResponse code;
  code.set_party("XA");
  code.set_code(kOurs);
  answer("GET /v1/card/code", code);
  const Done shown = focal({"peer", "code"});
  EXPECT_THAT(shown.out, HasSubstr(kOurs));
  EXPECT_THAT(shown.out, Not(HasSubstr("SECRET")));
}

}  // namespace
}  // namespace focal::cli

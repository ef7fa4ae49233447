// Goal: clock and key commands show what the node says, and ask before they change anything.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/clock.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::ClockShowResponse a_clock(const char* state) {
  v1::ClockShowResponse out;
  out.set_state(state);
  out.set_text("It jumped\x1b]0;pwned\x07; see 'focal clock confirm'.");
  out.set_wall_at("2026-03-02T12:00:00Z");
  out.set_safe_at("2026-01-02T12:00:00Z");
  out.set_peers_heard(1);
  return out;
}

TEST_F(App, ClockShowsBothTimesAndWhatToDo) {
  serve();
  answer("GET /v1/clock", a_clock("UNCONFIRMED"));
  const Done done = focal({"clock"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("UNCONFIRMED"));
  EXPECT_THAT(done.out, HasSubstr("2026-03-02 12:00"));
  EXPECT_THAT(done.out, HasSubstr("2026-01-02 12:00"));
  EXPECT_THAT(done.out, HasSubstr("focal clock confirm"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(focal({"--json", "clock"}).out, HasSubstr("\"peers_heard\""));
}

TEST_F(App, ClockIsConfirmedOnlyByAPersonOrInAScriptThatSaysSo) {
  serve();
  answer("GET /v1/clock", a_clock("UNCONFIRMED"));
  v1::ClockConfirmResponse confirmed;
  *confirmed.mutable_clock() = a_clock("ALONE");
  answer("POST /v1/clock/confirm", confirmed);
  const Done no = focal({"clock", "confirm", "--reason", "radio clock"}, "no\n");
  EXPECT_EQ(no.code, kExitFailed);
  EXPECT_THAT(no.err, HasSubstr("Is it 2026-03-02 12:00 UTC now"));
  EXPECT_THAT(asked_, Not(::testing::Contains("POST /v1/clock/confirm")));
  EXPECT_EQ(focal({"clock", "confirm"}).code, kExitUsage) << "a reason is needed";
  EXPECT_NE(focal({"clock", "confirm", "--reason", "x"}).code, 0) << "nobody to ask";
  const Done yes = focal({"clock", "confirm", "--reason", "radio clock"}, "yes\n");
  EXPECT_EQ(yes.code, 0);
  EXPECT_THAT(yes.out, HasSubstr("ALONE"));
  EXPECT_THAT(body_, HasSubstr("radio clock"));
  EXPECT_EQ(focal({"clock", "confirm", "--reason", "x", "--yes"}).code, 0);
}

TEST_F(App, KeysAreListedAndReplacedAfterAQuestion) {
  serve();
  v1::KeysShowResponse keys;
  auto& key = *keys.add_keys();
  key.set_kid("00112233445566778899aabbccddeeff");
  key.set_from_on("2026-03-02");
  key.set_until_on("2026-03-09");
  key.set_destroyed_at("2026-03-30T00:00:00Z");
  key.set_published(true);
  answer("GET /v1/keys", keys);
  EXPECT_THAT(focal({"keys"}).out, HasSubstr("2026-03-02"));
  EXPECT_THAT(focal({"keys"}).out, HasSubstr("2026-03-30 00:00"));
  v1::KeysReplaceResponse replaced;
  replaced.set_seal_serial(1795428000);
  replaced.set_destroyed(12);
  answer("POST /v1/keys/replace", replaced);
  EXPECT_EQ(focal({"keys", "replace", "--reason", "lost"}, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(::testing::Contains("POST /v1/keys/replace")));
  const Done done = focal({"keys", "replace", "--reason", "lost", "--yes"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("12 private keys are destroyed"));
  refuse("POST /v1/keys/replace", fail(ErrorCode::kBusy, "just being published", "Try again."));
}

}  // namespace
}  // namespace focal::cli

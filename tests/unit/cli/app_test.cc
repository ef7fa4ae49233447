// Goal: what all commands have in common: exit codes, errors, --json, colour, the folder,
// and what works without a node.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/evidence.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

TEST_F(App, WithoutANodeEveryOnlineCommandSaysSoAndEndsWith3) {
  file("r.json", "{}");
  const std::string record = folder_ / "r.json";
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"status"},
           {"inbox"},
           {"outbox"},
           {"outbox", "retry", "1"},
           {"card", "export"},
           {"outbox", "cancel", "1", "--reason", "x"},
           {"peer", "list"},
           {"peer", "show", "XB"},
           {"peer", "add", record},
           {"peer", "ping", "XB"},
           {"ledger", "tail"},
           {"ledger", "log"},
           {"ledger", "show", "1"},
           {"ledger", "find"},
           {"trace", "list"},
           {"peer", "verify", "XB", "--how", "phone", "--number", "1"},
           {"trace", "show", "1"},
           {"trace", "open", "--from", record, "--to", "XB"},
           {"trace", "ack", "1"},
           {"trace", "answer", "1", "--from", record},
           {"trace", "refuse", "1", "--from", record}}) {
    const Done done = focal(arguments);
    EXPECT_EQ(done.code, kExitNotRunning) << arguments[0];
    EXPECT_THAT(done.err, StartsWith("error: focald is not running for " + folder_.string()));
    EXPECT_THAT(done.err, HasSubstr("hint:  start it"));
    EXPECT_EQ(done.out, "");
  }
  const Done json = focal({"status", "--json"});
  EXPECT_EQ(json.code, kExitNotRunning);
  EXPECT_THAT(json.out, HasSubstr(R"("code":"UNAVAILABLE")"));
}

TEST_F(App, TheFolderComesFromOptionThenEnvironmentThenHere) {
  no_folder_ = true;
  environment_["FOCAL_HOME"] = "/from/environment";
  EXPECT_THAT(focal({"status"}).err, HasSubstr("for /from/environment"));
  EXPECT_THAT(focal({"-C", "/from/option", "status"}).err, HasSubstr("for /from/option"));
  environment_.clear();
  EXPECT_THAT(focal({"status"}).err, 
              HasSubstr("not running for " + std::filesystem::current_path().string() + "\n"));
}

TEST_F(App, UsageErrorsEndWith2AndHelpWith0) {
  EXPECT_EQ(focal({"trace", "refuse", "1"}).code, kExitUsage) << "neither ground nor file";
  EXPECT_EQ(focal({"trace", "nonsense"}).code, kExitUsage);
  const Done both = focal({"trace", "ack", "1", "--from", "x", "--ref", "y"});
  EXPECT_EQ(both.code, kExitUsage);
  EXPECT_THAT(both.err, HasSubstr("exclude each other"));
  EXPECT_EQ(focal({"--help"}).code, kExitOk);
  EXPECT_THAT(focal({"--help"}).out, HasSubstr("Usage"));
  const Done quiet = focal({"peer", "verify", "XB", "--how", "phone"});
  EXPECT_EQ(quiet.code, kExitUsage) << "no number, nobody to ask";
  EXPECT_THAT(quiet.err, HasSubstr("--number"));
}

TEST_F(App, ANodesProblemIsShownWithWhereHintAndId) {
  serve();
  const Done done = focal({"trace", "show", "77"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_EQ(done.err,
            "error: no answer for GET /v1/traces/77\nwhere: case_number\nhint:  try\n"
            "id:    ABCD2345 (the node's log has the same)\n");
  const Done json = focal({"trace", "show", "77", "--json"});
  EXPECT_EQ(json.code, kExitFailed);
  v1::Problem problem;
  ASSERT_TRUE(json::read(json.out, problem));
  EXPECT_EQ(problem.id(), "ABCD2345");
  EXPECT_EQ(json.err, "");
  // A problem whose code is USAGE came from the node: refused, not a wrong command line.
  refuse("GET /v1/inbox", fail(ErrorCode::kUsage, "no"));
  EXPECT_EQ(focal({"inbox"}).code, kExitFailed);
}

TEST_F(App, JsonIsPrintedExactlyAsItCame) {
  serve();
  http::Response odd;
  odd.body = R"({"party":"XA",   "newer_field":[1,2], "state":"RUNNING"})";
  answers_["GET /v1/status"].push_back(odd);
  const Done done = focal({"status", "--json"});
  EXPECT_EQ(done.out, odd.body + "\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(focal({"status"}).out, StartsWith("XA  RUNNING")) << "newer fields do not disturb";
}

TEST_F(App, AnAnswerThatCannotBeReadIsAnError) {
  serve();
  http::Response broken;
  broken.body = "{\"party\":";
  answers_["GET /v1/status"].push_back(broken);
  EXPECT_EQ(focal({"status"}).code, kExitFailed);
  http::Response html;
  html.status = 502;
  html.body = "<html>";
  answers_["GET /v1/inbox"].push_back(html);
  EXPECT_THAT(focal({"inbox"}).err, HasSubstr("HTTP status 502"));
}

TEST_F(App, ColourOnlyOnATerminalAndNotWithNoColor) {
  serve();
  v1::TraceListResponse list;
  *list.add_traces() = a_case();
  answer("GET /v1/traces", list);
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
  terminal_out_ = true;
  EXPECT_THAT(focal({"trace", "list"}).out, HasSubstr("\x1b[31moverdue by 3 h\x1b[0m"));
  EXPECT_THAT(focal({"trace", "list", "--no-color"}).out, Not(HasSubstr("\x1b[")));
  environment_["NO_COLOR"] = "1";
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
  environment_ = {{"TERM", "dumb"}};
  EXPECT_THAT(focal({"trace", "list"}).out, Not(HasSubstr("\x1b[")));
}

TEST_F(App, OfflineCommandsWorkWithTheNodeStopped) {
  EXPECT_THAT(focal({"card", "show"}).out, HasSubstr("focal-card/v1\nparty XA\n"));
  EXPECT_EQ(focal({"ledger", "verify"}).code, kExitFailed) << "no ledger";
  ledger_ = true;
  const Done good = focal({"ledger", "verify"});
  EXPECT_EQ(good.code, 0);
  EXPECT_THAT(good.out, HasSubstr("The ledger verifies."));
  EXPECT_THAT(focal({"ledger", "verify", "--log"}).out,
              HasSubstr("The log verifies; nothing else was looked at."));
  ledger_ = false;
  EXPECT_EQ(focal({"ledger", "verify"}).code, kExitFailed);
  const Done json = focal({"ledger", "verify", "--json"});
  EXPECT_EQ(json.code, kExitFailed);
  v1::LedgerVerifyResponse answer;
  ASSERT_TRUE(json::read(json.out, answer)) << json.out;
  EXPECT_FALSE(answer.ok());
}

TEST_F(App, WithANodeRunningItIsTheNodeThatIsAsked) {
  serve();
  v1::LedgerJobResponse verified;
  verified.mutable_report()->set_ok(true);
  answer("GET /v1/ledger/job", verified);
  EXPECT_EQ(focal({"ledger", "verify"}).code, 0);
  EXPECT_EQ(focal({"card", "show"}).code, kExitFailed) << "its refusal is not papered over";
}

TEST_F(App, InitTakesItsPassphrasesFromDescriptors) {
  int a[2];
  int b[2];
  ASSERT_EQ(::pipe(a), 0);
  ASSERT_EQ(::pipe(b), 0);
  ASSERT_EQ(::write(a[1], "the node's words\n", 17), 17);
  ASSERT_EQ(::write(b[1], "the roots' words\n", 17), 17);
  ::close(a[1]);
  ::close(b[1]);
  const Done done = focal({"init", "XA", "--root-folder", "/stick", "--passphrase-fd",
                           std::to_string(a[0]), "--root-passphrase-fd", std::to_string(b[0])});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(init_, "XA|tcp://127.0.0.1:7117|the node's words|the roots' words");
  EXPECT_THAT(done.out, HasSubstr("The node XA is made."));
  EXPECT_THAT(done.out, Not(HasSubstr("words")));
}

}  // namespace
}  // namespace focal::cli

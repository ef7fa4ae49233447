// Goal: each act sends what was typed and nothing before it is complete; what cannot be taken
// back is asked for. Method: tests/unit/cli/app_fixture.h.
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

class ActCommands : public App {
 protected:
  void serve_all() {
    serve();
    v1::TraceActResponse acted;
    *acted.mutable_trace() = a_case();
    acted.mutable_trace()->set_turn("THEIRS");
    acted.set_outbox_id("3");
    for (const char* act : {"ack", "ask", "supply", "delay", "interim", "answer", "refuse",
                            "clarify", "reply", "correct", "withdraw", "close", "reopen"})
      answer(std::string("POST /v1/traces/T-1/") + act, acted);
    v1::TraceShowResponse shown;
    *shown.mutable_trace() = a_case();
    answer("GET /v1/traces/T-1", shown);
  }
  template <typename Request>
  Request sent(const std::vector<std::string>& words, const std::string& typed = {}) {
    body_.clear();
    const Done done = focal(words, typed);
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_THAT(done.out, HasSubstr("turn    XA")) << done.out;
    Request request;
    EXPECT_TRUE(json::read(body_, request)) << body_;
    return request;
  }
};

TEST_F(ActCommands, AskPairsFieldsAndQuestions) {
  serve_all();
  const auto ask = sent<v1::TraceAskRequest>({"trace", "ask", "T-1", "--missing", "item1.serial",
                                              "--text", "0 or O?", "--missing", "item2.make",
                                              "--text", "Any mark?", "--wanted-by", "2026-03-24"});
  ASSERT_EQ(ask.missing_size(), 2);
  EXPECT_EQ(ask.missing(1).path(), "item2.make");
  EXPECT_EQ(ask.missing(1).text(), "Any mark?");
  EXPECT_EQ(ask.wanted_by(), "2026-03-24");
  asked_.clear();
  const Done odd =
      focal({"trace", "ask", "T-1", "--missing", "a", "--missing", "b", "--text", "c"});
  EXPECT_EQ(odd.code, kExitUsage);
  EXPECT_THAT(odd.err, HasSubstr("each --missing has its --text: there are 2 and 1"));
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ActCommands, SupplyNamesItsFieldUnlessThereIsOne) {
  serve_all();
  auto supply = sent<v1::TraceSupplyRequest>(
      {"trace", "supply", "T-1", "--value", "DA017342", "--confidence", "recovered-forensic"});
  EXPECT_EQ(supply.answers(0).path(), "");
  EXPECT_EQ(supply.answers(0).value(), "DA017342");
  EXPECT_EQ(supply.answers(0).confidence(), "RECOVERED_FORENSIC");
  supply =
      sent<v1::TraceSupplyRequest>({"trace", "supply", "T-1", "--field", "item1.serial", "--value",
                                    "1", "--field", "item2.serial", "--value", "2"});
  EXPECT_EQ(supply.answers(1).path(), "item2.serial");
  EXPECT_EQ(focal({"trace", "supply", "T-1", "--value", "1", "--value", "2"}).code, kExitUsage);
  EXPECT_EQ(focal({"trace", "supply", "T-1", "--field", "a", "--value", "1", "--field", "b",
                   "--value", "2", "--note", "which?"})
                .code,
            kExitUsage);
}

TEST_F(ActCommands, DelayAndWhatItNeeds) {
  serve_all();
  const auto delay = sent<v1::TraceDelayRequest>(
      {"trace", "delay", "T-1", "--ground", "national-security", "--reason", "r", "--expected-by",
       "2026-03-24", "--item", "2", "--item", "7", "--say", "s"});
  EXPECT_EQ(delay.ground(), "NATIONAL_SECURITY");
  EXPECT_EQ(delay.items(1), 7u);
  EXPECT_EQ(delay.said_now(), "s");
  asked_.clear();
  const Done none =
      focal({"trace", "delay", "T-1", "--reason", "r", "--expected-by", "2026-03-24"});
  EXPECT_EQ(none.code, kExitUsage);
  EXPECT_THAT(none.err, HasSubstr("--ground is missing"));
  EXPECT_THAT(none.err, HasSubstr("needs --ground, --reason and --expected-by"));
  EXPECT_EQ(focal({"trace", "delay", "T-1", "--ground", "NATIONAL_SECURITY", "--reason", "r",
                   "--expected-by", "2026-03-24", "--item", "two"})
                .code,
            kExitFailed);
  EXPECT_TRUE(asked_.empty()) << "nothing reached the node";
}

TEST_F(ActCommands, TextsGoWhereTheyBelong) {
  serve_all();
  EXPECT_EQ(sent<v1::TraceClarifyRequest>({"trace", "clarify", "T-1", "--text", "é"}).text(), "é");
  EXPECT_EQ(sent<v1::TraceReplyRequest>({"trace", "reply", "T-1", "--text", "r"}).text(), "r");
  EXPECT_EQ(sent<v1::TraceReopenRequest>({"trace", "reopen", "T-1", "--text", "n"}).text(), "n");
  for (const char* word : {"clarify", "reply", "reopen"})
    EXPECT_EQ(focal({"trace", word, "T-1"}).code, kExitUsage) << word;
}

TEST_F(ActCommands, AWholeRecordGoesWithEachAct) {
  serve_all();
  const std::string record = file("a.json", R"({"header":{}})");
  for (const char* word : {"ack", "ask", "supply", "delay", "interim", "answer", "refuse",
                           "clarify", "reply", "correct", "reopen"}) {
    body_.clear();
    EXPECT_EQ(focal({"trace", word, "T-1", "--from", record}).code, 0) << word;
    EXPECT_THAT(body_, HasSubstr("\"record\":{\"header\":{}}")) << word;
  }
  EXPECT_EQ(focal({"trace", "reply", "T-1", "--from", record, "--text", "t"}).code, kExitUsage);
  for (const char* word : {"interim", "answer", "correct"})
    EXPECT_EQ(focal({"trace", word, "T-1"}).code, kExitUsage) << word;
}

TEST_F(ActCommands, WithdrawAndCloseAskUnlessYes) {
  serve_all();
  const std::vector<std::vector<std::string>> acts = {
      {"trace", "withdraw", "T-1", "--reason", "solved"},
      {"trace", "close", "T-1", "--outcome", "not-useful", "--next-asked", "XC"}};
  for (const auto& words : acts) {
    asked_.clear();
    const std::string target = "POST /v1/traces/T-1/" + words[1];
    const Done nobody = focal(words);
    EXPECT_EQ(nobody.code, kExitUsage);
    EXPECT_THAT(nobody.err, Not(HasSubstr("seized"))) << "error output may end in a file";
    const Done no = focal(words, "no\n");
    EXPECT_EQ(no.code, kExitFailed);
    EXPECT_THAT(no.err, HasSubstr("Two weapons seized")) << "the case is shown before";
    EXPECT_THAT(no.err, HasSubstr("nothing was sent"));
    EXPECT_THAT(asked_, Not(::testing::Contains(target)));
    EXPECT_EQ(focal(words, "yes\n").code, 0);
    EXPECT_THAT(asked_, ::testing::Contains(target));
    asked_.clear();
    auto sure = words;
    sure.push_back("--yes");
    EXPECT_EQ(focal(sure).code, 0);
    EXPECT_EQ(asked_, std::vector<std::string>{target});
  }
  const auto close = sent<v1::TraceCloseRequest>(
      {"trace", "close", "T-1", "--outcome", "not-useful", "--share", "s", "--yes"});
  EXPECT_EQ(close.outcome(), "NOT_USEFUL");
  EXPECT_EQ(close.share(), "s");
  EXPECT_EQ(focal({"trace", "close", "T-1", "--outcome", "perhaps", "--yes"}).code, kExitUsage);
  EXPECT_EQ(focal({"trace", "close", "T-1", "--yes"}).code, kExitUsage);
}

}  // namespace
}  // namespace focal::cli

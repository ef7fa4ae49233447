// Goal: a list is shown before it is sent, is sent only after a yes, and its wrong rows can be
// mended in a file that runs no formula. Method: tests/unit/cli/app_fixture.h.
#include "base/csv.h"
#include "node/cli/import_files.h"
#include "proto/seizure.pb.h"
#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

class ImportCommand : public App {
 protected:
  void SetUp() override {
    serve();
    list_ = file("list.csv", "Serial No;Maker\r\nAB 1;=SUM(A1)\r\nAB 2;Glock\r\n");
    record_ = file("request.json", "{}");
    shown_.set_mode("PREVIEW");
    shown_.set_separator("SEMICOLON");
    shown_.set_guessed(true);
    shown_.set_rows(2);
    for (const auto& [title, field] : {std::pair{"Serial No", "serial"}, {"Maker", ""}}) {
      auto* column = shown_.add_columns();
      column->set_title(title);
      column->set_field(field);
    }
    auto* reach = shown_.add_reach();
    reach->set_party("XB");
    reach->set_name("Fictional State B");
    reach->set_weapons(120);
    reach->set_requests(1);
    auto* stay = shown_.add_stays();
    stay->set_country("XD");
    stay->set_weapons(12);
    stay->set_text("XD is not met");
    stay->set_hint("Exchange cards.");
    stay->add_rows(17);
    shown_.set_sending(120);
    shown_.set_can_send(true);
    shown_.set_plan("abcd");
  }
  Done import(std::vector<std::string> more, const std::string& typed = {}) {
    std::vector<std::string> words = {"trace", "open", "--csv", list_, "--from", record_};
    words.insert(words.end(), more.begin(), more.end());
    return focal(words, typed);
  }
  void answers(const v1::TraceImportResponse& first) {
    answer("POST /v1/traces/import", first);
    v1::TraceImportResponse sent = first;
    sent.set_mode("SEND");
    auto* one = sent.add_sent();
    one->set_party("XB");
    one->set_case_number("T-7");
    one->set_reference("REF/2");
    one->set_weapons(120);
    answer("POST /v1/traces/import", sent);
  }
  v1::TraceImportRequest request() const {
    v1::TraceImportRequest out;
    EXPECT_TRUE(json::read(body_, out));
    return out;
  }

  std::string list_, record_;
  v1::TraceImportResponse shown_;
};

TEST_F(ImportCommand, ShowsWhoWillBeReachedAndSendsAfterAYes) {
  answers(shown_);
  const Done done = import({}, "yes\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr("will reach: Fictional State B (XB): 120 weapons in 1 request"));
  EXPECT_THAT(done.out, HasSubstr("stays here: 12 weapons, XD"));
  EXPECT_THAT(done.out, HasSubstr("row 17"));
  EXPECT_THAT(done.out, HasSubstr("--map 'Serial No=serial'"));
  EXPECT_THAT(done.out, HasSubstr("REF/2"));
  EXPECT_THAT(done.err, HasSubstr("Send 120 weapons in 1 request? Type yes: "));
  EXPECT_EQ(asked_.size(), 2u);
  EXPECT_EQ(request().mode(), "SEND");
  EXPECT_EQ(request().plan(), "abcd") << "what was shown";
  ASSERT_EQ(request().columns_size(), 1) << "no guess is sent";
  EXPECT_EQ(request().columns(0).field(), "serial");
}

TEST_F(ImportCommand, NothingIsSentWithoutAYes) {
  answers(shown_);
  EXPECT_EQ(import({}, "y\n").code, kExitFailed);
  EXPECT_EQ(import({}).code, kExitUsage) << "nobody to ask";
  EXPECT_EQ(import({"--preview"}).code, kExitOk);
  EXPECT_EQ(request().mode(), "PREVIEW");
  asked_.clear();
  const Done done = import({"--yes"});
  EXPECT_EQ(done.code, kExitUsage);
  EXPECT_THAT(done.err, HasSubstr("--yes needs --map"));
  EXPECT_TRUE(asked_.empty());
}

TEST_F(ImportCommand, NothingIsSentWhileRowsAreWrong) {
  shown_.set_can_send(false);
  shown_.set_bad_rows(1);
  auto* problem = shown_.add_problems();
  problem->set_row(2);
  problem->set_column("Maker");
  problem->set_text("is wrong");
  problem->set_hint("Mend it.");
  answers(shown_);
  const std::string errors = folder_ / "errors.csv";
  const Done done = import({"--errors", errors, "--map", "Serial No=serial", "--yes"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_THAT(done.err, HasSubstr("1 row is wrong; nothing was sent"));
  EXPECT_EQ(asked_.size(), 1u);
  std::ifstream in(errors, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(text, HasSubstr("AB 1;'=SUM(A1);Maker: is wrong (Mend it.)")) << "no formula";
  EXPECT_THAT(text, Not(HasSubstr("AB 2")));
  EXPECT_EQ(import({"--errors", errors, "--preview"}).code, kExitFailed) << "never overwritten";
}

TEST_F(ImportCommand, MapsComeFromWordsOrAFile) {
  answers(shown_);
  const std::string map = file("map.txt", "# ours\n\nA, B = serial\nx=y = make\n");
  EXPECT_EQ(import({"--preview", "--map", map, "--route", "SUHH=RU", "--ask-again"}).code, 0);
  ASSERT_EQ(request().columns_size(), 2);
  EXPECT_EQ(request().columns(0).title(), "A, B");
  EXPECT_EQ(request().columns(1).title(), "x=y");
  EXPECT_EQ(request().routes(0).party(), "RU");
  EXPECT_TRUE(request().ask_again());
  EXPECT_EQ(import({"--preview", "--map", "Serial="}).code, kExitUsage);
  EXPECT_EQ(import({"--preview", "--route", "SUHH"}).code, kExitUsage);
  EXPECT_EQ(import({"--to", "XB"}).code, kExitUsage);
  EXPECT_EQ(focal({"trace", "open", "--from", record_}).code, kExitUsage) << "--to or --csv";
  asked_.clear();
  for (const char* of_lists : {"--accept-valid", "--ask-again"})
    EXPECT_EQ(focal({"trace", "open", "--from", record_, "--to", "XB", of_lists}).code, kExitUsage);
  EXPECT_TRUE(asked_.empty()) << "nothing is sent that was taken for a list";
}

TEST_F(ImportCommand, AFileThatIsNoUtf8IsNotSentAnywhere) {
  list_ = file("latin.csv", "Serial\nM\xE4rz\n");
  const Done done = import({"--preview"});
  EXPECT_EQ(done.code, kExitFailed);
  EXPECT_THAT(done.err, HasSubstr("CSV UTF-8"));
  EXPECT_THAT(done.err, HasSubstr("line 2"));
  EXPECT_TRUE(asked_.empty());
  list_ = file("big.csv", std::string(csv::Limits{}.bytes + 1, 'x'));
  EXPECT_THAT(import({"--preview"}).err, HasSubstr("longer than 2 MiB"));
}

TEST_F(ImportCommand, HostileCellsDoNotSteerTheTerminal) {
  shown_.mutable_columns(0)->set_title("\x1B[2J\u202E");
  shown_.set_guessed(false);
  answers(shown_);
  const Done done = import({"--preview"});
  EXPECT_THAT(done.out, Not(HasSubstr("\x1B")));
  EXPECT_THAT(done.out, Not(HasSubstr("\u202E")));
}

TEST(ErrorsCsv, MendedTwiceHasOneColumnOfReasons) {
  v1::TraceImportResponse answer;
  auto* problem = answer.add_problems();
  problem->set_row(2);
  problem->set_text("bad");
  const std::string once = errors_csv("A,B\n1,-2\n", answer);
  const std::string twice = errors_csv(once, answer);
  EXPECT_EQ(once,
            "\xEF\xBB\xBF"
            "A,B,WHAT IS WRONG\r\n1,'-2,bad\r\n");
  EXPECT_EQ(twice, once);
}

}  // namespace
}  // namespace focal::cli

// Goal: `focal root` lays open what it will do and does it only on the party's code typed
// by a person, or --yes; what it writes never replaces a file and never holds a secret; the
// sheet says by QR code what it says in digits. `focal card` carries requests and answers.
// Method: the whole program with a fake root; files, questions and the sheet are read back.
#include <unistd.h>

#include "app_fixture.h"
#include "node/cli/root_sheet.h"
#include "node/cli/root_text.h"
#include "qr_read.h"

namespace focal::cli {
namespace {

class RootCommands : public App {
 protected:
  void SetUp() override {
    offline_.root = [this](const RootOrder& order, const RootAgree& agree, v1::RootAct& out) -> Status {
      order_ = order.act + "|" + order.party + "|" + order.file + "|" + order.scope + "|" +
               order.since + "|" + order.reason + "|" + std::to_string(order.serial) + "|" +
               (order.by_next_root ? "next" : "root");
      folders_ = order.folders;
      words_ = to_string(order.passphrase.view());
      v1::RootAct act = act_;
      act.set_act(order.act);
      if (order.act != "SHOW") FOCAL_TRY(agree(act));
      acted_ = true;
      out = act;
      return {};
    };
    act_.set_party("XA");
    act_.set_serial(2);
    act_.set_card_id(std::string(64, 'c'));
    act_.set_card_number("00000 11111 22222 33333 44444 55555");
    act_.set_made_at("2026-03-02T12:00:00Z");
    act_.set_note("the signed note\n");
    act_.set_last_card("the newest card\n");
    auto* change = act_.add_changes();
    change->set_what("expires");
    change->set_before("2026-12-31T00:00:00Z");
    change->set_after("2027-12-31T00:00:00Z");
    for (const char* role : {"ROOT", "NEXT_ROOT"}) {
      auto* key = act_.add_keys();
      key->set_role(role);
      key->set_party("XA");
      key->set_file("/media/" + std::string(role));
      key->set_root_key(std::string(role) + "-public-key");
      key->set_fingerprint("12345 67890 12345 67890 12345 67890 12345 67890 12345 67890 12345 67890");
      key->set_code(std::string("FOCAL:1:ABC") + (key->role() == "ROOT" ? "DEF" : "XYZ"));
    }
  }
  std::string passphrase_fd() {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    EXPECT_EQ(::write(ends[1], "the roots' own words\n", 21), 21);
    ::close(ends[1]);
    return std::to_string(ends[0]);
  }
  Done root(std::vector<std::string> arguments, const std::string& typed = {}) {
    arguments.insert(arguments.begin(), "root");
    arguments.insert(arguments.end(), {"--root-folder", "/media/one", "--root-passphrase-fd", passphrase_fd()});
    return focal(std::move(arguments), typed);
  }
  std::string read(const std::string& name) {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Under each of the three headings at least one sentence.
  static void expect_explained(const std::string& shown, const std::string& act) {
    for (const char* heading : {"What it does", "What follows at the other parties", "What cannot be undone"})
      EXPECT_THAT(shown, ::testing::ContainsRegex(std::string("\n") + heading + "\n  - [A-Z][^\n]{15,}"))
          << act << ": " << heading;
  }
  std::string path(const char* name) { return folder_ / name; }

  v1::RootAct act_;
  std::string order_, words_;
  std::vector<std::filesystem::path> folders_;
  bool acted_ = false;
};

TEST_F(RootCommands, ExplainsThenActsOnTheTypedCodeAlone) {
  const std::string request = file("XA-2.request", "a request");
  const Done done = root({"sign", request, "--out", path("card")}, "XA\n");
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(order_, "SIGN||a request||||0|root");
  EXPECT_EQ(words_, "the roots' own words");
  EXPECT_EQ(folders_, (std::vector<std::filesystem::path>{"/media/one"}));
  for (const char* told : {"What it does", "What follows at the other parties", "What cannot be undone",
                           "2027-12-31", "00000 11111 22222 33333 44444 55555", "Type XA to go on"})
    EXPECT_THAT(done.err, HasSubstr(told));
  EXPECT_EQ(read("card"), "the signed note\n");
  EXPECT_THAT(done.out, HasSubstr("Take " + path("card") + " back to the node: focal card apply"));
  EXPECT_THAT(read("card-sheet.html"), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(done.out + done.err + read("card-sheet.html"), Not(HasSubstr("own words")));
}

TEST_F(RootCommands, AnythingElseTypedDoesNothing) {
  const std::string request = file("r", "a request");
  for (const char* typed : {"xa\n", "yes\n", "XB\n", "\n"}) {
    const Done done = root({"sign", request, "--out", path("card")}, typed);
    EXPECT_EQ(done.code, kExitFailed) << typed;
    EXPECT_THAT(done.err, HasSubstr("nothing was done"));
  }
  const Done nobody = root({"sign", request, "--out", path("card")});
  EXPECT_EQ(nobody.code, kExitUsage) << "nobody at a terminal";
  EXPECT_THAT(nobody.err, HasSubstr("--yes"));
  EXPECT_FALSE(acted_);
  EXPECT_FALSE(std::filesystem::exists(path("card")));
}

TEST_F(RootCommands, NeverWritesOverAFileAndLooksBeforeItSigns) {
  const std::string request = file("r", "a request");
  file("card", "something else");
  EXPECT_EQ(root({"sign", request, "--out", path("card"), "--yes"}).code, kExitFailed);
  EXPECT_EQ(read("card"), "something else");
  file("other-sheet.html", "an older sheet");
  EXPECT_EQ(root({"sign", request, "--out", path("other"), "--yes"}).code, kExitFailed);
  EXPECT_FALSE(acted_);
  EXPECT_FALSE(std::filesystem::exists(path("other")));
}

TEST_F(RootCommands, RotateAndRecoverHaveTwoHalves) {
  const std::string request = file("r", "a request");
  EXPECT_EQ(root({"rotate", "--plan", path("plan"), "--yes"}).code, 0);
  EXPECT_THAT(order_, StartsWith("PLAN_ROTATE||"));
  EXPECT_EQ(root({"recover", request, "--out", path("card"), "--yes"}).code, 0);
  EXPECT_THAT(order_, StartsWith("RECOVER||a request"));
  EXPECT_EQ(root({"rotate", "--yes"}).code, kExitUsage);
  EXPECT_EQ(root({"rotate", request, "--yes"}).code, kExitUsage) << "where to?";
  EXPECT_EQ(root({"rotate", request, "--plan", path("x"), "--yes"}).code, kExitUsage);
}

TEST_F(RootCommands, ARevocationSaysWhichCardFromWhenAndWhy) {
  const Done done = root({"revoke", "--since", "2026-03-01", "--reason", "server stolen", "--serial", "1",
                          "--scope", "sign", "--by-next-root", "--out", path("note"), "--yes"});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(order_, "REVOKE|||sign|2026-03-01|server stolen|1|next");
  EXPECT_EQ(root({"revoke", "--since", "2026-03-01", "--reason", "x", "--scope", "half", "--out",
                  path("n2"), "--yes"}).code, kExitUsage);
}

TEST_F(RootCommands, MakeAsksForANewPassphraseAndShowWritesTheCardAgain) {
  const Done made = root({"make", "XA", "--plan", path("plan"), "--yes"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(order_, StartsWith("MAKE|XA|"));
  const Done shown = root({"show", "--card", path("again"), "--sheet", path("sheet")});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_EQ(read("again"), "the newest card\n");
  EXPECT_THAT(shown.out, HasSubstr("ROOT-public-key"));
  EXPECT_THAT(shown.out, HasSubstr("Next root\n"));
  EXPECT_THAT(shown.out, HasSubstr("it signs the party's cards"));
  EXPECT_THAT(shown.out, HasSubstr("another safe than the root"));
  for (const char* code : {"\nNEXT_ROOT\n", "\nROOT\n"})
    EXPECT_THAT("\n" + shown.out, Not(HasSubstr(code))) << "no code for a custodian";
  EXPECT_THAT(read("sheet"), HasSubstr("What is on the root medium"));
}

TEST_F(RootCommands, ShowWritesAPlanThatWasLostAgain) {
  EXPECT_EQ(root({"show", "--plan", path("plan")}).code, 0);
  EXPECT_EQ(read("plan"), "the signed note\n");
  act_.clear_note();
  EXPECT_EQ(root({"show", "--plan", path("none")}).code, kExitFailed);
  EXPECT_FALSE(std::filesystem::exists(path("none")));
}

TEST_F(RootCommands, NothingIsDoneWhoseResultCouldNotBeWritten) {
  EXPECT_EQ(root({"make", "XA", "--plan", path("no/such/folder"), "--yes"}).code, kExitFailed);
  EXPECT_FALSE(acted_);
}

TEST_F(RootCommands, WhoSignsARevocationAndWhatThatMeansIsSaidAndPrinted) {
  act_.set_act("REVOKE");
  act_.set_scope("all");
  act_.set_signer("ROOT");
  EXPECT_THAT(root_preview_text(act_, {}), Not(HasSubstr("takes only a recovery")));
  act_.set_signer("NEXT_ROOT");
  EXPECT_THAT(root_preview_text(act_, {}), HasSubstr("takes only a recovery"));
  EXPECT_THAT(*root_sheet(act_, "file"), HasSubstr("takes only a recovery"));
}

TEST_F(RootCommands, JsonIsTheWholeActAndNothingElse) {
  const std::string request = file("r", "a request");
  const Done done = root({"sign", request, "--out", path("card"), "--yes", "--json"});
  v1::RootAct read_back;
  ASSERT_TRUE(json::read(done.out, read_back)) << done.out;
  EXPECT_EQ(read_back.act(), "SIGN");
  EXPECT_EQ(read_back.written(read_back.written_size() - 2), path("card"));
  EXPECT_EQ(done.err, "");
}

// The sheet: the QR code of the root says its fingerprint; the next root has none, because
// it stays hidden behind its hash until it is used.
TEST_F(RootCommands, TheSheetShowsTheRootAndHidesTheNextOne) {
  act_.set_act("SIGN");
  const auto sheet = root_sheet(act_, "/media/<b>&\"card");
  ASSERT_TRUE(sheet);
  const auto code = make_qr("FOCAL:1:ABCDEF");
  ASSERT_TRUE(code);
  EXPECT_EQ(QrReader(*code).text(), "FOCAL:1:ABCDEF");
  EXPECT_THAT(*sheet, HasSubstr(qr_svg(*code)));
  EXPECT_EQ(sheet->find("<svg"), sheet->rfind("<svg")) << "one code";
  EXPECT_THAT(*sheet, HasSubstr("ROOT-public-key"));
  EXPECT_THAT(*sheet, Not(HasSubstr("NEXT_ROOT-public-key")));
  EXPECT_THAT(*sheet, HasSubstr("12345 67890"));
  EXPECT_THAT(*sheet, HasSubstr("/media/&lt;b&gt;&amp;&quot;card"));
  EXPECT_THAT(*sheet, Not(HasSubstr("<b>&")));
  for (const char* outside : {"https://", "<script", "src=", "url(", "@import", "<link"})
    EXPECT_THAT(*sheet, Not(HasSubstr(outside)));
  EXPECT_THAT(*sheet, HasSubstr("@page"));
}

// Every act of `focal root` that changes something, as it is typed.
TEST_F(RootCommands, EveryActIsExplainedBeforeAndLeavesItsPage) {
  const std::string request = file("r", "a request"), list = file("l", "a list");
  struct Typed {
    const char* act;
    std::vector<std::string> words;
    const char* option;  // before the file that goes out
  };
  const std::vector<Typed> acts = {
      {"MAKE", {"make", "XA"}, "--plan"},
      {"SIGN", {"sign", request}, "--out"},
      {"PLAN_ROTATE", {"rotate"}, "--plan"},
      {"ROTATE", {"rotate", request}, "--out"},
      {"PLAN_RECOVER", {"recover"}, "--plan"},
      {"RECOVER", {"recover", request}, "--out"},
      {"REVOKE", {"revoke", "--serial", "1", "--since", "2026-03-01", "--reason", "stolen"}, "--out"},
      {"DIRECTORY", {"directory", list}, "--out"},
  };
  EXPECT_EQ(acts.size() + 1, root_acts().size()) << "all but SHOW";
  const auto code = make_qr("FOCAL:1:ABCDEF");
  ASSERT_TRUE(code);
  for (const Typed& typed : acts) {
    SCOPED_TRACE(typed.act);
    const std::string out = path(typed.act), page = std::string(typed.act) + "-sheet.html";
    std::vector<std::string> words = typed.words;
    words.insert(words.end(), {typed.option, out});
    const Done stopped = root(words, "no\n");
    EXPECT_EQ(stopped.code, kExitFailed);
    EXPECT_FALSE(std::filesystem::exists(out) || std::filesystem::exists(folder_ / page));
    const Done done = root(words, "XA\n");
    ASSERT_EQ(done.code, 0) << done.err;
    EXPECT_THAT(order_, StartsWith(std::string(typed.act) + "|"));
    for (const Done* each : {&stopped, &done}) expect_explained(each->err, typed.act);
    EXPECT_EQ(read(typed.act), "the signed note\n");
    const std::string sheet = read(page);
    EXPECT_THAT(sheet, HasSubstr(qr_svg(*code)));
    EXPECT_THAT(sheet, HasSubstr("12345 67890 12345 67890"));
    EXPECT_THAT(sheet, HasSubstr(std::string(root_words(typed.act).title)));
    EXPECT_THAT(sheet, HasSubstr("What to do next"));
    EXPECT_THAT(done.out, HasSubstr("\nNext\n  1. "));
    EXPECT_THAT(done.out, HasSubstr(page));
    for (const std::string& text : {done.out, done.err, sheet}) EXPECT_THAT(text, Not(HasSubstr("{party}")));
  }
}

TEST_F(RootCommands, WarnsOfNewKeysAndOfAMediumThatDoesNotKnowTheCard) {
  act_.set_act("SIGN");
  act_.set_remembered(true);
  EXPECT_THAT(root_preview_text(act_, {}), Not(HasSubstr("does not know")));
  act_.set_remembered(false);
  act_.set_new_keys(true);
  EXPECT_THAT(root_preview_text(act_, {}), HasSubstr("does not know the card in force"));
  EXPECT_THAT(root_preview_text(act_, {}), HasSubstr("The keys of the node are new ones."));
}

TEST_F(RootCommands, CardCommandsCarryTheFiles) {
  serve();
  v1::CardPrepareResponse prepared;
  prepared.mutable_pending()->set_act("RENEW");
  prepared.mutable_pending()->set_serial(2);
  prepared.mutable_pending()->set_request("the request\n");
  prepared.mutable_pending()->set_card_number("00000 11111");
  answer("POST /v1/card/prepare", prepared);
  const Done renew = focal({"card", "renew", "--to", path("req"), "--expires", "2027-12-31"});
  EXPECT_EQ(renew.code, 0) << renew.err;
  EXPECT_EQ(read("req"), "the request\n");
  EXPECT_THAT(renew.out, HasSubstr("00000 11111"));
  v1::CardPrepareRequest sent;
  ASSERT_TRUE(json::read(body_, sent));
  EXPECT_EQ(sent.act(), "RENEW");
  EXPECT_EQ(sent.expires(), "2027-12-31");
  const std::string plan = file("plan", "the plan");
  EXPECT_EQ(focal({"card", "recover", "--plan", plan, "--to", path("req2")}).code, 0);
  ASSERT_TRUE(json::read(body_, sent));
  EXPECT_EQ(sent.act(), "RECOVER");
  EXPECT_EQ(sent.plan(), "the plan");
  EXPECT_EQ(focal({"card", "renew", "--to", path("req")}).code, kExitFailed) << "it is there";

  v1::CardApplyResponse applied;
  applied.mutable_card()->set_serial(2);
  applied.set_restarts(true);
  answer("POST /v1/card/apply", applied);
  const Done apply = focal({"card", "apply", file("card", "a card")});
  EXPECT_EQ(apply.code, 0) << apply.err;
  EXPECT_THAT(apply.out, HasSubstr("Card 2 is in force. The node opens itself again under it."));

  answer("GET /v1/card/custody", v1::CardCustodyResponse());
  answer("POST /v1/card/cancel", v1::CardCancelResponse());
  EXPECT_EQ(focal({"card", "cancel"}, "no\n").code, kExitFailed);
  EXPECT_EQ(focal({"card", "cancel"}, "yes\n").code, 0);
  answer("POST /v1/card/revoke", v1::CardRevokeResponse());
  EXPECT_EQ(focal({"card", "revoke", path("card")}, "no\n").code, kExitFailed);
  EXPECT_EQ(focal({"card", "revoke", path("card"), "--yes"}).code, 0);
}

TEST_F(RootCommands, WithoutANodeTheCardIsAppliedInTheFolder) {
  std::string applied;
  offline_.card_apply = [&](const std::filesystem::path& folder, const std::string& card,
                            const crypto::Secret& words, v1::CardApplyResponse& out) -> Status {
    applied = folder.string() + "|" + card + "|" + to_string(words.view());
    out.mutable_card()->set_serial(3);
    return {};
  };
  const Done done = focal({"card", "apply", file("card", "a card"), "--passphrase-fd", passphrase_fd()});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(applied, folder_.string() + "|a card|the roots' own words");
  EXPECT_THAT(done.out, HasSubstr("Card 3 is in force."));
  EXPECT_THAT(focal({"card", "show"}).out, HasSubstr("in 7 days: renew it now"));
  EXPECT_EQ(focal({"card", "renew", "--to", path("r")}).code, kExitNotRunning);
}

TEST_F(RootCommands, InitTakesOneKindOfRoot) {
  std::string prepared;
  offline_.prepare = [&](const InitOptions& options, v1::CardPending& out) -> Status {
    prepared = options.root_plan + "|" + options.after;
    out.set_act("FIRST");
    out.set_request("a request\n");
    return {};
  };
  const std::string plan = file("plan", "the plan");
  EXPECT_EQ(focal({"init", "XA", "--passphrase-fd", passphrase_fd()}).code, kExitUsage);
  EXPECT_EQ(focal({"init", "XA", "--root-plan", plan}).code, kExitUsage) << "the request goes where?";
  EXPECT_EQ(focal({"init", "XA", "--root-plan", plan, "--after", plan, "--request", path("r")}).code,
            kExitUsage);
  EXPECT_EQ(focal({"init", "XA", "--root-folder", "/stick", "--request", path("r")}).code, kExitUsage);
  EXPECT_EQ(focal({"init", "XA", "--root-plan", plan, "--request", plan, "--passphrase-fd",
                   passphrase_fd()}).code, kExitFailed);
  EXPECT_EQ(prepared, "") << "no keys for a request that could not be written";
  const Done done = focal({"init", "XA", "--root-plan", plan, "--request", path("r"),
                           "--passphrase-fd", passphrase_fd()});
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(prepared, "the plan|");
  EXPECT_EQ(read("r"), "a request\n");
  EXPECT_EQ(init_, "") << "no root was made";
}

}  // namespace
}  // namespace focal::cli

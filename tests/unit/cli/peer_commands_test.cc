// Goal: trust is shown in words with its next step; nothing harmful happens without a yes, no
// new root key without its digits; what comes from outside cannot steer the terminal.
// Method: tests/unit/cli/app_fixture.h.
#include "proto/pair.pb.h"
#include "proto/release.pb.h"
#include "proto/trust.pb.h"
#include "tests/unit/cli/app_fixture.h"
#include "tests/unit/cli/qr_read.h"

namespace focal::cli {
namespace {

using ::testing::Contains;

std::string sixty_digits() {
  std::string out;
  for (int i = 0; i < 60; ++i) out += static_cast<char>('0' + i % 10);
  return out;
}

v1::PeerDetailsResponse a_peer() {
  v1::PeerDetailsResponse show;
  show.set_our_party("XA");
  show.mutable_peer()->set_party("XB");
  show.mutable_peer()->set_level("VERIFIED");
  show.set_safety_number(sixty_digits());
  show.set_card_text("focal-card/v1\nparty XB\n");
  show.mutable_trust()->set_party("XB");
  show.mutable_trust()->set_words("Verified by telephone on 2026-03-01 by jo (uid 1000).");
  show.mutable_trust()->set_passes("Every kind of record passes.");
  return show;
}

v1::HeldCard* hold(v1::PeerDetailsResponse& show, bool new_root) {
  v1::HeldCard* held = show.mutable_trust()->add_held_cards();
  held->set_card_id("c0ffee" + std::to_string(show.trust().held_cards_size()));
  held->set_serial(3);
  held->set_why(new_root ? "RECOVERY" : "ELSEWHERE");
  held->set_words("Card 3 of XB came on 2026-03-02 from XC and is on hold.");
  held->set_since_at("2026-03-02T09:00:00Z");
  held->set_until_at("2026-03-05T09:00:00Z");
  held->set_old_root_key("b2xkIHJvb3Q=");
  held->set_new_root_key(new_root ? "bmV3IHJvb3Q=" : "b2xkIHJvb3Q=");
  held->set_new_root(new_root);
  if (new_root) held->set_safety_number(sixty_digits());
  held->add_commands("focal peer confirm XB --how phone");
  held->add_commands("focal peer reject XB --reason TEXT");
  return held;
}

TEST_F(App, PeerListSaysTrustInWordsAndTheNextStep) {
  serve();
  v1::PeersResponse list;
  list.add_peers()->set_party("XB");
  auto& trust = *list.add_trust();
  trust.set_party("XB");
  trust.set_words("Suspended on 2026-03-01 by jo (uid 1000): \x1b[2Jstolen.");
  trust.set_passes("Nothing is sent to XB, and its records wait unread.");
  trust.set_command("focal peer resume XB --reason TEXT");
  answer("GET /v1/peers", list);
  const Done done = focal({"peer", "list"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("PARTY  TRUST"));
  EXPECT_THAT(done.out, HasSubstr("\nXB\n  Suspended on 2026-03-01 by jo (uid 1000): "));
  EXPECT_THAT(done.out, HasSubstr("and its\n  records wait unread.\n"
                                  "  next: focal peer resume XB --reason TEXT\n"));
  EXPECT_THAT(done.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(focal({"peer", "list", "--json"}).out, HasSubstr("\"passes\""));
}

TEST_F(App, PeerShowSpeaksOfTheOthersClockOnlyWhenItDiffers) {
  serve();
  auto show = a_peer();
  const std::pair<std::int64_t, const char*> offsets[] = {
      {0, ""},     {1, ""},        {-1, ""},
      {999, ""},   {-999, ""},     {1000, "ahead of ours by 1 s"},
      {-90'000, "behind ours by 1 min"}, {INT64_MIN, "behind ours by 106751991167 days"}};
  answer("GET /v1/peers/XB/pair", v1::PairShowResponse());
  for (const auto& [offset_ms, words] : offsets) {
    show.mutable_peer()->set_clock_offset_ms(offset_ms);
    answer("GET /v1/peers/XB", show);
  }
  for (const auto& [offset_ms, words] : offsets) {
    const std::string out = focal({"peer", "show", "XB"}).out;
    EXPECT_THAT(out, HasSubstr(words)) << offset_ms;
    EXPECT_EQ(out.find("its clock") != std::string::npos, *words != '\0') << offset_ms;
  }
}

TEST_F(App, PeerShowTellsWhyAndWhatToDo) {
  serve();
  auto show = a_peer();
  hold(show, false);
  answer("GET /v1/peers/XB", show);
  v1::PairShowResponse pair;
  pair.mutable_pair()->set_state("UNCONFIRMED");
  pair.mutable_pair()->set_state_text("not yet");
  answer("GET /v1/peers/XB/pair", pair);
  const Done done = focal({"peer", "show", "XB"});
  EXPECT_THAT(done.out, HasSubstr("pair secret      UNCONFIRMED\n"));
  EXPECT_THAT(done.out, StartsWith("XB  VERIFIED\n  standing     Verified by telephone on"));
  EXPECT_THAT(done.out, HasSubstr("Card on hold\n"));
  EXPECT_THAT(done.out, HasSubstr("until                  2026-03-05 09:00 UTC (in 2 days)"));
  EXPECT_THAT(done.out, HasSubstr("root key on this card  the same"));
  EXPECT_THAT(done.out, HasSubstr("to decide  focal peer confirm XB --how phone\n"
                                  "             focal peer reject XB --reason TEXT\n"));
  EXPECT_THAT(done.out, HasSubstr("    01234 56789 01234 56789\n"));
  EXPECT_THAT(done.out, HasSubstr("focal-card/v1"));
  EXPECT_TRUE(query_.empty());
}

TEST_F(App, PeerShowProofPrintsNotesAsTheyWereSigned) {
  serve();
  auto show = a_peer();
  auto& act = *show.add_acts();
  act.set_leaf_index(17);
  act.set_at("2026-03-01T08:00:00Z");
  act.set_leaf("PEER_VERIFIED");
  act.set_text("VERIFIED PHONE by jo (uid 1000)");
  auto& proof = *show.add_proofs();
  proof.set_what("FORK");
  proof.set_title("One of two cards with serial 3");
  proof.set_note("focal-card/v1\nparty XB\nserial 3\n\n\u2014 focal/XB/root AAAA\n");
  answer("GET /v1/peers/XB", show);
  answer("GET /v1/peers/XB/pair", v1::PairShowResponse());
  const Done done = focal({"peer", "show", "XB", "--proof"});
  EXPECT_EQ(query_.at(0).first, "proof");
  EXPECT_THAT(done.out, HasSubstr("17  2026-03-01 08:00  PEER_VERIFIED  VERIFIED PHONE by jo"));
  EXPECT_THAT(done.out, HasSubstr("One of two cards with serial 3"));
  EXPECT_THAT(done.out, HasSubstr("\n" + proof.note() + "---"));
}

TEST_F(App, PeerVerifyAloneShowsHowToCompareAndChangesNothing) {
  serve();
  answer("GET /v1/peers/XB", a_peer());
  const Done done = focal({"peer", "verify", "XB"});
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.out, HasSubstr("    01234 56789 01234 56789\n    01234 56789 01234 56789\n"));
  EXPECT_THAT(done.out, HasSubstr("XA reads the first six groups aloud, XB the last six"));
  EXPECT_THAT(done.out, HasSubstr("focal peer verify XB --how phone"));
  EXPECT_EQ(asked_, std::vector<std::string>{"GET /v1/peers/XB"});
  EXPECT_EQ(focal({"peer", "verify", "XB", "--number", "1"}).code, kExitUsage) << "how?";
}

// The picture on a terminal says what stands below it: our root, not theirs.
TEST_F(App, PeerVerifyDrawsOurCodeOnATerminal) {
  serve();
  v1::PeerDetailsResponse show = a_peer();
  show.set_fingerprint_code("FOCAL:1:OUR ROOT");
  answer("GET /v1/peers/XB", show);
  EXPECT_THAT(focal({"peer", "verify", "XB"}).out, Not(HasSubstr("FOCAL:1:"))) << "not into a file";
  terminal_out_ = true;
  const Done done = focal({"peer", "verify", "XB"});
  EXPECT_EQ(done.code, 0);
  const auto code = make_qr("FOCAL:1:OUR ROOT");
  ASSERT_TRUE(code);
  EXPECT_EQ(QrReader(*code).text(), "FOCAL:1:OUR ROOT");
  EXPECT_THAT(done.out, HasSubstr("The key of XA for a camera"));
  EXPECT_THAT(done.out, HasSubstr(qr_for_terminal(*code) + "FOCAL:1:OUR ROOT\n"));
}

TEST_F(App, PeerVerifyShowsTheNumberAndSendsWhatIsTyped) {
  serve();
  answer("GET /v1/peers/XB", a_peer());
  v1::PeerVerifyResponse verified;
  verified.mutable_peer()->set_party("XB");
  verified.mutable_peer()->set_level("VERIFIED");
  answer("POST /v1/peers/XB/verify", verified);
  const Done done = focal({"peer", "verify", "XB", "--how", "note-verbale"}, "01234 56789\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("    01234 56789 01234 56789\n    01234 56789 01234 56789\n"));
  EXPECT_EQ(done.out, "XB is now VERIFIED\n");
  v1::PeerVerifyRequest request;
  ASSERT_TRUE(json::read(body_, request));
  EXPECT_EQ(request.number(), "01234 56789");
  EXPECT_EQ(request.how(), "NOTE_VERBALE");
  // What was refused by the node stays refused.
  answers_["POST /v1/peers/XB/verify"].clear();
  refuse("POST /v1/peers/XB/verify",
         fail(ErrorCode::kInvalid, "the number is not the one", "", "number"));
  const Done wrong = focal({"peer", "verify", "XB", "--how", "phone", "--number", "1"});
  EXPECT_EQ(wrong.code, kExitFailed);
  EXPECT_THAT(wrong.err, HasSubstr("the number is not the one"));
}

TEST_F(App, SuspendingAndResumingAskUnlessYes) {
  serve();
  answer("GET /v1/peers/XB", a_peer());
  v1::PeerTrustResponse after;
  after.mutable_trust()->set_party("XB");
  after.mutable_trust()->set_level("SUSPENDED");
  after.mutable_trust()->set_words("Suspended on 2026-03-02 by jo: stolen.");
  answer("POST /v1/peers/XB/suspend", after);
  answer("POST /v1/peers/XB/resume", after);
  EXPECT_EQ(focal({"peer", "suspend", "XB"}).code, kExitUsage) << "why?";
  EXPECT_EQ(focal({"peer", "suspend", "XB", "--reason", "r"}).code, kExitUsage) << "nobody there";
  EXPECT_EQ(focal({"peer", "suspend", "XB", "--reason", "r"}, "y\n").code, kExitFailed);
  EXPECT_EQ(focal({"peer", "resume", "XB"}, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(Contains(StartsWith("POST"))));
  const Done done = focal({"peer", "suspend", "XB", "--reason", "stolen"}, "yes\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("Nothing more is sent to XB"));
  EXPECT_THAT(body_, HasSubstr("stolen"));
  EXPECT_THAT(done.out, StartsWith("XB  SUSPENDED\n  standing"));
  const Done resumed = focal({"peer", "resume", "XB"}, "yes\n");
  EXPECT_EQ(resumed.code, 0);
  EXPECT_THAT(resumed.err, HasSubstr("Verified by telephone")) << "why it stands is shown first";
  asked_.clear();
  EXPECT_EQ(focal({"peer", "resume", "XB", "--yes"}).code, 0);
  EXPECT_EQ(asked_, std::vector<std::string>{"POST /v1/peers/XB/resume"});
}

TEST_F(App, ConfirmingACardShowsBothKeysAndAsks) {
  serve();
  auto show = a_peer();
  hold(show, false);
  answer("GET /v1/peers/XB", show);
  answer("POST /v1/peers/XB/confirm", v1::PeerTrustResponse());
  EXPECT_EQ(focal({"peer", "confirm", "XB"}).code, kExitUsage) << "how was it asked?";
  const std::vector<std::string> plain{"peer", "confirm", "XB", "--how", "phone"};
  EXPECT_EQ(focal(plain).code, kExitUsage) << "nobody there";
  EXPECT_EQ(focal(plain, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(Contains(StartsWith("POST"))));
  const Done done = focal(plain, "yes\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("came on 2026-03-02 from XC"));
  EXPECT_THAT(done.err, HasSubstr("the same"));
  v1::PeerConfirmRequest request;
  ASSERT_TRUE(json::read(body_, request));
  EXPECT_EQ(request.card_id(), "c0ffee1");
  EXPECT_EQ(request.how(), "PHONE");
  EXPECT_EQ(request.number(), "");
}

TEST_F(App, ANewCardIsShownBeforeItCountsAsSeen) {
  serve();
  auto show = a_peer();
  answer("GET /v1/peers/XB", show);
  answer("POST /v1/peers/XB/seen", v1::PeerTrustResponse());
  for (const std::uint64_t leaf : {71, 64}) {  // newest first
    auto* card = show.mutable_trust()->add_new_cards();
    card->set_leaf_index(leaf);
    card->set_words("Card of leaf " + std::to_string(leaf) + ".\033[2J");
  }
  answer("GET /v1/peers/XB", show);
  const Done nothing = focal({"peer", "seen", "XB", "--yes"});
  EXPECT_EQ(nothing.code, kExitFailed);
  EXPECT_THAT(nothing.err, HasSubstr("nothing of XB waits to be looked at"));
  EXPECT_EQ(focal({"peer", "seen", "XB"}).code, kExitUsage) << "nobody there";
  EXPECT_EQ(focal({"peer", "seen", "XB"}, "no\n").code, kExitFailed);
  EXPECT_THAT(asked_, Not(Contains(StartsWith("POST"))));
  const Done done = focal({"peer", "seen", "XB"}, "yes\n");
  EXPECT_EQ(done.code, kExitOk) << done.err;
  EXPECT_THAT(done.err, HasSubstr("Card of leaf 71."));
  EXPECT_THAT(done.err, HasSubstr("Card of leaf 64."));
  EXPECT_THAT(done.err, Not(HasSubstr("\033")));
  v1::PeerSeenRequest request;
  ASSERT_TRUE(json::read(body_, request));
  EXPECT_EQ(request.leaf_index(), 71u) << "of what was shown, and of nothing that came meanwhile";
}

TEST_F(App, PagesOfReleasesAreOfThoseThatEnded) {
  serve();
  answer("GET /v1/releases", v1::ReleaseListResponse());
  for (const char* option : {"--limit", "--before"}) {
    const Done done = focal({"release", "list", option, option == std::string("--limit") ? "5" : "R-9"});
    EXPECT_EQ(done.code, kExitUsage);
    EXPECT_THAT(done.err, HasSubstr("goes with --all"));
  }
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(focal({"release", "list", "--all", "--limit", "5", "--before", "R-9"}).code, kExitOk);
  EXPECT_THAT(query_, Contains(::testing::Pair("before", "R-9")));
}

TEST_F(App, ANewRootKeyNeedsItsDigits) {
  serve();
  auto show = a_peer();
  hold(show, true);
  answer("GET /v1/peers/XB", show);
  answer("POST /v1/peers/XB/confirm", v1::PeerTrustResponse());
  const std::vector<std::string> plain{"peer", "confirm", "XB", "--how", "phone"};
  std::vector<std::string> scripted = plain;
  scripted.push_back("--yes");
  const Done nobody = focal(scripted);
  EXPECT_EQ(nobody.code, kExitUsage) << "--yes does not stand for the digits";
  EXPECT_THAT(nobody.err, HasSubstr("--number"));
  const Done done = focal(plain, "01234 56789\nyes\n");
  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.err, HasSubstr("b2xkIHJvb3Q="));
  EXPECT_THAT(done.err, HasSubstr("bmV3IHJvb3Q="));
  EXPECT_THAT(done.err, HasSubstr("    01234 56789 01234 56789\n"));
  EXPECT_THAT(body_, HasSubstr("01234 56789"));
  scripted.insert(scripted.end(), {"--number", "77777"});
  EXPECT_EQ(focal(scripted).code, 0);
  EXPECT_THAT(body_, HasSubstr("77777"));
}

TEST_F(App, WhichCardIsMeantIsNotGuessed) {
  serve();
  auto show = a_peer();
  answer("GET /v1/peers/XB", show);
  hold(show, false);
  hold(show, false);
  answer("GET /v1/peers/XB", show);
  answer("POST /v1/peers/XB/reject", v1::PeerTrustResponse());
  const std::vector<std::string> plain{"peer", "reject", "XB", "--reason", "not theirs", "--yes"};
  const Done none = focal(plain);
  EXPECT_EQ(none.code, kExitFailed);
  EXPECT_THAT(none.err, HasSubstr("no card of XB waits for a decision"));
  const Done two = focal(plain);
  EXPECT_EQ(two.code, kExitUsage);
  EXPECT_THAT(two.err, HasSubstr("--card"));
  std::vector<std::string> named = plain;
  named.insert(named.end(), {"--card", "c0ffee2"});
  EXPECT_EQ(focal(named).code, 0);
  EXPECT_THAT(body_, HasSubstr("c0ffee2"));
  named.back() = "beef";
  EXPECT_EQ(focal(named).code, kExitFailed);
}

TEST_F(App, NotesAddSaysOfEachWhatHappened) {
  serve();
  v1::NotesAddResponse added;
  auto& taken = *added.add_notes();
  taken.set_what("REVOCATION");
  taken.set_party("XB");
  taken.set_result("REVOKED");
  taken.set_text("Card 2 of XB is revoked with effect from 2026-03-01.");
  answer("POST /v1/notes", added);
  auto& refused = *added.add_notes();
  refused.set_what("CARD");
  refused.set_party("XC");
  refused.set_serial(4);
  refused.set_result("REFUSED");
  refused.set_text("a card by a root key that cannot speak for this party");
  refused.set_hint("call them");
  answer("POST /v1/notes", added);
  const std::vector<std::string> words{"notes", "add", file("notes.txt", "focal-revoke/v1\n")};
  const Done good = focal(words);
  EXPECT_EQ(good.code, 0);
  EXPECT_THAT(body_, HasSubstr("focal-revoke/v1"));
  EXPECT_THAT(good.out, HasSubstr("REVOKED  REVOCATION of XB\n  Card 2 of XB is revoked"));
  const Done bad = focal(words);
  EXPECT_EQ(bad.code, kExitFailed);
  EXPECT_THAT(bad.out, HasSubstr("REFUSED  CARD of XC, serial 4\n"));
  EXPECT_THAT(bad.out, HasSubstr("hint: call them"));
}

TEST_F(App, DirectoriesAreListedShownAndCompared) {
  serve();
  v1::DirectoryListResponse list;
  list.set_policy("2 of UNODA, OSCE");
  auto& d = *list.add_directories();
  d.set_introducer("UNODA");
  d.set_serial(9);
  d.set_entries(2);
  d.set_text("UNODA is not verified");
  list.add_missing("OSCE");
  answer("GET /v1/directories", list);
  const Done listed = focal({"directory", "list"});
  EXPECT_THAT(listed.out, HasSubstr("whom 2 of UNODA, OSCE list"));
  EXPECT_THAT(listed.out, HasSubstr("no: UNODA is not verified"));
  EXPECT_THAT(listed.out, HasSubstr("no directory of OSCE is here"));

  v1::DirectoryShowResponse show;
  *show.mutable_directory() = d;
  auto& entry = *show.add_entries();
  entry.set_party("XB");
  entry.set_root_key("AAAAAAAAAAAAAAAAAAAAAAAA=");
  entry.set_known("OTHER_KEY");
  entry.set_text("not the key we have");
  answer("GET /v1/directories/UNODA", show);
  EXPECT_THAT(focal({"directory", "show", "UNODA"}).out,
              HasSubstr("XB     AAAAAAAAAAAA…     0  not the key we have"));

  v1::DirectoryCompareResponse compare;
  compare.add_introducers("UNODA");
  compare.add_introducers("OSCE");
  auto& party = *compare.add_parties();
  party.set_party("XB");
  *party.add_listed() = entry;
  party.add_listed();
  party.set_text("only one lists it");
  answer("GET /v1/introductions", compare);
  compare.mutable_introducers()->RemoveLast();
  party.mutable_listed()->RemoveLast();
  answer("GET /v1/introductions", compare);
  const Done compared = focal({"directory", "compare"});
  EXPECT_THAT(compared.out, HasSubstr("PARTY  UNODA          OSCE  WHAT IT MEANS"));
  EXPECT_THAT(compared.out, HasSubstr("XB     AAAAAAAAAAAA…  -     only one lists it"));
  EXPECT_THAT(compared.out, HasSubstr("The directories agree."));
  const Done alone = focal({"directory", "compare"});
  EXPECT_THAT(alone.out, HasSubstr("Only the directory of UNODA is here"));
  EXPECT_THAT(alone.out, HasSubstr("`focal directory import FILE`"));
  EXPECT_THAT(alone.out, Not(HasSubstr("agree"))) << "with itself";

  v1::NotesAddResponse added;
  answer("POST /v1/directories", added);
  EXPECT_EQ(focal({"directory", "import", file("d.txt", "x")}).code, 0);
  EXPECT_THAT(body_, HasSubstr("\"x\""));
}

}  // namespace
}  // namespace focal::cli

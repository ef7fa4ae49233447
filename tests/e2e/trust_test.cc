// Goal: officers see why a party is trusted or not, decide with the commands named, and nothing
// is taken without the call that it needs. Method: real programs on loopback; the notes of other
// parties' roots are made here, with the keys that `focal init` left in the root folder.
#include "base/bytes.h"
#include "crypto/keystore.h"
#include "node/exchange/directory.h"
#include "node/exchange/revocation.h"
#include "node/exchange/safety_number.h"
#include "node/node/keys.h"
#include "node/node/setup.h"
#include "tests/e2e/harness.h"
#include "tests/support/party_fixture.h"

namespace focal::e2e {
namespace {

using test::TestParty;

crypto::Secret secret_of(const std::string& text) { return crypto::Secret::copy_of(as_bytes(text)); }

// The key custodian of a party: what its safes and its stopped node hold.
struct Custodian {
  explicit Custodian(Party& party) {
    const auto root_of = [&](const char* file) {
      const auto store = TestParty::must(crypto::Keystore::open(
          party.root_folder() / file, secret_of(party.root_passphrase())));
      return crypto::signing_key_from_seed(store.find(node::kRootKeyName)->clone());
    };
    root = root_of(node::kRootFile);
    next = root_of(node::kNextRootFile);
    const auto store = TestParty::must(crypto::Keystore::open(
        party.folder() / node::kKeystoreFile, secret_of(party.passphrase())));
    online = TestParty::must(node::load_online_keys(store));
    card = TestParty::must(exchange::parse_card(read_text(party.folder() / node::kCardFile)));
  }
  // The next card, with another line about the authority; by the next root: a recovery.
  std::string successor(const std::string& authority, bool recovery = false) const {
    exchange::CardFields f = card;
    f.serial = card.serial + 1;
    f.prev = card.card_id;
    f.authority = {authority};
    if (recovery) f.next = exchange::next_root_hash(third.pk);
    const crypto::SigningKey& by = recovery ? next : root;
    return TestParty::must(
        exchange::make_card(f, {by, online.sign, online.log, online.witness, nullptr}));
  }
  std::string revocation(const std::string& reason) const {
    exchange::RevocationFields f;
    f.party = card.party;
    f.card_id = card.card_id;
    f.since_ms = card.issued_ms;
    f.reason = reason;
    return TestParty::must(exchange::make_revocation(f, root));
  }

  crypto::SigningKey root, next, third = test::signing_key(201);
  node::OnlineKeys online;
  exchange::Card card;
};

std::string number_with(const Party& here, Party& other, const crypto::PublicKey& root) {
  const auto own = TestParty::must(exchange::parse_card(read_text(here.folder() / node::kCardFile)));
  return exchange::safety_number(own.party, own.root, other.name(), root);
}

std::string all_warnings(const Json& status) {
  std::string out;
  for (std::size_t i = 0; i < status.size("warnings"); ++i)
    out += status["warnings[" + std::to_string(i) + "]"] + "\n";
  return out;
}

// However the lines are broken.
bool says(const std::string& text, const std::string& words) {
  std::string line;
  for (const char c : text)
    if (c != ' ' && c != '\n') line.push_back(c);
    else if (!line.empty() && line.back() != ' ') line.push_back(' ');
  const bool found = line.find(words) != std::string::npos;
  if (!found) std::fprintf(stderr, "no \"%s\" in:\n%s\n", words.c_str(), text.c_str());
  return found;
}

TEST_F(Friends, SuspendedHoldsAndResumedGoesOn) {
  start_both();
  EXPECT_TRUE(says(xa_.focal({"peer", "list"}).out, "Verified by telephone on "));
  xa_.refused({"peer", "resume", "XB", "--yes"}, "STATE");
  const Json suspended =
      xa_.ask({"peer", "suspend", "XB", "--reason", "their server was stolen", "--yes"});
  EXPECT_EQ(suspended["trust.level"], "SUSPENDED");
  EXPECT_EQ(suspended["trust.suspended_reason"], "their server was stolen");
  xa_.refused({"peer", "suspend", "XB", "--reason", "again", "--yes"}, "STATE");
  const Json no_ping = xa_.refused({"peer", "ping", "XB"}, "TRUST");
  EXPECT_TRUE(says(no_ping["hint"], "focal peer resume XB"));
  EXPECT_EQ(xb_.focal({"peer", "ping", "XA", "--wait", "0"}).code, 1);
  ASSERT_TRUE(eventually([&] { return xa_.ask({"peer", "show", "XB"}).is("trust.waiting", "1"); }));
  const std::string shown = xa_.focal({"peer", "show", "XB"}).out;
  EXPECT_TRUE(says(shown, "their server was stolen"));
  EXPECT_TRUE(says(shown, "Records from XB that wait unread: 1."));
  EXPECT_TRUE(says(all_warnings(xa_.ask({"status"})), "XB: Suspended on "));
  EXPECT_EQ(xb_.trust_in("XA"), "VERIFIED") << "the other side is not told";

  EXPECT_EQ(xa_.ask({"peer", "resume", "XB", "--yes"})["trust.level"], "VERIFIED");
  EXPECT_TRUE(xb_.settles());
  const std::string proof = xa_.focal({"peer", "show", "XB", "--proof"}).out;
  EXPECT_TRUE(says(proof, ": VERIFIED PHONE"));
  EXPECT_TRUE(says(proof, ": SUSPENDED: their server"));
  EXPECT_TRUE(says(proof, ": RESUMED"));
}

TEST_F(Friends, ARecoveryWaitsForTheCallAndTheNewNumber) {
  const Custodian custodian(xb_);
  start_both();
  const std::string file = xa_.file("recovery.txt");
  write_text(file, custodian.successor("Recovered", true));
  const Json added = xa_.ask({"notes", "add", file});
  EXPECT_EQ(added["notes[0].result"], "SUSPENDED");
  EXPECT_EQ(xa_.trust_in("XB"), "SUSPENDED");
  xa_.refused({"peer", "resume", "XB", "--yes"}, "STATE");
  const Json seen = xa_.ask({"peer", "show", "XB"});
  EXPECT_EQ(seen["trust.held_cards[0].why"], "RECOVERY");
  EXPECT_EQ(seen["trust.held_cards[0].old_root_key"], base64(custodian.root.pk));
  EXPECT_EQ(seen["trust.held_cards[0].new_root_key"], base64(custodian.next.pk));

  const auto confirm = [&](const std::string& number) {
    return Words{"peer", "confirm", "XB", "--how", "phone", "--yes", "--number", number};
  };
  xa_.refused(confirm(number_with(xa_, xb_, custodian.root.pk)), "INVALID");  // the old number
  xa_.refused(confirm(""), "INVALID");
  EXPECT_EQ(xa_.trust_in("XB"), "SUSPENDED");
  const Json done = xa_.ask(confirm(number_with(xa_, xb_, custodian.next.pk)));
  EXPECT_EQ(done["trust.level"], "VERIFIED");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.serial"], "2");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.root_key"], base64(custodian.next.pk));
  xa_.refused(confirm(number_with(xa_, xb_, custodian.next.pk)), "NOT_FOUND");
}

TEST_F(Friends, ARefusedCardIsKeptAsEvidence) {
  const Custodian custodian(xb_);
  start_both();
  const std::string file = xa_.file("recovery.txt");
  const std::string note = custodian.successor("Not theirs", true);
  write_text(file, note);
  xa_.ask({"notes", "add", file});
  EXPECT_EQ(xa_.focal({"peer", "reject", "XB", "--yes"}).code, 2) << "why?";
  const Json done = xa_.ask({"peer", "reject", "XB", "--reason", "not theirs", "--yes"});
  EXPECT_EQ(done["trust.level"], "VERIFIED");
  EXPECT_EQ(done.size("trust.held_cards"), 0u);
  const Json proof = xa_.ask({"peer", "show", "XB", "--proof"});
  bool kept = false;
  for (std::size_t i = 0; i < proof.size("proofs"); ++i) {
    const std::string at = "proofs[" + std::to_string(i) + "].";
    kept = kept || (proof[at + "what"] == "REFUSED_CARD" && proof[at + "note"] == note);
  }
  EXPECT_TRUE(kept);
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.serial"], "1");
}

TEST_F(Friends, TwoCardsWithOneSerialSuspendAndAreShown) {
  const Custodian custodian(xb_);
  start_both();
  const std::string file = xa_.file("two.txt");
  write_text(file, custodian.successor("One office") + custodian.successor("Another office"));
  const Ran ran = xa_.focal({"notes", "add", file, "--yes"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_TRUE(says(ran.out, "FORK CARD of XB, serial 2"));
  EXPECT_EQ(xa_.trust_in("XB"), "SUSPENDED");
  EXPECT_TRUE(says(all_warnings(xa_.ask({"status"})), "XB has contradicted itself"));
  const std::string proof = xa_.focal({"peer", "show", "XB", "--proof"}).out;
  EXPECT_TRUE(says(proof, "authority One office"));
  EXPECT_TRUE(says(proof, "authority Another office"));
  xa_.refused({"peer", "resume", "XB", "--yes"}, "INVALID");  // why?
  EXPECT_EQ(xa_.ask({"peer", "resume", "XB", "--yes", "--reason", "called them"})["trust.level"],
            "VERIFIED");
  EXPECT_EQ(xa_.stop(), 0);
  xa_.expect_ledger_verifies();
}

TEST_F(Friends, ARevocationByFileBitesAtOnceAndTheNextCardEndsIt) {
  const Custodian custodian(xb_);
  start_both();
  const std::string file = xa_.file("revocation.txt");
  write_text(file, custodian.revocation("server stolen"));
  const Json added = xa_.ask({"notes", "add", file});
  EXPECT_EQ(added["notes[0].result"], "REVOKED");
  EXPECT_EQ(xa_.trust_in("XB"), "REVOKED");
  ASSERT_TRUE(eventually([&] { return !xa_.is_linked_to("XB"); }));
  xa_.refused({"peer", "ping", "XB"}, "TRUST");
  const std::string shown = xa_.focal({"peer", "show", "XB"}).out;
  EXPECT_TRUE(says(shown, "the root key of XB withdrew its card 1"));
  EXPECT_TRUE(says(shown, "server stolen"));
  EXPECT_TRUE(says(all_warnings(xa_.ask({"status"})), "XB: Revoked: "));
  EXPECT_TRUE(says(xa_.focal({"peer", "show", "XB", "--proof"}).out, "focal-revoke/v1"));
  EXPECT_EQ(xa_.ask({"notes", "add", file})["notes[0].result"], "KNOWN");

  Custodian again(xb_);
  again.online.sign = test::signing_key(202);
  again.online.log = test::signing_key(203);
  again.online.witness = test::signing_key(204);
  write_text(file, again.successor("New server"));
  EXPECT_EQ(xa_.focal({"notes", "add", file}).code, 2) << "did XB itself give it?";
  EXPECT_EQ(xa_.ask({"notes", "add", file, "--yes"})["notes[0].result"], "TAKEN");
  EXPECT_EQ(xa_.trust_in("XB"), "VERIFIED") << "the former level";
}

TEST_F(ThreeFriends, ACardThatAThirdPartyPassesOnIsOnHoldUntilTheCall) {
  const Custodian custodian(xb_);
  const std::string file = xc_.file("XB-2.txt");
  write_text(file, custodian.successor("New office"));
  EXPECT_EQ(xc_.ask({"notes", "add", file, "--yes"})["notes[0].result"], "TAKEN")
      << "by an officer there";
  EXPECT_EQ(xc_.stop(), 0);
  xc_.start();  // tells its peers what it has at the next link
  ASSERT_TRUE(eventually([&] {
    const Json seen = xa_.ask({"peer", "show", "XB"});
    return seen.size("trust.held_cards") == 1;
  }));
  const Json seen = xa_.ask({"peer", "show", "XB"});
  EXPECT_EQ(seen["peer.card.serial"], "1");
  EXPECT_EQ(seen["trust.level"], "VERIFIED") << "XB goes on under the card that is here";
  EXPECT_EQ(seen["trust.held_cards[0].why"], "ELSEWHERE");
  EXPECT_EQ(seen["trust.held_cards[0].from"], "XC");
  EXPECT_NE(seen["trust.held_cards[0].until_at"], "");
  EXPECT_TRUE(says(all_warnings(xa_.ask({"status"})), "Card 2 of XB came on "));
  EXPECT_TRUE(says(xa_.focal({"peer", "list"}).out, "next: focal peer confirm XB --how phone"));
  const Ran nobody = xa_.focal({"peer", "confirm", "XB", "--how", "phone"});
  EXPECT_EQ(nobody.code, 2) << "nobody to ask";
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.serial"], "1");
  EXPECT_EQ(xa_.ask({"peer", "confirm", "XB", "--how", "phone", "--yes"})["trust.level"],
            "VERIFIED");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.serial"], "2");
  EXPECT_TRUE(says(xa_.focal({"peer", "show", "XB", "--proof"}).out, "card 2 of XB confirmed by "));
  EXPECT_EQ(xa_.focal({"peer", "ping", "XB"}).code, 0) << "the exchange goes on";
}

TEST_F(Fresh, DirectoriesIntroduceAndDoNotVerify) {
  const TestParty unoda("UNODA", 31), osce("OSCE", 61);
  const fs::path config = xa_.folder() / node::kConfigFile;
  write_text(config, "introduce = \"2 of UNODA, OSCE\"\n" + read_text(config));
  xa_.start();
  xb_.start();
  const Custodian custodian(xb_);
  const auto add = [&](const TestParty& party) {
    const std::string file = xa_.file(party.party);
    write_text(file, party.card_note());
    xa_.ask({"peer", "add", file});
    Custodian ours(xa_);
    xa_.ask({"peer", "verify", party.party, "--how", "in-person", "--number",
             exchange::safety_number("XA", ours.card.root, party.party, party.root.pk)});
  };
  const auto directory = [&](const TestParty& by, const crypto::PublicKey& root) {
    exchange::DirectoryFields f;
    f.introducer = by.party;
    f.entries = {{"XB", root, 1}};
    const std::string file = xa_.file(by.party + "-directory");
    write_text(file, TestParty::must(exchange::make_directory(f, by.root)));
    return file;
  };
  EXPECT_EQ(xa_.focal({"directory", "import", directory(unoda, custodian.root.pk)}).code, 1)
      << "UNODA is not known yet";
  add(unoda);
  add(osce);
  xa_.ask({"directory", "import", directory(unoda, custodian.root.pk)});
  const Json list = xa_.ask({"directory", "list"});
  EXPECT_EQ(list["policy"], "2 of UNODA, OSCE");
  EXPECT_EQ(list["directories[0].counts"], "true");
  EXPECT_EQ(list["missing[0]"], "OSCE");
  introduce(xb_, xa_);
  EXPECT_EQ(xa_.trust_in("XB"), "NONE") << "one of two";
  xa_.ask({"directory", "import", directory(osce, custodian.root.pk)});
  ASSERT_TRUE(eventually([&] { return xa_.trust_in("XB") == "INTRODUCED"; }));
  EXPECT_TRUE(says(xa_.focal({"peer", "list"}).out, "Introduced by UNODA and OSCE"));
  xa_.refused({"trace", "open", "--from", example("01"), "--to", "XB"}, "TRUST");
  EXPECT_EQ(xa_.ask({"directory", "compare"})["differences"], "0");
  EXPECT_TRUE(says(xa_.focal({"directory", "show", "OSCE"}).out, "the key that is here, INTRODUCED"));

  // A list with another key for XB replaces nothing, and the disagreement is shown.
  exchange::DirectoryFields f;
  f.introducer = "OSCE";
  f.serial = 2;
  f.prev = TestParty::must(exchange::parse_directory(
      read_text(directory(osce, custodian.root.pk)), osce.root.pk)).directory_id;
  f.entries = {{"XB", test::signing_key(210).pk, 1}};
  const std::string file = xa_.file("OSCE-2");
  write_text(file, TestParty::must(exchange::make_directory(f, osce.root)));
  xa_.ask({"directory", "import", file});
  const Json compared = xa_.ask({"directory", "compare"});
  EXPECT_EQ(compared["differences"], "1");
  EXPECT_EQ(compared["parties[0].differs"], "true");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.card.root_key"], base64(custodian.root.pk));
  write_text(file, custodian.successor("a card"));
  xa_.refused({"directory", "import", file}, "INVALID");
}

TEST_F(Fresh, ARuleOfTheConfigurationRaisesAndNeverLowers) {
  xa_.append_config("[trust]\n\"trace.*\" = \"INTRODUCED\"\n");
  const Ran ended = xa_.try_start();
  EXPECT_EQ(ended.code, 1);
  EXPECT_TRUE(says(ended.err, "focal.toml:"));
  EXPECT_TRUE(says(ended.err, "trace.request needs VERIFIED"));
}

}  // namespace
}  // namespace focal::e2e

// Goal: every ceremony of docs/operations.md works as it is written there. Method: the
// steps are read from the document and typed into the real programs; then both nodes
// exchange a record, the leaves name who applied and revoked a card, and the ledgers of the
// stopped nodes verify. A kill of the node around `card apply` ends in the old card or the new
// one.
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <thread>

#include "tests/e2e/ceremony.h"

namespace focal::e2e {
namespace {

std::set<std::string>& carried_out() {
  static std::set<std::string> names;
  return names;
}

template <typename Fixture>
class With : public Fixture {
 protected:
  void carry_out(const std::string& name) {
    ASSERT_TRUE(ceremonies_of_the_document().contains(name)) << "docs/operations.md has no ceremony " << name;
    carried_out().insert(name);
    ceremony_.add_node(this->xa_);
    ceremony_.add_node(this->xb_);
    for (Party* party : {&this->xa_, &this->xb_}) {
      add_key(*party, "root", "root.focalkey");
      add_key(*party, "next", "next-root.focalkey");
    }
    for (const char* medium : {"XA-B-root", "XA-B-next"})
      ceremony_.add_medium(medium, this->temp_ / medium, "roots of another name");
    ceremony_.run(ceremonies_of_the_document().at(name));
  }
  // A medium with one key: root and next root lie in different safes.
  void add_key(const Party& party, const std::string& medium, const std::string& file) {
    const fs::path folder = this->temp_ / (party.name() + "-" + medium);
    fs::create_directory(folder);
    fs::copy(party.root_folder() / file, folder / file);
    ceremony_.add_medium(folder.filename(), folder, party.root_passphrase());
  }
  void expect_ledgers_verify() {
    for (Party* party : {&this->xa_, &this->xb_}) {
      if (party->runs()) {
        EXPECT_EQ(party->stop(), 0);
      }
      party->expect_ledger_verifies();
      EXPECT_EQ(party->focal({"ledger", "verify"}).code, 0) << "with the card of the folder";
    }
  }
  // The leaf of that act names who did it.
  static void expect_actor(Party& at, const std::string& act, const std::string& role) {
    const Json tail = at.ask({"ledger", "tail", "--limit", "1000"});
    const std::string who = "(uid " + std::to_string(::geteuid()) + ", " + role + ")";
    std::size_t found = 0;
    for (std::size_t i = 0; i < tail.size("leaves"); ++i) {
      const std::string leaf = "leaves[" + std::to_string(i) + "].";
      if (tail[leaf + "act"] != act) continue;
      ++found;
      EXPECT_NE(tail[leaf + "who"].find(who), std::string::npos) << act << ": " << tail[leaf + "who"];
      EXPECT_NE(tail[leaf + "reason"], "") << act;
    }
    EXPECT_GT(found, 0u) << "no leaf says that somebody did " << act;
  }
  Ceremony ceremony_{this->temp_.path()};
};

using FirstContact = With<Fresh>;
using Custodian = With<Friends>;
using OnHold = With<ThreeFriends>;

TEST_F(FirstContact, ByPhone) {
  xa_.start();
  xb_.start();
  carry_out("first-contact-by-phone");
}

TEST_F(FirstContact, InPerson) {
  xa_.start();
  xb_.start();
  carry_out("first-contact-in-person");
}

TEST_F(FirstContact, ByNoteVerbale) {
  xa_.start();
  xb_.start();
  carry_out("first-contact-by-note-verbale");
  const std::string sheet = read_text(temp_ / "XA-fingerprint.html");
  EXPECT_NE(sheet.find("<svg"), std::string::npos);
}

TEST_F(FirstContact, ByACodeOnALetter) {
  xa_.start();
  xb_.start();
  carry_out("code-on-a-letter");
  EXPECT_EQ(xb_.ask({"peer", "show", "XA"})["peer.verified_how"], "NOTE_VERBALE");
}

TEST_F(FirstContact, AtOneTableWithAPairSecret) {
  xa_.start();
  xb_.start();
  carry_out("meeting-in-person");
  EXPECT_EQ(xa_.ask({"peer", "show", "XB"})["peer.verified_how"], "IN_PERSON");
  EXPECT_GE(std::stoul(xa_.ask({"peer", "pair", "XB"})["pair.sent_with"]), 1u);
}

TEST_F(OnHold, ACardThatIsTheirs) {
  pass_on_a_card(xb_, xc_, xa_);
  carry_out("card-on-hold");
}

TEST_F(OnHold, ACardThatIsNotTheirs) {
  pass_on_a_card(xb_, xc_, xa_);
  carry_out("card-refused");
  EXPECT_EQ(xa_.trust_in("XB"), "SUSPENDED");
}

TEST_F(Custodian, TheSealingKeysAreReplaced) {
  start_both();
  carry_out("keys-replaced");
}

TEST_F(Custodian, TheYearlyRenewal) {
  start_both();
  carry_out("yearly-renewal");
  EXPECT_EQ(xb_.focal({"peer", "ping", "XA", "--wait", "60"}).code, 0);
  expect_ledgers_verify();
}

TEST_F(Custodian, TheServerWasStolen) {
  start_both();
  carry_out("server-stolen");
  const Json custody = xa_.ask({"card", "custody"});
  EXPECT_EQ(custody["revocations"], "1");
  EXPECT_EQ(custody.size("earlier"), 1u);
  expect_actor(xa_, "card.apply", "OWNER");
  expect_actor(xa_, "card.revoke", "OWNER");
  ASSERT_TRUE(xa_.settles());
  expect_ledgers_verify();
}

// XB only dials: it can be told of the new transport key only while callers are answered
// with the old one.
TEST_F(Custodian, APartyThatOnlyDialsLearnsOfANewTransportKeyToo) {
  std::string config = read_text(xb_.folder() / "focal.toml");
  const auto from = config.find("reach = ");
  ASSERT_NE(from, std::string::npos);
  config.replace(from, config.find('\n', config.find("endpoints = ")) - from,
                 "reach = \"dialout\"\nendpoints = []");
  write_text(xb_.folder() / "focal.toml", config);
  start_both();
  carry_out("server-stolen");
}

TEST_F(Custodian, TheServerIsGone) {
  start_both();
  xa_.crash();
  fs::remove_all(xa_.folder());
  carry_out("server-gone");
  expect_actor(ceremony_.new_node("XA"), "card.apply", "OFFLINE");
  EXPECT_EQ(ceremony_.new_node("XA").stop(), 0);
  ceremony_.new_node("XA").expect_ledger_verifies();
}

TEST_F(Custodian, TheRootIsChangedOnAQuietDay) {
  start_both();
  carry_out("root-rotation");
  EXPECT_EQ(xb_.trust_in("XA"), "VERIFIED");
  EXPECT_EQ(xb_.focal({"peer", "ping", "XA", "--wait", "60"}).code, 0);
  expect_ledgers_verify();
}

TEST_F(Custodian, TheRootWasStolen) {
  start_both();
  carry_out("root-stolen");
  // A revocation of the earlier card would take the keys that the card in force goes on with.
  const std::string note = xa_.file("XA-1.revocation");
  Launch revoke;
  revoke.words = {program("focal"), "root", "revoke", "--serial", "1", "--since", "2026-03-01",
                  "--reason", "root stolen", "--root-folder", temp_ / "XA-next", "--out", note,
                  "--yes", "--root-passphrase-fd", "4"};
  revoke.secrets = {{4, xa_.root_passphrase()}};
  const Ran revoked = run(revoke);
  ASSERT_EQ(revoked.code, 0) << revoked.err;
  const Json refused = xa_.refused({"card", "revoke", note, "--yes"}, "STATE");
  EXPECT_NE(refused["detail"].find("card 1 names the same"), std::string::npos);
  expect_ledgers_verify();
}

TEST_F(Custodian, EverythingIsLost) {
  start_both();
  xa_.crash();
  carry_out("everything-lost");
}

// SIGKILL at random moments around `card apply`, the node opening itself again included.
TEST_F(Custodian, KilledWhileACardIsAppliedItHasTheOldCardOrTheNewOne) {
  start_both();
  std::mt19937 random(7);
  ceremony_.add_medium("XA-roots", xa_.root_folder(), xa_.root_passphrase());
  int serial = 1, old_ones = 0, new_ones = 0;
  for (int round = 0; round < 8; ++round) {
    const std::string n = std::to_string(serial + 1);
    const std::string request = xa_.file(n + ".request"), card = xa_.file(n + ".focalcard");
    const std::string act = round % 2 == 0 ? "replace-keys" : "renew";
    ASSERT_EQ(xa_.focal({"card", act, "--to", request}).code, 0);
    Launch sign;
    sign.words = {program("focal"), "root", "sign", request, "--root-folder", xa_.root_folder(),
                  "--out", card, "--yes", "--root-passphrase-fd", "4"};
    sign.secrets = {{4, xa_.root_passphrase()}};
    const Ran signed_card = run(sign);
    ASSERT_EQ(signed_card.code, 0) << signed_card.err;
    std::jthread apply([&] { xa_.focal({"card", "apply", card}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 120));
    xa_.crash();
    apply.join();
    xa_.start();
    const std::string now = xa_.ask({"card", "show"})["card.serial"];
    if (now != n) {
      ++old_ones;
      ASSERT_EQ(now, std::to_string(serial));
      const Ran again = xa_.focal({"card", "apply", card});
      ASSERT_EQ(again.code, 0) << "it can still be applied: " << again.err;
      ASSERT_TRUE(eventually([&] { return xa_.ask({"card", "show"}).is("card.serial", n); }));
    } else {
      ++new_ones;
    }
    ++serial;
  }
  std::printf("old card after the kill: %d, new card: %d\n", old_ones, new_ones);
  ASSERT_TRUE(eventually([&] {
    return xb_.ask({"peer", "show", "XA"}).is("peer.card.serial", std::to_string(serial));
  }));
  EXPECT_EQ(xa_.focal({"peer", "ping", "XB", "--wait", "60"}).code, 0);
  expect_ledgers_verify();
}

// What the document has, the tests above carry out: the last test of the program.
TEST(CeremoniesOfTheDocument, AreAllCarriedOut) {
  if (::testing::GTEST_FLAG(filter) != "*") return;  // some were left out
  std::set<std::string> names;
  for (const auto& [name, steps] : ceremonies_of_the_document()) {
    EXPECT_FALSE(steps.empty()) << name;
    names.insert(name);
  }
  EXPECT_GE(names.size(), 15u);
  EXPECT_EQ(std::erase_if(names, is_for_persons), 1u);
  EXPECT_EQ(names, carried_out());
}

TEST(CeremoniesOfTheDocument, AreReadAsTheyStand) {
  const auto read = ceremonies_in(
      "text\n```ceremony one\n1. XA node, officer: focal a --b 'c d' \\\n      e\n   shows: \"seen\"\n"
      "2. XA-B new node, owner, if named: focald\n   shows: for people\n```\n"
      "3. XA node, officer: focal not of it\n");
  ASSERT_EQ(read.size(), 1u);
  const auto& steps = read.at("one");
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(words_of(steps[0].command), (Words{"focal", "a", "--b", "c d", "e"}));
  EXPECT_EQ(steps[0].shows, (std::vector<std::string>{"seen"}));
  EXPECT_EQ(steps[0].who, "officer");
  EXPECT_FALSE(steps[0].if_named);
  EXPECT_TRUE(steps[1].if_named);
  EXPECT_EQ(steps[1].party, "XA-B");
  EXPECT_EQ(steps[1].place, "new node");
  EXPECT_TRUE(steps[1].shows.empty());
}

}  // namespace
}  // namespace focal::e2e

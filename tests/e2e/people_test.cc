// Goal: two persons at one node, each with a unix user of his own: what one asks for the other
// releases, with his passphrase, and nothing else leaves; whatever ends in between leaves it whole.
// Method: the real programs, run as unprivileged users; what the other end and the ledgers say.
#include <thread>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

constexpr gid_t kGroup = 40'100;
constexpr int kFd = 7;

Ids user(uid_t uid) { return {uid, static_cast<gid_t>(uid), {kGroup}}; }
const Ids kJo = user(40'001), kMia = user(40'002), kSam = user(40'003), kAnn = user(40'004);

class People : public Friends {
 protected:
  void SetUp() override {
    Friends::SetUp();
    for (const std::string& words : {mia_says(), sam_says()}) must_stay_secret("an officer's passphrase", words);
    xa_.share_socket(kGroup);
    start_both();
    add("jo", 40'001, {"officer"});
    add("mia", 40'002, {"supervisor"});
    add("sam", 40'003, {"officer", "supervisor"});
    add("ann", 40'004, {"auditor"});
    key(kMia, mia_says());
    key(kSam, sam_says());
  }
  void TearDown() override {
    for (Party* party : {&xa_, &xb_}) {
      if (!party->runs()) continue;
      EXPECT_EQ(party->stop(), 0);
    }
    xa_.expect_ledger_verifies();
    Friends::TearDown();
  }
  static std::string mia_says() { return "seven herons on the roof"; }
  static std::string sam_says() { return "a ladder without a rung"; }

  void add(const std::string& name, uid_t uid, const Words& roles) {
    Words words{"people", "add", name, "--unix", std::to_string(uid)};
    for (const std::string& role : roles) words.insert(words.end(), {"--role", role});
    xa_.ask(words);
  }
  void key(const Ids& who, const std::string& passphrase) {
    const Ran ran = xa_.focal_as(who, {"people", "key", "--officer-passphrase-fd",
                                       std::to_string(kFd), "--json"},
                                 "", {{kFd, passphrase + "\n"}});
    EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  }
  // With --json, as somebody.
  std::pair<int, Json> as(const Ids& who, Words words, const std::string& input = "",
                          const std::vector<std::pair<int, std::string>>& secrets = {}) {
    words.push_back("--json");
    const Ran ran = xa_.focal_as(who, words, input, secrets);
    return {ran.code, Json(ran.out)};
  }
  // A request that a rule asks about.
  std::string request() {
    return read_text(edited_example(xa_, "01", "\"personal_data\": false",
                                    "\"personal_data\": true"));
  }
  std::pair<int, Json> open(const Ids& who) {
    return as(who, {"trace", "open", "--from", "-", "--to", "XB", "--again", "--yes"}, request());
  }
  std::pair<int, Json> approve(const Ids& who, const std::string& id,
                               const std::string& passphrase) {
    return as(who, {"release", "approve", id, "--yes", "--officer-passphrase-fd",
                    std::to_string(kFd)},
              "", {{kFd, passphrase + "\n"}});
  }
  std::string state_of(const std::string& id) {
    return as(kMia, {"release", "show", id}).second["entry.state"];
  }
  // SENT leaves as the auditor sees them: who, and by whom released.
  std::vector<std::string> sent() {
    std::vector<std::string> out;
    const Json tail = as(kAnn, {"ledger", "tail", "--limit", "1000"}).second;
    for (std::size_t i = 0; i < tail.size("leaves"); ++i) {
      const std::string leaf = "leaves[" + std::to_string(i) + "].";
      if (tail[leaf + "type"] == "SENT" && tail[leaf + "kind"] == "trace.request")
        out.push_back(tail[leaf + "who"] + " / " + tail[leaf + "released_by"]);
    }
    return out;
  }
};

TEST_F(People, OneAsksTheOtherReleasesAndTheOtherStateSeesIt) {
  const auto [code, held] = open(kJo);
  EXPECT_EQ(code, 4);
  EXPECT_EQ(held["code"], "AWAITS_RELEASE");
  EXPECT_EQ(held["path"], "R-1");
  EXPECT_TRUE(sent().empty());
  const Ran shown = xa_.focal_as(kMia, {"release", "show", "R-1"});
  EXPECT_NE(shown.out.find("will reach   Fictional State B (XB)"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("trace_request.items[0].serial"), std::string::npos) << shown.out;
  EXPECT_EQ(approve(kJo, "R-1", mia_says()).second["code"], "PERMISSION") << "no supervisor";
  EXPECT_EQ(approve(kMia, "R-1", "not the right words").second["code"], "PASSPHRASE");
  EXPECT_TRUE(sent().empty());
  const auto [done, released] = approve(kMia, "R-1", mia_says());
  EXPECT_EQ(done, 0);
  EXPECT_EQ(released["entry.state"], "RELEASED");
  EXPECT_EQ(sent(), std::vector<std::string>{"jo (uid 40001, OFFICER) / mia (uid 40002, SUPERVISOR)"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"inbox"}).size("entries") == 1; }));
  const Json there = xb_.ask({"trace", "show", "T-1"});
  EXPECT_NE(there["timeline[0].summary"].find("released by SUPERVISOR at XA"), std::string::npos)
      << there["timeline[0].summary"];
  EXPECT_EQ(approve(kSam, "R-1", sam_says()).second["code"], "STATE") << "once";
}

TEST_F(People, NobodyReleasesHisOwnActAndEverybodyCanTakeItBack) {
  EXPECT_EQ(open(kSam).first, 4);
  EXPECT_EQ(approve(kSam, "R-1", sam_says()).second["code"], "PERMISSION");
  EXPECT_EQ(as(kJo, {"release", "reject", "R-1", "--reason", "not mine"}).second["code"],
            "PERMISSION");
  EXPECT_EQ(as(kSam, {"release", "reject", "R-1", "--reason", "a mistake"}).second["entry.state"],
            "WITHDRAWN");
  EXPECT_EQ(approve(kMia, "R-1", mia_says()).second["code"], "STATE");
  EXPECT_TRUE(sent().empty());
}

TEST_F(People, WhatChangedInBetweenIsFoundAtTheRelease) {
  EXPECT_EQ(open(kJo).first, 4);
  xa_.ask({"people", "role", "jo", "--role", "auditor", "--reason", "moved"});
  EXPECT_EQ(approve(kMia, "R-1", mia_says()).second["code"], "STATE");
  xa_.ask({"people", "role", "jo", "--role", "officer", "--reason", "moved back"});
  xa_.ask({"people", "revoke-key", "mia", "--reason", "lost", "--yes"});
  EXPECT_NE(approve(kMia, "R-1", mia_says()).first, 0);
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(approve(kSam, "R-1", sam_says()).first, 0);
  EXPECT_EQ(sent().size(), 1u);
}

TEST_F(People, AnotherPassphraseOpensTheKeyAndTheOldOneDoesNot) {
  constexpr int kNewFd = 8;
  const std::string fresh = "nine boats under one bridge";
  must_stay_secret("an officer's new passphrase", fresh);
  const auto change = [&](const std::string& old) {
    return as(kMia, {"people", "passphrase", "--officer-passphrase-fd", std::to_string(kFd),
                     "--new-passphrase-fd", std::to_string(kNewFd)},
              "", {{kFd, old + "\n"}, {kNewFd, fresh + "\n"}});
  };
  EXPECT_EQ(change(sam_says()).second["code"], "PASSPHRASE") << "nobody else's opens it";
  const auto [changed, person] = change(mia_says());
  EXPECT_EQ(changed, 0);
  EXPECT_EQ(person["person.key"], "VALID");
  EXPECT_EQ(open(kJo).first, 4);
  EXPECT_EQ(approve(kMia, "R-1", mia_says()).second["code"], "PASSPHRASE");
  EXPECT_TRUE(sent().empty());
  EXPECT_EQ(approve(kMia, "R-1", fresh).first, 0);
  EXPECT_EQ(sent().size(), 1u);
}

// A card that did not come over its party's own link, by the hand of one person.
TEST_F(People, NotesThatHaveToBeReleasedEndWithFour) {
  const std::string request = xb_.file("2.request"), card = xb_.file("2.focalcard");
  ASSERT_EQ(xb_.focal({"card", "renew", "--to", request}).code, 0);
  Launch sign;
  sign.words = {program("focal"), "root", "sign", request, "--root-folder", xb_.root_folder(),
                "--out", card, "--yes", "--root-passphrase-fd", "4"};
  sign.secrets = {{4, xb_.root_passphrase()}};
  const Ran signed_card = run(sign);
  ASSERT_EQ(signed_card.code, 0) << signed_card.err;
  const Words add{"notes", "add", "-", "--yes"};
  const auto [code, held] = as(kJo, add, read_text(card));
  EXPECT_EQ(code, 4);
  EXPECT_EQ(held["notes[0].result"], "AWAITS_RELEASE");
  EXPECT_TRUE(xa_.ask({"peer", "show", "XB"}).is("peer.card.serial", "1"));
  EXPECT_EQ(approve(kMia, "R-1", mia_says()).first, 0);
  EXPECT_TRUE(xa_.ask({"peer", "show", "XB"}).is("peer.card.serial", "2"));
  EXPECT_EQ(as(kJo, add, read_text(card)).first, 0) << "known by now";
  EXPECT_EQ(as(kJo, add, "not a note").first, 1);
}

// Killed at any moment of a release, it has happened whole or not at all.
TEST_F(People, AKillDuringTheReleaseLeavesItWholeOrUndone) {
  std::size_t released = 0;
  for (int i = 1; i <= 8; ++i) {
    const std::string id = "R-" + std::to_string(i);
    ASSERT_EQ(open(kJo).first, 4);
    std::thread mia([&] { approve(kMia, id, mia_says()); });
    std::this_thread::sleep_for(std::chrono::milliseconds(60 * i));
    xa_.crash();
    mia.join();
    xa_.start();
    const std::string state = state_of(id);
    EXPECT_TRUE(state == "AWAITING" || state == "RELEASED") << state;
    if (state == "RELEASED") ++released;
    EXPECT_EQ(sent().size(), released) << id << " is " << state;
    if (state == "AWAITING") {
      EXPECT_EQ(approve(kMia, id, mia_says()).first, 0) << "it can still be released";
      ++released;
      EXPECT_EQ(sent().size(), released);
    }
  }
  ASSERT_TRUE(eventually([&] { return xb_.ask({"inbox"}).size("entries") == released; }))
      << "each of them arrived, each once";
}

TEST_F(People, TheAuditorSeesWhoDidWhatAndNoContent) {
  EXPECT_EQ(open(kJo).first, 4);
  EXPECT_EQ(approve(kMia, "R-1", mia_says()).first, 0);
  const Ran tail = xa_.focal_as(kAnn, {"ledger", "tail", "--limit", "100"});
  for (const char* part : {"jo (uid 40001, OFFICER)", "released by mia (uid 40002, SUPERVISOR)",
                           "people.add", "people.key"})
    EXPECT_NE(tail.out.find(part), std::string::npos) << part << "\n" << tail.out;
  for (const Needle& word : record_words())
    EXPECT_EQ(tail.out.find(word.bytes), std::string::npos) << word.name;
  EXPECT_EQ(as(kAnn, {"release", "show", "R-1"}).second["code"], "PERMISSION");
}

}  // namespace
}  // namespace focal::e2e

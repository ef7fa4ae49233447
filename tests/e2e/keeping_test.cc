// Goal: an operator erases, makes backups, restores and is told in plain words what state the node
// is in. Method: the real programs as docs/operations.md has them, "Backup", "Restore", "Retention
// and erasure".
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

constexpr int kFd = 7;

class Keeping : public Friends {
 protected:
  std::string backups() const { return (temp_.path() / "backups").string(); }
  // Copies to two media; where each is.
  struct Copies {
    std::string backup, keystore;
  };
  Copies backup(const std::string& name) {
    const Json made = xa_.ask({"backup", "--to", backups() + "-" + name, "--keystore-to",
                               (temp_.path() / ("stick-" + name)).string()});
    return {made["backup"], made["keystore"]};
  }
  Ran restore(const Copies& copies, Words more = {}) {
    Words words{"restore",         copies.backup,       "--keystore", copies.keystore,
                "--passphrase-fd", std::to_string(kFd), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return xa_.focal_with(words, {{kFd, xa_.passphrase() + "\n"}});
  }
  Json start_state() { return Json(xa_.focal({"start", "show", "--json"}).out); }
};

TEST_F(Keeping, WhatIsErasedGoesFromOldBackupsInTheNight) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(xa_.settles());
  Copies old = backup("old");
  const Ran drill = restore(old, {"--verify"});
  EXPECT_EQ(drill.code, 0) << drill.out << drill.err;
  EXPECT_EQ(Json(drill.out)["opened"], "true");

  const Words erase{"erase", "T-1", "--authority", "decision 4/2027", "--reason", "kept in error"};
  EXPECT_NE(xa_.focal(erase).code, 0) << "it asks first, and nobody is there to answer";
  EXPECT_NE(xa_.focal({"trace", "show", "T-1"}).out.find("Kestrel"), std::string::npos);
  Words sure = erase;
  sure.emplace_back("--yes");
  const Json erased = xa_.ask(sure);
  EXPECT_EQ(erased["state"], "DONE");
  EXPECT_NE(erased["words"].find("with the keystore, open it until"), std::string::npos)
      << erased["words"];
  EXPECT_EQ(xa_.refused(sure, "ERASED")["code"], "ERASED");
  const std::string shown = xa_.focal({"trace", "show", "T-1"}).out;
  EXPECT_NE(shown.find("1 record was erased on "), std::string::npos) << shown;
  EXPECT_NE(shown.find("on the authority of decision 4/2027"), std::string::npos) << shown;
  EXPECT_EQ(shown.find("Kestrel"), std::string::npos) << shown;

  EXPECT_NE(xa_.ask({"retention", "show"})["keys_due"], "0");
  EXPECT_NE(xa_.focal({"retention", "run", "--dry-run"}).out.find("Nothing was changed."),
            std::string::npos);
  xa_.ask({"retention", "run", "--yes"});
  ASSERT_TRUE(eventually([&] {
    const Json now = xa_.ask({"retention", "show"});
    return now.is("keys_due", "0") && now.is("running", "false");
  }));
  old.keystore = (xa_.folder() / "keystore.focalkey").string();
  const Ran lost = restore(old, {"--verify"});
  EXPECT_EQ(lost.code, 1) << "with the keystore of today it opens no more" << lost.out;
  EXPECT_EQ(Json(lost.out)["ok"], "false");
  EXPECT_EQ(restore(backup("new"), {"--verify"}).code, 0);
  for (Party* each : {&xa_, &xb_}) EXPECT_EQ(each->stop(), 0);
  xa_.expect_ledger_verifies();
}

TEST_F(Keeping, ARestoredOldNodeSaysThatItIsOneAndWhatToDo) {
  start_both();
  const std::string kept = xa_.ask({"peer", "ping", "XB", "--wait", "60"})["rid"];
  const Copies copies = backup("old");
  xa_.ask({"peer", "ping", "XB", "--wait", "60"});
  EXPECT_EQ(start_state()["state"], "RUNNING");
  EXPECT_EQ(Json(restore(copies).out)["code"], "BUSY") << "a node runs there";
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(Json(restore(copies).out)["code"], "EXISTS") << "a ledger is never replaced";
  fs::rename(xa_.folder(), temp_.path() / "the machine that burned");
  const Ran back = restore(copies);
  ASSERT_EQ(back.code, 0) << back.out << back.err;
  EXPECT_NE(Json(back.out)["next_steps[0]"].find("anchor"), std::string::npos);

  // Nobody has to witness here, so its peer's copy of a statement is what tells.
  xa_.start();
  ASSERT_TRUE(eventually([&] { return start_state().is("state", "ROLLED_BACK"); }))
      << start_state()["state"] << ": " << start_state()["words"];
  const Json state = start_state();
  EXPECT_NE(state["words"].find("older copy"), std::string::npos) << state["words"];
  EXPECT_NE(state["next"].find("focal card replace-keys"), std::string::npos) << state["next"];
  EXPECT_NE(xa_.focal({"status"}).out.find("ROLLED_BACK"), std::string::npos);
  const Json refused = xa_.refused({"peer", "ping", "XB"}, "ROLLED_BACK");
  EXPECT_NE(refused["hint"], "");
  EXPECT_EQ(xa_.ask({"ledger", "verify"})["ok"], "true") << "one can look";
  EXPECT_EQ(xa_.stop(), 0);
  xa_.start();
  EXPECT_EQ(start_state()["state"], "ROLLED_BACK") << "and it stays so";
  EXPECT_EQ(xa_.stop(), 0);
  EXPECT_EQ(xb_.stop(), 0);
  const auto there = xa_.ids_in_ledger(store::LeafType::kSent);
  EXPECT_EQ(there, std::vector<std::string>{kept});
}

}  // namespace
}  // namespace focal::e2e

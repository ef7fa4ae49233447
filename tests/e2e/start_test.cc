// Goal: what can be wrong when a node starts is said clearly and changes nothing, and
// what works without a node works. Method: one defect at a time in a folder that was fine.
#include <sys/resource.h>

#include <map>

#include "base/bytes.h"
#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

// Names, sizes, modes and contents of everything in a folder.
std::map<std::string, std::string> snapshot(const fs::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    out[entry.path().filename()] =
        std::to_string(static_cast<unsigned>(entry.status().permissions())) + read_text(entry.path());
  return out;
}

class Start : public Fresh {
 protected:
  // focald must end with 1, say all of it, give a hint, and leave the folder as it is.
  void expect_refused(const Words& said, const std::string& passphrase) {
    const auto before = snapshot(xa_.folder());
    const Ran ran = xa_.try_start(passphrase);
    EXPECT_EQ(ran.code, 1);
    for (const std::string& words : said)
      EXPECT_NE(ran.err.find(words), std::string::npos) << "not said: " << words << "\n" << ran.err;
    EXPECT_EQ(ran.err.rfind("focald: ", 0), 0u) << ran.err;
    const auto hint = ran.err.find("\n  ");
    EXPECT_TRUE(hint != std::string::npos && hint + 8 < ran.err.size()) << "no hint: " << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_TRUE(snapshot(xa_.folder()) == before) << "the folder was changed";
  }
  void expect_refused(const Words& said) { expect_refused(said, xa_.passphrase()); }

  const fs::path keystore_ = xa_.folder() / "keystore.focalkey";
  const fs::path config_ = xa_.folder() / "focal.toml";
};

TEST_F(Start, WrongPassphrase) {
  expect_refused({"wrong passphrase for " + keystore_.string(), "try again"}, "not the right words");
  expect_refused({"the passphrase is empty"}, "");
  xa_.start();  // the right one
  EXPECT_EQ(xa_.stop(), 0);
}

TEST_F(Start, KeystoreTruncated) {
  const std::string whole = read_text(keystore_);
  for (const std::size_t size : {std::size_t{0}, std::size_t{50}, whole.size() / 2, whole.size() - 1}) {
    fs::resize_file(keystore_, size);
    expect_refused({"truncated", keystore_.string(), "backup"});
    write_text(keystore_, whole);
  }
  std::string changed = whole;
  changed[whole.size() - 20] = static_cast<char>(changed[whole.size() - 20] ^ 1);
  write_text(keystore_, changed);
  expect_refused({"is damaged"});
}

TEST_F(Start, KeystoreReadableByOthersOrALink) {
  for (const unsigned mode : {04u, 040u}) {
    fs::permissions(keystore_, static_cast<fs::perms>(0600 | mode));
    expect_refused({keystore_.string(), "may be read by others", "chmod 600"});
  }
  fs::permissions(keystore_, fs::perms(0600));
  fs::rename(keystore_, xa_.folder() / "elsewhere");
  fs::create_symlink("elsewhere", keystore_);
  expect_refused({"symbolic link"});
  fs::remove(keystore_);
  expect_refused({"there is no file"});
}

TEST_F(Start, ConfigurationErrorsNameLineAndColumn) {
  const std::string file = config_.string();
  const std::pair<std::string, Words> cases[] = {
      {"party = \"XA\"\ncolour = \"red\"\n", {file + ":2:1: ", "unknown key \"colour\"", "listen"}},
      {"party = \"XA\"\n[gate]\n  backoff = 7\n", {file + ":3:3: ", "unknown key \"backoff\""}},
      {"party = \"XA\"\nlisten = 7117\n", {file + ":2:10: ", "\"listen\" is not a string"}},
      {"party = \"XA\"\n\nendpoints = \"tcp://127.0.0.1:1\"\n", {file + ":3:13: ", "not an array"}},
      {"party = \"XA\"\nfolder = \"/nowhere/to/be/found\"\n", {file + ":2:10: ", "/nowhere/to/be/found"}},
      {"party = \"XA\"\ngate_program = \"no-gate\"\n", {file + ":2:16: ", "no-gate"}},
      {"party = \"XA\nlisten = 1\n", {file + ":1:", "not TOML"}},
      {"party = \"x a\"\n", {file + ":1:9: ", "party code"}},
  };
  for (const auto& [text, said] : cases) {
    write_text(config_, text);
    expect_refused(said);
  }
  fs::remove(config_);
  expect_refused({"cannot read " + file});
}

TEST_F(Start, PortInUseIsSaidAndRecoversByItself) {
  auto holder = std::make_unique<PortHolder>(xa_.port());
  ASSERT_TRUE(holder->ok());
  xa_.start();
  ASSERT_TRUE(eventually([&] { return xa_.ask({"status"})["gate.last_error"] != ""; }));
  const Json status = xa_.ask({"status"});
  EXPECT_NE(status["gate.state"], "RUNNING");
  EXPECT_NE(status["gate.last_error"].find("in use"), std::string::npos)
      << status["gate.last_error"];
  EXPECT_NE(status["gate.last_error"].find(std::to_string(xa_.port())), std::string::npos)
      << status["gate.last_error"];
  EXPECT_NE(xa_.focal({"status"}).out.find("in use"), std::string::npos);
  const pid_t focald = xa_.pid(), gate = xa_.gate_pid();
  holder.reset();
  ASSERT_TRUE(eventually([&] { return xa_.ask({"status"}).is("gate.state", "RUNNING"); }));
  EXPECT_EQ(xa_.pid(), focald);
  EXPECT_EQ(xa_.gate_pid(), gate);
  xb_.start();
  introduce(xa_, xb_);
  introduce(xb_, xa_);
  EXPECT_TRUE(eventually([&] { return xa_.is_linked_to("XB"); }));
}

TEST_F(Start, NoCoreDumps) {
  // The soft limit the node inherits is not 0, so that a 0 is the node's own doing.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_CORE, &before), 0);
  const rlimit some{before.rlim_max, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_CORE, &some), 0);
  const auto core_limit = [](pid_t pid) {
    const std::string limits = proc_text(pid, "limits");
    const auto line = limits.find("Max core file size");
    return line == std::string::npos ? "" : limits.substr(line, limits.find('\n', line) - line);
  };
  const std::string none = "Max core file size        0                    0";
  if (before.rlim_max != 0) {  // else the machine allows nobody a core, and it shows nothing
    ASSERT_NE(core_limit(::getpid()).substr(0, none.size()), none);
  }
  xa_.start();
  EXPECT_EQ(core_limit(xa_.pid()).substr(0, none.size()), none);
  EXPECT_EQ(core_limit(xa_.gate_pid()).substr(0, none.size()), none);
  ::setrlimit(RLIMIT_CORE, &before);
}

TEST_F(Start, WhatWorksWithoutANode) {
  const auto node_before = snapshot(xa_.folder()), roots_before = snapshot(xa_.root_folder());
  const Ran again = xa_.init({"--json"});
  EXPECT_EQ(again.code, 1);
  EXPECT_EQ(Json(again.out)["code"], "EXISTS");
  EXPECT_NE(Json(again.out)["hint"], "");
  EXPECT_TRUE(snapshot(xa_.folder()) == node_before);
  EXPECT_TRUE(snapshot(xa_.root_folder()) == roots_before);
  fs::rename(xa_.folder(), xa_.file("moved"));  // a new folder, but the roots are there
  EXPECT_EQ(Json(xa_.init({"--json"}).out)["code"], "EXISTS");
  EXPECT_FALSE(fs::exists(xa_.folder())) << "a half-made folder";
  fs::rename(xa_.file("moved"), xa_.folder());

  EXPECT_EQ(xa_.ask({"card", "show"})["card.party"], "XA");
  EXPECT_EQ(xa_.ask({"ledger", "verify"})["ok"], "true");
  EXPECT_NE(xa_.focal({"ledger", "verify"}).out.find("The ledger verifies."), std::string::npos);
  const Ran status = xa_.focal({"status"});
  EXPECT_EQ(status.code, 3);
  EXPECT_NE(status.err.find("focald is not running for " + xa_.folder().string()), std::string::npos);
  EXPECT_NE(status.err.find("hint:  start it (focald --folder"), std::string::npos);
  const Ran json = xa_.focal({"status", "--json"});
  EXPECT_EQ(json.code, 3);
  EXPECT_EQ(Json(json.out)["code"], "UNAVAILABLE");
  EXPECT_EQ(xa_.focal({"card", "export"}).code, 3);
  fs::remove_all(xa_.folder());
  EXPECT_EQ(xa_.refused({"card", "show"}, "NOT_FOUND")["path"], xa_.folder().string());
}

// A defect planted in the file is found without the node.
TEST_F(Friends, AChangedLedgerDoesNotVerify) {
  start_both();
  const std::string rid = xa_.ask({"peer", "ping", "XB", "--wait", "60"})["rid"];
  EXPECT_EQ(xa_.stop(), 0);
  const Json whole = xa_.ask({"ledger", "verify"});
  EXPECT_EQ(whole["ok"], "true");
  EXPECT_NE(whole["checkpoint_size"], "0");
  EXPECT_EQ(whole["checkpoint_text"].rfind("focal/XA/log/1\n", 0), 0u) << "the newest one";
  fs::remove(xa_.folder() / "ledger.db-wal");  // empty after an ending in order
  std::string text = read_text(xa_.ledger());
  const std::string leaf = "\x01\x01";  // version 1, SENT
  const std::string bytes = to_string(ByteView(*unhex(rid)));
  std::size_t changed = 0;
  for (auto at = text.find(bytes); at != std::string::npos; at = text.find(bytes, at + 1)) {
    if (at < 10 || text.compare(at - 10, 2, leaf) != 0) continue;
    text[at] = static_cast<char>(text[at] ^ 1);
    ++changed;
  }
  ASSERT_EQ(changed, 1u) << "the leaf stands once";
  write_text(xa_.ledger(), text);
  const Ran ran = xa_.focal({"ledger", "verify", "--json"});
  EXPECT_EQ(ran.code, 1) << ran.out;
  EXPECT_EQ(Json(ran.out)["ok"], "false");
  EXPECT_NE(xa_.focal({"ledger", "verify"}).out.find("does NOT verify"), std::string::npos);
}

TEST_F(Fresh, TheCardHoldsToTheEndOfTheDayNamed) {
  Party xc(temp_.path(), "XC", free_port());
  const Ran made = xc.init({"--json", "--expires", "2028-12-31"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(Json(made.out)["card.expires_at"], "2029-01-01T00:00:00Z");
}

}  // namespace
}  // namespace focal::e2e

// Goal: what a record says and what opens the node stands nowhere in the clear: not in
// the ledger's files, running, killed or stopped, not in the log, not in arguments.
// Method: real work with the example records; then their words, the passphrases and
// every key of the keystores are looked for byte by byte. Every other test here looks
// too, when it ends (harness.cc).
#include <signal.h>

#include "tests/e2e/harness.h"

namespace focal::e2e {
namespace {

void expect_sealed(Party& party, const std::string& when) {
  for (const std::string& find : found_in_folder(party.folder(), record_words()))
    ADD_FAILURE() << party.name() << ", " << when << ": " << find;
}

TEST_F(Friends, TheFilesOfANodeSayNothing) {
  start_both();
  xa_.ask({"trace", "open", "--from", example("01"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "1"); }));
  xb_.ask({"trace", "ack", "T-1", "--from", example("02")});
  xb_.ask({"trace", "answer", "T-1", "--from", example("05")});
  xa_.ask({"trace", "open", "--from", example("06"), "--to", "XB"});
  ASSERT_TRUE(eventually([&] { return xb_.ask({"trace", "list"}).is("total", "2"); }));
  xb_.ask({"trace", "refuse", "T-2", "--from", example("07")});
  ASSERT_TRUE(xa_.settles() && xb_.settles());
  xb_.signal(SIGSTOP);
  xa_.focal({"peer", "ping", "XB", "--wait", "0"});
  const std::string id = xa_.ask({"outbox"})["entries[0].id"];
  xa_.ask({"outbox", "cancel", id, "--yes", "--reason", "sent to the wrong desk by mistake"});
  xb_.signal(SIGCONT);

  // The words did travel: both officers can read them.
  std::string read;
  for (Party* party : {&xa_, &xb_}) {
    const std::string here = party->focal({"trace", "show", "T-1", "--records"}).out +
                             party->focal({"trace", "show", "T-2", "--records"}).out;
    for (const char* words : {"Kestrel Gap", "Van stopped", "DA 0I7 342", "classified by law",
                              "electric motor housing", "mutual legal assistance"})
      EXPECT_NE(here.find(words), std::string::npos) << party->name() << " cannot read " << words;
  }
  for (Party* party : {&xa_, &xb_}) {
    EXPECT_GT(fs::file_size(party->folder() / "ledger.db-wal"), 0u);
    expect_sealed(*party, "running");
    EXPECT_TRUE(party->runs());
  }
  xa_.crash();
  expect_sealed(xa_, "killed");
  xa_.start();
  for (Party* party : {&xa_, &xb_}) {
    EXPECT_EQ(party->stop(), 0);
    expect_sealed(*party, "stopped");
  }
}

// The detectors are not blind.
TEST_F(Fresh, WhatIsPlantedIsFound) {
  write_text(xa_.folder() / "planted", std::string("\0\x01 near Kestrel Gap\0", 20));
  EXPECT_EQ(found_in_folder(xa_.folder(), record_words()), Words{"planted: Kestrel"});
  fs::remove(xa_.folder() / "planted");
  const auto keys = keystore_secrets(xa_.folder() / "keystore.focalkey", xa_.passphrase());
  EXPECT_GE(keys.size(), 3u * 13u);  // four online keys, nine weeks
  for (const Needle& key : keys) EXPECT_EQ(found_in("log " + key.bytes + " log", keys).size(), 1u);
  EXPECT_TRUE(found_in("a harmless line", keys).empty());
}

}  // namespace
}  // namespace focal::e2e

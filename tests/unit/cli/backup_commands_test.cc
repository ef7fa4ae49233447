// Goal: backup, restore and start show what the node says, send what was typed, and ask before
// anything that could contradict what was signed.
// Method: tests/unit/cli/app_fixture.h; restoring is a fake.
#include "proto/backup.pb.h"

#include <unistd.h>

#include "tests/unit/cli/app_fixture.h"

namespace focal::cli {
namespace {

v1::StartShowResponse a_start(const char* state) {
  v1::StartShowResponse out;
  out.set_state(state);
  out.set_words("The anchor is missing\x1b]0;pwned\x07.");
  out.set_next("Put it back.");
  out.set_anchor("/mnt/anchor/anchor.note");
  return out;
}

TEST_F(App, StartShowsWhatTheNodeWaitsForAndEndsWithItsState) {
  serve();
  answer("GET /v1/start", a_start("STARTING"));
  const Done waits = focal({"start", "show"});
  EXPECT_EQ(waits.code, kExitFailed);
  EXPECT_THAT(waits.out, HasSubstr("STARTING"));
  EXPECT_THAT(waits.out, HasSubstr("The anchor is missing"));
  EXPECT_THAT(waits.out, HasSubstr("Put it back."));
  EXPECT_THAT(waits.out, HasSubstr("/mnt/anchor/anchor.note, not the newest checkpoint"));
  EXPECT_THAT(waits.out, Not(HasSubstr("\x1b")));
  EXPECT_THAT(focal({"--json", "start", "show"}).out, HasSubstr("\"anchor_is_current\""));
  answers_.clear();
  answer("GET /v1/start", a_start("RUNNING"));
  EXPECT_EQ(focal({"start", "show"}).code, kExitOk);
}

TEST_F(App, AnOverrideIsAskedForWithAReason) {
  serve();
  v1::StartOverrideResponse done;
  *done.mutable_start() = a_start("RUNNING");
  answer("POST /v1/start/override", done);
  EXPECT_EQ(focal({"start", "override"}).code, kExitUsage) << "a reason is needed";
  EXPECT_EQ(focal({"start", "override", "--reason", "x"}, "no\n").code, kExitFailed);
  EXPECT_NE(focal({"start", "override", "--reason", "x"}).code, 0) << "nobody to ask";
  EXPECT_TRUE(asked_.empty());
  EXPECT_EQ(focal({"start", "override", "--reason", "rebuilt"}, "yes\n").code, kExitOk);
  EXPECT_THAT(body_, HasSubstr("rebuilt"));
}

TEST_F(App, BackupSaysWhatItMadeAndThatTheKeystoreIsNotInIt) {
  serve();
  v1::BackupMakeResponse made;
  made.set_backup("/b/focal-XA-20261123T100000Z");
  made.set_leaves(64);
  made.set_bytes(1'000'001);
  answer("POST /v1/backup", made);
  const Done bare = focal({"backup", "--to", "/b"});
  EXPECT_EQ(bare.code, kExitOk) << bare.err;
  EXPECT_THAT(bare.out, HasSubstr("64 leaves, 2 MB"));
  EXPECT_THAT(bare.out, HasSubstr("The keystore is not in it"));
  EXPECT_THAT(body_, HasSubstr("\"/b\""));
  answers_.clear();
  made.set_keystore("/k/x.focalkey");
  made.add_warnings("The copy is on the same disk.");
  answer("POST /v1/backup", made);
  const Done both = focal({"backup", "--keystore-to", "keys"});
  EXPECT_THAT(both.out, HasSubstr("/k/x.focalkey"));
  EXPECT_THAT(both.out, HasSubstr("warning: The copy is on the same disk."));
  EXPECT_THAT(body_, HasSubstr(std::filesystem::absolute("keys").string())) << "the node's folder is another";
}

TEST_F(App, BackupShowEndsWithWhatTheRehearsalFound) {
  serve();
  answer("GET /v1/backup", v1::BackupShowResponse());
  const Done none = focal({"backup", "show"});
  EXPECT_EQ(none.code, kExitOk);
  EXPECT_THAT(none.out, HasSubstr("makes no backup by itself"));
  answers_.clear();
  v1::BackupShowResponse shown;
  shown.set_folder("/b");
  shown.set_newest("/b/focal-XA-20261123T100000Z");
  shown.set_made_at("2026-03-02T02:00:00Z");
  shown.set_rehearsed_at("2026-03-01T02:00:00Z");
  shown.add_problems("ledger.db was changed");
  answer("GET /v1/backup", shown);
  const Done bad = focal({"backup", "show"});
  EXPECT_EQ(bad.code, kExitFailed);
  EXPECT_THAT(bad.out, HasSubstr("The newest backup cannot be restored: ledger.db was changed"));
}

TEST_F(App, RestoreNeedsAKeystoreAndVerifyDoesNot) {
  RestoreOrder seen;
  offline_.restore = [&](const RestoreOrder& order, v1::RestoreResponse& out) -> Status {
    seen.backup = order.backup;
    seen.keystore = order.keystore;
    seen.into = order.into;
    seen.verify = order.verify;
    seen.passphrase = order.passphrase.clone();
    out.set_party("XA");
    out.set_ok(order.keystore != "bad");
    if (!out.ok()) out.add_problems("the keystore lacks a key");
    out.add_next_steps("Start it.");
    return {};
  };
  EXPECT_EQ(focal({"restore", "/b/x"}).code, kExitUsage);
  EXPECT_TRUE(seen.backup.empty());
  const Done looked = focal({"restore", "/b/x", "--verify"});
  EXPECT_EQ(looked.code, kExitOk) << looked.err;
  EXPECT_TRUE(seen.verify);
  EXPECT_THAT(looked.out, HasSubstr("This backup is whole."));
  int pipes[2];
  const auto passphrase = [&] {
    EXPECT_EQ(::pipe(pipes), 0);
    EXPECT_EQ(::write(pipes[1], "some words\n", 11), 11);
    ::close(pipes[1]);
    return std::to_string(pipes[0]);
  };
  const Done restored = focal({"restore", "/b/x", "--keystore", "/k", "--passphrase-fd", passphrase()});
  EXPECT_EQ(restored.code, kExitOk) << restored.err;
  EXPECT_EQ(seen.into, folder_);
  EXPECT_EQ(to_string(seen.passphrase.view()), "some words");
  EXPECT_THAT(restored.out, HasSubstr("1. Start it."));
  const Done bad = focal({"restore", "/b/x", "--verify", "--keystore", "bad", "--passphrase-fd", passphrase()});
  EXPECT_EQ(bad.code, kExitFailed);
  EXPECT_THAT(bad.out, HasSubstr("problem: the keystore lacks a key"));
  EXPECT_THAT(bad.out, HasSubstr("can NOT be restored"));
}

}  // namespace
}  // namespace focal::cli

// Goal: a backup is whole or not there, says of every damaged byte that it is damaged, opens only
// with the keystore, and gives the node back; neither it nor a restore replaces anything.
// Method: a node with sealed rows; each file of its backup changed, cut and removed; the list
// rewritten; children killed before every step of a backup and of a restore.
#include "node/node/backup.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "crypto/private_file.h"
#include "node/desk/ledger_check.h"
#include "node/ledger/folder_lock.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/ledger.h"
#include "node/node/backup_keeper.h"
#include "node/node/keys.h"
#include "node/node/restore.h"
#include "node/node/setup.h"
#include "tests/support/temp_folder.h"

namespace focal::node {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMadeMs = 1'795'428'000'000;  // 2026-11-23T10:00:00Z
constexpr char kName[] = "focal-XA-20261123T100000Z";

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write_text(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

struct BackupTest : ::testing::Test {
  test::TempFolder temp;
  crypto::SystemRng rng;
  crypto::Secret passphrase = crypto::Secret::copy_of(as_bytes("words for a test"));
  fs::path node, backups, backup;

  void SetUp() override {
    crypto::init();
    node = temp / "node";
    backups = temp / "backups";
    backup = backups / kName;
    SetupOptions options;
    options.folder = node;
    options.root_folder = temp / "root";
    options.party = "XA";
    options.listen = "tcp://127.0.0.1:7117";
    options.endpoints = {"tcp://127.0.0.1:7117"};
    options.authority = {"Office for tests"};
    options.kdf = crypto::kKdfTest;
    const auto made = set_up(options, passphrase, passphrase, {0, kMadeMs}, rng);
    ASSERT_TRUE(made.has_value()) << made.error().message;
    write(3);
    fs::create_directory(node / kOfficersFolder);
    write_text(node / kOfficersFolder / "mia.focalkey", "the key file of an officer");
    ASSERT_EQ(::chmod((node / kOfficersFolder / "mia.focalkey").c_str(), 0600), 0);
  }
  void write(int leaves) {
    auto keystore = crypto::Keystore::open(node / kKeystoreFile, passphrase);
    ASSERT_TRUE(keystore.has_value());
    ledger::KeystoreKek ring(*keystore, rng);
    auto ledger = ledger::Ledger::open(node, ring, rng);
    ASSERT_TRUE(ledger.has_value()) << ledger.error().message;
    for (int i = 0; i < leaves; ++i)
      ASSERT_TRUE((*ledger)->commit({kMadeMs, {store::PutAdmin{{}, "who and why"}}}).has_value());
    const auto keys = load_online_keys(*keystore);
    ASSERT_TRUE(keys.has_value());
    ASSERT_TRUE((*ledger)->make_checkpoint(kMadeMs, keys->log).has_value());
  }
  BackupReport make() {
    auto made = make_backup(node, backups, kMadeMs + 999);
    EXPECT_TRUE(made.has_value()) << (made ? "" : made.error().message);
    return made ? *made : BackupReport{};
  }
  CheckOptions options() const { return {.verify = desk::verify_options}; }
  BackupCheck check() const {
    auto checked = check_backup(backup, options());
    EXPECT_TRUE(checked.has_value()) << (checked ? "" : checked.error().message);
    return checked ? *checked : BackupCheck{};
  }
  BackupCheck check_with_keys() const {
    CheckOptions with = options();
    with.keystore = node / kKeystoreFile;
    with.passphrase = &passphrase;
    auto checked = check_backup(backup, with);
    EXPECT_TRUE(checked.has_value()) << (checked ? "" : checked.error().message);
    return checked ? *checked : BackupCheck{};
  }
  std::vector<std::string> files(const fs::path& folder) const {
    std::vector<std::string> out;
    std::error_code error;
    for (const auto& entry : fs::recursive_directory_iterator(folder, error))
      if (!entry.is_directory()) out.push_back(fs::relative(entry.path(), folder));
    std::sort(out.begin(), out.end());
    return out;
  }
  // Runs act in a child that dies at that step. False: the act ended without coming to it.
  template <typename Act>
  bool dies(const Act& act) const {
    const pid_t child = ::fork();
    if (child == 0) {
      act();
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  }
};

TEST_F(BackupTest, HoldsTheNodeWithoutItsKeystore) {
  const BackupReport made = make();
  EXPECT_EQ(made.folder, backup);
  EXPECT_EQ(files(backup), (std::vector<std::string>{"backup.txt", "card.note", "focal.toml",
                                                     "ledger.db", "officers/mia.focalkey"}));
  EXPECT_EQ(made.manifest.party, "XA");
  EXPECT_EQ(made.manifest.log, "focal/XA/log/1");
  EXPECT_EQ(made.manifest.made_ms, kMadeMs);
  EXPECT_EQ(made.manifest.leaves, 64u);
  EXPECT_EQ(made.manifest.keys, std::vector<std::string>{"kek/acts/2026-11"});
  EXPECT_NE(made.manifest.checkpoint.find("\n64\n"), std::string::npos);
  for (const std::string& name : files(backup)) {
    struct stat info {};
    ASSERT_EQ(::stat((backup / name).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0600u) << name;
  }
  EXPECT_EQ(text_of(backup / kBackupManifest), format_manifest(made.manifest));
  const BackupCheck checked = check();
  EXPECT_TRUE(checked.ok()) << checked.problems.front();
  EXPECT_FALSE(checked.opened);
  EXPECT_EQ(checked.report.leaves, 64u);
  EXPECT_EQ(checked.manifest, made.manifest);
  const BackupCheck opened = check_with_keys();
  EXPECT_TRUE(opened.ok()) << opened.problems.front();
  EXPECT_TRUE(opened.opened);
  EXPECT_EQ(files(backups).size(), 5u) << "private copies are removed again";
}

TEST_F(BackupTest, IsMadeBesideTheRunningNode) {
  auto keystore = crypto::Keystore::open(node / kKeystoreFile, passphrase);
  ASSERT_TRUE(keystore.has_value());
  ledger::KeystoreKek ring(*keystore, rng);
  auto ledger = ledger::Ledger::open(node, ring, rng);
  ASSERT_TRUE(ledger.has_value());
  ASSERT_TRUE(
      (*ledger)->commit({kMadeMs, {store::PutAdmin{{}, "not yet in a checkpoint"}}}).has_value());
  EXPECT_EQ(make().manifest.leaves, 65u);
  ASSERT_TRUE((*ledger)->commit({kMadeMs, {store::PutAdmin{{}, "later"}}}).has_value());
  EXPECT_TRUE(check().ok());
}

TEST_F(BackupTest, EveryDamagedFileIsFound) {
  make();
  for (const BackupFile& file : check().manifest.files) {
    SCOPED_TRACE(file.name);
    const std::string whole = text_of(backup / file.name);
    std::string bent = whole;
    bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 1);
    write_text(backup / file.name, bent);
    EXPECT_FALSE(check().ok());
    write_text(backup / file.name, whole.substr(0, whole.size() - 1));
    EXPECT_FALSE(check().ok());
    write_text(backup / file.name, whole + "x");
    EXPECT_FALSE(check().ok());
    ASSERT_TRUE(fs::remove(backup / file.name));
    EXPECT_FALSE(check().ok());
    fs::create_symlink(node / kCardFile, backup / file.name);
    EXPECT_FALSE(check().ok());
    ASSERT_TRUE(fs::remove(backup / file.name));
    write_text(backup / file.name, whole);
    ASSERT_EQ(::chmod((backup / file.name).c_str(), 0600), 0);
    EXPECT_TRUE(check().ok());
  }
  ASSERT_TRUE(fs::remove(backup / kBackupManifest));
  EXPECT_EQ(check_backup(backup, options()).error().code, ErrorCode::kNotFound);
}

// A list that fits the files and describes another ledger, card or node.
TEST_F(BackupTest, AListThatTellsSomethingElseIsFound) {
  const BackupManifest good = make().manifest;
  const auto finds = [&](const char* what, auto change) {
    BackupManifest bad = good;
    change(bad);
    write_text(backup / kBackupManifest, format_manifest(bad));
    EXPECT_FALSE(check().ok()) << what;
  };
  finds("party", [](BackupManifest& m) { m.party = "XB"; });
  finds("log", [](BackupManifest& m) { m.log = "focal/XA/log/2"; });
  finds("leaves", [](BackupManifest& m) { ++m.leaves; });
  finds("checkpoint", [](BackupManifest& m) { m.checkpoint.clear(); });
  finds("schema", [](BackupManifest& m) { --m.schema; });
  finds("a file too few", [](BackupManifest& m) { m.files.erase(m.files.begin()); });
  write_text(backup / kBackupManifest, format_manifest(good));
  CheckOptions with = options();
  with.key_names = std::set<std::string>{"kek/acts/2026-10"};
  const auto checked = check_backup(backup, with);
  ASSERT_TRUE(checked.has_value());
  ASSERT_EQ(checked->problems.size(), 1u);
  EXPECT_NE(checked->problems[0].find("kek/acts/2026-11"), std::string::npos);
}

TEST_F(BackupTest, AnotherKeystoreOpensNothing) {
  make();
  CheckOptions with = options();
  with.keystore = temp / "other.focalkey";
  auto other = crypto::Keystore::create(with.keystore, passphrase, crypto::kKdfTest, rng);
  ASSERT_TRUE(other.has_value());
  with.passphrase = &passphrase;
  const auto checked = check_backup(backup, with);
  ASSERT_TRUE(checked.has_value()) << checked.error().message;
  EXPECT_FALSE(checked->ok());
  EXPECT_FALSE(checked->opened);
  const crypto::Secret wrong = crypto::Secret::copy_of(as_bytes("not these words"));
  with.passphrase = &wrong;
  EXPECT_EQ(check_backup(backup, with).error().code, ErrorCode::kPassphrase);
}

TEST_F(BackupTest, NothingIsReplacedAndKeysStandElsewhere) {
  make();
  EXPECT_EQ(make_backup(node, backups, kMadeMs).error().code, ErrorCode::kExists);
  EXPECT_EQ(make_backup(node, node, kMadeMs).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(make_backup(temp / "no node", backups, kMadeMs).error().code, ErrorCode::kNotFound);
  for (const fs::path& beside : {node, node / "keys", backups, backup, backup / "keys"})
    EXPECT_EQ(copy_keystore(node, beside, backup).error().code, ErrorCode::kInvalid) << beside;
  const auto keys = copy_keystore(node, temp / "medium", backup);
  ASSERT_TRUE(keys.has_value()) << keys.error().message;
  EXPECT_TRUE(crypto::Keystore::open(*keys, passphrase).has_value());
  EXPECT_EQ(copy_keystore(node, temp / "medium", backup).error().code, ErrorCode::kExists);
}

TEST_F(BackupTest, TheOldestGoFirst) {
  for (int day = 0; day < 5; ++day)
    ASSERT_TRUE(
        make_backup(node, backups, kMadeMs + static_cast<std::uint64_t>(day) * kDayMs).has_value());
  fs::create_directory(backups / "focal-XAB-20261123T100000Z");  // of another party
  fs::create_directory(backups / "holiday pictures");
  const auto dropped = drop_old_backups(backups, "XA", 2);
  ASSERT_TRUE(dropped.has_value());
  EXPECT_EQ(dropped->size(), 3u);
  const auto left = backups_in(backups, "XA");
  ASSERT_EQ(left.size(), 2u);
  EXPECT_EQ(left[0].filename(), "focal-XA-20261126T100000Z");
  EXPECT_TRUE(fs::exists(backups / "focal-XAB-20261123T100000Z"));
  EXPECT_TRUE(fs::exists(backups / "holiday pictures"));
  EXPECT_TRUE(drop_old_backups(temp / "nowhere", "XA", 2)->empty());
}

TEST_F(BackupTest, AKillAtAnyStepLeavesAWholeBackupOrNone) {
  for (const BackupStep step : {BackupStep::kFolder, BackupStep::kLedger, BackupStep::kFiles,
                                BackupStep::kManifest, BackupStep::kName, BackupStep::kDone}) {
    SCOPED_TRACE(static_cast<int>(step));
    fs::remove_all(backups);
    ASSERT_TRUE(dies([&] {
      static_cast<void>(make_backup(node, backups, kMadeMs, [&](BackupStep at) {
        if (at == step) ::kill(::getpid(), SIGKILL);
      }));
    }));
    const bool done = step == BackupStep::kDone;
    ASSERT_EQ(backups_in(backups, "XA").size(), done ? 1u : 0u);
    if (done) {
      EXPECT_TRUE(check().ok());
    }
    const auto next = make_backup(node, backups, kMadeMs + kSecondMs);
    ASSERT_TRUE(next.has_value()) << next.error().message;
    EXPECT_EQ(std::distance(fs::directory_iterator(backups), {}), done ? 2 : 1)
        << "what was left is removed";
  }
}

TEST(BackupDue, OnceADayAtItsMinute) {
  constexpr std::uint64_t kMidnight = kMadeMs / kDayMs * kDayMs;
  const std::uint64_t at = kMidnight + 150 * kMinuteMs;
  EXPECT_TRUE(is_backup_due(kMadeMs, 150, 0)) << "there is none";
  EXPECT_FALSE(is_backup_due(at - 1, 150, at - kDayMs));
  EXPECT_TRUE(is_backup_due(at, 150, at - 1));
  EXPECT_FALSE(is_backup_due(at + kHourMs, 150, at));
  EXPECT_TRUE(is_backup_due(at - 1, 150, at - kDayMs - 1)) << "one was missed";
  EXPECT_TRUE(is_backup_due(kMidnight, 0, kMidnight - 1));
}

TEST_F(BackupTest, TheKeeperMakesDropsAndRehearses) {
  std::vector<std::string> told;
  BackupKeeper::Options with;
  with.node_folder = node;
  with.party = "XA";
  with.settings.folder = backups;
  with.settings.keep = 3;
  with.settings.at_minute = 120;
  with.verify = desk::verify_options;
  with.key_names = [] { return std::set<std::string>{"kek/acts/2026-11"}; };
  with.tell = [&](std::string_view act, const std::string&) { told.emplace_back(act); };
  BackupKeeper keeper(with);
  Now now{0, kMadeMs};
  keeper.tend(now);
  EXPECT_EQ(told, (std::vector<std::string>{"backup.made", "backup.rehearsed"}));
  EXPECT_EQ(keeper.state().newest, backup);
  EXPECT_EQ(keeper.state().made_ms, kMadeMs);
  EXPECT_EQ(keeper.state().rehearsed_ms, kMadeMs);
  EXPECT_TRUE(keeper.state().problems.empty()) << keeper.state().problems.front();
  keeper.tend(now);
  EXPECT_EQ(told.size(), 2u) << "nothing is due";
  for (int day = 1; day <= 6; ++day) {
    now.mono_ms += kDayMs;
    now.wall_ms += kDayMs;
    keeper.tend(now);
  }
  EXPECT_EQ(told.size(), 8u) << "a backup a day, a rehearsal a week";
  EXPECT_EQ(keeper.state().kept, 3u);
  EXPECT_EQ(backups_in(backups, "XA").size(), 3u);
  now.mono_ms += kDayMs;
  now.wall_ms += kDayMs;
  keeper.tend(now);
  EXPECT_EQ(told.back(), "backup.rehearsed");
  EXPECT_EQ(look_at_backups(backups, "XA").rehearsed_ms, now.wall_ms) << "it stands on the disk";
  EXPECT_TRUE(check_backup(keeper.state().newest, options())->ok());

  // A rehearsal that finds something says what, and a backup that cannot be made is tried again.
  with.key_names = [] { return std::set<std::string>{}; };
  BackupKeeper poor(with);
  now.wall_ms += kRehearseEveryMs;
  poor.tend(now);
  ASSERT_FALSE(poor.state().problems.empty());
  EXPECT_EQ(look_at_backups(backups, "XA").problems, poor.state().problems);
  with.node_folder = temp / "no node";
  told.clear();
  BackupKeeper lost(with);
  now.wall_ms += kDayMs;
  lost.tend(now);
  EXPECT_EQ(told, std::vector<std::string>{"backup.failed"});
  EXPECT_FALSE(lost.state().trouble.empty());
  lost.tend(now);
  EXPECT_EQ(told.size(), 1u) << "not again at once";
  now.mono_ms += kBackupAgainMs;
  lost.tend(now);
  EXPECT_EQ(told.size(), 2u);
}

struct RestoreTest : BackupTest {
  fs::path keys, into;
  void SetUp() override {
    BackupTest::SetUp();
    make();
    keys = node / kKeystoreFile;
    into = temp / "again";
  }
  Result<RestoreReport> bring(const RestoreHook& hook = {}) {
    return restore(backup, keys, into, passphrase, hook);
  }
  // As a start does.
  Status opens() {
    FOCAL_ASSIGN(auto keystore, crypto::Keystore::open(into / kKeystoreFile, passphrase));
    ledger::KeystoreKek ring(keystore, rng);
    FOCAL_ASSIGN(const auto ledger, ledger::Ledger::open(into, ring, rng));
    EXPECT_EQ(ledger->log_size(), 64);
    return {};
  }
};

TEST_F(RestoreTest, GivesTheNodeBackAndSaysThatTheAnchorIsMissing) {
  const auto restored = bring();
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  EXPECT_EQ(restored->written.size(), 5u);
  EXPECT_EQ(restored->anchor, into / "anchor.note");
  EXPECT_FALSE(restored->anchor_is_there);
  EXPECT_NE(text_of(into / "anchor.note").find("restored from a backup"), std::string::npos);
  for (const BackupFile& file : restored->manifest.files)
    if (file.name != ledger::kLedgerFile) {
      EXPECT_EQ(text_of(into / file.name), text_of(node / file.name));
    }
  const Status opened = opens();
  EXPECT_TRUE(opened.has_value()) << opened.error().message;
  EXPECT_EQ(bring().error().code, ErrorCode::kExists) << "a ledger is never replaced";
}

TEST_F(RestoreTest, AnAnchorThatIsThereStays) {
  fs::create_directory(into);
  write_text(into / "anchor.note", "the newest");
  ASSERT_EQ(::chmod((into / "anchor.note").c_str(), 0600), 0);
  const auto restored = bring();
  ASSERT_TRUE(restored.has_value()) << restored.error().message;
  EXPECT_TRUE(restored->anchor_is_there);
  EXPECT_EQ(text_of(into / "anchor.note"), "the newest");
}

TEST_F(RestoreTest, WhatDoesNotFitWritesNothing) {
  const auto refused = [&](ErrorCode code) {
    const auto restored = bring();
    ASSERT_FALSE(restored.has_value());
    EXPECT_EQ(restored.error().code, code) << restored.error().message;
    EXPECT_TRUE(files(into).empty());
  };
  const crypto::Secret right = passphrase.clone();
  passphrase = crypto::Secret::copy_of(as_bytes("not these words"));
  refused(ErrorCode::kPassphrase);
  passphrase = right.clone();
  keys = temp / "other.focalkey";
  refused(ErrorCode::kNotFound);
  ASSERT_TRUE(crypto::Keystore::create(keys, passphrase, crypto::kKdfTest, rng).has_value());
  refused(ErrorCode::kKeystore);
  keys = node / kKeystoreFile;
  const std::string whole = text_of(backup / ledger::kLedgerFile);
  std::string bent = whole;
  bent[5000] = static_cast<char>(bent[5000] ^ 4);
  write_text(backup / ledger::kLedgerFile, bent);
  refused(ErrorCode::kCorrupt);
  write_text(backup / ledger::kLedgerFile, whole);
  const std::string list = text_of(backup / kBackupManifest);
  write_text(backup / kBackupManifest, list + "x");
  refused(ErrorCode::kCorrupt);
  write_text(backup / kBackupManifest, list);
  fs::create_directory(into);
  write_text(into / kCardFile, "another card");
  const auto restored = bring();
  ASSERT_FALSE(restored.has_value());
  EXPECT_EQ(restored.error().code, ErrorCode::kExists);
  EXPECT_EQ(text_of(into / kCardFile), "another card");
  EXPECT_FALSE(fs::exists(into / ledger::kLedgerFile));
}

TEST_F(RestoreTest, AKillAtAnyStepLeavesANodeOrNone) {
  for (const RestoreStep step : {RestoreStep::kKeystore, RestoreStep::kFiles, RestoreStep::kAnchor,
                                 RestoreStep::kLedger, RestoreStep::kName, RestoreStep::kDone}) {
    SCOPED_TRACE(static_cast<int>(step));
    fs::remove_all(into);
    ASSERT_TRUE(dies([&] {
      static_cast<void>(bring([&](RestoreStep at) {
        if (at == step) ::kill(::getpid(), SIGKILL);
      }));
    }));
    const bool done = step == RestoreStep::kDone;
    EXPECT_EQ(fs::exists(into / ledger::kLedgerFile), done);
    const auto again = bring();
    if (done) {
      EXPECT_EQ(again.error().code, ErrorCode::kExists);
    } else {
      ASSERT_TRUE(again.has_value()) << again.error().message;
      EXPECT_FALSE(again->anchor_is_there);
    }
    const Status opened = opens();
    EXPECT_TRUE(opened.has_value()) << opened.error().message;
  }
}

}  // namespace
}  // namespace focal::node

// Goal: one process a folder, no ledger by accident, clear refusals at the door.
// Method: a second owner (in this process and in another), folders that cannot
// be written, files that are no ledger or a newer one.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "crypto/keystore.h"
#include "ledger_world.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/sqlite_driver.h"
#include "tests/support/other_user.h"

namespace focal::ledger {
namespace {

TEST(LedgerOpen, CreateThenOpenKeepsNames) {
  World world;
  world.create();
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->party(), kParty);
  EXPECT_EQ(world->origin(), kOrigin);
  EXPECT_EQ(world->log_size(), 0);
  EXPECT_FALSE(world->last_checkpoint());
}

TEST(LedgerOpen, CreateOverAnExistingOneIsRefused) {
  World world;
  world.create();
  world.close();
  const auto again = Ledger::create(world.folder.path(), kParty, kOrigin, world.keks, world.rng);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kExists);
  EXPECT_TRUE(world.open());  // and unharmed
}

TEST(LedgerOpen, NothingThereIsNotFoundAndNothingIsMade) {
  World world;
  EXPECT_EQ(world.open().error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(std::filesystem::is_empty(world.folder.path()));
}

TEST(LedgerOpen, ASecondOwnerIsTurnedAwayWithTheNumberOfTheFirst) {
  World world;
  world.create();
  const auto second = Ledger::open(world.folder.path(), world.keks, world.rng);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kBusy);
  EXPECT_NE(second.error().message.find("pid " + std::to_string(::getpid())), std::string::npos)
      << second.error().message;
  world.commit({world.sent(1, {"XB"})});  // the first goes on
  world.close();
  EXPECT_TRUE(world.open());
}

TEST(LedgerOpen, TheLockOfAKilledOwnerIsFree) {
  World world;
  world.create();
  world.close();
  const pid_t child = ::fork();
  if (child == 0) {
    if (!world.open()) ::_exit(1);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(world.open());
}

// Root may write anywhere, so the attempt is made as another user.
TEST(LedgerOpen, AFolderThatCannotBeWrittenIsAPermissionError) {
  World world;
  world.create();
  world.commit({world.sent(1, {"XB"})});
  world.close();
  std::filesystem::remove(world.folder.path() / kLockFile);
  ::chmod(world.folder.ledger().c_str(), 0444);
  ::chmod(world.folder.path().c_str(), 0555);
  const int opened = test::unprivileged([&] { return static_cast<int>(world.open().error().code); });
  EXPECT_EQ(opened, static_cast<int>(ErrorCode::kPermission));
  const int made = test::unprivileged([&] {
    return static_cast<int>(
        Ledger::create(world.folder.path() / "sub", kParty, kOrigin, world.keks, world.rng)
            .error()
            .code);
  });
  EXPECT_EQ(made, static_cast<int>(ErrorCode::kPermission));
  // Reading what nobody can write: fine after an orderly end.
  const int verified = test::unprivileged([&] {
    const auto report = verify(world.folder.ledger());
    return report && report->ok() && report->leaves == 1 ? 0 : 1;
  });
  EXPECT_EQ(verified, 0);
  ::chmod(world.folder.path().c_str(), 0700);
}

TEST(LedgerOpen, ANewerSchemaIsRefused) {
  World world;
  world.create();
  world.close();
  const std::string newer = std::to_string(kSchemaVersion + 1);
  tamper(world.folder.ledger(), "UPDATE meta SET v='" + newer + "' WHERE k='schema';");
  const Status opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kState);
  EXPECT_NE(opened.error().message.find("schema " + newer), std::string::npos);
  EXPECT_EQ(verify(world.folder.ledger()).error().code, ErrorCode::kState);
}

TEST(LedgerOpen, ADatabaseThatIsNoLedgerIsCorrupt) {
  World world;
  {
    auto db = open_sqlite(world.folder.ledger(), SqliteMode::kCreate);
    ASSERT_TRUE(db && (*db)->run_script("CREATE TABLE t(x)"));
  }
  EXPECT_EQ(world.open().error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(verify(world.folder.ledger()).error().code, ErrorCode::kCorrupt);
}

// After a crash SQLite's own check runs: a damaged page shows even where no
// hash covers it.
TEST(LedgerOpen, ADamagedPageShowsAfterACrash) {
  World world;
  world.create();
  world.commit({world.sent(200, {"XB"}, std::string(1000, 'x'))});
  world.close();
  const std::string whole = read_file(world.folder.ledger());
  std::FILE* file = std::fopen(world.folder.ledger().c_str(), "r+b");
  ASSERT_NE(file, nullptr);
  const auto pages = static_cast<long>(whole.size()) / kPageSize;
  std::fseek(file, (pages / 2) * kPageSize, SEEK_SET);
  const std::string junk(64, '\xff');
  std::fwrite(junk.data(), 1, junk.size(), file);
  std::fclose(file);
  tamper(world.folder.ledger(), "UPDATE meta SET v='0' WHERE k='closed';");  // as after a crash
  const Status opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

// It would be given a second key under the name of the one that it lacks.
TEST(LedgerOpen, AKeystoreFromBeforeTheNewestMonthIsRefusedAndLeftAlone) {
  crypto::SystemRng system;
  const auto passphrase = crypto::Secret::copy_of(as_bytes("words for a test"));
  World world;
  const auto file = world.folder.path() / "keys", copy = world.folder.path() / "copy";
  const auto commit = [&](Ledger& ledger) {
    store::Txn txn;
    txn.now_ms = world.now;
    txn.ops.push_back(world.sent(1, {"XB"}));
    ASSERT_TRUE(ledger.commit(txn));
  };
  {
    auto store = *crypto::Keystore::create(file, passphrase, crypto::kKdfTest, system);
    KeystoreKek ring(store, system);
    auto ledger = Ledger::create(world.folder.path(), kParty, kOrigin, ring, system);
    ASSERT_TRUE(ledger);
    commit(**ledger);
    std::filesystem::copy_file(file, copy);
    world.now += 31 * kDayMs;
    commit(**ledger);
  }
  const std::string newer = read_file(file);
  std::filesystem::copy_file(copy, file, std::filesystem::copy_options::overwrite_existing);
  const auto open = [&] {
    auto store = *crypto::Keystore::open(file, passphrase);
    KeystoreKek ring(store, system);
    const auto ledger = Ledger::open(world.folder.path(), ring, system);
    return ledger ? std::string("opened") : std::string(error_name(ledger.error().code));
  };
  const std::string before = read_file(file);
  EXPECT_EQ(open(), error_name(ErrorCode::kKeystore));
  EXPECT_EQ(read_file(file), before);
  std::ofstream(file, std::ios::binary | std::ios::trunc) << newer;
  EXPECT_EQ(open(), "opened");
}

TEST(KeystoreKek, AKeyIsDurableBeforeItIsUsedAndOneAMonth) {
  crypto::init();
  TempFolder folder;
  crypto::SeededRng rng(3);
  const auto file = folder.path() / "keys";
  const auto passphrase = crypto::Secret::copy_of(as_bytes("correct horse"));
  auto keystore = crypto::Keystore::create(file, passphrase, crypto::kKdfTest, rng);
  ASSERT_TRUE(keystore) << keystore.error().message;
  KeystoreKek ring(*keystore, rng);
  const auto november = ring.current(KekClass::kTracing, kNow);
  ASSERT_TRUE(november);
  EXPECT_EQ(november->id, 1'202'611);
  EXPECT_EQ(kek_name(november->id), "kek/tracing/2026-11");
  const Bytes key = to_bytes(november->key);
  EXPECT_TRUE(equal(ring.current(KekClass::kTracing, kNow + kDayMs)->key, key));
  auto again = crypto::Keystore::open(file, passphrase);
  ASSERT_TRUE(again) << again.error().message;
  KeystoreKek reopened(*again, rng);
  ASSERT_TRUE(reopened.find(november->id));
  EXPECT_TRUE(equal(*reopened.find(november->id), key));
  const auto december = ring.current(KekClass::kTracing, kNow + 10 * kDayMs);
  ASSERT_TRUE(december);
  EXPECT_EQ(kek_name(december->id), "kek/tracing/2026-12");
  EXPECT_FALSE(equal(december->key, key));
  EXPECT_FALSE(ring.find(1'202'701));
}

TEST(KeystoreKek, TheIndexKeyIsDurableBeforeItIsUsedAndOneForEver) {
  crypto::init();
  TempFolder folder;
  crypto::SeededRng rng(3);
  const auto file = folder.path() / "keys";
  const auto passphrase = crypto::Secret::copy_of(as_bytes("correct horse"));
  auto keystore = crypto::Keystore::create(file, passphrase, crypto::kKdfTest, rng);
  ASSERT_TRUE(keystore);
  KeystoreKek ring(*keystore, rng);
  const auto key = ring.index_key();
  ASSERT_TRUE(key);
  const Bytes first = to_bytes(*key);
  EXPECT_EQ(first.size(), 32u);
  EXPECT_FALSE(equal(ring.current(KekClass::kTracing, kNow)->key, first));
  auto again = crypto::Keystore::open(file, passphrase);
  ASSERT_TRUE(again);
  KeystoreKek reopened(*again, rng);
  EXPECT_TRUE(equal(*reopened.index_key(), first));
  again->put(std::string(kIndexKeyName), crypto::Secret(31));
  EXPECT_EQ(reopened.index_key().error().code, ErrorCode::kKeystore);
}

TEST(KeystoreKek, NothingIsSealedUnderAKeyThatCouldNotBeSaved) {
  crypto::init();
  TempFolder folder;
  crypto::SeededRng rng(3);
  const auto file = folder.path() / "deep" / "keys";
  std::filesystem::create_directory(folder.path() / "deep");
  const auto passphrase = crypto::Secret::copy_of(as_bytes("correct horse"));
  auto keystore = crypto::Keystore::create(file, passphrase, crypto::kKdfTest, rng);
  ASSERT_TRUE(keystore);
  std::filesystem::remove_all(folder.path() / "deep");
  KeystoreKek ring(*keystore, rng);
  EXPECT_FALSE(ring.current(KekClass::kTracing, kNow));
  EXPECT_FALSE(ring.find(kek_id(KekClass::kTracing, kNow)));
  EXPECT_FALSE(ring.index_key());
  EXPECT_EQ(keystore->find(kIndexKeyName), nullptr);
}

}  // namespace
}  // namespace focal::ledger

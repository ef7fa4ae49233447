// Goal: a ledger of an older schema is brought forward whole or not at all, with a whole copy of
// it kept first; nothing else is touched. Method: a ledger of today taken back by hand, checked to
// be what the older schema makes; a child killed before each step; damage and obstacles in the way.
#include "node/ledger/migrate.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "ledger_world.h"
#include "node/ledger/schema_check.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

namespace fs = std::filesystem;

class Migrate : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.create();
    world.commit({world.pin("XB")});
    const auto sent = world.sent(3, {"XB"});
    world.commit({sent});
    world.commit({world.received(2, "XB")});
    world.commit({world.receipts_in("XB", world->open_outbox().front().batch, refs_of(sent), {1, 1, 1})});
    world.now += kHourMs;
    ASSERT_TRUE(world->make_checkpoint(world.now, world.signers.at(kParty).key));
    leaves = world->log_size();
    root = world->root(static_cast<std::uint64_t>(leaves));
    world.close();
    run_sql(world.folder.ledger(), back_to_schema_3());
    ASSERT_EQ(differences(world.folder.ledger(), 3), "") << "not what schema 3 was";
    ASSERT_EQ(version(world.folder.ledger()), 3);
  }

  static std::string differences(const fs::path& file, std::int64_t schema) {
    auto db = open_sqlite(file, SqliteMode::kReadOnly);
    if (!db) return db.error().message;
    const auto found = compare_schema(**db, schema);
    if (!found) return found.error().message;
    std::string out = found->meta ? "meta " : "";
    for (const auto* list : {&found->tables, &found->others})
      for (const std::string& what : *list) out.append(what).append(" ");
    return out;
  }
  static std::int64_t version(const fs::path& file) {
    auto db = open_sqlite(file, SqliteMode::kReadOnly);
    const auto read = db ? schema_version(**db) : Result<std::int64_t>(db.error());
    return read ? *read : -1;
  }
  std::vector<fs::path> copies() const {
    std::vector<fs::path> out;
    const fs::path folder = world.folder.path() / kBackupsFolder;
    if (!fs::exists(folder)) return out;
    for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
  }
  // The copy is a whole ledger of schema 3 with the same records, for its owner alone.
  void expect_whole_copy(const fs::path& file) {
    struct stat info {};
    ASSERT_EQ(::stat(file.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u);
    EXPECT_EQ(differences(file, 3), "") << file;
    EXPECT_EQ(version(file), 3);
    static constexpr char kCount[] = "SELECT COUNT(*) FROM leaf";
    auto db = open_sqlite(file, SqliteMode::kReadOnly);
    ASSERT_TRUE(db && (*db)->quick_check());
    Query query(**db, kCount);
    ASSERT_TRUE(query.row());
    EXPECT_EQ(query.integer(0), leaves);
  }
  void expect_untouched() {
    EXPECT_EQ(version(world.folder.ledger()), 3);
    EXPECT_EQ(differences(world.folder.ledger(), 3), "");
  }
  void expect_new_and_whole() {
    EXPECT_EQ(world->log_size(), leaves);
    EXPECT_EQ(world->root(static_cast<std::uint64_t>(leaves)), root);
    EXPECT_EQ(differences(world.folder.ledger(), kSchemaVersion), "");
    EXPECT_EQ(version(world.folder.ledger()), kSchemaVersion);
    const VerifyReport report = world.check();
    EXPECT_EQ(report.leaves, static_cast<std::uint64_t>(leaves));
    world.commit({world.sent(1, {"XB"})});
  }

  World world;
  store::LeafIndex leaves = 0;
  Hash32 root{};
};

TEST_F(Migrate, AnOlderLedgerIsBroughtForwardAfterACopyIsKept) {
  const auto refused = verify(world.folder.ledger());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kState);
  EXPECT_NE(refused.error().hint.find("start focald once"), std::string::npos);
  const Status opened = world.open();
  ASSERT_TRUE(opened) << opened.error().message;
  ASSERT_EQ(copies().size(), 1u);
  EXPECT_EQ(copies()[0].filename(), "before-schema-4.db");
  expect_whole_copy(copies()[0]);
  expect_new_and_whole();
  ASSERT_TRUE(world.open());
  EXPECT_EQ(copies().size(), 1u) << "once";
}

// Which rows the old keys seal is known from then on, and records wait for the date of their erasure.
TEST_F(Migrate, OldKeysAndRecordsAreTakenOver) {
  ASSERT_TRUE(world.open());
  const auto keys = world->kek_rows();
  ASSERT_FALSE(keys.empty());
  for (const store::KekRow& key : keys) {
    EXPECT_TRUE(world.keks.find(key.id)) << key.id;
    EXPECT_EQ(key.deletions, 0u);
    EXPECT_EQ(key.next, 0);
  }
  const store::IndexProgress progress = world->dating_progress();
  EXPECT_EQ(progress.done, 0);
  EXPECT_GT(progress.target, 0);
  world.commit({store::SetDated{progress.target + 9}});
  EXPECT_TRUE(world->dating_progress().complete());
  EXPECT_EQ(world->dating_progress().target, progress.target);
  ASSERT_TRUE(world.open());
  EXPECT_TRUE(world->dating_progress().complete());
}

TEST_F(Migrate, ANewLedgerNeedsNothingAndKeepsNoCopy) {
  World other(2);
  other.create();
  ASSERT_TRUE(other.open());
  EXPECT_FALSE(fs::exists(other.folder.path() / kBackupsFolder));
}

TEST_F(Migrate, WhatIsKeptIsNeverReplaced) {
  fs::create_directory(world.folder.path() / kBackupsFolder);
  const fs::path first = world.folder.path() / kBackupsFolder / "before-schema-4.db";
  std::ofstream(first) << "somebody's";
  ASSERT_TRUE(world.open());
  EXPECT_EQ(read_file(first), "somebody's");
  ASSERT_EQ(copies().size(), 2u);
  expect_whole_copy(world.folder.path() / kBackupsFolder / "before-schema-4.2.db");
}

TEST_F(Migrate, ADamagedOneIsLeftAsItIs) {
  for (const char* damage : {"DROP INDEX outbox_open", "DROP TRIGGER leaf_u", "DROP TABLE seen",
                             "CREATE TABLE cosig(x)", "ALTER TABLE rec ADD COLUMN shred INTEGER"}) {
    const std::string before = read_file(world.folder.ledger());
    run_sql(world.folder.ledger(), damage);
    const Status opened = world.open();
    ASSERT_FALSE(opened) << damage;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt) << damage;
    EXPECT_FALSE(opened.error().hint.empty());
    EXPECT_EQ(version(world.folder.ledger()), 3) << damage;
    EXPECT_TRUE(copies().empty()) << damage;
    world.close();
    for (const char* beside : {"-wal", "-shm"}) fs::remove(world.folder.ledger().string() + beside);
    std::ofstream(world.folder.ledger(), std::ios::binary | std::ios::trunc) << before;
  }
  EXPECT_TRUE(world.open());
}

TEST_F(Migrate, ADamagedPageIsSeenBeforeAnythingChanges) {
  const std::string whole = read_file(world.folder.ledger());
  std::string bad = whole;
  const std::size_t middle = whole.size() / kPageSize / 2 * kPageSize;
  std::fill_n(bad.begin() + static_cast<std::ptrdiff_t>(middle), 64, '\xff');
  std::ofstream(world.folder.ledger(), std::ios::binary | std::ios::trunc) << bad;
  EXPECT_EQ(world.open().error().code, ErrorCode::kCorrupt);
  EXPECT_TRUE(copies().empty());
}

TEST_F(Migrate, WithoutACopyNothingChanges) {
  std::ofstream(world.folder.path() / kBackupsFolder) << "a file where the folder should be";
  const Status opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_FALSE(opened.error().message.empty());
  expect_untouched();
  fs::remove(world.folder.path() / kBackupsFolder);
  EXPECT_TRUE(world.open());
}

TEST_F(Migrate, AKillAtAnyStepLeavesTheOldOneOrTheNewOne) {
  for (const MigrateStep where : {MigrateStep::kCopy, MigrateStep::kChange, MigrateStep::kCommit}) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      auto db = open_sqlite(world.folder.ledger(), SqliteMode::kWrite);
      if (db)
        static_cast<void>(migrate_older(**db, world.folder.path(), [where](MigrateStep step) {
          if (step == where) ::kill(::getpid(), SIGKILL);
        }));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the step was never reached";
    expect_untouched();
  }
  ASSERT_EQ(copies().size(), 2u) << "of the two that came so far";
  ASSERT_TRUE(world.open());
  ASSERT_EQ(copies().size(), 3u);
  for (const fs::path& copy : copies()) expect_whole_copy(copy);
  expect_new_and_whole();
}

// What a child that was killed while it copied leaves is no copy, and in nobody's way.
TEST_F(Migrate, AHalfMadeCopyIsMadeAnew) {
  fs::create_directory(world.folder.path() / kBackupsFolder);
  std::ofstream(world.folder.path() / kBackupsFolder / "before-schema-4.part") << "half";
  ASSERT_TRUE(world.open());
  ASSERT_EQ(copies().size(), 1u);
  expect_whole_copy(copies()[0]);
}

// The guards of what schema 4 added: even our own mistake does not take back what was said.
TEST_F(Migrate, WhatWasWitnessedNeverGoesBack) {
  ASSERT_TRUE(world.open());
  world.close();
  run_sql(world.folder.ledger(),
          "INSERT INTO witness_state VALUES('focal/XB/log/1',1,128,zeroblob(32),'n','l',5);"
          "INSERT INTO cosig VALUES(64,1,5,'l'); INSERT INTO publication VALUES(64,5);"
          "UPDATE witness_state SET size=192; UPDATE rec SET shred=7 WHERE idx=1;");
  auto db = open_sqlite(world.folder.ledger(), SqliteMode::kWrite);
  ASSERT_TRUE(db);
  for (const char* sql :
       {"UPDATE witness_state SET size=128", "DELETE FROM witness_state", "DELETE FROM cosig",
        "UPDATE cosig SET line='x'", "DELETE FROM publication", "UPDATE rec SET shred=NULL WHERE idx=1",
        "UPDATE rec SET shred=8 WHERE idx=1"}) {
    const auto done = (*db)->run_script(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().code, ErrorCode::kState) << sql;
  }
}

}  // namespace
}  // namespace focal::ledger

// Goal: the contract a database engine has to keep for the ledger (driver.h),
// and for SQLite the settings the ledger relies on.
// Method: the same tests for every engine in the list; another engine joins by a
// line in Engines.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "ledger_world.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

struct Engine {
  const char* name;
  Result<std::unique_ptr<Driver>> (*make)(const TempFolder&);
};

Result<std::unique_ptr<Driver>> make_sqlite(const TempFolder& folder) {
  return open_sqlite(folder.ledger(), SqliteMode::kCreate);
}

class DriverContract : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    auto made = GetParam().make(folder_);
    ASSERT_TRUE(made) << made.error().message;
    db_ = std::move(*made);
    const char* table = "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT UNIQUE, data BLOB)";
    ASSERT_TRUE(db_->run_script(table));
  }
  Result<std::int64_t> insert(std::int64_t id, const std::string& name, const Bytes& data) {
    return Query(*db_, kInsert).bind(id, name, data).run();
  }
  std::int64_t count() {
    Query query(*db_, kCount);
    EXPECT_TRUE(query.row());
    return query.integer(0);
  }
  static constexpr char kInsert[] = "INSERT INTO t(id,name,data) VALUES($1,$2,$3)";
  static constexpr char kGently[] =
      "INSERT INTO t(id,name,data) VALUES($1,$2,$3) ON CONFLICT DO NOTHING";
  static constexpr char kCount[] = "SELECT COUNT(*) FROM t";
  static constexpr char kSelect[] = "SELECT id,name,data FROM t WHERE id=$1";

  TempFolder folder_;
  std::unique_ptr<Driver> db_;
};

TEST_P(DriverContract, ValuesComeBackAsTheyWere) {
  ASSERT_TRUE(insert(-5, "ключ", Bytes{0, 1, 255}));
  ASSERT_TRUE(insert(1, "", Bytes{}));
  {
    Query query(*db_, kSelect);
    ASSERT_TRUE(query.bind(-5).row());
    EXPECT_EQ(query.integer(0), -5);
    EXPECT_EQ(query.text(1), "ключ");
    EXPECT_TRUE(equal(query.blob(2), Bytes{0, 1, 255}));
    EXPECT_FALSE(query.row());
  }
  Query query(*db_, kSelect);
  ASSERT_TRUE(query.bind(1).row());
  EXPECT_FALSE(query.is_null(1));  // empty is not NULL
  EXPECT_FALSE(query.is_null(2));
}

TEST_P(DriverContract, NullIsNull) {
  ASSERT_TRUE(Query(*db_, kInsert).bind(1, std::optional<Bytes>(), std::nullopt).run());
  Query query(*db_, kSelect);
  ASSERT_TRUE(query.bind(1).row());
  EXPECT_TRUE(query.is_null(1));
  EXPECT_TRUE(query.is_null(2));
}

TEST_P(DriverContract, CommitKeepsAndRollbackUndoes) {
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(insert(1, "a", {}));
  db_->rollback();
  EXPECT_EQ(count(), 0);
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(insert(1, "a", {}));
  ASSERT_TRUE(db_->commit());
  db_->rollback();  // outside a transaction: nothing
  EXPECT_EQ(count(), 1);
}

TEST_P(DriverContract, ConstraintIsAStateErrorAndConflictCanBeSkipped) {
  ASSERT_TRUE(insert(1, "a", {}));
  const auto again = insert(2, "a", {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::kState);
  const Bytes none;
  const std::string name = "a";
  const auto skipped = Query(*db_, kGently).bind(2, name, none).run();
  ASSERT_TRUE(skipped);
  EXPECT_EQ(*skipped, 0);
  const std::string other = "b";
  EXPECT_EQ(*Query(*db_, kGently).bind(2, other, none).run(), 1);
  Query third(*db_, kGently);
  EXPECT_EQ(must_insert(third.bind(2, other, none), "row").error().code, ErrorCode::kState);
}

TEST_P(DriverContract, AFullStoreIsNoSpaceAndTheTransactionCanBeUndone) {
  ASSERT_TRUE(insert(1, "before", {}));
  limit_pages(*db_, count_pages(*db_) + 4);
  ASSERT_TRUE(db_->begin());
  Result<std::int64_t> last = 0;
  for (int i = 2; last && i < 100; ++i) last = insert(i, std::to_string(i), Bytes(8000, 'x'));
  ASSERT_FALSE(last);
  EXPECT_EQ(last.error().code, ErrorCode::kNoSpace);
  db_->rollback();
  EXPECT_EQ(count(), 1);
  limit_pages(*db_, 100000);
  EXPECT_TRUE(insert(2, "after", {}));
}

// What is read between two transactions is one snapshot; a transaction ends it.
TEST_P(DriverContract, ReadingEndsWhereATransactionBegins) {
  db_->begin_reading();
  EXPECT_EQ(count(), 0);
  db_->begin_reading();  // again: nothing changes
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(insert(1, "one", {}));
  db_->begin_reading();  // inside a transaction: nothing changes
  EXPECT_EQ(count(), 1);
  ASSERT_TRUE(db_->commit());
  db_->begin_reading();
  EXPECT_EQ(count(), 1);
  ASSERT_TRUE(db_->begin());
  ASSERT_TRUE(insert(2, "two", {}));
  db_->rollback();
  db_->end_reading();  // nothing is being read
  db_->begin_reading();
  EXPECT_EQ(count(), 1);
  db_->end_reading();
  EXPECT_TRUE(insert(2, "two", {})) << "a statement alone is committed alone";
  db_->tidy(true);
  EXPECT_EQ(count(), 2);
}

INSTANTIATE_TEST_SUITE_P(Engines, DriverContract, testing::Values(Engine{"sqlite", make_sqlite}),
                         [](const auto& engine) { return engine.param.name; });

std::string pragma(Driver& db, const char* sql) {
  Query query(db, sql);
  return query.row() ? query.text(0) : "";
}

TEST(SqliteDriver, SettingsAreTheOnesTheLedgerReliesOn) {
  TempFolder folder;
  auto db = make_sqlite(folder);
  ASSERT_TRUE(db);
  EXPECT_EQ(pragma(**db, "PRAGMA journal_mode"), "wal");
  EXPECT_EQ(pragma(**db, "PRAGMA synchronous"), "2");
  EXPECT_EQ(pragma(**db, "PRAGMA page_size"), "8192");
  EXPECT_EQ(pragma(**db, "PRAGMA wal_autocheckpoint"), "0");
  EXPECT_EQ(pragma(**db, "PRAGMA foreign_keys"), "1");
  EXPECT_EQ(pragma(**db, "PRAGMA trusted_schema"), "0");
  EXPECT_EQ(pragma(**db, "PRAGMA cell_size_check"), "1");
  EXPECT_EQ(pragma(**db, "PRAGMA recursive_triggers"), "1");
  EXPECT_EQ(pragma(**db, "PRAGMA mmap_size"), "0");
}

TEST(SqliteDriver, FileIsForItsOwnerOnly) {
  TempFolder folder;
  auto db = make_sqlite(folder);
  ASSERT_TRUE(db);
  ASSERT_TRUE((*db)->run_script("CREATE TABLE t(x)"));
  for (const char* suffix : {"", "-wal"}) {
    struct stat info {};
    ASSERT_EQ(::stat((folder.ledger().string() + suffix).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777u, 0600u) << suffix;
  }
}

TEST(SqliteDriver, CreateNeverOverwritesAndOpenNeverCreates) {
  TempFolder folder;
  EXPECT_EQ(open_sqlite(folder.ledger(), SqliteMode::kWrite).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(open_sqlite(folder.ledger(), SqliteMode::kReadOnly).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(make_sqlite(folder));
  EXPECT_EQ(make_sqlite(folder).error().code, ErrorCode::kExists);
}

TEST(SqliteDriver, ReadOnlyCannotWrite) {
  TempFolder folder;
  auto db = make_sqlite(folder);
  ASSERT_TRUE(db && (*db)->run_script("CREATE TABLE t(x)"));
  auto reader = open_sqlite(folder.ledger(), SqliteMode::kReadOnly);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ((*reader)->run_script("INSERT INTO t VALUES(1)").error().code, ErrorCode::kPermission);
}

// A reader that holds its snapshot sees none of what is committed meanwhile, and
// what it reads after that is new.
TEST(SqliteDriver, AReaderBesideTheWriterReadsOneSnapshot) {
  static constexpr char kCount[] = "SELECT COUNT(*) FROM t";
  TempFolder folder;
  auto db = make_sqlite(folder);
  ASSERT_TRUE(db && (*db)->run_script("CREATE TABLE t(x); INSERT INTO t VALUES(1)"));
  auto reader = open_sqlite(folder.ledger(), SqliteMode::kReadOnly);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto seen = [&] {
    Query query(**reader, kCount);
    return query.row() ? query.integer(0) : -1;
  };
  (*reader)->begin_reading();
  EXPECT_EQ(seen(), 1);
  ASSERT_TRUE((*db)->run_script("INSERT INTO t VALUES(2)"));
  EXPECT_EQ(seen(), 1);
  (*reader)->end_reading();
  EXPECT_EQ(seen(), 2);
}

// A file that is only locked for the moment is no file that cannot be written.
TEST(SqliteDriver, AReaderIsToldWhatStandsInItsWay) {
  TempFolder folder;
  auto db = make_sqlite(folder);
  ASSERT_TRUE(db && (*db)->run_script("PRAGMA locking_mode=EXCLUSIVE; CREATE TABLE t(x)"));
  const auto reader = open_sqlite(folder.ledger(), SqliteMode::kReadOnly);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().code, ErrorCode::kBusy) << reader.error().message;
}

TEST(SqliteDriver, WhatIsNoDatabaseIsCorrupt) {
  TempFolder folder;
  ASSERT_TRUE(make_sqlite(folder));
  std::filesystem::resize_file(folder.ledger(), 0);
  {
    std::FILE* file = std::fopen(folder.ledger().c_str(), "wb");
    ASSERT_NE(file, nullptr);
    const std::string junk(20000, 'j');
    std::fwrite(junk.data(), 1, junk.size(), file);
    std::fclose(file);
  }
  EXPECT_EQ(open_sqlite(folder.ledger(), SqliteMode::kWrite).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(open_sqlite(folder.ledger(), SqliteMode::kReadOnly).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace focal::ledger

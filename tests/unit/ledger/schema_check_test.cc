// Goal: a file whose tables, indexes or guards are not those of a ledger is told
// as damaged, by name, and never looks like a mistake of the program.
// Method: one change of the schema at a time, then verify, record_ids and open.
#include "node/ledger/schema_check.h"

#include "node/ledger/sqlite_driver.h"
#include "verify_fixture.h"

namespace focal::ledger {
namespace {

class Schema : public Verify {
 protected:
  void expect_refused(const std::string& sql, const std::string& what) {
    run_sql(world.folder.ledger(), sql);
    const auto report = verify(world.folder.ledger());
    ASSERT_FALSE(report) << sql;
    EXPECT_EQ(report.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(report.error().message.find(what), std::string::npos) << report.error().message;
    EXPECT_FALSE(report.error().hint.empty());
    const auto ids = record_ids(world.folder.ledger(), store::LeafType::kSent);
    ASSERT_FALSE(ids) << sql;
    EXPECT_EQ(ids.error().code, ErrorCode::kCorrupt);
    const Status opened = world.open();
    ASSERT_FALSE(opened) << sql;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(opened.error().message.find(what), std::string::npos) << opened.error().message;
    put_back();
  }
  // The tree can still be verified, but the node does not start on it.
  void expect_told(const std::string& sql, const std::string& what) {
    run_sql(world.folder.ledger(), sql);
    const Status opened = world.open();
    ASSERT_FALSE(opened) << sql;
    EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
    EXPECT_NE(opened.error().message.find(what), std::string::npos) << opened.error().message;
    const VerifyReport report = look();
    EXPECT_NE(all_problems(report).find(what), std::string::npos) << all_problems(report);
    EXPECT_EQ(report.problems_in[static_cast<std::size_t>(VerifyPart::kFile)], 1u);
  }
};

TEST_F(Schema, AWholeOneHasNoDifferences) {
  auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
  ASSERT_TRUE(db);
  const auto found = compare_schema(**db, kSchemaVersion);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->tables.empty());
  EXPECT_TRUE(found->others.empty());
}

TEST_F(Schema, AMissingTableIsNamed) {
  static constexpr char kTables[] = "SELECT name FROM sqlite_schema WHERE type='table'";
  std::vector<std::string> tables;
  {
    auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    Query query(**db, kTables);
    while (query.row()) tables.push_back(query.text(0));
  }
  ASSERT_GE(tables.size(), 25u);
  for (const std::string& table : tables)
    expect_refused("DROP TABLE " + table + ";",
                   table == "meta" ? "not a ledger" : "table " + table + " is missing");
}

TEST_F(Schema, AnotherTableIsNamed) {
  expect_refused("ALTER TABLE rec DROP COLUMN ct;", "table rec is not as this program makes it");
  expect_refused("ALTER TABLE seen RENAME COLUMN rid TO id;", "table seen is not as");
  expect_refused("ALTER TABLE meta RENAME COLUMN v TO w;", "not a ledger");
  expect_refused("DROP TABLE seen; CREATE VIEW seen AS SELECT 1;", "table seen is not as");
}

TEST_F(Schema, AMissingOrForeignGuardIndexOrTableIsTold) {
  expect_told("DROP TRIGGER checkpoint_d; DELETE FROM checkpoint;",
              "trigger checkpoint_d is missing");
  expect_told(
      "DROP TRIGGER leaf_u; CREATE TRIGGER leaf_u BEFORE UPDATE ON leaf BEGIN SELECT 1; END;",
      "trigger leaf_u is not as this program makes it");
  expect_told("CREATE TRIGGER more AFTER INSERT ON rec BEGIN SELECT 1; END;",
              "trigger more does not belong to a ledger");
  expect_told("DROP INDEX cases_due;", "index cases_due is missing");
  expect_told("CREATE TABLE more(x);", "table more does not belong to a ledger");
}

}  // namespace
}  // namespace focal::ledger

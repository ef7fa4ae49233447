// Goal: a row of the desk is the one of its newest leaf or none: it comes back after a start, an
// undone group leaves it, and neither an older row nor another one's passes in its place. The
// leaves of a batch that was sent share one detail. Method: round trips, then the file changed by
// hand.
#include <gtest/gtest.h>

#include "ledger_world.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

using store::DeskTable;

store::PutDesk person(std::int64_t id, const std::string& text, bool open = true) {
  return {DeskTable::kPerson, id, open, to_bytes(text), "detail of " + text};
}

class DeskRows : public testing::Test {
 protected:
  void SetUp() override { world.create(); }
  std::vector<std::string> rows(DeskTable table = DeskTable::kPerson, bool only_open = false) {
    const auto all = world->desk_rows(table, only_open);
    EXPECT_TRUE(all) << all.error().message;
    std::vector<std::string> out;
    for (const auto& row : *all) out.push_back(std::to_string(row.id) + " " + to_string(row.content));
    return out;
  }
  using Texts = std::vector<std::string>;
  World world;
};

TEST_F(DeskRows, TheNewestOfAnIdCountsAndEveryChangeIsALeaf) {
  EXPECT_EQ(world->next_desk_id(DeskTable::kPerson), 1);
  world.commit({person(1, "jo"), person(2, "mia")});
  world.commit({person(1, "jo again"), person(2, "gone", false),
                store::PutDesk{DeskTable::kRelease, 1, true, to_bytes("an act"), "waits"}});
  EXPECT_EQ(rows(), (Texts{"1 jo again", "2 gone"}));
  EXPECT_EQ(rows(DeskTable::kPerson, true), Texts{"1 jo again"});
  EXPECT_EQ(rows(DeskTable::kRelease), Texts{"1 an act"});
  EXPECT_EQ(world->next_desk_id(DeskTable::kPerson), 3);
  EXPECT_EQ(world->next_desk_id(DeskTable::kRelease), 2);
  EXPECT_EQ(world->log_size(), 5);
  EXPECT_EQ(world->leaf(3)->type, store::LeafType::kAdmin);
  EXPECT_EQ(world->leaf(3)->ref, store::desk_ref(DeskTable::kPerson, 2, false));
  EXPECT_EQ(world->detail(3).value(), "detail of gone");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(rows(), (Texts{"1 jo again", "2 gone"}));
  EXPECT_EQ(to_string(world->desk_row(DeskTable::kPerson, 1)->content), "jo again");
  EXPECT_EQ(world->desk_row(DeskTable::kPerson, 9).error().code, ErrorCode::kNotFound);
  world.check();
}

TEST_F(DeskRows, TheNewestComeFirstAndInTheirOrder) {
  std::vector<store::Op> many;
  for (int id = 1; id <= 5; ++id) many.push_back(person(id, "p" + std::to_string(id)));
  world.commit(many);
  const auto ids = [&](std::int64_t before, std::size_t limit) {
    const auto rows = world->newest_desk_rows(DeskTable::kPerson, before, limit);
    EXPECT_TRUE(rows.has_value());
    std::vector<std::int64_t> out;
    for (const auto& row : *rows) out.push_back(row.id);
    return out;
  };
  using Ids = std::vector<std::int64_t>;
  EXPECT_EQ(ids(0, 2), (Ids{4, 5}));
  EXPECT_EQ(ids(4, 2), (Ids{2, 3}));
  EXPECT_EQ(ids(2, 10), (Ids{1}));
  EXPECT_EQ(ids(1, 10), Ids{});
  EXPECT_TRUE(world->newest_desk_rows(DeskTable::kRelease, 0, 10)->empty());
}

TEST_F(DeskRows, AnUndoneGroupChangesNothing) {
  world.commit({person(1, "jo")});
  EXPECT_EQ(world.try_commit({person(1, "other"), person(2, "mia"), person(0, "nobody")})
                .error()
                .code,
            ErrorCode::kState);
  EXPECT_EQ(rows(), Texts{"1 jo"});
  EXPECT_EQ(world->next_desk_id(DeskTable::kPerson), 2);
  EXPECT_EQ(world->log_size(), 1);
}

TEST_F(DeskRows, NoOtherRowOpensInItsPlace) {
  world.commit({person(1, "jo, an officer"), person(2, "ada, the administrator")});
  const std::string before = read_file(world.folder.ledger());
  for (const char* swap :
       {"UPDATE desk_row SET kek=(SELECT kek FROM desk_row WHERE id=2),"
        "wrapped=(SELECT wrapped FROM desk_row WHERE id=2),"
        "ct=(SELECT ct FROM desk_row WHERE id=2) WHERE id=1;",
        "UPDATE desk_row SET idx=1 WHERE id=1;", "UPDATE desk_row SET open=0 WHERE id=1;",
        "UPDATE desk_row SET ct=zeroblob(length(ct)) WHERE id=1;",
        "UPDATE desk_row SET idx=77 WHERE id=1;",
        // the detail of its own leaf
        "UPDATE desk_row SET wrapped=(SELECT wrapped FROM detail WHERE idx=0),"
        "ct=(SELECT ct FROM detail WHERE idx=0) WHERE id=1;"}) {
    world.close();
    tamper(world.folder.ledger(), swap);
    ASSERT_TRUE(world.open());
    const auto row = world->desk_row(DeskTable::kPerson, 1);
    ASSERT_FALSE(row.has_value()) << swap;
    EXPECT_EQ(row.error().code, ErrorCode::kCorrupt) << swap;
    EXPECT_FALSE(world->desk_rows(DeskTable::kPerson, false).has_value()) << swap;
    world.commit({person(1, "jo, an officer")});
    EXPECT_TRUE(world->desk_row(DeskTable::kPerson, 1).has_value());
  }
}

TEST_F(DeskRows, AnOlderRowDoesNotComeBackUnseen) {
  world.commit({person(1, "an administrator")});
  world.close();
  const auto dump = [&](const char* column) {
    auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    const std::string sql = std::string("SELECT ") + column + " FROM desk_row";
    Query query(**db, sql.c_str());
    EXPECT_TRUE(query.row());
    return "x'" + hex(query.blob(0)) + "'";
  };
  const std::string old = "wrapped=" + dump("wrapped") + ",ct=" + dump("ct");
  ASSERT_TRUE(world.open());
  world.commit({person(1, "an officer")});
  world.close();
  tamper(world.folder.ledger(), "UPDATE desk_row SET " + old + ";");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->desk_row(DeskTable::kPerson, 1).error().code, ErrorCode::kCorrupt)
      << "it is bound to its leaf";
  world.close();
  tamper(world.folder.ledger(), "UPDATE desk_row SET idx=0," + old + ";");
  const auto report = verify(world.folder.ledger(), world.keys());
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->ok()) << "its leaf is not the newest";
}

TEST_F(DeskRows, ABatchHasOneDetailBesideItsFirstLeaf) {
  auto two = world.sent(2, {"XB"});
  two.detail = "jo released both";
  auto one = world.sent(1, {"XB"});
  auto other = world.sent(1, {"XB"});
  other.detail = "jo released both";
  world.commit({two, one, other});
  EXPECT_EQ(world->detail(0).value(), "jo released both");
  EXPECT_EQ(world->detail(1).value(), "jo released both");
  EXPECT_EQ(world->detail(2).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(world->detail(3).value(), "jo released both");
  EXPECT_EQ(world->leaf(0)->detail, world->leaf(1)->detail);
  EXPECT_EQ(world->leaf(2)->detail, Hash32{});
  EXPECT_NE(world->leaf(3)->detail, world->leaf(0)->detail) << "each batch has its own salt";
  world.check();
  world.close();
  tamper(world.folder.ledger(),
         "UPDATE detail SET wrapped=(SELECT wrapped FROM detail WHERE idx=3),"
         "ct=(SELECT ct FROM detail WHERE idx=3) WHERE idx=0;");
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->detail(1).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace focal::ledger

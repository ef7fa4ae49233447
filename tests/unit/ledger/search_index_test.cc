// Goal: the ledger finds records by equal keys without keeping them, holds every reading, and
// loses, keeps and drops both together with the transaction. Method: a ledger with records
// whose keys are given by the test, closed and opened again, tampered with, and searched byte
// for byte for what must not stand in it.
#include "node/ledger/search_index.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "ledger_world.h"
#include "node/ledger/index_block.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

using store::IndexPlace;

store::PutIndex index_of(const store::RecordRef& ref, const std::string& serial,
                         std::uint32_t item_no = 1) {
  store::PutIndex out;
  out.ref = ref;
  out.keys.push_back({"serial", serial, item_no});
  out.readings.push_back({item_no, serial, "12345"});
  return out;
}

// "idx:item fold digits", sorted.
std::vector<std::string> readings(World& world) {
  std::vector<std::string> out;
  world->serials().for_each([&out](const store::PackedReading& each) {
    out.push_back(std::to_string(each.place.idx) + ":" + std::to_string(each.place.item_no) + " " +
                  std::string(each.fold) + " " + std::string(each.digits));
  });
  std::sort(out.begin(), out.end());
  return out;
}

class SearchIndexTest : public ::testing::Test {
 protected:
  void SetUp() override { world.create(); }

  // One record a group.
  store::RecordRef add(const std::string& serial) {
    auto batch = world.sent(1, {"XB"});
    const auto ref = batch.records[0].ref;
    world.commit({batch, index_of(ref, serial)});
    return ref;
  }
  std::vector<IndexPlace> find(const std::string& key, const std::string& field = "serial") {
    return world->index_find(field, key, 10);
  }
  store::LeafIndex place(const store::RecordRef& ref) { return world->find(ref)->idx; }
  std::string raw() {
    std::string all;
    for (const char* suffix : {"", "-wal"})
      all += read_file(world.folder.ledger().string() + suffix);
    return all;
  }

  World world;
};

TEST_F(SearchIndexTest, FindsEqualKeysOfOneFieldNewestFirst) {
  const auto first = add("ZEBRA1");
  const auto second = add("ZEBRA1");
  add("ZEBRA2");
  EXPECT_EQ(find("ZEBRA1"), (std::vector<IndexPlace>{{place(second), 1}, {place(first), 1}}));
  EXPECT_EQ(world->index_find("serial", "ZEBRA1", 1), (std::vector<IndexPlace>{{place(second), 1}}));
  EXPECT_TRUE(find("ZEBRA1", "case").empty());
  EXPECT_TRUE(find("ZEBRA").empty());
  EXPECT_TRUE(find("").empty());
}

TEST_F(SearchIndexTest, EverythingIsThereAfterAnEndAndAfterACrash) {
  const auto ref = add("ZEBRA1");
  add("ZEBRA2");
  const auto before = readings(world);
  ASSERT_EQ(before.size(), 2u);
  ASSERT_TRUE(world.open().has_value());
  EXPECT_EQ(readings(world), before);
  EXPECT_EQ(find("ZEBRA1"), (std::vector<IndexPlace>{{place(ref), 1}}));
  EXPECT_TRUE(world->index_progress().complete());
}

TEST_F(SearchIndexTest, AGroupThatFailsLeavesNothing) {
  add("ZEBRA1");
  const auto before = readings(world);
  auto batch = world.sent(1, {"XB"});
  const auto bad = world.try_commit({batch, index_of(batch.records[0].ref, "ZEBRA2"),
                                     store::DropIndex{{world.rng.array<32>(), 1}}});
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, ErrorCode::kState);
  EXPECT_EQ(readings(world), before);
  EXPECT_TRUE(find("ZEBRA2").empty());
  EXPECT_FALSE(world->probe({world.now, {index_of({world.rng.array<32>(), 1}, "ZEBRA3")}}));
  auto good = world.sent(1, {"XB"});
  EXPECT_TRUE(world->probe({world.now, {good, index_of(good.records[0].ref, "ZEBRA3")}}));
  EXPECT_EQ(readings(world), before);
  EXPECT_TRUE(find("ZEBRA3").empty());
}

TEST_F(SearchIndexTest, ASecondPutReplacesTheFirst) {
  const auto ref = add("ZEBRA1");
  world.commit({index_of(ref, "ZEBRA9", 4)});
  EXPECT_TRUE(find("ZEBRA1").empty());
  EXPECT_EQ(find("ZEBRA9"), (std::vector<IndexPlace>{{place(ref), 4}}));
  EXPECT_EQ(readings(world).size(), 1u);
  // Within one group as well.
  auto batch = world.sent(1, {"XB"});
  const auto fresh = batch.records[0].ref;
  world.commit({batch, index_of(fresh, "ZEBRA5"), index_of(fresh, "ZEBRA6"), index_of(ref, "ZEBRA7"),
                index_of(ref, "ZEBRA8")});
  EXPECT_TRUE(find("ZEBRA5").empty());
  EXPECT_TRUE(find("ZEBRA7").empty());
  EXPECT_EQ(find("ZEBRA6").size(), 1u);
  EXPECT_EQ(find("ZEBRA8").size(), 1u);
  const auto before = readings(world);
  EXPECT_EQ(before.size(), 2u);
  ASSERT_TRUE(world.open().has_value());
  EXPECT_EQ(readings(world), before);
}

TEST_F(SearchIndexTest, TheFileHoldsNoKeyInTheClearAndTagsNeedTheIndexKey) {
  add("ZEBRAFOLD77");
  const auto look = [&](const std::string& when) {
    const std::string all = raw();
    EXPECT_EQ(all.find("ZEBRAFOLD77"), std::string::npos) << when;
    const Id16 tag = index_tag(derive_index_keys(world.keks.index), "serial", "ZEBRAFOLD77");
    EXPECT_NE(all.find(std::string(as_text(tag))), std::string::npos) << when;  // finds what is there
    const Id16 guess = index_tag(derive_index_keys(Hash32{}), "serial", "ZEBRAFOLD77");
    EXPECT_EQ(all.find(std::string(as_text(guess))), std::string::npos) << when;
    EXPECT_EQ(all.find(std::string(as_text(world.keks.index))), std::string::npos) << when;
  };
  look("in the write-ahead log");
  world.close();
  look("after the end");
}

TEST_F(SearchIndexTest, TagsDifferByFieldKeyAndIndexKey) {
  const IndexKeys keys = derive_index_keys(world.keks.index);
  const Id16 tag = index_tag(keys, "serial", "A1");
  EXPECT_EQ(index_tag(keys, "serial", "A1"), tag);
  EXPECT_NE(index_tag(keys, "serial", "A2"), tag);
  EXPECT_NE(index_tag(keys, "case", "A1"), tag);
  EXPECT_NE(index_tag(keys, "seria", "lA1"), tag);  // where the name ends is part of it
  EXPECT_NE(index_tag(derive_index_keys(Hash32{1}), "serial", "A1"), tag);
}

TEST_F(SearchIndexTest, SmallBlocksAreMergedAndNothingGetsLost) {
  std::vector<std::string> expected;
  for (int n = 0; n < 200; ++n) {
    const auto ref = add("Z" + std::to_string(n));
    expected.push_back(std::to_string(place(ref)) + ":1 Z" + std::to_string(n) + " 12345");
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(readings(world), expected);
  ASSERT_TRUE(world.open().has_value());
  EXPECT_EQ(readings(world), expected);
  world.close();
  auto blocks = [&] {
    auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    EXPECT_TRUE(db.has_value());
    Query query(**db, "SELECT COUNT(*) FROM index_block");
    return query.row() ? query.integer(0) : -1;
  }();
  EXPECT_LT(blocks, static_cast<std::int64_t>(2 * kMergeBlocks));
  EXPECT_GT(blocks, 0);
}

TEST_F(SearchIndexTest, ErasureLeavesNoTagNoReadingAndNoByte) {
  std::vector<store::RecordRef> refs;
  for (int n = 0; n < 40; ++n) refs.push_back(add("Z" + std::to_string(n)));
  const auto ref = refs[7];
  const auto idx = place(ref);
  const Id16 tag = index_tag(derive_index_keys(world.keks.index), "serial", "Z7");
  world.commit({store::DropIndex{ref}});
  EXPECT_TRUE(find("Z7").empty());
  EXPECT_EQ(readings(world).size(), 39u);
  EXPECT_EQ(find("Z8").size(), 1u);
  ASSERT_TRUE(world.open().has_value());
  EXPECT_EQ(readings(world).size(), 39u);
  world.close();
  const std::string all = raw();
  EXPECT_EQ(all.find(std::string(as_text(tag))), std::string::npos);
  const Id16 other = index_tag(derive_index_keys(world.keks.index), "serial", "Z8");
  EXPECT_NE(all.find(std::string(as_text(other))), std::string::npos);
  // No block that is left says anything of it, and no block that was replaced is left: every
  // sealed text that the file ever held would still open.
  auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
  ASSERT_TRUE(db.has_value());
  const IndexKeys keys = derive_index_keys(world.keks.index);
  Query blocks(**db, "SELECT first_idx,last_idx,nonce,ct FROM index_block");
  while (blocks.row()) {
    const auto plain = open_block(keys, blocks.integer(0), blocks.integer(1), blocks.blob(2),
                                  blocks.blob(3));
    ASSERT_TRUE(plain);
    read_readings(*plain, [idx](const IndexPlace& at, std::string_view, std::string_view) {
      EXPECT_NE(at.idx, idx);
    });
  }
}

TEST_F(SearchIndexTest, AReplacedBlockIsOverwrittenInTheFile) {
  const auto ref = add("ZEBRA1");
  world.close();
  Bytes old;
  {
    auto db = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    ASSERT_TRUE(db.has_value());
    Query block(**db, "SELECT ct FROM index_block");
    ASSERT_TRUE(block.row());
    old = to_bytes(block.blob(0));
  }
  const std::string needle(as_text(old));
  ASSERT_NE(raw().find(needle), std::string::npos);
  ASSERT_TRUE(world.open().has_value());
  world.commit({store::DropIndex{ref}});
  world.close();
  EXPECT_EQ(raw().find(needle), std::string::npos);
}

TEST_F(SearchIndexTest, OtherRulesMeanThatEverythingIsIndexedAnew) {
  const auto ref = add("ZEBRA1");
  add("ZEBRA2");
  world.close();
  tamper(world.folder.ledger(), "UPDATE index_state SET rules=rules+1;");
  ASSERT_TRUE(world.open().has_value());
  EXPECT_TRUE(find("ZEBRA1").empty());
  EXPECT_TRUE(readings(world).empty());
  EXPECT_EQ(world->index_progress(), (store::IndexProgress{0, 2}));
  // New records are found at once.
  const auto fresh = add("ZEBRA3");
  EXPECT_EQ(find("ZEBRA3"), (std::vector<IndexPlace>{{place(fresh), 1}}));
  world.commit({index_of(ref, "ZEBRA1"), store::SetIndexed{1}});
  EXPECT_EQ(world->index_progress(), (store::IndexProgress{1, 2}));
  // A slice that was interrupted goes on where it stood.
  ASSERT_TRUE(world.open().has_value());
  EXPECT_EQ(world->index_progress(), (store::IndexProgress{1, 2}));
  EXPECT_EQ(find("ZEBRA1").size(), 1u);
  world.commit({store::SetIndexed{0}});
  EXPECT_EQ(world->index_progress().done, 1);
  world.commit({store::SetIndexed{99}});
  EXPECT_EQ(world->index_progress(), (store::IndexProgress{2, 2}));
  EXPECT_TRUE(world->index_progress().complete());
}

TEST_F(SearchIndexTest, AnotherKeyOrABlockThatDoesNotOpenMeansTheSame) {
  add("ZEBRA1");
  world.close();
  world.keks.index = Hash32{0x55};
  ASSERT_TRUE(world.open().has_value());
  EXPECT_FALSE(world->index_progress().complete());
  EXPECT_TRUE(readings(world).empty());
  world.commit({store::SetIndexed{9}});
  add("ZEBRA2");
  ASSERT_TRUE(world.open().has_value());
  EXPECT_TRUE(world->index_progress().complete());
  world.close();
  tamper(world.folder.ledger(), "UPDATE index_block SET last_idx=last_idx+1;");
  ASSERT_TRUE(world.open().has_value());
  EXPECT_FALSE(world->index_progress().complete());
  EXPECT_TRUE(readings(world).empty());
}

TEST_F(SearchIndexTest, ReadingsThatAreNotWellFormedAreRefused) {
  Bytes plain;
  put_reading(plain, {7, 3}, "AB", "12");
  std::size_t seen = 0;
  const auto count = [&seen](const IndexPlace&, std::string_view, std::string_view) { ++seen; };
  EXPECT_TRUE(read_readings(plain, count));
  EXPECT_EQ(seen, 1u);
  for (std::size_t cut = 1; cut < plain.size(); ++cut)
    EXPECT_FALSE(read_readings(ByteView(plain).first(cut), count)) << cut;
  const IndexKeys keys = derive_index_keys(world.keks.index);
  SealedBlock block = seal_block(keys, plain);
  EXPECT_EQ(open_block(keys, 7, 7, block.nonce, block.ct), plain);
  EXPECT_FALSE(open_block(keys, 6, 7, block.nonce, block.ct));
  EXPECT_FALSE(open_block(derive_index_keys(Hash32{}), 7, 7, block.nonce, block.ct));
  block.ct[0] ^= 1;
  EXPECT_FALSE(open_block(keys, 7, 7, block.nonce, block.ct));
}

}  // namespace
}  // namespace focal::ledger

// Goal: an auditor finds every leaf that fits and no other, page by page, beside a node that
// writes; the log of a file is that of the ledger. Method: a small ledger with records of both
// directions, each filter against what was put in; then the file alone.
#include "node/ledger/leaf_search.h"

#include <gtest/gtest.h>

#include "ledger_world.h"
#include "node/ledger/log_file.h"

namespace focal::ledger {
namespace {

using ::testing::Test;
using Found = std::vector<store::LeafIndex>;

class LeafSearch : public Test {
 protected:
  void SetUp() override {
    world.create();
    sent_ = world.commit({world.sent(2, {"XB", "XC"})});  // leaves 0, 1
    world.now += kDayMs;
    received_ = world.received(1, "XB");
    world.commit({received_});  // leaf 2
    world.now += kDayMs;
    world.commit({world.received(1, "XD", 17)});              // leaf 3, rejected
    world.commit({store::PutAdmin{Hash32{9}, "jo did it"}});  // leaf 4
  }
  std::filesystem::path file() { return world.folder.path() / kLedgerFile; }
  Found all(const LeafFilter& filter) {
    const auto page = search_leaves(file(), filter, 0, 100);
    EXPECT_TRUE(page) << page.error().message;
    EXPECT_EQ(page->next, 0u);
    return page ? page->found : Found{-1};
  }
  World world;
  store::Committed sent_;
  store::PutReceivedBatch received_;
};

TEST_F(LeafSearch, EachFilterFindsWhatFits) {
  EXPECT_EQ(all({}), (Found{4, 3, 2, 1, 0})) << "newest first";
  LeafFilter filter;
  filter.party = "XB";
  EXPECT_EQ(all(filter), (Found{2, 1, 0}));
  filter.party = "XC";
  EXPECT_EQ(all(filter), (Found{1, 0})) << "the second recipient too";
  filter.party = "XE";
  EXPECT_EQ(all(filter), Found{});
  filter = {};
  filter.kind = "peer.ping";
  EXPECT_EQ(all(filter), (Found{3, 2, 1, 0}));
  filter.kind = "no.such";
  EXPECT_EQ(all(filter), Found{});
  filter = {};
  filter.type = store::LeafType::kRejected;
  EXPECT_EQ(all(filter), Found{3});
  filter = {};
  filter.from_ms = kNow + kDayMs;
  filter.until_ms = kNow + 2 * kDayMs;
  EXPECT_EQ(all(filter), Found{2}) << "the end is excluded";
  filter = {};
  filter.with_detail = true;
  filter.type = store::LeafType::kAdmin;
  EXPECT_EQ(all(filter), Found{4});
  filter = {};
  filter.case_id = 1;
  EXPECT_EQ(all(filter), Found{});
}

TEST_F(LeafSearch, NamesAreNoPatternsAndNoSql) {
  for (const char* name : {"%", "X_", "XB' OR '1'='1", "", "\0XB"}) {
    LeafFilter filter;
    filter.party = std::string(name) + "!";
    EXPECT_EQ(all(filter), Found{}) << name;
  }
}

TEST_F(LeafSearch, PagesCoverEverythingOnce) {
  Found found;
  std::uint64_t before = 0;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = search_leaves(file(), {}, before, 2);
    ASSERT_TRUE(page);
    found.insert(found.end(), page->found.begin(), page->found.end());
    before = page->next;
    if (before == 0) break;
  }
  EXPECT_EQ(found, (Found{4, 3, 2, 1, 0}));
  const auto far = search_leaves(file(), {}, ~std::uint64_t{0}, 2);
  ASSERT_TRUE(far);
  EXPECT_EQ(far->found, (Found{4, 3})) << "behind the end is the end";
}

TEST_F(LeafSearch, ARecordLeadsToEveryLeafAboutIt) {
  const auto about = leaves_about(file(), records_of(received_)[0].ref.rid, 16);
  ASSERT_TRUE(about);
  EXPECT_EQ(*about, Found{2});
  const auto none = leaves_about(file(), Hash32{0xEE}, 16);
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  EXPECT_FALSE(search_leaves(world.folder.path() / "nothing.db", {}, 0, 1));
}

TEST_F(LeafSearch, TheFileHasTheLogOfTheLedger) {
  world.add_signer(kParty);
  world.now += kHourMs;
  const auto row = world->make_checkpoint(world.now, world.signers.at(kParty).key);
  ASSERT_TRUE(row) << row.error().message;
  world.commit({store::PutPublished{row->size}});
  const auto leaf = world->leaf(2);
  world.close();

  const auto opened = LogFile::open(file());
  ASSERT_TRUE(opened) << opened.error().message;
  LogFile& log = **opened;
  const auto published = log.first_published(0);
  ASSERT_TRUE(published && *published);
  EXPECT_EQ((*published)->checkpoint.note, row->note);
  EXPECT_EQ(crypto::root_from(row->size, log.at()), row->root);
  const auto same = log.first_published(1);
  ASSERT_TRUE(same && *same);
  EXPECT_EQ((*same)->checkpoint.size, row->size);
  const auto larger = log.first_published(row->size + 1);
  ASSERT_TRUE(larger);
  EXPECT_FALSE(*larger);
  const auto read = log.leaf(2);
  ASSERT_TRUE(read);
  EXPECT_EQ(store::leaf_hash(*read), store::leaf_hash(*leaf));
  EXPECT_FALSE(log.leaf(64));
  EXPECT_FALSE(log.leaf(-1));
}

TEST_F(LeafSearch, ALogThatDoesNotFitTogetherIsNotOpened) {
  world.add_signer(kParty);
  world.now += kHourMs;
  ASSERT_TRUE(world->make_checkpoint(world.now, world.signers.at(kParty).key));
  world.close();
  tamper(file(), "UPDATE leaf SET bytes=zeroblob(74) WHERE idx=2;");
  const auto opened = LogFile::open(file());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace focal::ledger

// Goal: a key seals rows of one class and month; rows whose key has to go are brought under the next
// one, a slice at a time and over any number of processes, and then nothing opens under the old one.
// Method: names and numbers both ways; a keystore on disk; a ledger with a row in every sealed table.
#include "node/ledger/kek.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "ledger_world.h"
#include "node/ledger/keystore_kek.h"
#include "node/ledger/sqlite_driver.h"

namespace focal::ledger {
namespace {

TEST(KekIds, NamesAndNumbersAreOneAnother) {
  const KekId first = kek_id(KekClass::kTracing, kNow);
  EXPECT_EQ(first, 1'202'611);
  EXPECT_EQ(kek_name(first), "kek/tracing/2026-11");
  EXPECT_EQ(kek_name(next_generation(first)), "kek/tracing/2026-11.2");
  EXPECT_EQ(next_generation(first), 101'202'611);
  EXPECT_EQ(first_generation(next_generation(first)), first);
  EXPECT_EQ(kek_name(kek_id(KekClass::kProtocol, kNow)), "kek/protocol/2026-11");
  EXPECT_EQ(kek_name(kek_id(KekClass::kActs, kNow)), "kek/acts/2026-11");
  EXPECT_EQ(kek_name(kek_id(KekClass::kWaiting, kNow)), "kek/waiting/2026-11");
  EXPECT_EQ(kek_name(kek_id(KekClass::kOther, kNow)), "kek/other/2026-11");
  for (int c = 1; c <= 5; ++c)
    for (int generation = 0; generation < 3; ++generation) {
      KekId id = kek_id(KekClass(c), kNow);
      for (int i = 0; i < generation; ++i) id = next_generation(id);
      EXPECT_EQ(class_of(id), KekClass(c));
      EXPECT_EQ(kek_of_name(kek_name(id)), id);
    }
  for (const char* name : {"", "kek/", "kek/tracing/", "kek/tracing/2026-1", "kek/tracing/2026-11.",
                           "kek/tracing/2026-11.1", "kek/tracing/2026-11.02", "kek/tracing/2026-11x",
                           "kek/tracing/2026-11.2x", "kek/nothing/2026-11", "index", "kek/tracing/+026-11",
                           "kek/tracing/2026/11"})
    EXPECT_FALSE(kek_of_name(name)) << name;
}

TEST(KekIds, AKindHasAClass) {
  EXPECT_EQ(class_of("trace.request"), KekClass::kTracing);
  EXPECT_EQ(class_of("peer.ping"), KekClass::kProtocol);
  EXPECT_EQ(class_of("recovery.data"), KekClass::kProtocol);
  EXPECT_EQ(class_of("tracer"), KekClass::kOther);
  EXPECT_EQ(class_of(""), KekClass::kOther);
}

class Keys : public ::testing::Test {
 protected:
  void SetUp() override {
    crypto::init();
    auto made = crypto::Keystore::create(file(), passphrase(), crypto::kKdfTest, rng);
    ASSERT_TRUE(made) << made.error().message;
    keystore.emplace(std::move(*made));
  }
  std::filesystem::path file() const { return folder.path() / "keys"; }
  static crypto::Secret passphrase() { return crypto::Secret::copy_of(as_bytes("correct horse")); }
  std::vector<KekId> on_disk() {
    auto again = crypto::Keystore::open(file(), passphrase());
    EXPECT_TRUE(again);
    KeystoreKek ring(*again, rng);
    return ring.ids();
  }
  TempFolder folder;
  crypto::SeededRng rng{3};
  std::optional<crypto::Keystore> keystore;
};

TEST_F(Keys, ANextGenerationTakesThePlaceOfTheOneBefore) {
  KeystoreKek ring(*keystore, rng);
  const auto acts = ring.current(KekClass::kActs, kNow);
  const auto first = ring.current(KekClass::kTracing, kNow);
  ASSERT_TRUE(first && acts);
  EXPECT_NE(first->id, acts->id);
  const Bytes old = to_bytes(first->key);
  const auto next = ring.renew(first->id);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->id, next_generation(first->id));
  EXPECT_FALSE(equal(next->key, old));
  EXPECT_EQ(ring.current(KekClass::kTracing, kNow)->id, next->id);
  EXPECT_EQ(ring.current(KekClass::kTracing, kNow + 30 * kDayMs)->id,
            kek_id(KekClass::kTracing, kNow + 30 * kDayMs));
  EXPECT_EQ(ring.current(KekClass::kActs, kNow)->id, acts->id);
  EXPECT_TRUE(equal(*ring.find(first->id), old)) << "until it is destroyed";
  EXPECT_EQ(on_disk().size(), 4u);
  ASSERT_TRUE(ring.destroy(first->id));
  ASSERT_TRUE(ring.destroy(first->id)) << "twice is once";
  EXPECT_FALSE(ring.find(first->id));
  const auto left = on_disk();
  EXPECT_EQ(left.size(), 3u);
  EXPECT_EQ(std::count(left.begin(), left.end(), first->id), 0);
  EXPECT_EQ(ring.current(KekClass::kTracing, kNow)->id, next->id) << "the number never comes back";
}

TEST_F(Keys, AKeyThatCannotBeTakenFromTheFileStaysHere) {
  KeystoreKek ring(*keystore, rng);
  const auto first = ring.current(KekClass::kOther, kNow);
  ASSERT_TRUE(first);
  std::filesystem::remove_all(folder.path());
  EXPECT_FALSE(ring.destroy(first->id));
  EXPECT_TRUE(ring.find(first->id));
  EXPECT_FALSE(ring.renew(first->id));
  EXPECT_EQ(ring.current(KekClass::kOther, kNow)->id, first->id);
}

class Rewrap : public ::testing::Test {
 protected:
  void SetUp() override {
    world.add_signer(kParty);
    world.add_signer("XB");
    world.create();
    world.commit({world.pin("XB")});
    sent = world.sent(3, {"XB"});
    sent.records[1].kind = "trace.future";
    sent.detail = "jo released them";
    batch = world.commit({sent}).batches[0];
    waits.head.inner_hash = world.rng.array<32>();
    waits.head.link_peer = "XB";
    waits.inner = to_bytes("waits");
    world.commit({world.received(2, "XB"), waits,
                  store::PutDesk{store::DeskTable::kPerson, 1, true, to_bytes("jo"), "named"},
                  store::SetOutbox{batch, "XB", store::OutboxState::kHeld, "a reason", 1, 0}});
  }
  KekId id(KekClass c) const { return kek_id(c, kNow); }
  // Slices until nothing is left; a new process after each if asked for.
  int bring(KekId from, KekId to, std::size_t rows, bool reopen = false) {
    for (int slices = 0; slices < 50; ++slices) {
      const auto done = world->rewrap(from, to, rows);
      EXPECT_TRUE(done) << done.error().message;
      if (!done || *done == 0) return slices;
      if (reopen) {
        EXPECT_TRUE(world.open());
      }
    }
    ADD_FAILURE() << "it never ends";
    return 0;
  }
  std::int64_t rows_under(KekId kek) {
    static constexpr char kCount[] =
        "SELECT (SELECT COUNT(*) FROM rec WHERE kek=$1)+(SELECT COUNT(*) FROM detail WHERE kek=$1)+"
        "(SELECT COUNT(*) FROM outbox WHERE kek=$1)+(SELECT COUNT(*) FROM waiting WHERE kek=$1)+"
        "(SELECT COUNT(*) FROM desk_row WHERE kek=$1)";
    Query query(world->driver(), kCount);
    return query.bind(kek).row() ? query.integer(0) : -1;
  }
  void expect_all_open() {
    for (const auto& ref : refs_of(sent)) {
      const auto found = world->find(ref);
      ASSERT_TRUE(found);
      EXPECT_TRUE(world->item(found->idx)) << found->idx;
      EXPECT_EQ(*world->detail(found->idx), "jo released them");
    }
    EXPECT_EQ(to_string(*world->waiting_inner(waits.head.inner_hash)), "waits");
    EXPECT_EQ(to_string(world->desk_row(store::DeskTable::kPerson, 1)->content), "jo");
    EXPECT_EQ(world->outbox(batch, "XB")->reason, "a reason");
  }
  World world;
  store::PutSentBatch sent;
  store::PutWaiting waits;
  store::BatchId batch = 0;
};

TEST_F(Rewrap, EachClassSealsItsOwnRows) {
  std::set<KekId> used;
  for (const store::KekRow& row : world->kek_rows()) used.insert(row.id);
  EXPECT_EQ(used, (std::set<KekId>{id(KekClass::kTracing), id(KekClass::kProtocol), id(KekClass::kActs),
                                   id(KekClass::kWaiting)}));
  EXPECT_EQ(rows_under(id(KekClass::kTracing)), 1);
  EXPECT_EQ(rows_under(id(KekClass::kProtocol)), 4);
  EXPECT_EQ(rows_under(id(KekClass::kWaiting)), 1);
  EXPECT_EQ(rows_under(id(KekClass::kActs)), 4) << "release, person's leaf and row, reason";
}

TEST_F(Rewrap, EveryRowComesUnderTheNextKeyAndTheOldOneCanGo) {
  for (const bool reopen : {false, true}) {
    for (const KekClass each : {KekClass::kTracing, KekClass::kProtocol, KekClass::kActs, KekClass::kWaiting}) {
      const KekId from = newest_generation(world.keks, id(each));
      const auto next = world.keks.renew(from);
      ASSERT_TRUE(next);
      const std::int64_t rows = rows_under(from);
      EXPECT_GT(rows, 0) << from;
      EXPECT_GE(bring(from, next->id, 1, reopen), 1);
      EXPECT_EQ(rows_under(from), 0) << from;
      EXPECT_EQ(rows_under(next->id), rows) << from;
      ASSERT_TRUE(world.keks.destroy(from));
      ASSERT_TRUE(world->forget_kek(from));
      for (const store::KekRow& row : world->kek_rows()) EXPECT_NE(row.id, from);
      expect_all_open();
    }
  }
  world.commit({world.sent(1, {"XB"})});
  EXPECT_GT(rows_under(newest_generation(world.keks, id(KekClass::kProtocol))), 4);
  ASSERT_TRUE(world.open()) << "the newest rows' keys are all here";
  expect_all_open();
  world.check();
}

TEST_F(Rewrap, ASecondSuccessorAndAKeyWithoutRowsAreRefused) {
  const KekId from = id(KekClass::kProtocol);
  const auto next = world.keks.renew(from);
  ASSERT_TRUE(next);
  EXPECT_EQ(world->rewrap(id(KekClass::kOther), next->id, 9).error().code, ErrorCode::kState);
  ASSERT_TRUE(world->rewrap(from, next->id, 1));
  EXPECT_EQ(world->rewrap(from, next_generation(next->id), 9).error().code, ErrorCode::kState);
  bring(from, next->id, 0);
  EXPECT_EQ(rows_under(from), 0);
}

TEST_F(Rewrap, WhatIsWrittenMeanwhileStandsUnderTheNextKey) {
  const KekId from = id(KekClass::kProtocol);
  const auto next = world.keks.renew(from);
  ASSERT_TRUE(next);
  world.commit({world.sent(2, {"XB"})});
  EXPECT_EQ(rows_under(next->id), 2);
  bring(from, next->id, 500);
  EXPECT_EQ(rows_under(from), 0);
  EXPECT_EQ(rows_under(next->id), 6);
}

TEST_F(Rewrap, AMissingKeyStopsIt) {
  const KekId from = id(KekClass::kProtocol);
  const auto next = world.keks.renew(from);
  ASSERT_TRUE(next);
  const auto kept = world.keks.keys;
  world.keks.keys.erase(from);
  EXPECT_EQ(world->rewrap(from, next->id, 9).error().code, ErrorCode::kCorrupt);
  world.keks.keys = kept;
  world.keks.keys.at(from)[0] ^= 1;
  EXPECT_EQ(world->rewrap(from, next->id, 9).error().code, ErrorCode::kCorrupt);
  world.keks.keys = kept;
  EXPECT_EQ(rows_under(next->id), 0) << "nothing of a slice that failed has happened";
  bring(from, next->id, 500);
  expect_all_open();
}

TEST_F(Rewrap, TheWriteAheadLogIsEmptiedUnlessSomebodyReads) {
  world.commit({world.sent(1, {"XB"})});
  const auto wal = world.folder.ledger().string() + "-wal";
  ASSERT_GT(std::filesystem::file_size(wal), 0u);
  {
    auto reader = open_sqlite(world.folder.ledger(), SqliteMode::kReadOnly);
    ASSERT_TRUE(reader);
    (*reader)->begin_reading();
    static constexpr char kAny[] = "SELECT COUNT(*) FROM leaf";
    ASSERT_TRUE(Query(**reader, kAny).row());
    world.commit({world.sent(1, {"XB"})});
    const auto held = world->truncate_wal();
    ASSERT_TRUE(held) << held.error().message;
    EXPECT_FALSE(*held);
    (*reader)->end_reading();
  }
  const auto emptied = world->truncate_wal();
  ASSERT_TRUE(emptied);
  EXPECT_TRUE(*emptied);
  EXPECT_EQ(std::filesystem::file_size(wal), 0u);
}

}  // namespace
}  // namespace focal::ledger

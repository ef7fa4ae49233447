// Goal: the log is the RFC 6962 tree over its leaves, whatever its size; tiles
// are written once and full; a checkpoint never contradicts an earlier one.
// Method: the tile tree against crypto/merkle over a plain list; proofs checked
// with the verify functions and once forged; a log beyond 65,536 leaves, so that
// tiles exist on three levels.
#include <gtest/gtest.h>

#include "crypto/merkle.h"
#include "crypto/note.h"
#include "ledger_world.h"
#include "node/store/checkpoint.h"
#include "node/ledger/sqlite_driver.h"
#include "node/ledger/tiles.h"

namespace focal::ledger {
namespace {

Hash32 numbered(std::uint64_t n) {
  Hash32 out{};
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(n >> (8 * i));
  return out;
}

TEST(Tiles, TreeOfTilesIsTheTreeOfTheList) {
  crypto::init();
  std::map<std::pair<unsigned, std::int64_t>, Tile> stored;
  Edge edge;
  const auto at = subtrees(edge, [&](unsigned level, std::int64_t n) -> const Tile& {
    return stored.at({level, n});
  });
  std::vector<Hash32> leaves;
  for (std::uint64_t n = 1; n <= 1100; ++n) {
    leaves.push_back(numbered(n));
    ASSERT_TRUE(edge.append(leaves.back(), [&](unsigned level, std::int64_t i, const Tile& tile) {
      EXPECT_TRUE(stored.emplace(std::pair(level, i), tile).second) << "a tile written twice";
      return Status();
    }));
    if (n < 20 || n % 63 == 0 || n % 256 < 2) {
      ASSERT_EQ(crypto::root_from(n, at), crypto::merkle_root(leaves)) << n;
    }
  }
  EXPECT_EQ(stored.size(), 4u);
}

TEST(Checkpoint, N093_ASmallerOrEqualSizeIsRefused) {
  crypto::init();
  crypto::SeededRng rng(1);
  const auto key = crypto::make_signing_key(rng);
  std::vector<Hash32> leaves;
  for (std::uint64_t n = 0; n < 128; ++n) leaves.push_back(numbered(n));
  const crypto::SubtreeHash at = [&](unsigned level, std::uint64_t index) {
    const std::size_t width = std::size_t{1} << level;
    return crypto::merkle_root(std::span<const Hash32>(leaves).subspan(index * width, width));
  };
  const auto last = store::sign_checkpoint(kOrigin, 128, at, std::nullopt, key);
  ASSERT_TRUE(last);
  EXPECT_EQ(store::sign_checkpoint(kOrigin, 64, at, *last, key).error().code, ErrorCode::kState);
  EXPECT_EQ(store::sign_checkpoint(kOrigin, 128, at, *last, key).error().code, ErrorCode::kState);
  EXPECT_EQ(store::sign_checkpoint(kOrigin, 0, at, std::nullopt, key).error().code, ErrorCode::kState);
}

TEST(Checkpoint, ATreeThatLostItsPastIsNotSigned) {
  crypto::init();
  crypto::SeededRng rng(1);
  const auto key = crypto::make_signing_key(rng);
  std::vector<Hash32> leaves;
  for (std::uint64_t n = 0; n < 128; ++n) leaves.push_back(numbered(n));
  const crypto::SubtreeHash at = [&](unsigned level, std::uint64_t index) {
    const std::size_t width = std::size_t{1} << level;
    return crypto::merkle_root(std::span<const Hash32>(leaves).subspan(index * width, width));
  };
  const auto last = store::sign_checkpoint(kOrigin, 64, at, std::nullopt, key);
  ASSERT_TRUE(last);
  ASSERT_TRUE(store::sign_checkpoint(kOrigin, 128, at, *last, key));
  leaves[3][0] ^= 1;
  EXPECT_EQ(store::sign_checkpoint(kOrigin, 128, at, *last, key).error().code, ErrorCode::kCorrupt);
}

TEST(Checkpoint, NoteIsTheOneOfTheFormatAndForgeriesShow) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  world.commit({world.sent(3, {"XB"})});
  const auto row = world->make_checkpoint(world.now, key);
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_EQ(row->size, 64u);  // rounded up with PAD leaves
  EXPECT_EQ(world->log_size(), 64);
  EXPECT_EQ(row->root, world->root(64));
  const auto note = crypto::parse_note(row->note);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->text, "focal/XA/log/1\n64\n" + base64(row->root) + "\n");
  EXPECT_TRUE(store::check_checkpoint(*row, kOrigin, key.pk));
  const auto other = crypto::make_signing_key(world.rng);
  EXPECT_FALSE(store::check_checkpoint(*row, kOrigin, other.pk));
  auto forged = *row;
  forged.size = 65;
  EXPECT_EQ(store::check_checkpoint(forged, kOrigin, std::nullopt).error().code, ErrorCode::kCorrupt);
  forged = *row;
  forged.root[0] ^= 1;
  EXPECT_EQ(store::check_checkpoint(forged, kOrigin, std::nullopt).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(world->last_checkpoint()->note, row->note);
  EXPECT_EQ(world->make_checkpoint(world.now, key).error().code, ErrorCode::kState);  // nothing new
}

TEST(Checkpoint, DueOnceAMinuteForNewsAndOnceADayForReceipts) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  EXPECT_FALSE(world->checkpoint_due(world.now));  // empty log
  const auto op = world.received(2, "XB");
  world.commit({op});
  EXPECT_TRUE(world->checkpoint_due(world.now));
  ASSERT_TRUE(world->make_checkpoint(world.now, key));
  EXPECT_FALSE(world->checkpoint_due(world.now + kDayMs));  // nothing since, not even its own PADs
  world.commit({world.receipts_out("XB", records_of(op))});
  const auto expect_quiet = [&] {
    EXPECT_FALSE(world->checkpoint_due(world.now + kHourMs));
    EXPECT_TRUE(world->checkpoint_due(world.now + kDayMs));
  };
  expect_quiet();
  ASSERT_TRUE(world.open());
  expect_quiet();  // the same after a restart
  world.commit({world.sent(1, {"XB"})});
  const auto expect_news = [&] {
    EXPECT_FALSE(world->checkpoint_due(world.now + 59'999));
    EXPECT_TRUE(world->checkpoint_due(world.now + 60'000));
  };
  expect_news();
  ASSERT_TRUE(world.open());
  expect_news();
  EXPECT_TRUE(world->checkpoint_due(world.now - 1));  // the clock was set back
}

TEST(Checkpoint, SurvivesARestartAndEachContainsTheLast) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  std::optional<store::CheckpointRow> last;
  for (int round = 0; round < 6; ++round) {
    world.commit({world.sent(70, {"XB"})});
    const auto row = world->make_checkpoint(world.now, key);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->size % 64, 0u);
    if (last) {
      const auto path = world->consistency(last->size, row->size);
      EXPECT_TRUE(crypto::verify_consistency(last->size, last->root, row->size, row->root, path));
      Hash32 forged = last->root;
      forged[5] ^= 1;
      EXPECT_FALSE(crypto::verify_consistency(last->size, forged, row->size, row->root, path));
    }
    last = *row;
    ASSERT_TRUE(world.open());
    EXPECT_EQ(world->last_checkpoint()->size, last->size);
  }
  world.close();
  EXPECT_EQ(world.check().checkpoints, 6u);
}

// Tiles on three levels, proofs over all of them, a restart, and then a flipped
// bit in a tile of each level and in a leaf.
TEST(Log, N092_LargeLogProvesItselfAndFlippedBitsShow) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  constexpr std::size_t kBatches = 257;
  for (std::size_t i = 0; i < kBatches; i += 8) {
    std::vector<store::Op> ops;
    for (std::size_t k = i; k < std::min(i + 8, kBatches); ++k)
      ops.push_back(world.received(256, "XB"));
    world.commit(std::move(ops));
  }
  world.commit({world.sent(10, {"XB"})});
  const auto row = world->make_checkpoint(world.now, key);
  ASSERT_TRUE(row) << row.error().message;
  const auto size = static_cast<std::uint64_t>(world->log_size());
  ASSERT_GT(size, 65'600u);
  ASSERT_TRUE(world.open());
  EXPECT_EQ(world->root(size), row->root);
  for (const std::uint64_t idx :
       {std::uint64_t{0}, std::uint64_t{255}, std::uint64_t{256}, std::uint64_t{40'001},
        std::uint64_t{65'535}, std::uint64_t{65'536}, size - 1}) {
    const auto leaf = world->leaf(static_cast<store::LeafIndex>(idx));
    ASSERT_TRUE(leaf);
    const auto path = world->inclusion(static_cast<store::LeafIndex>(idx), size);
    EXPECT_TRUE(crypto::verify_inclusion(store::leaf_hash(*leaf), idx, size, path, row->root));
    EXPECT_FALSE(crypto::verify_inclusion(store::leaf_hash(*leaf), idx ^ 1, size, path, row->root));
  }
  for (const std::uint64_t old : {1u, 64u, 256u, 257u, 65'535u, 65'536u, 65'537u}) {
    const auto path = world->consistency(old, size);
    EXPECT_TRUE(crypto::verify_consistency(old, world->root(old), size, row->root, path)) << old;
  }
  world.close();
  const VerifyReport report = world.check();
  EXPECT_EQ(report.leaves, size);
  EXPECT_EQ(report.tiles, 258u);  // 257 of level 0, one of level 1
  EXPECT_EQ(report.root, row->root);

  const auto flip = [](const std::string& table, const std::string& column, int at,
                       const std::string& where) {
    const std::string from = std::to_string(at + 1);
    return "UPDATE " + table + " SET " + column + "=CAST(substr(" + column + ",1," +
           std::to_string(at) + ") || (CASE WHEN substr(" + column + "," + from +
           ",1)=x'41' THEN x'42' ELSE x'41' END) || substr(" + column + "," + from +
           "+1) AS BLOB) WHERE " + where + ";";
  };
  const auto keep = read_file(world.folder.ledger());
  const auto restore = [&] {
    std::FILE* file = std::fopen(world.folder.ledger().c_str(), "wb");
    ASSERT_NE(file, nullptr);
    ASSERT_EQ(std::fwrite(keep.data(), 1, keep.size(), file), keep.size());
    std::fclose(file);
  };
  const auto expect_found = [&](const std::string& sql, const std::string& where, bool at_open) {
    tamper(world.folder.ledger(), sql);
    const Status opened = world.open();
    EXPECT_EQ(opened.has_value(), !at_open) << where;
    if (!opened) {
      EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
      EXPECT_NE(opened.error().message.find(where), std::string::npos) << opened.error().message;
    }
    world.close();
    const auto found = verify(world.folder.ledger());
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->ok()) << where;
    restore();
  };
  expect_found(flip("tile", "hashes", 3200, "level=0 AND n=17"), "tile (0,17)", true);
  expect_found(flip("tile", "hashes", 8191, "level=1 AND n=0"), "tile (1,0)", true);
  expect_found("DELETE FROM tile WHERE level=0 AND n=200;", "tile (0,200) is missing", true);
  expect_found(flip("leaf", "bytes", 50, "idx=65795"), "root", true);       // in the tail
  expect_found(flip("leaf", "bytes", 50, "idx=1000"), "leaf 1000", false);  // under a tile
  expect_found("DELETE FROM leaf WHERE idx=1000;", "gap", true);
  ASSERT_TRUE(world.open());  // untouched, it opens
}

TEST(Log, N091_AGapInTheTailShowsAtOpen) {
  World world;
  world.create();
  world.commit({world.sent(10, {"XB"})});
  world.close();
  tamper(world.folder.ledger(), "DELETE FROM leaf WHERE idx=4;");
  const Status opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(opened.error().message.find("gap"), std::string::npos);
  const auto report = verify(world.folder.ledger());
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->ok());
}

TEST(Log, N090_LeavesTilesAndCheckpointsAreAppendOnly) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  world.commit({world.sent(256, {"XB"})});
  ASSERT_TRUE(world->make_checkpoint(world.now, key));
  for (const char* sql :
       {"UPDATE leaf SET bytes=bytes WHERE idx=0", "DELETE FROM leaf WHERE idx=0",
        "INSERT OR REPLACE INTO leaf SELECT idx,bytes FROM leaf WHERE idx=0", "UPDATE tile SET n=9",
        "DELETE FROM tile", "UPDATE checkpoint SET time_ms=0", "DELETE FROM checkpoint",
        "INSERT INTO checkpoint SELECT 64,root,time_ms,note FROM checkpoint"}) {
    const auto done = world->driver().run_script(sql);
    ASSERT_FALSE(done) << sql;
    EXPECT_EQ(done.error().code, ErrorCode::kState) << sql;
  }
  world.close();
  world.check();
}

TEST(Log, ACheckpointLargerThanTheLogShowsAtOpen) {
  World world;
  world.create();
  const auto key = crypto::make_signing_key(world.rng);
  world.commit({world.sent(3, {"XB"})});
  ASSERT_TRUE(world->make_checkpoint(world.now, key));
  world.close();
  tamper(world.folder.ledger(), "DELETE FROM leaf WHERE idx>=60;");
  const Status opened = world.open();
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().message.find("60 leaves, its newest checkpoint 64"), std::string::npos)
      << opened.error().message;
}

}  // namespace
}  // namespace focal::ledger

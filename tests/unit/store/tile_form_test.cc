// Goal: tiles and bundles of an exported log are those of its tree, and named as public tools ask
// for them. Method: trees of many sizes against crypto/merkle; every partial tile against the full
// one it is the beginning of; names against those of c2sp.org/tlog-tiles. Go walks them in
// tests/interop.
#include "node/store/tile_form.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/random.h"

namespace focal::store {
namespace {

struct Tiles : ::testing::Test {
  void SetUp() override {
    crypto::init();
    crypto::SeededRng rng(3);
    for (int i = 0; i < 66'000; ++i) leaves.push_back(rng.array<32>());
  }
  crypto::SubtreeHash at() {
    return [this](unsigned level, std::uint64_t index) {
      return crypto::merkle_root(
          std::span<const Hash32>(leaves).subspan(index << level, std::size_t{1} << level));
    };
  }
  std::vector<Hash32> leaves;  // hashes
};

TEST_F(Tiles, NamesAreThoseOfC2sp) {
  EXPECT_EQ(tile_path(0, 0, 256), "tile/0/000");
  EXPECT_EQ(tile_path(0, 999, 256), "tile/0/999");
  EXPECT_EQ(tile_path(0, 1000, 256), "tile/0/x001/000");
  EXPECT_EQ(tile_path(0, 1234067, 1), "tile/0/x001/x234/067.p/1");
  EXPECT_EQ(tile_path(2, 0, 255), "tile/2/000.p/255");
  EXPECT_EQ(tile_path(7, 5, 256), "tile/7/005");
  EXPECT_EQ(entries_path(0, 256), "tile/entries/000");
  EXPECT_EQ(entries_path(1234067, 64), "tile/entries/x001/x234/067.p/64");
}

TEST_F(Tiles, ALogHasTheTilesOfItsSizeAndNoOthers) {
  EXPECT_EQ(tiles_in(0, 0), 0u);
  EXPECT_EQ(tile_width(0, 0, 0), 0u);
  EXPECT_EQ(tiles_in(1, 0), 1u);
  EXPECT_EQ(tiles_in(1, 1), 0u) << "no subtree of 256 leaves is complete";
  EXPECT_EQ(tiles_in(256, 0), 1u);
  EXPECT_EQ(tile_width(256, 0, 0), 256u);
  EXPECT_EQ(tile_width(256, 0, 1), 0u) << "no empty tile";
  EXPECT_EQ(tile_width(256, 1, 0), 1u);
  EXPECT_EQ(tile_width(257, 0, 1), 1u);
  EXPECT_EQ(tiles_in(65'536, 2), 1u);
  EXPECT_EQ(tile_width(65'535, 1, 0), 255u);
  EXPECT_EQ(tiles_in(65'535, 2), 0u);
  constexpr std::uint64_t kHuge = (std::uint64_t{1} << 63) - 1;
  EXPECT_EQ(tile_width(kHuge, 0, ~std::uint64_t{0}), 0u);
  EXPECT_EQ(tiles_in(kHuge, 7), 1u) << "the highest level there is";
}

TEST_F(Tiles, EveryHashIsASubtreeAndPartialTilesAreBeginnings) {
  for (const std::uint64_t size : {1u, 64u, 255u, 256u, 257u, 448u, 65'536u, 65'600u}) {
    SCOPED_TRACE(size);
    for (unsigned level = 0; level < 3; ++level) {
      for (std::uint64_t n = 0; n < tiles_in(size, level); n += level == 0 ? 37 : 1) {
        const Bytes tile = tile_bytes(size, level, n, at());
        ASSERT_EQ(tile.size(), tile_width(size, level, n) * 32);
        const std::uint64_t subtree = std::uint64_t{1} << (8 * level);
        for (std::uint64_t i = 0; i < tile.size() / 32; ++i) {
          const std::uint64_t first = (n * kExportWidth + i) * subtree;
          const Hash32 hash = crypto::merkle_root(
              std::span<const Hash32>(leaves).subspan(first, static_cast<std::size_t>(subtree)));
          ASSERT_TRUE(equal(ByteView(tile).subspan(i * 32, 32), hash))
              << level << " " << n << " " << i;
        }
      }
    }
  }
  const Bytes whole = tile_bytes(512, 0, 1, at());
  const Bytes part = tile_bytes(448, 0, 1, at());
  EXPECT_TRUE(equal(part, ByteView(whole).first(part.size())));
}

TEST_F(Tiles, AnEntryIsItsLengthAndTheLeaf) {
  const Leaf leaf{LeafType::kSent, 7, Hash32{1}, Hash32{2}};
  Bytes bundle;
  add_entry(bundle, encode_leaf(leaf));
  add_entry(bundle, encode_leaf(leaf));
  ASSERT_EQ(bundle.size(), 2 * (2 + kLeafSize));
  EXPECT_EQ(get_u16be(bundle), 74);
  EXPECT_EQ(crypto::merkle_leaf(ByteView(bundle).subspan(2, 74)), leaf_hash(leaf));
  EXPECT_EQ(get_u16be(ByteView(bundle).subspan(76)), 74);
}

}  // namespace
}  // namespace focal::store

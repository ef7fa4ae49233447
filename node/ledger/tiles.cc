#include "node/ledger/tiles.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/check.h"

namespace focal::ledger {

Bytes encode_tile(const Tile& tile) {
  FOCAL_CHECK(tile.size() == kTileWidth);
  Bytes out;
  out.reserve(kTileBytes);
  for (const Hash32& hash : tile) append(out, hash);
  return out;
}

Result<Tile> decode_tile(ByteView bytes) {
  if (bytes.size() != kTileBytes) return fail(ErrorCode::kCorrupt, "a tile has a wrong size");
  Tile tile(kTileWidth);
  for (std::size_t i = 0; i < kTileWidth; ++i)
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * 32), 32, tile[i].begin());
  return tile;
}

Status Edge::append(const Hash32& leaf_hash, const Full& full) {
  FOCAL_TRY(push(0, leaf_hash, full));
  ++size_;
  return {};
}

Status Edge::push(unsigned level, const Hash32& hash, const Full& full) {
  if (levels_.size() <= level) levels_.resize(level + 1);
  levels_[level].open.push_back(hash);
  if (levels_[level].open.size() < kTileWidth) return {};
  const Tile tile = std::exchange(levels_[level].open, {});
  FOCAL_TRY(full(level, levels_[level].full, tile));
  ++levels_[level].full;
  return push(level + 1, crypto::merkle_root(tile), full);
}

std::int64_t Edge::full_tiles(unsigned level) const {
  return level < levels_.size() ? levels_[level].full : 0;
}

const Tile& Edge::open_tile(unsigned level) const {
  FOCAL_CHECK(level < levels_.size());
  return levels_[level].open;
}

crypto::SubtreeHash subtrees(const Edge& edge, ReadTile read) {
  return [&edge, read = std::move(read)](unsigned level, std::uint64_t index) {
    const unsigned tile_level = level / kTileHeight;
    const unsigned height = level % kTileHeight;
    const std::uint64_t first = index << height;  // entries of that tile level
    const auto n = static_cast<std::int64_t>(first / kTileWidth);
    const std::size_t offset = first % kTileWidth;
    const std::size_t count = std::size_t{1} << height;
    const Tile& tile =
        n < edge.full_tiles(tile_level) ? read(tile_level, n) : edge.open_tile(tile_level);
    FOCAL_CHECK(n <= edge.full_tiles(tile_level) && offset + count <= tile.size());
    return crypto::merkle_root(std::span<const Hash32>(tile).subspan(offset, count));
  };
}

}  // namespace focal::ledger

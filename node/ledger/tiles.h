// The tree over the leaves (RFC 6962) in tiles of 256 hashes: tile (level, n)
// holds the roots of complete subtrees of 256^level leaves. Only full tiles are
// stored, each once; the open right edge of every level lives in memory
// (c2sp.org/tlog-tiles; docs/protocol.md, "Tree").
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/merkle.h"

namespace focal::ledger {

inline constexpr unsigned kTileHeight = 8;  // levels of the tree a tile spans
inline constexpr std::size_t kTileWidth = std::size_t{1} << kTileHeight;
inline constexpr std::size_t kTileBytes = kTileWidth * 32;

using Tile = std::vector<Hash32>;

Bytes encode_tile(const Tile& tile);       // kTileWidth hashes
Result<Tile> decode_tile(ByteView bytes);  // kCorrupt unless kTileBytes

// The right edge: a value, so that a transaction can be undone by assignment.
class Edge {
 public:
  // Called for every tile that becomes full, lowest level first.
  using Full = std::function<Status(unsigned level, std::int64_t n, const Tile& tile)>;

  struct Level {
    Tile open;  // fewer than kTileWidth hashes
    std::int64_t full = 0;
  };
  Edge() = default;
  Edge(std::int64_t size, std::vector<Level> levels) : levels_(std::move(levels)), size_(size) {}

  Status append(const Hash32& leaf_hash, const Full& full);
  std::int64_t size() const { return size_; }
  std::size_t levels() const { return levels_.size(); }
  std::int64_t full_tiles(unsigned level) const;  // stored tiles of that level
  const Tile& open_tile(unsigned level) const;

 private:
  Status push(unsigned level, const Hash32& hash, const Full& full);

  std::vector<Level> levels_;
  std::int64_t size_ = 0;
};

// Hash of a complete subtree (crypto/merkle.h) from an edge and a way to read
// full tiles. Both must outlive the result.
using ReadTile = std::function<const Tile&(unsigned level, std::int64_t n)>;
crypto::SubtreeHash subtrees(const Edge& edge, ReadTile read);

}  // namespace focal::ledger

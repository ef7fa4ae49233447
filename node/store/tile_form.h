// The log as public tools walk it (c2sp.org/tlog-tiles; docs/protocol.md, "Exported log"): names
// and bytes of the tiles and entry bundles of a tree of a given size. Pure: hashes and leaves come
// in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "crypto/merkle.h"
#include "node/store/leaf.h"

namespace focal::store {

inline constexpr unsigned kExportHeight = 8;        // levels of the tree a tile spans
inline constexpr std::uint64_t kExportWidth = 256;  // hashes or entries of a full one
inline constexpr unsigned kExportLevels = 8;        // no log of less than 2^63 leaves has more
inline constexpr std::string_view kCheckpointFile = "checkpoint";

// Of how many hashes level `level` of a tree of `size` leaves consists: its complete subtrees of
// 256^level leaves. level < kExportLevels.
std::uint64_t level_width(std::uint64_t size, unsigned level);
// Tiles of that level, or bundles of entries (level 0): full ones and at most one partial one.
std::uint64_t tiles_in(std::uint64_t size, unsigned level);
// Hashes in tile n of that level, 1..256; 0: there is no such tile.
std::uint64_t tile_width(std::uint64_t size, unsigned level, std::uint64_t n);

// "tile/0/x001/234", "tile/1/000.p/7"
std::string tile_path(unsigned level, std::uint64_t n, std::uint64_t width);
std::string entries_path(std::uint64_t n, std::uint64_t width);  // "tile/entries/x001/234"

// The hashes of tile n, one after the other; it has to exist in a tree of that size, and `at` to
// know the tree.
Bytes tile_bytes(std::uint64_t size, unsigned level, std::uint64_t n,
                 const crypto::SubtreeHash& at);
// Adds an entry to a bundle: u16be length, the 74 bytes of the leaf.
void add_entry(Bytes& bundle, const LeafBytes& leaf);

}  // namespace focal::store

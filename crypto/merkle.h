// RFC 6962 section 2.1: the one Merkle routine of the project (message batches,
// receipt batches, ledger). Leaf hash = H(0x00 || data), node = H(0x01 || l || r).
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace focal::crypto {

Hash32 merkle_leaf(ByteView data);
Hash32 merkle_node(const Hash32& left, const Hash32& right);
Hash32 merkle_root(std::span<const Hash32> leaf_hashes);  // of an empty list: H("")

using MerklePath = std::vector<Hash32>;

// Hash of the complete subtree of 2^level leaves whose first leaf is
// index * 2^level. Asked only for complete subtrees inside the tree.
using SubtreeHash = std::function<Hash32(unsigned level, std::uint64_t index)>;

Hash32 root_from(std::uint64_t size, const SubtreeHash& at);
// leaf < size. RFC 6962 2.1.1.
MerklePath inclusion_path(std::uint64_t leaf, std::uint64_t size, const SubtreeHash& at);
// 0 < old_size <= size; empty when equal. RFC 6962 2.1.2.
MerklePath consistency_path(std::uint64_t old_size, std::uint64_t size, const SubtreeHash& at);
// The same over a list held in memory.
MerklePath inclusion_path(std::uint64_t leaf, std::span<const Hash32> leaf_hashes);

bool verify_inclusion(const Hash32& leaf_hash, std::uint64_t leaf, std::uint64_t size,
                      std::span<const Hash32> path, const Hash32& root);
bool verify_consistency(std::uint64_t old_size, const Hash32& old_root, std::uint64_t size,
                        const Hash32& root, std::span<const Hash32> path);

}  // namespace focal::crypto

#include "node/ledger/leaf_hashing.h"

namespace focal::ledger {

void LeafHashing::add(ByteView leaf, std::optional<std::int64_t> root_wanted) {
  reading_.leaves.insert(reading_.leaves.end(), leaf.begin(), leaf.end());
  reading_.ends.push_back(reading_.leaves.size());
  if (root_wanted) reading_.wanted.emplace_back(reading_.ends.size(), *root_wanted);
}

HashedPage LeafHashing::turn_page() {
  behind_.wait();
  HashedPage before = std::exchange(out_, {});
  std::swap(hashing_, reading_);
  reading_.leaves.clear();
  reading_.ends.clear();
  reading_.wanted.clear();
  if (!hashing_.ends.empty()) behind_.start([this] { hash(); });
  return before;
}

Hash32 LeafHashing::root() {
  behind_.wait();
  return edge_root();
}

void LeafHashing::hash() {
  const ByteView all(hashing_.leaves);
  std::size_t begin = 0, done = 0;
  auto wanted = hashing_.wanted.begin();
  for (const std::size_t end : hashing_.ends) {
    append(crypto::merkle_leaf(all.subspan(begin, end - begin)));
    begin = end;
    ++done;
    for (; wanted != hashing_.wanted.end() && wanted->first == done; ++wanted)
      out_.roots.emplace_back(wanted->second, edge_root());
  }
}

void LeafHashing::append(Hash32 hash) {
  for (std::size_t level = 0;; ++level) {
    if (level % kTileHeight == 0) {
      const std::size_t number = level / kTileHeight;
      if (tiles_.size() == number) tiles_.emplace_back();
      Edge::Level& tile = tiles_[number];
      tile.open.push_back(hash);
      if (tile.open.size() == kTileWidth) {
        out_.tiles.push_back({static_cast<unsigned>(number), tile.full++, encode_tile(tile.open)});
        tile.open.clear();
      }
    }
    if (level == nodes_.size()) nodes_.emplace_back();
    if (!nodes_[level]) {
      nodes_[level] = hash;
      return;
    }
    hash = crypto::merkle_node(*nodes_[level], hash);
    nodes_[level].reset();
  }
}

Hash32 LeafHashing::edge_root() const {
  std::optional<Hash32> out;
  for (const auto& node : nodes_) {
    if (node) out = out ? crypto::merkle_node(*node, *out) : *node;
  }
  return out.value_or(crypto::merkle_root({}));
}

}  // namespace focal::ledger

// The root of a growing list of leaves, in the space of its height: written apart
// from the ledger's tiles, to check them.
#pragma once

#include <vector>

#include "crypto/merkle.h"

namespace focal::sim {

class CompactRoot {
 public:
  void append(Hash32 leaf_hash) {
    ++size_;
    for (std::uint64_t n = size_; n % 2 == 0; n /= 2) {
      leaf_hash = crypto::merkle_node(peaks_.back(), leaf_hash);
      peaks_.pop_back();
    }
    peaks_.push_back(leaf_hash);
  }
  std::uint64_t size() const { return size_; }
  Hash32 root() const {  // size() > 0
    Hash32 hash = peaks_.back();
    for (auto it = peaks_.rbegin() + 1; it != peaks_.rend(); ++it)
      hash = crypto::merkle_node(*it, hash);
    return hash;
  }

 private:
  std::vector<Hash32> peaks_;  // of complete subtrees, largest first
  std::uint64_t size_ = 0;
};

}  // namespace focal::sim

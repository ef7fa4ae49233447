#include "crypto/merkle.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/check.h"
#include "crypto/hash.h"

namespace focal::crypto {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

unsigned log2_of(std::uint64_t power) { return static_cast<unsigned>(std::countr_zero(power)); }

// The largest power of two smaller than n (n > 1): where RFC 6962 splits a list.
std::uint64_t split_of(std::uint64_t n) { return std::bit_floor(n - 1); }

// Root of the leaves [first, first + n), n > 0, as a subtree of the RFC's recursion:
// first is a multiple of the smallest power of two that is not below n.
Hash32 range_root(std::uint64_t first, std::uint64_t n, const SubtreeHash& at) {
  if (std::has_single_bit(n)) return at(log2_of(n), first / n);
  const std::uint64_t k = split_of(n);
  const Hash32 left = range_root(first, k, at);
  return merkle_node(left, range_root(first + k, n - k, at));
}

}  // namespace

Hash32 merkle_leaf(ByteView data) {
  // One piece costs less than two: leaves of the log are that short.
  std::array<std::uint8_t, 128> whole;
  if (data.size() >= whole.size()) return sha256({ByteView(&kLeafPrefix, 1), data});
  whole[0] = kLeafPrefix;
  std::copy(data.begin(), data.end(), whole.begin() + 1);
  return sha256(ByteView(whole).first(data.size() + 1));
}

Hash32 merkle_node(const Hash32& left, const Hash32& right) {
  std::array<std::uint8_t, 65> whole;
  whole[0] = kNodePrefix;
  std::copy(left.begin(), left.end(), whole.begin() + 1);
  std::copy(right.begin(), right.end(), whole.begin() + 33);
  return sha256(ByteView(whole));
}

Hash32 merkle_root(std::span<const Hash32> leaf_hashes) {
  if (leaf_hashes.empty()) return sha256(ByteView());
  // Roots of complete subtrees, largest first, as the bits of the count so far.
  std::vector<Hash32> stack;
  std::uint64_t count = 0;
  for (const Hash32& leaf : leaf_hashes) {
    stack.push_back(leaf);
    for (std::uint64_t c = ++count; c % 2 == 0; c /= 2) {
      const Hash32 right = stack.back();
      stack.pop_back();
      stack.back() = merkle_node(stack.back(), right);
    }
  }
  Hash32 root = stack.back();
  for (std::size_t i = stack.size() - 1; i-- > 0;) root = merkle_node(stack[i], root);
  return root;
}

Hash32 root_from(std::uint64_t size, const SubtreeHash& at) {
  return size == 0 ? sha256(ByteView()) : range_root(0, size, at);
}

MerklePath inclusion_path(std::uint64_t leaf, std::uint64_t size, const SubtreeHash& at) {
  FOCAL_CHECK(leaf < size);
  MerklePath path;  // collected from the root down
  std::uint64_t first = 0;
  for (std::uint64_t n = size; n > 1;) {
    const std::uint64_t k = split_of(n);
    if (leaf - first < k) {
      path.push_back(range_root(first + k, n - k, at));
      n = k;
    } else {
      path.push_back(range_root(first, k, at));
      first += k;
      n -= k;
    }
  }
  return {path.rbegin(), path.rend()};
}

MerklePath consistency_path(std::uint64_t old_size, std::uint64_t size, const SubtreeHash& at) {
  FOCAL_CHECK(old_size > 0 && old_size <= size);
  MerklePath path;  // collected from the root down
  std::uint64_t first = 0;
  std::uint64_t m = old_size;  // old leaves inside [first, first + n)
  std::uint64_t n = size;
  while (m != n) {
    const std::uint64_t k = split_of(n);
    if (m <= k) {
      path.push_back(range_root(first + k, n - k, at));
      n = k;
    } else {
      path.push_back(range_root(first, k, at));
      first += k;
      m -= k;
      n -= k;
    }
  }
  // The old tree's own root is known to the verifier only when it is all of the left edge.
  if (first != 0) path.push_back(range_root(first, m, at));
  return {path.rbegin(), path.rend()};
}

MerklePath inclusion_path(std::uint64_t leaf, std::span<const Hash32> leaf_hashes) {
  return inclusion_path(leaf, leaf_hashes.size(), [&](unsigned level, std::uint64_t index) {
    const std::size_t width = std::size_t{1} << level;
    return merkle_root(leaf_hashes.subspan(static_cast<std::size_t>(index) * width, width));
  });
}

// RFC 9162 2.1.3.2 (the same tree as RFC 6962).
bool verify_inclusion(const Hash32& leaf_hash, std::uint64_t leaf, std::uint64_t size,
                      std::span<const Hash32> path, const Hash32& root) {
  if (leaf >= size) return false;
  std::uint64_t fn = leaf;
  std::uint64_t sn = size - 1;
  Hash32 r = leaf_hash;
  for (const Hash32& p : path) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      r = merkle_node(p, r);
      while (fn % 2 == 0 && fn != 0) {
        fn /= 2;
        sn /= 2;
      }
    } else {
      r = merkle_node(r, p);
    }
    fn /= 2;
    sn /= 2;
  }
  return sn == 0 && r == root;
}

// RFC 9162 2.1.4.2.
bool verify_consistency(std::uint64_t old_size, const Hash32& old_root, std::uint64_t size,
                        const Hash32& root, std::span<const Hash32> path) {
  if (old_size == 0 || old_size > size) return false;
  if (old_size == size) return path.empty() && old_root == root;
  if (path.empty()) return false;
  // An old tree that is a complete subtree stands in for the first node.
  const bool complete = std::has_single_bit(old_size);
  Hash32 fr = complete ? old_root : path.front();
  Hash32 sr = fr;
  if (!complete) path = path.subspan(1);
  std::uint64_t fn = old_size - 1;
  std::uint64_t sn = size - 1;
  while (fn % 2 == 1) {
    fn /= 2;
    sn /= 2;
  }
  for (const Hash32& c : path) {
    if (sn == 0) return false;
    if (fn % 2 == 1 || fn == sn) {
      fr = merkle_node(c, fr);
      sr = merkle_node(c, sr);
      while (fn % 2 == 0 && fn != 0) {
        fn /= 2;
        sn /= 2;
      }
    } else {
      sr = merkle_node(sr, c);
    }
    fn /= 2;
    sn /= 2;
  }
  return sn == 0 && fr == old_root && sr == root;
}

}  // namespace focal::crypto

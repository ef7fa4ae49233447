// Goal: roots and proofs are RFC 6962's, and a proof holds for nothing else.
// Method: known roots of n = 0..8; for n up to 65 every path against the recursion
// of the RFC written out; every element, index, size and root changed once.
#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <string>

#include "crypto/hash.h"
#include "tests/unit/crypto/bytes_of.h"

namespace focal::crypto {
namespace {

using test::from_hex;

constexpr std::size_t kMost = 65;

// RFC 6962 2.1 and 2.1.1, 2.1.2, as written there: the oracle.
using Leaves = std::span<const Hash32>;
std::size_t split(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}
Hash32 mth(Leaves d) {
  if (d.empty()) return sha256("");
  if (d.size() == 1) return d[0];
  const std::size_t k = split(d.size());
  return merkle_node(mth(d.first(k)), mth(d.subspan(k)));
}
MerklePath path_of(std::size_t m, Leaves d) {
  if (d.size() == 1) return {};
  const std::size_t k = split(d.size());
  MerklePath out = m < k ? path_of(m, d.first(k)) : path_of(m - k, d.subspan(k));
  out.push_back(m < k ? mth(d.subspan(k)) : mth(d.first(k)));
  return out;
}
MerklePath subproof(std::size_t m, Leaves d, bool whole) {
  if (m == d.size()) return whole ? MerklePath{} : MerklePath{mth(d)};
  const std::size_t k = split(d.size());
  MerklePath out = m <= k ? subproof(m, d.first(k), whole) : subproof(m - k, d.subspan(k), false);
  out.push_back(m <= k ? mth(d.subspan(k)) : mth(d.first(k)));
  return out;
}

// The turns from the root to a leaf. A path alone cannot tell two sizes apart
// between which these do not differ; the size is signed beside the root for that.
std::string turns(std::size_t leaf, std::size_t size) {
  if (size == 1) return "";
  const std::size_t k = split(size);
  return leaf < k ? "l" + turns(leaf, k) : "r" + turns(leaf - k, size - k);
}

std::vector<Hash32> leaves(std::size_t n) {
  std::vector<Hash32> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back(merkle_leaf(as_bytes(std::to_string(i))));
  return out;
}

// Answers from a list, and fails the test when asked for an incomplete subtree.
SubtreeHash hashes_of(Leaves d) {
  return [d](unsigned level, std::uint64_t index) {
    const std::size_t width = std::size_t{1} << level;
    EXPECT_LE((index + 1) * width, d.size());
    return mth(d.subspan(static_cast<std::size_t>(index) * width, width));
  };
}

TEST(Merkle, KnownRoots) {
  const char* inputs[] = {"",
                          "00",
                          "10",
                          "2021",
                          "3031",
                          "40414243",
                          "5051525354555657",
                          "606162636465666768696a6b6c6d6e6f"};
  const char* roots[] = {"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                         "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  std::vector<Hash32> d;
  for (std::size_t n = 0; n <= 8; ++n) {
    EXPECT_EQ(hex(merkle_root(d)), roots[n]);
    EXPECT_EQ(hex(root_from(n, hashes_of(d))), roots[n]);
    if (n < 8) d.push_back(merkle_leaf(from_hex(inputs[n])));
  }
}

TEST(Merkle, RootsAndPathsAreTheRfcs) {
  const std::vector<Hash32> all = leaves(kMost);
  for (std::size_t n = 1; n <= kMost; ++n) {
    const Leaves d = Leaves(all).first(n);
    ASSERT_EQ(merkle_root(d), mth(d)) << n;
    ASSERT_EQ(root_from(n, hashes_of(d)), mth(d)) << n;
    for (std::size_t i = 0; i < n; ++i) {
      ASSERT_EQ(inclusion_path(i, d), path_of(i, d)) << i << " of " << n;
      ASSERT_EQ(inclusion_path(i, n, hashes_of(d)), path_of(i, d)) << i << " of " << n;
    }
    for (std::size_t m = 1; m <= n; ++m)
      ASSERT_EQ(consistency_path(m, n, hashes_of(d)), subproof(m, d, true)) << m << " to " << n;
  }
}

TEST(Merkle, InclusionHoldsForNothingElse) {
  const std::vector<Hash32> all = leaves(kMost);
  for (std::size_t n = 1; n <= kMost; ++n) {
    const Leaves d = Leaves(all).first(n);
    const Hash32 root = mth(d);
    for (std::size_t i = 0; i < n; ++i) {
      MerklePath path = inclusion_path(i, d);
      ASSERT_TRUE(verify_inclusion(d[i], i, n, path, root)) << i << " of " << n;
      for (std::size_t j = 0; j <= n; ++j)
        ASSERT_EQ(verify_inclusion(d[i], j, n, path, root), i == j) << i << " as " << j;
      for (std::size_t other = 0; other <= kMost; ++other)
        ASSERT_EQ(verify_inclusion(d[i], i, other, path, root),
                  i < other && turns(i, other) == turns(i, n))
            << i << " of " << n << " as of " << other;
      Hash32 wrong = root;
      wrong[n % 32] ^= 1;
      ASSERT_FALSE(verify_inclusion(d[i], i, n, path, wrong));
      ASSERT_FALSE(verify_inclusion(all[(i + 1) % kMost], i, n, path, root));
      for (Hash32& step : path) {
        step[i % 32] ^= 0x80;
        ASSERT_FALSE(verify_inclusion(d[i], i, n, path, root));
        step[i % 32] ^= 0x80;
      }
      path.push_back(root);
      ASSERT_FALSE(verify_inclusion(d[i], i, n, path, root));
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      ASSERT_FALSE(verify_inclusion(d[i], i, n, path, root));
    }
  }
}

TEST(Merkle, ConsistencyHoldsForNothingElse) {
  const std::vector<Hash32> all = leaves(kMost);
  for (std::size_t n = 1; n <= kMost; ++n) {
    const Leaves d = Leaves(all).first(n);
    const Hash32 root = mth(d);
    for (std::size_t m = 1; m <= n; ++m) {
      const Hash32 old_root = mth(d.first(m));
      MerklePath path = consistency_path(m, n, hashes_of(d));
      ASSERT_TRUE(verify_consistency(m, old_root, n, root, path)) << m << " to " << n;
      Hash32 wrong = root;
      wrong[m % 32] ^= 1;
      ASSERT_FALSE(verify_consistency(m, old_root, n, wrong, path));
      wrong = old_root;
      wrong[m % 32] ^= 1;
      ASSERT_FALSE(verify_consistency(m, wrong, n, root, path));
      for (Hash32& step : path) {
        step[n % 32] ^= 4;
        ASSERT_FALSE(verify_consistency(m, old_root, n, root, path)) << m << " to " << n;
        step[n % 32] ^= 4;
      }
      path.push_back(root);
      ASSERT_FALSE(verify_consistency(m, old_root, n, root, path));
      path.pop_back();
      if (path.empty()) continue;
      path.pop_back();
      ASSERT_FALSE(verify_consistency(m, old_root, n, root, path));
    }
  }
}

TEST(Merkle, AForkIsNotConsistent) {
  std::vector<Hash32> mine = leaves(40);
  std::vector<Hash32> theirs = mine;
  theirs[3] = merkle_leaf(as_bytes("rewritten"));
  for (std::size_t m = 4; m < 40; ++m) {
    const MerklePath path = consistency_path(m, 40, hashes_of(theirs));
    EXPECT_FALSE(verify_consistency(m, mth(Leaves(mine).first(m)), 40, mth(theirs), path)) << m;
  }
}

TEST(Merkle, SizesOutOfRangeAreRefused) {
  const std::vector<Hash32> d = leaves(4);
  EXPECT_FALSE(verify_inclusion(d[0], 0, 0, {}, d[0]));
  EXPECT_FALSE(verify_inclusion(d[0], 1, 1, {}, d[0]));
  EXPECT_TRUE(verify_inclusion(d[0], 0, 1, {}, d[0]));
  EXPECT_FALSE(verify_consistency(0, sha256(""), 4, mth(d), {}));
  EXPECT_FALSE(verify_consistency(4, mth(d), 3, mth(Leaves(d).first(3)), {}));
  EXPECT_FALSE(verify_consistency(2, mth(Leaves(d).first(2)), 4, mth(d), {}));
  const MerklePath long_path(200, d[0]);
  EXPECT_FALSE(verify_inclusion(d[0], ~std::uint64_t{0} - 1, ~std::uint64_t{0}, long_path, d[0]));
}

TEST(Merkle, ANodeIsNotALeaf) {
  const std::vector<Hash32> d = leaves(2);
  Bytes joined = to_bytes(ByteView(d[0]));
  append(joined, d[1]);
  EXPECT_NE(merkle_leaf(joined), merkle_node(d[0], d[1]));
}

}  // namespace
}  // namespace focal::crypto

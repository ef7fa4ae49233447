// Goal: a leaf has one form of 74 bytes and nothing else is taken for one.
// Method: the layout written out by hand, every wrong size, version and type,
// and a hash and a commitment computed from their definitions.
#include "node/store/leaf.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"
#include "crypto/secret.h"

namespace focal::store {
namespace {

Hash32 filled(std::uint8_t value) {
  Hash32 out;
  out.fill(value);
  return out;
}

Leaf example() { return {LeafType::kReceived, 0x0102030405060708, filled(0xaa), filled(0xbb)}; }

TEST(Leaf, LayoutIsTheOneOfTheProtocol) {
  std::string expected = "01020102030405060708";
  for (int i = 0; i < 32; ++i) expected += "aa";
  for (int i = 0; i < 32; ++i) expected += "bb";
  EXPECT_EQ(hex(encode_leaf(example())), expected);
}

TEST(Leaf, EveryTypeComesBack) {
  for (std::uint8_t type = 0; type <= 15; ++type) {
    Leaf leaf = example();
    leaf.type = static_cast<LeafType>(type);
    const auto back = decode_leaf(encode_leaf(leaf));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->type, leaf.type);
    EXPECT_EQ(back->time_ms, leaf.time_ms);
    EXPECT_EQ(back->ref, leaf.ref);
    EXPECT_EQ(back->detail, leaf.detail);
    EXPECT_NE(leaf_type_name(leaf.type), "UNKNOWN");
  }
}

TEST(Leaf, WrongSizeVersionOrTypeIsNoLeaf) {
  const LeafBytes good = encode_leaf(example());
  Bytes longer = to_bytes(ByteView(good));
  longer.push_back(0);
  EXPECT_FALSE(decode_leaf(longer));
  EXPECT_FALSE(decode_leaf(ByteView(good).first(73)));
  EXPECT_FALSE(decode_leaf({}));
  LeafBytes bad = good;
  bad[0] = 2;
  EXPECT_FALSE(decode_leaf(bad));
  bad = good;
  bad[1] = 16;
  EXPECT_FALSE(decode_leaf(bad));
}

TEST(Leaf, HashHasTheLeafPrefixAndCoversEveryByte) {
  crypto::init();
  Bytes prefixed{0x00};
  append(prefixed, encode_leaf(example()));
  EXPECT_EQ(leaf_hash(example()), crypto::sha256(prefixed));
  Leaf other = example();
  other.time_ms += 1;
  EXPECT_NE(leaf_hash(other), leaf_hash(example()));
}

TEST(Leaf, DetailCommitmentIsSaltedAndLabelled) {
  crypto::init();
  Bytes plain = to_bytes(std::string_view("focal/detail/v1\0", 16));
  append(plain, filled(7));
  append(plain, "why");
  EXPECT_EQ(detail_commitment(filled(7), as_bytes("why")), crypto::sha256(plain));
  EXPECT_NE(detail_commitment(filled(8), as_bytes("why")),
            detail_commitment(filled(7), as_bytes("why")));
}

TEST(Leaf, AForkProofIsNamedByBothTextsInAnyOrder) {
  crypto::init();
  Bytes plain = to_bytes(std::string_view("focal/fork/v1\0", 14));
  append(plain, filled(7));
  append(plain, filled(8));
  EXPECT_EQ(fork_proof_ref(filled(7), filled(8)), crypto::sha256(plain));
  EXPECT_EQ(fork_proof_ref(filled(8), filled(7)), crypto::sha256(plain));
  EXPECT_NE(fork_proof_ref(filled(7), filled(7)), crypto::sha256(plain));
}

}  // namespace
}  // namespace focal::store

// Goal: both ends of a pair compute the same secrets, as specified; the past of a chain
// is gone. Method: tests/vectors/pair_secret.txt, which an independent program made;
// each input changed once; chains before, at and beyond their edges.
#include "node/exchange/pair_secret.h"

#include <gtest/gtest.h>

#include <set>

#include "node/exchange/safety_number.h"
#include "tests/vectors/vector_file.h"

namespace focal::exchange {
namespace {

crypto::Secret secret(const Bytes& bytes) { return crypto::Secret::copy_of(bytes); }

struct PairVectors : ::testing::Test {
  std::vector<test::Vector> cases = test::read_vectors("pair_secret.txt");

  static Hash32 n_of(const test::Vector& v) {
    return pair_hash(root_fingerprint(v.text("a"), *fixed<32>(v.bytes("root_a"))),
                     root_fingerprint(v.text("b"), *fixed<32>(v.bytes("root_b"))));
  }
  static crypto::Secret psk_of(const test::Vector& v) {
    return pair_secret(secret(v.bytes("c_a")), secret(v.bytes("c_b")), n_of(v));
  }
};

TEST_F(PairVectors, SecretAndDirections) {
  ASSERT_EQ(cases.size(), 3u);
  for (const test::Vector& v : cases) {
    EXPECT_EQ(hex(n_of(v)), v.text("n"));
    const crypto::Secret psk = psk_of(v);
    EXPECT_EQ(hex(psk.view()), v.text("psk_ab"));
    EXPECT_TRUE(pair_secret(secret(v.bytes("c_b")), secret(v.bytes("c_a")), n_of(v))
                    .equals(psk.view())) << "the same from the other end";
    const auto ab = first_pair_key(psk, v.text("a"), v.text("b"));
    const auto ba = first_pair_key(psk, v.text("b"), v.text("a"));
    EXPECT_EQ(hex(ab.view()), v.text("ab.2922"));
    EXPECT_EQ(hex(ba.view()), v.text("ba.2922"));
    EXPECT_EQ(hex(next_pair_key(ab).view()), v.text("ab.2923"));
    EXPECT_EQ(hex(confirm_tag(ab, v.text("a")).view()), v.text("confirm_a"));
    EXPECT_EQ(hex(confirm_tag(ba, v.text("b")).view()), v.text("confirm_b"));
    const auto out = PairChain::from_first(ab.clone(), 0);
    const auto in = PairChain::from_first(ba.clone(), 0);
    EXPECT_EQ(hex(out.at(2968)->view()), v.text("ab.2968"));
    EXPECT_EQ(hex(in.at(2968)->view()), v.text("ba.2968"));
    const PairKey key = make_pair_key(*out.at(2968));
    EXPECT_EQ(hex(key.hint_key.view()), v.text("hint_key.ab.2968"));
    EXPECT_EQ(hex(key.hint(v.bytes("enc"))), v.text("hint.ab.2968"));
    EXPECT_EQ(hex(make_pair_key(*in.at(2968)).hint(v.bytes("enc"))), v.text("hint.ba.2968"));
  }
}

TEST_F(PairVectors, N143_NothingIsSharedBetweenPairs) {
  std::set<std::string> seen;
  for (const test::Vector& v : cases)
    for (const char* name : {"psk_ab", "ab.2922", "ab.2968", "ba.2922", "ba.2968", "confirm_a",
                             "confirm_b", "hint.ab.2968", "hint.ba.2968"})
      EXPECT_TRUE(seen.insert(v.text(name)).second) << name;
}

TEST_F(PairVectors, EveryInputCounts) {
  const test::Vector& v = cases[0];
  const crypto::Secret right = psk_of(v);
  Bytes c = v.bytes("c_a");
  c[31] ^= 1;
  EXPECT_FALSE(pair_secret(secret(c), secret(v.bytes("c_b")), n_of(v)).equals(right.view()));
  Hash32 n = n_of(v);
  n[0] ^= 1;
  EXPECT_FALSE(pair_secret(secret(v.bytes("c_a")), secret(v.bytes("c_b")), n).equals(right.view()))
      << "another root key of either party";
  const auto key = first_pair_key(right, "XA", "XB");
  EXPECT_FALSE(confirm_tag(key, "XA").equals(confirm_tag(key, "XB").view()));
}

TEST(PairWeek, CountsMondays) {
  EXPECT_EQ(pair_week(*parse_date("2026-01-05")), kFirstPairWeek);
  EXPECT_EQ(pair_week(*parse_date("2026-01-04") + kDayMs - 1), kFirstPairWeek - 1);
  EXPECT_EQ(pair_week(*parse_date("2026-11-23")), 2968u);
  EXPECT_EQ(pair_week(*parse_date("2026-11-29") + kDayMs - 1), 2968u);
  EXPECT_EQ(pair_week(*parse_date("2026-11-30")), 2969u);
  EXPECT_EQ(pair_week(*parse_date("1970-01-05")), 0u);
  EXPECT_EQ(pair_week(0), 0u);
}

struct ChainTest : ::testing::Test {
  crypto::Secret first = secret(Bytes(32, 7));
};

TEST_F(ChainTest, ForgetsForGood) {
  auto chain = PairChain::from_first(first.clone(), 2968);
  EXPECT_EQ(chain.week(), 2968u);
  EXPECT_FALSE(chain.at(2967));
  EXPECT_FALSE(chain.at(kFirstPairWeek));
  const auto later = chain.at(2970);
  ASSERT_TRUE(later);
  EXPECT_TRUE(chain.forget_before(2970));
  EXPECT_TRUE(chain.at(2970)->equals(later->view())) << "the same key, from nearer";
  EXPECT_TRUE(chain.oldest().equals(later->view()));
  EXPECT_FALSE(chain.at(2969));
  EXPECT_FALSE(chain.forget_before(2970)) << "nothing to forget";
  EXPECT_FALSE(chain.forget_before(2968)) << "never back";
  EXPECT_EQ(chain.week(), 2970u);
}

TEST_F(ChainTest, BeginsWithWeekZeroOfThePair) {
  const auto chain = PairChain::from_first(first.clone(), 17);
  EXPECT_EQ(chain.week(), kFirstPairWeek) << "a clock before 2026 gives the first week";
  EXPECT_TRUE(chain.at(kFirstPairWeek)->equals(first.view()));
  EXPECT_FALSE(chain.at(kFirstPairWeek - 1));
}

TEST_F(ChainTest, IsBounded) {
  auto chain = PairChain::from_first(first.clone(), kFirstPairWeek);
  EXPECT_TRUE(chain.at(kFirstPairWeek + kMostPairSteps));
  EXPECT_FALSE(chain.at(kFirstPairWeek + kMostPairSteps + 1)) << "a week of a mad clock";
  EXPECT_FALSE(chain.forget_before(kFirstPairWeek + kMostPairSteps + 1));
  EXPECT_FALSE(chain.forget_before(~std::uint64_t{0}));
  EXPECT_EQ(chain.week(), kFirstPairWeek);
  EXPECT_FALSE(PairChain().at(kFirstPairWeek));
}

}  // namespace
}  // namespace focal::exchange

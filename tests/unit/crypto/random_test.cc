// Goal: the system generator never hands out bytes twice, not even across a fork;
// the seeded one repeats exactly; below() is in range and even.
// Method: pool borders by sizes around 4096; a real fork; counts with a fixed seed.
#include "crypto/random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>

namespace focal::crypto {
namespace {

TEST(SystemRngTest, PiecesAcrossThePoolsBorderAreFreshAndFilled) {
  SystemRng rng;
  std::set<Bytes> seen;
  for (const std::size_t size : {std::size_t{32}, std::size_t{4000}, std::size_t{4095},
                                 std::size_t{4096}, std::size_t{4097}, std::size_t{10000}}) {
    for (int i = 0; i < 5; ++i) {
      Bytes b(size, 0);
      rng.fill(b);
      // 32 zero bytes in a row would mean a part was left unfilled.
      EXPECT_EQ(std::search_n(b.begin(), b.end(), 32, 0), b.end());
      EXPECT_TRUE(seen.insert(b).second);
    }
  }
  rng.fill({});
}

TEST(SystemRngTest, ParentAndChildDoNotShareAPool) {
  SystemRng rng;
  static_cast<void>(rng.array<16>());  // the pool is full when we fork
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto mine = rng.array<32>();
    const bool sent = write(ends[1], mine.data(), mine.size()) == 32;
    _exit(sent ? 0 : 1);
  }
  std::array<std::uint8_t, 32> theirs{};
  ASSERT_EQ(read(ends[0], theirs.data(), theirs.size()), 32);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_NE(rng.array<32>(), theirs);
  close(ends[0]);
  close(ends[1]);
}

TEST(SeededRngTest, SameSeedSameBytesOtherSeedOtherBytes) {
  SeededRng a(42);
  SeededRng b(42);
  SeededRng c(43);
  const auto first = a.array<32>();
  EXPECT_EQ(b.array<32>(), first);
  EXPECT_NE(c.array<32>(), first);
  EXPECT_NE(a.array<32>(), first);
  EXPECT_EQ(a.below(1000), (b.array<32>(), b.below(1000)));
}

// Hands out the eight-byte values of a list.
class ListRng final : public Rng {
 public:
  explicit ListRng(std::vector<std::uint64_t> values) : values_(std::move(values)) {}
  void fill(std::span<std::uint8_t> out) override {
    Bytes b;
    put_u64be(b, values_.at(at_++));
    std::copy(b.begin(), b.end(), out.begin());
  }
  std::size_t used() const { return at_; }

 private:
  std::vector<std::uint64_t> values_;
  std::size_t at_ = 0;
};

TEST(RngBelow, ValuesThatWouldFavourSmallRemaindersAreDrawnAgain) {
  const std::uint64_t max = ~std::uint64_t{0};
  // 2^64 = 3 * 6148914691236517205 + 1: exactly one value must be refused.
  ListRng thirds({max, max - 1});
  EXPECT_EQ(thirds.below(3), (max - 1) % 3);
  EXPECT_EQ(thirds.used(), 2u);
  ListRng halves({max});  // a power of two refuses nothing
  EXPECT_EQ(halves.below(2), 1u);
  ListRng one({max});
  EXPECT_EQ(one.below(1), 0u);
}

TEST(RngBelow, CoversItsRangeEvenly) {
  SeededRng rng(7);
  std::array<int, 10> counts{};
  for (int i = 0; i < 20000; ++i) counts[rng.below(10)]++;
  for (const int n : counts) {
    EXPECT_GT(n, 1800);
    EXPECT_LT(n, 2200);
  }
}

}  // namespace
}  // namespace focal::crypto

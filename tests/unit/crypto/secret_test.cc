// Goal: a Secret moves, copies only when asked, compares, and leaves no trace in
// the memory it gave back; init() accepts these libraries.
// Method: small secrets share slabs, so a freed slot is the next one handed out.
#include "crypto/secret.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "crypto/self_test.h"

namespace focal::crypto {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST(SecretTest, StartsZeroedAndKeepsWhatIsWritten) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{32}, std::size_t{64}, std::size_t{65}, std::size_t{100000}}) {
    Secret s(size);
    ASSERT_EQ(s.size(), size);
    EXPECT_TRUE(std::all_of(s.view().begin(), s.view().end(), [](auto b) { return b == 0; }));
    s.bytes().front() = 7;
    s.bytes().back() = 9;
    EXPECT_EQ(s.view().back(), 9);
  }
  EXPECT_TRUE(Secret().empty());
  EXPECT_TRUE(Secret(0).empty());
}

TEST(SecretTest, MoveEmptiesTheSourceCloneDoesNot) {
  Secret a = Secret::copy_of(as_bytes("0123456789"));
  Secret copy = a.clone();
  Secret b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move): that is the point
  EXPECT_TRUE(b.equals(as_bytes("0123456789")));
  EXPECT_TRUE(copy.equals(b.view()));
  b.bytes()[0] = 'x';
  EXPECT_FALSE(copy.equals(b.view()));
  copy = std::move(b);
  EXPECT_EQ(as_text(copy.view()), "x123456789");
}

TEST(SecretTest, EqualsComparesSizeAndEveryByte) {
  const Secret s = Secret::copy_of(as_bytes("abc"));
  EXPECT_TRUE(s.equals(as_bytes("abc")));
  EXPECT_FALSE(s.equals(as_bytes("abd")));
  EXPECT_FALSE(s.equals(as_bytes("xbc")));
  EXPECT_FALSE(s.equals(as_bytes("ab")));
  EXPECT_FALSE(s.equals(as_bytes("abcd")));
  EXPECT_TRUE(Secret().equals({}));
}

TEST(SecretTest, MemoryIsWipedWhenGivenBack) {
  Secret keeper(1);  // the slab stays mapped
  const std::uint8_t* freed = nullptr;
  {
    const Secret s = Secret::copy_of(as_bytes("top secret, 32 bytes long, really"));
    freed = s.view().data();
    ASSERT_EQ(freed[0], 't');
  }
  EXPECT_TRUE(std::all_of(freed, freed + 33, [](auto b) { return b == 0; }));
}

TEST(SecretTest, CountsWhatIsHeld) {
  const std::uint64_t before = Secret::alive();
  {
    const Secret small(32), large(5000), none;
    EXPECT_EQ(Secret::alive(), before + 2);
    Secret moved = small.clone();
    const Secret there = std::move(moved);
    EXPECT_EQ(Secret::alive(), before + 3);
  }
  EXPECT_EQ(Secret::alive(), before);
}

TEST(SecretTest, ManySmallSecretsDoNotOverlap) {
  std::vector<Secret> many;
  for (std::size_t i = 0; i < 5000; ++i) {
    many.emplace_back(40);
    const auto bytes = many.back().bytes();
    std::fill(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(i));
  }
  for (std::size_t i = 0; i < many.size(); ++i)
    ASSERT_TRUE(many[i].equals(Bytes(40, static_cast<std::uint8_t>(i))));
}

TEST(SecretTest, WipeOverwrites) {
  Bytes b{1, 2, 3};
  wipe(b);
  EXPECT_EQ(b, Bytes(3, 0));
}

TEST(Init, SelfTestPassesAndInitIsIdempotent) {
  EXPECT_TRUE(self_test());
  init();
  init();
}

}  // namespace
}  // namespace focal::crypto

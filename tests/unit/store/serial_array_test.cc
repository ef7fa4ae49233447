// Goal: the packed array holds what was put in, in little memory, and nothing of what was
// taken out. Method: readings of all lengths against a plain list; memory counted for a
// million; the array's own bytes searched after a removal.
#include "node/store/serial_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace focal::store {
namespace {

struct Plain {
  IndexPlace place;
  std::string fold;
  std::string digits;
  auto operator<=>(const Plain&) const = default;
};

std::vector<Plain> content(const SerialArray& array) {
  std::vector<Plain> out;
  array.for_each([&](const PackedReading& each) {
    EXPECT_EQ(each.chars, char_set(each.fold));
    out.push_back({each.place, std::string(each.fold), std::string(each.digits)});
  });
  std::sort(out.begin(), out.end());
  return out;
}

std::string serial(std::size_t n) { return "A" + std::to_string(10'000'000 + n * 7919 % 9'999'991); }

TEST(SerialArray, HoldsEveryReadingWithItsPlace) {
  SerialArray array;
  std::vector<Plain> expected;
  for (std::size_t n = 0; n < 20'000; ++n) {
    const std::string fold = std::string(n % 65, 'F') + (n % 7 == 0 ? "?" : "");
    const std::string digits(n % 41, '4');
    const IndexPlace place{static_cast<LeafIndex>(n / 3), static_cast<std::uint32_t>(n % 3)};
    array.add(place, fold, digits);
    expected.push_back({place, fold, digits});
  }
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(array.size(), expected.size());
  EXPECT_EQ(content(array), expected);
}

TEST(SerialArray, ACharacterSetTellsPatternsAndStrangeCharacters) {
  EXPECT_EQ(char_set("AC?1"), char_set("1*CA"));
  EXPECT_EQ(char_set("AC1") & kPatternBit, 0u);
  EXPECT_NE(char_set("A*1") & kPatternBit, 0u);
  EXPECT_EQ(char_set("AZ09") & kOtherBit, 0u);
  EXPECT_NE(char_set("AЖ") & kOtherBit, 0u);
  EXPECT_NE(char_set("A0"), char_set("A1"));
  EXPECT_EQ(char_set(""), 0u);
}

TEST(SerialArray, TakesOutARecordAndLeavesNoByteOfIt) {
  SerialArray array;
  for (LeafIndex idx = 0; idx < 30'000; ++idx) array.add({idx, 1}, serial(static_cast<std::size_t>(idx)), "");
  array.add({777, 2}, "ZEBRAFOLD", "90210");
  const auto before = content(array);
  array.drop(777);
  auto expected = before;
  std::erase_if(expected, [](const Plain& each) { return each.place.idx == 777; });
  EXPECT_EQ(expected.size() + 2, before.size());
  EXPECT_EQ(content(array), expected);
  EXPECT_EQ(array.size(), expected.size());
  EXPECT_FALSE(array.holds_bytes("ZEBRAFOLD"));
  EXPECT_TRUE(array.holds_bytes(serial(778)));  // the search finds what is there
  array.drop(777);
  EXPECT_EQ(content(array), expected);
  for (LeafIndex idx = 0; idx < 30'000; ++idx) array.drop(idx);
  EXPECT_EQ(array.size(), 0u);
}

TEST(SerialArray, AMillionUsualNumbersTakeLessThanSixtyFourBytesEach) {
  SerialArray array;
  constexpr std::size_t kMillion = 1'000'000;
  std::size_t most = 0;
  for (std::size_t n = 0; n < kMillion; ++n) {
    const std::string text = serial(n);
    array.add({static_cast<LeafIndex>(n), 1}, text, text);
    if (n + 1 >= kMillion / 10)
      most = std::max(most, array.memory_bytes() / (n + 1));
  }
  EXPECT_LE(most, 64u);  // while it grew, too: never two copies
  EXPECT_LE(array.memory_bytes() / kMillion, 48u);
}

TEST(SerialArray, AFloodStopsAtTheLimitAndIsCounted) {
  constexpr std::size_t kMost = 2 * SerialArray::kChunkBytes;
  constexpr std::uint32_t kFlood = 100'000;  // of 30 bytes each: six times what there is room for
  SerialArray array(kMost);
  for (std::uint32_t i = 0; i < kFlood; ++i) array.add({i, 1}, "12345678", "");
  EXPECT_EQ(array.size() + array.left_out(), kFlood);
  EXPECT_GT(array.left_out(), kFlood / 2);
  EXPECT_LE(array.memory_bytes(), kMost + 4096);
  EXPECT_EQ(content(array).size(), array.size());
  array.drop(0);
  EXPECT_EQ(content(array).size(), array.size());
  array.clear();
  EXPECT_EQ(array.left_out(), 0u);
  array.add({1, 1}, "12345678", "");
  EXPECT_EQ(array.size(), 1u);
}

TEST(SerialArray, AKeyThatCannotBeIsPassedOver) {
  SerialArray array;
  array.add({1, 1}, std::string(SerialArray::kMaxKeyBytes + 1, 'A'), "");
  array.add({1, 1}, "A1", std::string(SerialArray::kMaxKeyBytes + 1, '1'));
  EXPECT_EQ(array.size(), 0u);
  array.add({1, 1}, std::string(SerialArray::kMaxKeyBytes, 'A'),
            std::string(SerialArray::kMaxKeyBytes, '1'));
  EXPECT_EQ(array.size(), 1u);
}

}  // namespace
}  // namespace focal::store

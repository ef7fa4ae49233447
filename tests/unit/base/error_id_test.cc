// Goal: ids can be read over the telephone, each character is as likely, and one form is accepted.
// Method: all bytes once; texts that are nearly ids.
#include "base/error_id.h"

#include <gtest/gtest.h>

#include <map>

namespace focal {
namespace {

TEST(ErrorId, EachCharacterIsAsLikelyAndNoneIsMistaken) {
  std::map<char, int> seen;
  for (int byte = 0; byte < 256; ++byte) {
    std::array<std::uint8_t, kErrorIdSize> random{};
    random.fill(static_cast<std::uint8_t>(byte));
    const std::string id = error_id(random);
    EXPECT_TRUE(is_error_id(id));
    ++seen[id.front()];
  }
  EXPECT_EQ(seen.size(), 32u);
  for (const auto& [character, times] : seen) EXPECT_EQ(times, 8) << character;
  for (const char mistaken : {'0', 'O', '1', 'I'}) EXPECT_EQ(seen.count(mistaken), 0u) << mistaken;
}

TEST(ErrorId, OneForm) {
  EXPECT_TRUE(is_error_id("ABCD2345"));
  for (const char* other : {"", "ABCD234", "ABCD23456", "abcd2345", "ABCD2340", "ABCD234O", "ABCD 345"})
    EXPECT_FALSE(is_error_id(other)) << other;
}

}  // namespace
}  // namespace focal

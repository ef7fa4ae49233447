// Goal: how far apart two words are said to be. Method: known pairs.
#include "base/edit_distance.h"

#include <gtest/gtest.h>

namespace focal {
namespace {

TEST(EditDistance, CountsWhatIsPutInLeftOutOrReplaced) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("trace", "trace"), 0u);
  EXPECT_EQ(edit_distance("trce", "trace"), 1u);
  EXPECT_EQ(edit_distance("traces", "trace"), 1u);
  EXPECT_EQ(edit_distance("trave", "trace"), 1u);
  EXPECT_EQ(edit_distance("tarce", "trace"), 2u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("abc", ""), 3u);
}

}  // namespace
}  // namespace focal

// Goal: one content has one archive, and every other byte is refused.
// Method: an archive is written and read back; then each byte outside the files is changed, it is
// cut and lengthened, and files are put in another order.
#include "node/evidence/tar.h"

#include <gtest/gtest.h>

namespace focal::evidence {
namespace {

constexpr std::size_t kBlock = 512;

std::vector<Entry> samples() {
  return {{"b/two", to_bytes("two")}, {"a", {}}, {"c", Bytes(kBlock, 'x')}};
}

Bytes written(std::vector<Entry> entries) {
  auto out = write_tar(std::move(entries));
  EXPECT_TRUE(out.has_value());
  return *out;
}

ErrorCode code_of(ByteView archive) {
  const auto read = read_tar(archive);
  return read.has_value() ? ErrorCode::kUsage : read.error().code;
}

TEST(Tar, ReadsWhatItWrites) {
  const Bytes archive = written(samples());
  EXPECT_EQ(archive.size(), 3 * kBlock + 2 * kBlock + 2 * kBlock);
  const auto files = read_tar(archive);
  ASSERT_TRUE(files.has_value());
  ASSERT_EQ(files->size(), 3u);
  EXPECT_EQ((*files)[0].name, "a");
  EXPECT_EQ(as_text((*files)[1].data), "two");
  EXPECT_EQ((*files)[2].data.size(), kBlock);
  EXPECT_TRUE(read_tar(written({})).has_value());
}

TEST(Tar, RefusesEveryOtherByteAroundTheFiles) {
  const Bytes archive = written({{"a", to_bytes("data")}});
  const std::size_t data_at = kBlock;
  for (std::size_t at = 0; at < archive.size(); ++at) {
    if (at >= data_at && at < data_at + 4) continue;
    for (const std::uint8_t bit : {0x01, 0x10, 0x80}) {
      Bytes other = archive;
      other[at] ^= bit;
      EXPECT_EQ(code_of(other), ErrorCode::kBundle) << at;
    }
  }
}

TEST(Tar, RefusesOtherSizes) {
  const Bytes archive = written(samples());
  for (std::size_t size = 0; size < archive.size(); size += 37)
    EXPECT_EQ(code_of(ByteView(archive).first(size)), ErrorCode::kBundle) << size;
  Bytes longer = archive;
  longer.resize(longer.size() + kBlock);
  EXPECT_EQ(code_of(longer), ErrorCode::kBundle);
  EXPECT_EQ(code_of(Bytes(kMaxArchiveSize + 1)), ErrorCode::kBundle);
}

TEST(Tar, RefusesAnotherOrder) {
  const Bytes one = written({{"a", {}}});
  const Bytes two = written({{"b", {}}});
  Bytes turned(two.begin(), two.begin() + kBlock);
  append(turned, one);
  EXPECT_EQ(code_of(turned), ErrorCode::kBundle);
  Bytes twice(one.begin(), one.begin() + kBlock);
  append(twice, one);
  EXPECT_EQ(code_of(twice), ErrorCode::kBundle);
  Bytes right(one.begin(), one.begin() + kBlock);
  append(right, two);
  EXPECT_TRUE(read_tar(right).has_value());
}

TEST(Tar, NamesAndSizesHaveBounds) {
  EXPECT_TRUE(read_tar(written({{std::string(100, 'n'), {}}})).has_value());
  EXPECT_EQ(write_tar({{std::string(101, 'n'), {}}}).error().code, ErrorCode::kLimit);
  EXPECT_EQ(write_tar({{"", {}}}).error().code, ErrorCode::kLimit);
  EXPECT_EQ(write_tar({{std::string("a\0b", 3), {}}}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(write_tar({{"a", {}}, {"a", {}}}).error().code, ErrorCode::kInvalid);
  EXPECT_EQ(write_tar({{"a", Bytes(kMaxFileSize + 1)}}).error().code, ErrorCode::kLimit);
  std::vector<Entry> many;
  for (std::size_t i = 0; i <= kMaxFiles; ++i) many.push_back({std::to_string(i), {}});
  EXPECT_EQ(write_tar(many).error().code, ErrorCode::kLimit);
  many.pop_back();
  EXPECT_TRUE(read_tar(written(many)).has_value());
}

}  // namespace
}  // namespace focal::evidence
